// The driver's good-bye. The ResourceManager may be stopped or gone just now: of several another one is about to take over, a single one is started
// again. Without it the attempt would count as failed, though all its work is done, and in cluster mode the program would run once more.
import type { Timers } from '../common/ports.ts';
import { isLost } from './call-patiently.ts';
import type { RequestOf } from './define-rpc.ts';
import { driverUnregister } from './messages/driver.ts';
import type { Peer } from './peer.ts';

const AGAIN_MS = 200;

export type GoodbyeParts = {
  readonly peer: () => Peer | undefined;
  /** Registers on a new connection. */
  readonly connect: () => Promise<unknown>;
  readonly waits: Timers;
  /** How long an answer may take; default as the message says. */
  readonly answerMs: number | undefined;
  readonly patienceMs: number;
};

/** @throws AppError as the call, when nobody took it in time */
export async function sayGoodbye(
  goodbye: RequestOf<typeof driverUnregister>,
  { peer, connect, waits, answerMs, patienceMs }: GoodbyeParts,
): Promise<void> {
  for (const until = performance.now() + patienceMs; ; ) {
    try {
      await peer()?.call(driverUnregister, goodbye, answerMs);
      return;
    } catch (error) {
      if (!isLost(error) || performance.now() >= until) throw error;
      peer()?.channel.destroy(error.message);
    }
    await new Promise<void>((resolve) => waits.after(AGAIN_MS, resolve));
    await connect().catch(() => {}); // the next call says why
  }
}
