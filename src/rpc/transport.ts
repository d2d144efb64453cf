// The Transport port: how two processes get a byte stream between them. Framing, proof of identity and messages are
// above it (channel.ts, auth.ts, peer.ts). Adapters: platform/ipc-transport.ts (Unix sockets through node-ipc) and
// platform/net-transport.ts (Unix sockets and TCP, with TLS between hosts).
import type { Duplex } from 'node:stream';

/**
 * An address as text: `unix:/path/of.sock`, `tcp:host:port`, `tls:host:port`, `either:<host>|unix:/path|tls:host:port` (common/address.ts).
 * A bare absolute path means a Unix socket.
 * sun_path holds 107 bytes; longer paths are refused with SOCKET_PATH_TOO_LONG.
 */
export type Address = string;

export interface Listener {
  /** The address that peers connect to; has the real port when port 0 was asked for. */
  readonly address: Address;
  close(): Promise<void>;
  /** From now on neither the listener nor what it accepts keeps the process alive: a driver ends with its program. */
  unref?(): void;
}

export interface Transport {
  /** @throws AppError CONNECT_FAILED */
  connect(address: Address): Promise<Duplex>;
  /**
   * @param bindHost the network interface to listen on, where that is another than the host of the address, which peers are told
   * @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG. A stale socket file that nobody serves is replaced.
   */
  listen(address: Address, onConnection: (stream: Duplex) => void, bindHost?: string): Promise<Listener>;
}
