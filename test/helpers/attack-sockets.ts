// Sends to every listening socket below a folder what no honest peer sends: garbage, oversized frames, messages without proof, wrong and
// reflected proofs, half frames on many connections; and to the ResourceManager, with a valid proof, messages that do not fit. Every such
// connection must be closed by the other side without having got anything but its greeting. Prints one line a socket; exit 1 on a fault.
//   node test/helpers/attack-sockets.ts <folder> [seed]
import { createHmac } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { Prng } from '../../src/common/prng.ts';
import { connectChannel } from '../../src/rpc/connect.ts';
import { NetTransport } from '../../src/platform/net-transport.ts';

const [folder = '.', seed = '1'] = process.argv.slice(2);
const random = new Prng(Number(seed));
/** The servers allow 5 s for a proof; the rest is for a loaded machine. */
const LIMIT_MS = 15_000;

function listeningSockets(): string[] {
  return readFileSync('/proc/net/unix', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , , flags, , , , path]) => flags === '00010000' && path?.startsWith(`${folder}/`) && existsSync(path))
    .map((columns) => columns[7]!);
}

function frame(kind: number, body: Uint8Array, length = body.length): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32LE(length >>> 0);
  head[4] = kind;
  return Buffer.concat([head, body]);
}
const noise = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => random.int(256)));
const msgpackText = (text: string) => Buffer.concat([Buffer.from([0xd9, text.length]), Buffer.from(text)]);
/** {t: 'req', …} as a stranger would send it before any proof */
const request = Buffer.concat([
  Buffer.from([0x82]),
  msgpackText('t'),
  msgpackText('req'),
  msgpackText('name'),
  msgpackText('application.list'),
]);
const wrongProof = (id: string) => {
  const nonce = noise(16);
  return frame(1, Buffer.concat([Buffer.from([2]), nonce, createHmac('sha256', 'wrong').update(nonce).digest(), Buffer.from(id)]));
};

/** The one word that a stranger may hear, src/rpc/auth.ts: a proof of the right shape that proves nothing is answered NO, and the end. */
const NO = frame(1, Buffer.of(4));
/** name → what is sent once the greeting is there, and what may be answered before the end: nothing, unless said */
const ATTACKS: Record<string, { send: (greeting: Buffer) => Buffer; mayHear?: Buffer }> = {
  'random bytes': { send: () => noise(100_000) },
  'a length of 4 GB': { send: () => frame(0, noise(64), 0xffffffff) },
  'a length of 64 MB before the proof': { send: () => frame(1, noise(64), 64 * 1024 * 1024) },
  'a frame of unknown kind': { send: () => frame(9, noise(64)) },
  'a request without proof': { send: () => frame(0, request) },
  'a request of broken msgpack': { send: () => frame(0, Buffer.from([0xdf, 0xff, 0xff, 0xff, 0xff])) },
  'an empty frame': { send: () => frame(1, Buffer.alloc(0)) },
  'a proof that is too short': { send: () => frame(1, Buffer.from([2, 1, 2, 3])) },
  'a wrong proof as a client': { send: () => wrongProof('client:root'), mayHear: NO },
  'a wrong proof as a node': { send: () => wrongProof('nm:nm1'), mayHear: NO },
  'a wrong proof as an executor': { send: () => wrongProof('executor:1'), mayHear: NO },
  'a wrong proof with a huge id': { send: () => wrongProof('x'.repeat(60_000)) },
  'its own greeting': { send: (greeting) => greeting },
  'an HTTP request': { send: () => Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n') },
  'half a frame': { send: () => frame(1, noise(10), 40) },
  'nothing at all': { send: () => Buffer.alloc(0) },
};

/** @returns what was wrong, or undefined */
function attack(path: string, name: string): Promise<string | undefined> {
  const { send, mayHear = Buffer.alloc(0) } = ATTACKS[name]!;
  return new Promise((resolve) => {
    const got: Buffer[] = [];
    let sent = false;
    const socket: Socket = connect(path);
    const end = (fault: string | undefined) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(fault === undefined ? undefined : `${path}: ${name}: ${fault}`);
    };
    const timer = setTimeout(() => end(`still open after ${LIMIT_MS} ms`), LIMIT_MS);
    socket.on('data', (chunk) => {
      got.push(chunk);
      const all = Buffer.concat(got);
      const greetingBytes = all.length >= 5 ? 5 + all.readUInt32LE(0) : Number.POSITIVE_INFINITY;
      if (all.length > greetingBytes) {
        const answer = all.subarray(greetingBytes);
        if (!mayHear.subarray(0, answer.length).equals(answer))
          end(`answered with ${answer.length} bytes: ${answer.toString('hex', 0, 32)}`);
      } else if (!sent && all.length === greetingBytes) {
        sent = true;
        socket.write(send(all));
      }
    });
    socket.on('error', () => {});
    socket.on('close', () => end(sent ? undefined : 'closed before it greeted'));
  });
}

