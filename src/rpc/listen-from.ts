// Listening on a port of the user's choice, and when it is taken on one of those after it. Source: Spark's Utils.startServiceOnPort.
import type { Duplex } from 'node:stream';
import { farPartOf } from '../common/address.ts';
import { AppError } from '../common/errors.ts';
import type { Address, Listener, Transport } from './transport.ts';

export type ListenOptions = { readonly bindHost?: string | undefined; readonly portRetries?: number };

/** @throws AppError SOCKET_IN_USE: of the last port that was tried; SOCKET_PATH_TOO_LONG */
export async function listenFrom(
  transport: Transport,
  address: Address,
  onConnection: (stream: Duplex) => void,
  { bindHost, portRetries = 0 }: ListenOptions = {},
): Promise<Listener> {
  const first = farPartOf(address)?.port ?? 0;
  for (let tried = 0; ; tried++) {
    try {
      return await transport.listen(first === 0 ? address : address.replace(/:\d+$/, `:${first + tried}`), onConnection, bindHost);
    } catch (error) {
      const taken = error instanceof AppError && (error.params as { detail?: string }).detail === 'EADDRINUSE';
      if (!taken || first === 0 || tried >= portRetries || first + tried >= 65535) throw error;
    }
  }
}
