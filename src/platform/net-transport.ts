// Transport on node:net and node:tls: Unix sockets, TCP on loopback, TLS between hosts. The plain twin of ipc-transport.ts;
// the same tests run against both.
import { chmodSync, rmSync } from 'node:fs';
import { connect as netConnect, createServer, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { connect as tlsConnect, createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { AppError } from '../common/errors.ts';
import { eitherAddress, type EitherPlace, netAddress, type NetPlace, parseAddress, type UnixPlace } from '../common/address.ts';
import type { Address, Listener, Transport } from '../rpc/transport.ts';
import { makeSelfSigned } from './self-signed.ts';

/** PEM texts of the operator's: both sides show a certificate that `ca` signed. Without them each process makes its own (self-signed.ts). */
export type TlsIdentity = { readonly key: string; readonly cert: string; readonly ca: string };
export type NetOptions = {
  readonly tls?: TlsIdentity | undefined;
  /** By which this host is called in addresses (`either:<host>|…`). */
  readonly host?: string | undefined;
  /** Of Unix sockets; default 0600. Who reaches one must still prove who he is. */
  readonly socketMode?: number | undefined;
};

const CONNECT_LIMIT_MS = 5_000;
/** The kernel asks a silent peer after this time whether it is there, so that a host that was cut off is noticed where nobody beats. */
const KEEP_ALIVE_MS = 15_000;

/** @throws AppError SOCKET_PATH_TOO_LONG: sun_path holds 107 bytes and the kernel would cut silently */
export function checkSocketPath(path: string): void {
  if (Buffer.byteLength(path) > 107) throw new AppError('SOCKET_PATH_TOO_LONG', { path });
}

export class NetTransport implements Transport {
  /** Of Unix sockets that it makes. */
  readonly socketMode: number;
  readonly #tls: TlsIdentity | undefined;
  readonly #host: string;

  constructor({ tls, host, socketMode }: NetOptions = {}) {
    this.socketMode = socketMode ?? 0o600;
    this.#tls = tls;
    this.#host = host ?? hostname();
  }

  async connect(address: Address): Promise<Duplex> {
    const place = parseAddress(address);
    return place.kind === 'either' ? connectEither(this, this.#host, place) : this.#connect(place, address);
  }

  #connect(place: UnixPlace | NetPlace, address: Address): Promise<Duplex> {
    return new Promise((resolve, reject) => {
      const failed = (detail: string) => reject(new AppError('CONNECT_FAILED', { peer: 'the peer', address, detail }));
      if (place.kind === 'unix') checkSocketPath(place.path);
      const socket: Socket =
        place.kind === 'unix' ? netConnect(place.path) : place.kind === 'tcp' ? netConnect(place) : this.#secure(place);
      const timer = setTimeout(() => socket.destroy(new Error(`no answer in ${CONNECT_LIMIT_MS} ms`)), CONNECT_LIMIT_MS);
      const onError = (error: NodeJS.ErrnoException) => {
        clearTimeout(timer);
        failed(error.code ?? error.message);
      };
      socket.once('error', onError);
      socket.once(place.kind === 'tls' ? 'secureConnect' : 'connect', () => {
        clearTimeout(timer);
        socket.off('error', onError);
        if (place.kind !== 'unix') socket.setKeepAlive(true, KEEP_ALIVE_MS);
        resolve(socket);
      });
    });
  }

  /** Names are not compared with certificates: who is there, the proof over this session says (rpc/auth.ts), which no name can. */
  #secure({ host, port }: NetPlace): Socket {
    const checked = this.#tls === undefined ? { rejectUnauthorized: false } : this.#tls;
    return tlsConnect({ host, port, minVersion: 'TLSv1.3', ...checked, checkServerIdentity: () => undefined });
  }

  async listen(address: Address, onConnection: (stream: Duplex) => void, bindHost?: string): Promise<Listener> {
    const place = parseAddress(address);
    return place.kind === 'either'
      ? listenEither([this, this], place, onConnection, bindHost)
      : this.#listen(place, address, onConnection, bindHost);
  }

  async #listen(
    place: UnixPlace | NetPlace,
    address: Address,
    onConnection: (stream: Duplex) => void,
    bindHost?: string,
  ): Promise<Listener> {
    if (place.kind === 'unix') checkSocketPath(place.path);
    const open = new Set<Duplex>();
    const hold = (socket: Socket) => {
      open.add(socket);
      socket.on('error', () => {}); // the channel hears it too; a peer that resets before that must not end the process
      socket.once('close', () => open.delete(socket));
    };
    const accept = (socket: Socket) => {
      hold(socket);
      if (place.kind !== 'unix') socket.setKeepAlive(true, KEEP_ALIVE_MS);
      onConnection(socket);
    };
    const server: Server = place.kind === 'tls' ? createTlsServer(serverOptions(this.#tls), accept) : createServer(accept);
    if (place.kind === 'tls') server.on('connection', hold); // who never says hello is closed with the listener, too
    server.on('tlsClientError', () => {});
    if (place.kind === 'unix') await this.#bindUnix(server, place.path);
    else await bind(server, () => server.listen(place.port, bindHost ?? place.host), address);
    const bound = server.address();
    return {
      unref: () => void server.unref(),
      address: place.kind !== 'unix' && bound !== null && typeof bound === 'object' ? address.replace(/:\d+$/, `:${bound.port}`) : address,
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
    chmodSync(path, this.socketMode);
  }
}

function bind(server: Server, listen: () => void, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(
        new AppError(error.code === 'EADDRINUSE' ? 'SOCKET_IN_USE' : 'LISTEN_FAILED', { address, detail: error.code ?? error.message }),
      );
    server.once('error', failed);
    server.once('listening', () => {
      server.off('error', failed);
      resolve();
    });
    listen();
  });
}

const serverOptions = (tls: TlsIdentity | undefined): TlsOptions => ({
  minVersion: 'TLSv1.3',
  handshakeTimeout: CONNECT_LIMIT_MS,
  ...(tls === undefined ? makeSelfSigned() : { ...tls, requestCert: true, rejectUnauthorized: true }),
});

/** The socket where it is this host and the socket is there and ours to use, else the way of other hosts: two hosts may have one name. */
export async function connectEither(transport: Transport, here: string, { host, near, far }: EitherPlace): Promise<Duplex> {
  const farAddress = netAddress(far);
  if (host !== here) return transport.connect(farAddress);
  try {
    return await transport.connect(`unix:${near.path}`);
  } catch (error) {
    if (error instanceof AppError && error.code === 'CONNECT_FAILED') return transport.connect(farAddress);
    throw error;
  }
}

/** @param transports for the socket, and for the network */
export async function listenEither(
  [local, net]: readonly [Transport, Transport],
  { host, near, far }: EitherPlace,
  onConnection: (stream: Duplex) => void,
  bindHost?: string,
): Promise<Listener> {
  const nearby = await local.listen(`unix:${near.path}`, onConnection);
  try {
    const farther = await net.listen(netAddress(far), onConnection, bindHost);
    return {
      address: eitherAddress(host, nearby.address, farther.address),
      unref: () => [nearby, farther].forEach((listener) => listener.unref?.()),
      close: async () => void (await Promise.all([nearby.close(), farther.close()])),
    };
  } catch (error) {
    await nearby.close();
    throw error;
  }
}
