// A call that outlives its connection: what was lost is made again and the same request goes out once more, for as long as the other
// side may need to start anew. For messages that are safe to repeat, and only after a first connection stood: who is not there
// at the very beginning is said at once, by connect.ts.
import { AppError } from '../common/errors.ts';
import { invariant } from '../common/invariant.ts';
import type { Logger, Timers } from '../common/ports.ts';
import type { ReplyOf, RequestOf, RpcDefinition } from './define-rpc.ts';
import type { Peer } from './peer.ts';

export type Patience = {
  /** Makes a new connection after a loss. */
  readonly connect: () => Promise<Peer>;
  /** Their waits must keep the process alive. */
  readonly timers: Timers;
  readonly log: Logger;
  readonly patienceMs: number;
};

/** How long who submits waits for a ResourceManager that is away; one that restarts is back within seconds. */
export const RM_PATIENCE_MS = 120_000;
const RECONNECT_MS = 200;

/** The connection, not the other side's word, is why it failed: the request may or may not have been taken. */
export const isLost = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'CONNECTION_LOST' || error.code === 'RPC_TIMEOUT' || error.code === 'RM_UNREACHABLE');

/** @returns the reply, and the connection it came on. @throws AppError what the handler threw; CONNECTION_LOST when patience is over */
export async function callPatiently<D extends RpcDefinition<any, any>>(
  first: Peer,
  definition: D,
  request: RequestOf<D>,
  { connect, timers, log, patienceMs }: Patience,
): Promise<{ readonly peer: Peer; readonly reply: ReplyOf<D> }> {
  invariant(definition.safeToRepeat, `${definition.name} is not safe to repeat`);
  let lostAtMs: number | undefined;
  for (let peer: Peer | undefined = first; ; ) {
    try {
      peer ??= await connect();
      return { peer, reply: await peer.call(definition, request) };
    } catch (error) {
      if (!isLost(error)) throw error;
      if (lostAtMs === undefined) {
        lostAtMs = performance.now();
        log.warn(`${error.message} Waiting for ${first.name}, for up to ${Math.round(patienceMs / 1000)} s.`);
      }
      if (performance.now() - lostAtMs >= patienceMs)
        throw new AppError('CONNECTION_LOST', { peer: first.name, detail: error.message }, { cause: error });
      peer?.close();
      peer = undefined;
      await new Promise<void>((resolve) => timers.after(RECONNECT_MS, resolve));
    }
  }
}
