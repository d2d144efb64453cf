// The driver's good-bye where there are several ResourceManagers: the active one may be stopped or gone just now, and another one about
// to take over hears it then. Without it the attempt would count as failed, though all its work is done.
import type { Timers } from '../common/ports.ts';
import { isLost } from './call-patiently.ts';
import { SILENT_RM_MS } from './connect-any.ts';
import type { RequestOf } from './define-rpc.ts';
import { driverUnregister } from './messages/driver.ts';
import type { Peer } from './peer.ts';

/** Twice what a takeover may last. */
const TAKEOVER_MS = 10_000;
const AGAIN_MS = 200;

export type GoodbyeParts = {
  readonly peer: () => Peer | undefined;
  /** Registers on a new connection. */
  readonly connect: () => Promise<unknown>;
  readonly waits: Timers;
};

/** @throws AppError as the call, when nobody took it in time */
export async function sayGoodbye(goodbye: RequestOf<typeof driverUnregister>, { peer, connect, waits }: GoodbyeParts): Promise<void> {
  for (const until = performance.now() + TAKEOVER_MS; ; ) {
    try {
      await peer()?.call(driverUnregister, goodbye, SILENT_RM_MS);
      return;
    } catch (error) {
      if (!isLost(error) || performance.now() > until) throw error;
      peer()?.channel.destroy(error.message);
    }
    await new Promise<void>((resolve) => waits.after(AGAIN_MS, resolve));
    await connect().catch(() => {}); // the next call says why
  }
}
