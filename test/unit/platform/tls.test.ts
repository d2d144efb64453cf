// TLS between hosts: self-made certificates that nobody checks, the proof bound to the session, and what a man in the middle gets.
import { mkdtempSync, rmSync } from 'node:fs';
import { connect as tcpConnect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as tlsConnect, createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bytes, object } from '../../../src/common/shape.ts';
import { IpcTransport } from '../../../src/platform/ipc-transport.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { makeSelfSigned } from '../../../src/platform/self-signed.ts';
import { acceptChannel, connectPeer } from '../../../src/rpc/connect.ts';
import { defineRpc } from '../../../src/rpc/define-rpc.ts';
import { Peer } from '../../../src/rpc/peer.ts';
import type { Listener, Transport } from '../../../src/rpc/transport.ts';

const echo = defineRpc({
  name: 'test.echo',
  version: 1,
  from: 'a',
  to: 'b',
  doc: '',
  timeoutMs: 5_000,
  safeToRepeat: true,
  request: object({ body: bytes }),
  reply: object({ body: bytes }),
  errors: [],
});
const ME = { id: 'me', secret: 'secret' };
const closing: (() => unknown)[] = [];
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'tls-'));
});
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  rmSync(dir, { recursive: true, force: true });
});

type Served = { listener: Listener; proven: string[]; refused: number; kinds: string[] };

async function serve(address: string, transport: Transport = new NetTransport(), bindHost?: string): Promise<Served> {
  const served: Served = { listener: undefined as never, proven: [], refused: 0, kinds: [] };
  served.listener = await transport.listen(
    address,
    (stream) => {
      served.kinds.push('encrypted' in stream ? 'tls' : 'plain');
      acceptChannel(
        stream,
        'server',
        () => 'secret',
        (channel, id) => {
          served.proven.push(id);
          new Peer(channel, id).serve(echo, (request) => request);
        },
        () => served.refused++,
      );
    },
    bindHost,
  );
  closing.push(() => served.listener.close());
  return served;
}