/** One frame that is two gigabytes of objects to whoever unpacks it. */
function emptyLists(count: number): Buffer {
  const body = Buffer.alloc(count + 5, 0x90);
  body[0] = 0xdd;
  body.writeUInt32BE(count, 1);
  return body;
}

/** With the cluster's secret, as a program of another version or a defective one would: the daemon refuses, and lives. */
async function unfitMessages(path: string, secret: string): Promise<string[]> {
  const bodies: ((send: (message: unknown) => void, raw: (bytes: Buffer) => void) => void)[] = [
    (send) => send(null),
    (send) => send(42),
    (send) => send([{ k: 'q', m: 'application.list' }]),
    (send) => send({ k: 'no such kind' }),
    (send) => send({ k: 'q', id: 1, m: 'no.such', v: 1, b: {} }),
    (send) => send({ k: 'q', id: 2, m: '__proto__', v: 1, b: {} }),
    (send) => send({ k: 'q', id: 'x', m: 'application.list', v: 99, b: null }),
    (send) => send({ k: 'q', id: 3, m: 'application.list', v: 1, b: { states: 'RUNNING', types: [1], tags: {} } }),
    (send) => send({ k: 'q', id: 4, m: 'application.kill', v: 1, b: { applicationId: '../../etc/passwd', user: 'x', diagnostics: '' } }),
    (send) => send({ k: 'q', id: 5, m: 'node.register', v: 1, b: { nodeId: 'evil' } }),
    (send) => send({ k: 'r', id: 77, b: {} }),
    (send) => send({ k: 'e', id: 78, code: 'NO_SUCH', params: null }),
    (send) => send({ k: 'p', m: 'allocate.update', v: 1, b: 0 }),
    (_, raw) => raw(frame(1, noise(1000))),
    (_, raw) => raw(frame(0, noise(1000))),
    (_, raw) => raw(frame(0, noise(64), 0x7fffffff)),
    (_, raw) => raw(frame(0, emptyLists(60_000_000))),
  ];
  const faults: string[] = [];
  for (const body of bodies) {
    const channel = await connectChannel(new NetTransport(), `unix:${path}`, 'the ResourceManager', { id: 'client:mallory', secret });
    body(
      (message) => channel.send(message),
      (bytes) => channel.stream.write(bytes),
    );
    channel.flush();
    channel.close();
  }
  const after = await attack(path, 'an empty frame');
  if (after !== undefined) faults.push(`after unfit messages: ${after}`);
  return faults;
}

const sockets = listeningSockets();
if (sockets.length === 0) {
  console.error(`no listening socket below ${folder}`);
  process.exit(1);
}
const faults: string[] = [];
async function attackAll(path: string): Promise<void> {
  const names = Object.keys(ATTACKS);
  const results = await Promise.all([
    ...names.map((name) => attack(path, name)),
    ...Array.from({ length: 50 }, () => attack(path, 'half a frame')),
  ]);
  faults.push(...results.filter((fault) => fault !== undefined));
  console.log(`${path.slice(folder.length + 1)}: ${results.length} attacks`);
}
await Promise.all(sockets.map(attackAll));
const rm = sockets.find((path) => path.endsWith('/rm.sock'));
const secretFile = join(folder, 'data/secret');
if (rm !== undefined && existsSync(secretFile)) faults.push(...(await unfitMessages(rm, readFileSync(secretFile, 'utf8').trim())));
for (const fault of faults) console.error(fault);
process.exit(faults.length === 0 ? 0 : 1);
