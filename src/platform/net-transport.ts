// Transport on node:net and node:tls: Unix sockets, TCP on loopback, TLS between hosts. The plain twin of ipc-transport.ts;
// the same tests run against both.
import { chmodSync, rmSync } from 'node:fs';
import { connect as netConnect, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, createServer as createTlsServer } from 'node:tls';
import { AppError } from '../common/errors.ts';
import type { Address, Listener, Transport } from '../rpc/transport.ts';

/** PEM texts. Both sides show a certificate that `ca` signed. */
export type TlsIdentity = { readonly key: string; readonly cert: string; readonly ca: string };

type Place = { kind: 'unix'; path: string } | { kind: 'tcp' | 'tls'; host: string; port: number };

const CONNECT_LIMIT_MS = 5_000;

export function parseAddress(address: Address): Place {
  if (address.startsWith('/')) return { kind: 'unix', path: address };
  const [kind, ...rest] = address.split(':');
  const tail = rest.join(':');
  if (kind === 'unix') return { kind, path: tail };
  const colon = tail.lastIndexOf(':');
  const port = Number(tail.slice(colon + 1));
  if ((kind !== 'tcp' && kind !== 'tls') || colon < 1 || !Number.isInteger(port))
    throw new AppError('CONNECT_FAILED', { peer: 'a peer', address, detail: 'not an address: unix:/path, tcp:host:port or tls:host:port' });
  return { kind, host: tail.slice(0, colon), port };
}

/** @throws AppError SOCKET_PATH_TOO_LONG: sun_path holds 107 bytes and the kernel would cut silently */
export function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) > 107) throw new AppError('SOCKET_PATH_TOO_LONG', { path });
}

export class NetTransport implements Transport {
  readonly #tls: TlsIdentity | undefined;

  constructor(tls?: TlsIdentity) {
    this.#tls = tls;
  }

  async connect(address: Address): Promise<Duplex> {
    const place = parseAddress(address);
    return new Promise((resolve, reject) => {
      const failed = (detail: string) => reject(new AppError('CONNECT_FAILED', { peer: 'the peer', address, detail }));
      if (place.kind === 'unix') checkSocketPath(place.path);
      if (place.kind === 'tls' && this.#tls === undefined) return failed('no TLS key and certificate were given');
      const socket: Socket =
        place.kind === 'unix'
          ? netConnect(place.path)
          : place.kind === 'tcp'
            ? netConnect(place.port, place.host)
            : tlsConnect({ host: place.host, port: place.port, ...this.#tls!, checkServerIdentity: () => undefined });
      const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${CONNECT_LIMIT_MS} ms`)), CONNECT_LIMIT_MS);
      const onError = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        failed(error.code ?? error.message);
      };
      socket.once('error', onError);
      socket.once(place.kind === 'tls' ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.off('error', onError);
        resolve(socket);
      });
    });
  }

  async listen(address: Address, onConnection: (stream: Duplex) => void): Promise<Listener> {
    const place = parseAddress(address);
    if (place.kind === 'unix') checkSocketPath(place.path);
    const open = new Set<Duplex>();
    const accept = (socket: Socket) => {
      open.add(socket);
      socket.on('error', () => {}); // the channel hears it too; a peer that resets before that must not end the process
      socket.once('close', () => open.delete(socket));
      onConnection(socket);
    };
    const server: Server =
      place.kind === 'tls' ? createTlsServer({ ...this.#tls!, requestCert: true, rejectUnauthorized: true }, accept) : createServer(accept);
    server.on('tlsClientError', () => {});
    if (place.kind === 'unix') await this.#bindUnix(server, place.path);
    else await bind(server, () => server.listen(place.port, place.host), address);
    const bound = server.address();
    return {
      unref: () => void server.unref(),
      address: place.kind !== 'unix' && bound !== null && typeof bound === 'object' ? `${place.kind}:${place.host}:${bound.port}` : address,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          for (const socket of open) socket.destroy();
        }),
    };
  }

  /** A socket file that nobody serves (left by kill -9) is replaced; a live one is an error. */
  async #bindUnix(server: Server, path: string): Promise<void> {
    try {
      await bind(server, () => server.listen(path), path);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SOCKET_IN_USE') throw error;
      const alive = await this.connect(path).then(
        (s) => s.destroy() !== undefined,
        () => false,
      );
      if (alive) throw error;
      rmSync(path, { force: true });
      await bind(server, () => server.listen(path), path);
    }
    chmodSync(path, 0o600);
  }
}

function bind(server: Server, listen: () => void, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(new AppError('SOCKET_IN_USE', { address, detail: error.code ?? error.message }));
    server.once('error', failed);
    server.once('listening', () => {
      server.off('error', failed);
      resolve();
    });
    listen();
  });
}