/** Ends TLS on both sides and passes on whatever it reads, as whoever owns a router could. */
async function standBetween(address: string): Promise<{ address: string; seen: Buffer[] }> {
  const seen: Buffer[] = [];
  const port = Number(address.split(':').at(-1));
  const server = createTlsServer({ ...makeSelfSigned(), minVersion: 'TLSv1.3' }, (here: TLSSocket) => {
    const there = tlsConnect({ host: '127.0.0.1', port, rejectUnauthorized: false });
    for (const socket of [here, there]) socket.on('error', () => {});
    here.on('data', (chunk: Buffer) => seen.push(chunk));
    here.pipe(there).pipe(here);
    closing.push(() => [here, there].forEach((socket) => socket.destroy()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => server.close());
  return { address: `tls:127.0.0.1:${(server.address() as { port: number }).port}`, seen };
}

describe('TLS without a certificate authority', () => {
  it('makes a certificate that X.509 readers understand, another one every time', () => {
    const [one, two] = [makeSelfSigned(), makeSelfSigned()];
    const certificate = new X509Certificate(one.cert);
    expect(certificate.subject).toBe('CN=emberloom');
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.serialNumber).not.toBe(new X509Certificate(two.cert).serialNumber);
    expect(Date.parse(certificate.validTo)).toBeGreaterThan(Date.parse('2999-01-01'));
  });

  it('carries proofs and messages of megabytes', async () => {
    const { listener, kinds } = await serve('tls:127.0.0.1:0');
    expect(listener.address).toMatch(/^tls:127\.0\.0\.1:[1-9]\d*$/);
    const peer = await connectPeer(new NetTransport(), listener.address, 'server', ME);
    const body = new Uint8Array(3_000_000).fill(7);
    expect(Buffer.compare((await peer.call(echo, { body })).body, body)).toBe(0);
    expect(kinds).toEqual(['tls']);
    peer.close();
  });

  it('gives a man in the middle nothing: both sides know the secret, and the proof fails', async () => {
    const served = await serve('tls:127.0.0.1:0');
    const between = await standBetween(served.listener.address);
    await expect(connectPeer(new NetTransport(), between.address, 'server', ME)).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect(served.proven).toEqual([]);
    expect(between.seen.length).toBeGreaterThan(0); // it did read the frames of the proof, which say nothing
    expect(Buffer.concat(between.seen).includes('secret')).toBe(false);
    const direct = await connectPeer(new NetTransport(), served.listener.address, 'server', ME);
    expect(served.proven).toEqual(['me']);
    direct.close();
  });

  it('takes no frame without TLS at a TLS address, and no other secret', async () => {
    const served = await serve('tls:127.0.0.1:0');
    const plain = tcpConnect(Number(served.listener.address.split(':').at(-1)), '127.0.0.1');
    const closed = new Promise((resolve) => plain.on('error', () => {}).once('close', resolve));
    plain.write(Buffer.concat([Buffer.of(52, 0, 0, 0, 1, 2), Buffer.alloc(48, 1), Buffer.from('me')])); // an AUTH frame
    await closed;
    expect(served.kinds).toEqual([]);
    await expect(connectPeer(new NetTransport(), served.listener.address, 'server', { ...ME, secret: 'another' })).rejects.toMatchObject({
      code: 'AUTH_REFUSED',
    });
    expect(served.proven).toEqual([]);
  });

  it('says so when what listens there speaks no TLS', async () => {
    const server = createTcpServer((socket) => socket.end('220 mail.example ESMTP\r\n').on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closing.push(() => server.close());
    const { port } = server.address() as { port: number };
    await expect(connectPeer(new NetTransport(), `tls:127.0.0.1:${port}`, 'server', ME)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
    });
  });

  it('closes with the listener a connection that never said hello', async () => {
    const served = await serve('tls:127.0.0.1:0');
    const silent = tcpConnect(Number(served.listener.address.split(':').at(-1)), '127.0.0.1');
    await new Promise((resolve) => silent.once('connect', resolve));
    const closed = new Promise((resolve) => silent.once('close', resolve).on('error', () => {}));
    await served.listener.close();
    await closed;
  });
});

describe("the operator's certificates", () => {
  const own = makeSelfSigned();
  const trusted = { ...own, ca: own.cert }; // a certificate that is its own authority
  const stranger = makeSelfSigned();

  it('are shown and checked on both sides', async () => {
    const { listener, proven } = await serve('tls:127.0.0.1:0', new NetTransport({ tls: trusted }));
    const peer = await connectPeer(new NetTransport({ tls: trusted }), listener.address, 'server', ME);
    expect(proven).toEqual(['me']);
    peer.close();
    await expect(connectPeer(new NetTransport(), listener.address, 'server', ME)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    const other = new NetTransport({ tls: { ...stranger, ca: own.cert } });
    await expect(connectPeer(other, listener.address, 'server', ME)).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
    expect(proven).toEqual(['me']);
  });

  it('make a client refuse a server of no such authority', async () => {
    const { listener } = await serve('tls:127.0.0.1:0');
    await expect(connectPeer(new NetTransport({ tls: trusted }), listener.address, 'server', ME)).rejects.toMatchObject({
      code: 'CONNECT_FAILED',
      params: { detail: expect.stringMatching(/SELF_SIGNED|UNABLE_TO_VERIFY|CERT/) },
    });
  });
});

describe.each([
  ['NetTransport', () => new NetTransport({ host: 'h1' })],
  ['IpcTransport', () => new IpcTransport(new NetTransport({ host: 'h1' }))],
] as const)('an address for this host and for others, %s', (_, make) => {
  const at = () => `either:h1|unix:${join(dir, 's.sock')}|tls:127.0.0.1:0`;

  it('is taken by the socket on its own host, by TLS from another', async () => {
    const served = await serve(at(), make());
    expect(served.listener.address).toMatch(/^either:h1\|unix:.*\|tls:127\.0\.0\.1:[1-9]\d*$/);
    for (const host of ['h1', 'h2']) (await connectPeer(new NetTransport({ host }), served.listener.address, 'server', ME)).close();
    expect(served.kinds).toEqual(['plain', 'tls']);
  });

  it('is taken by TLS, too, where another host has the same name', async () => {
    const served = await serve(at(), make());
    const elsewhere = served.listener.address.replace('s.sock', 'no-such.sock');
    (await connectPeer(make(), elsewhere, 'server', ME)).close();
    expect(served.kinds).toEqual(['tls']);
  });

  it('listens on another interface than the one that peers are told', async () => {
    const served = await serve('tls:192.0.2.1:0', make(), '127.0.0.1');
    expect(served.listener.address).toMatch(/^tls:192\.0\.2\.1:[1-9]\d*$/);
    (await connectPeer(make(), served.listener.address.replace('192.0.2.1', '127.0.0.1'), 'server', ME)).close();
  });
});
