// Transport on node-ipc, for Unix sockets: it listens, connects and tells when peers come and go; the socket itself is then ours,
// and nothing goes through node-ipc's parsers or dispatch (its `fast` profile can be crashed by any local peer, docs/adr/0002).
// The package is loaded at the first use. Other addresses, and the check of a socket file that nobody serves: net-transport.ts,
// the plain twin. The same tests run against both.
/// <reference path="./node-ipc.d.ts" />
import { chmodSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { AppError } from '../common/errors.ts';
import type { Address, Listener, Transport } from '../rpc/transport.ts';
import { parseAddress } from '../common/address.ts';
import { checkSocketPath, listenEither, type NetTransport } from './net-transport.ts';

const ME = 'peer';

export class IpcTransport implements Transport {
  readonly #net: NetTransport;

  /** @param net for TCP and TLS */
  constructor(net: NetTransport) {
    this.#net = net;
  }

  async connect(address: Address): Promise<Duplex> {
    const place = parseAddress(address);
    if (place.kind !== 'unix') return this.#net.connect(address);
    checkSocketPath(place.path);
    const ipc = await endpoint(place.path);
    return new Promise((resolve, reject) => {
      ipc.connectTo(ME, place.path, () => {});
      const client = ipc.of[ME]!;
      let made = false;
      client.on('connect', () => {
        made = true;
        resolve(ours(client.socket));
      });
      client.on('error', (error) => {
        if (!made) reject(new AppError('CONNECT_FAILED', { peer: 'the peer', address, detail: error.code ?? error.message }));
      });
    });
  }

  async listen(address: Address, onConnection: (stream: Duplex) => void, bindHost?: string): Promise<Listener> {
    const place = parseAddress(address);
    if (place.kind === 'either') return listenEither([this, this.#net], place, onConnection, bindHost);
    if (place.kind !== 'unix') return this.#net.listen(address, onConnection, bindHost);
    checkSocketPath(place.path);
    try {
      return await serve(place.path, address, onConnection, this.#net.socketMode);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SOCKET_IN_USE') throw error;
      // A file that nobody serves (left by kill -9) is replaced; a live one is an error.
      const alive = await this.#net.connect(address).then(
        (s) => s.destroy() !== undefined,
        () => false,
      );
      if (alive) throw error;
      rmSync(place.path, { force: true });
      return serve(place.path, address, onConnection, this.#net.socketMode);
    }
  }
}

/** One module object for each endpoint: they share nothing, and no name can clash. */
async function endpoint(path: string) {
  const { IPCModule } = await import('node-ipc');
  const ipc = new IPCModule();
  Object.assign(ipc.config, {
    id: ME,
    socketRoot: `${dirname(path)}/`,
    parser: 'raw',
    rawBuffer: true,
    silent: true,
    unlink: false,
    maxConnections: 20_000,
    maxRetries: 0,
    stopRetrying: true,
    secureSocketRoot: false, // the caller's folder is 0700 already; its parents are the user's business
  });
  return ipc;
}

async function serve(path: string, address: Address, onConnection: (stream: Duplex) => void, mode: number): Promise<Listener> {
  const ipc = await endpoint(path);
  const open = new Set<Socket>();
  await new Promise<void>((resolve, reject) => {
    ipc.serve(path, resolve);
    ipc.server.on('error', (error) => reject(new AppError('SOCKET_IN_USE', { address, detail: error.code ?? error.message })));
    ipc.server.on('connect', (socket) => {
      open.add(socket);
      socket.once('close', () => open.delete(socket));
      onConnection(ours(socket));
    });
    ipc.server.start();
  });
  chmodSync(path, mode);
  return {
    address,
    close: () =>
      new Promise((resolve) => {
        const { server } = ipc.server;
        if (server === false || !server.listening) return resolve();
        server.close(() => resolve());
        for (const socket of open) socket.destroy();
      }),
  };
}

/** node-ipc reads no byte of it. Its listeners for errors and the end stay: a reset before ours are there must not end the process. */
function ours(socket: Socket): Socket {
  socket.removeAllListeners('data');
  return socket;
}
