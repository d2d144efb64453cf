// One set of tests for both adapters of the Transport port.
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defineRpc } from '../../../src/rpc/define-rpc.ts';
import type { Logger } from '../../../src/common/ports.ts';
import { bytes, object, whole } from '../../../src/common/shape.ts';
import { IpcTransport } from '../../../src/platform/ipc-transport.ts';
import { KeptSockets } from '../../../src/platform/kept-sockets.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { acceptChannel, connectPeer } from '../../../src/rpc/connect.ts';
import { Peer } from '../../../src/rpc/peer.ts';
import type { Listener, Transport } from '../../../src/rpc/transport.ts';
import { eventually } from '../../helpers/eventually.ts';

const echo = defineRpc({
  name: 'test.echo',
  version: 1,
  from: 'a',
  to: 'b',
  doc: '',
  timeoutMs: 5_000,
  safeToRepeat: true,
  request: object({ n: whole, body: bytes }),
  reply: object({ n: whole, body: bytes }),
  errors: [],
});

const transports: [string, () => Transport][] = [
  ['NetTransport', () => new NetTransport()],
  ['IpcTransport on node-ipc', () => new IpcTransport(new NetTransport())],
];

describe.each(transports)('%s', (_, make) => {
  let dir: string;
  let path: string;
  let transport: Transport;
  const listeners: Listener[] = [];

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'tr-'));
    path = join(dir, 's.sock');
    transport = make();
  });
  afterEach(async () => {
    for (const listener of listeners.splice(0)) await listener.close();
    rmSync(dir, { recursive: true, force: true });
  });

  async function serve(address = `unix:${path}`): Promise<Listener> {
    const listener = await transport.listen(address, (stream) =>
      acceptChannel(
        stream,
        'server',
        () => 'secret',
        (channel, id) => new Peer(channel, id).serve(echo, (request) => request),
      ),
    );
    listeners.push(listener);
    return listener;
  }

  it('carries proofs, small and large messages, many at once, both codecs alike', async () => {
    const { address } = await serve();
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    const large = new Uint8Array(3_000_000).fill(7);
    const replies = await Promise.all(
      [...Array(200).keys()].map((n) => peer.call(echo, { n, body: n === 100 ? large : Uint8Array.of(n) })),
    );
    expect(replies.map((r) => r.n)).toEqual([...Array(200).keys()]);
    expect(Buffer.compare(replies[100]!.body, large)).toBe(0);
    peer.close();
  });

  it('tells the other side when the connection ends', async () => {
    const { address } = await serve();
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    const closed = new Promise((resolve) => (peer.onClose = resolve));
    await listeners.pop()!.close();
    expect(await closed).toMatch(/closed|ECONNRESET/);
  });

  it('makes its socket for its owner only', async () => {
    await serve();
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('says that nobody is there, and that a path is too long', async () => {
    await expect(transport.connect(`unix:${path}`)).rejects.toMatchObject({ code: 'CONNECT_FAILED', params: { detail: 'ENOENT' } });
    await expect(transport.connect(`unix:${join(dir, 'x'.repeat(120))}`)).rejects.toMatchObject({ code: 'SOCKET_PATH_TOO_LONG' });
    await expect(transport.listen(`unix:${join(dir, 'x'.repeat(120))}`, () => {})).rejects.toMatchObject({ code: 'SOCKET_PATH_TOO_LONG' });
    await expect(transport.connect('carrier-pigeon:coop')).rejects.toMatchObject({ code: 'CONNECT_FAILED' });
  });

  it('does not take a live socket away, and replaces one that nobody serves', async () => {
    const { address } = await serve();
    await expect(transport.listen(address, () => {})).rejects.toMatchObject({ code: 'SOCKET_IN_USE' });
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    expect((await peer.call(echo, { n: 1, body: new Uint8Array() })).n).toBe(1);
    peer.close();
    await listeners.pop()!.close();
    writeFileSync(path, '');
    await serve();
    expect(existsSync(path)).toBe(true);
  });

  it('outlives garbage and peers that reset', async () => {
    const { address } = await serve();
    for (const text of ['{"data":1}\f', 'null\f', '\0\0\0\0\xff', 'x'.repeat(100_000)]) {
      await new Promise<void>((resolve) => {
        const socket = connect(path, () => socket.end(text, 'latin1'));
        socket.on('error', () => {});
        socket.once('close', () => resolve());
        socket.resume();
      });
    }
    await new Promise<void>((resolve) => {
      const socket = connect(path, () => socket.destroy());
      socket.once('close', () => resolve());
    });
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    expect((await peer.call(echo, { n: 2, body: new Uint8Array() })).n).toBe(2);
    peer.close();
  });

  it('serves TCP on loopback, with the port that it was given', async () => {
    const { address } = await serve('tcp:127.0.0.1:0');
    expect(address).toMatch(/^tcp:127\.0\.0\.1:[1-9]\d+$/);
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    expect((await peer.call(echo, { n: 3, body: new Uint8Array() })).n).toBe(3);
    peer.close();
  });

  describe('whose socket file is kept', () => {
    const warnings: string[] = [];
    let look = () => {};
    beforeEach(() => {
      warnings.length = 0;
      const logger: Logger = { debug() {}, info() {}, warn: (text) => void warnings.push(text), error() {}, named: () => logger };
      const every = (_: number, run: () => void) => {
        look = run;
        return () => {};
      };
      const timers = { after: () => () => {}, every };
      transport = new KeptSockets(make(), timers, logger);
    });
    const warningsAfterALook = () => {
      look();
      return warnings;
    };
    const ask = async () => {
      const peer = await connectPeer(transport, `unix:${path}`, 'server', { id: 'me', secret: 'secret' });
      expect((await peer.call(echo, { n: 4, body: new Uint8Array() })).n).toBe(4);
      return peer;
    };

    it('listens anew when it was removed, as often as it is; who is connected stays, and nothing is left at the end', async () => {
      await serve();
      const peers = [await ask()];
      for (const round of [1, 2]) {
        rmSync(path);
        look();
        await eventually(() => existsSync(path)).toBe(true);
        expect(statSync(path).mode & 0o777).toBe(0o600);
        peers.push(await ask());
        for (const peer of peers) expect((await peer.call(echo, { n: 5, body: new Uint8Array() })).n).toBe(5);
        expect(warnings.length).toBe(round);
        expect(warnings.at(-1)).toContain(`removed the socket file ${path}; listening there anew`);
      }
      await listeners.pop()!.close();
      expect(readdirSync(dir)).toEqual([]);
      for (const peer of peers) peer.close();
    });

    it('replaces what nobody serves, leaves a file that another serves, and says so once', async () => {
      await serve();
      rmSync(path);
      const other = createServer().listen(path);
      await once(other, 'listening');
      for (const _ of [1, 2]) {
        look();
        await eventually(() => warnings.length).toBe(1);
      }
      expect(warnings).toEqual([expect.stringContaining(`Another process listens at ${path}`)]);
      other.close(); // which removes the file
      writeFileSync(path, 'garbage');
      await eventually(() => warningsAfterALook().length).toBe(2);
      expect(warnings[1]).toContain('listening there anew');
      (await ask()).close();
    });

    it('says once that its folder is gone, too, and is reached again when it is back', async () => {
      await serve();
      rmSync(dir, { recursive: true });
      for (let n = 0; n < 3; n++) {
        look();
        await eventually(() => warnings.length).toBe(1);
      }
      expect(warnings).toEqual([expect.stringContaining("a new one can't be made")]);
      mkdirSync(dir);
      await eventually(() => warningsAfterALook().length).toBe(2);
      (await ask()).close();
    });
  });

  it('keeps up back-pressure: a reader that pauses stops the writer', async () => {
    const { address } = await serve();
    const peer = await connectPeer(transport, address, 'server', { id: 'me', secret: 'secret' });
    peer.channel.pause();
    const body = new Uint8Array(1_000_000);
    const all = [...Array(24).keys()].map((n) => peer.call(echo, { n, body }));
    expect(peer.channel.pendingBytes).toBeGreaterThan(0);
    peer.channel.resume();
    expect((await Promise.all(all)).length).toBe(24);
    peer.close();
  });
});
