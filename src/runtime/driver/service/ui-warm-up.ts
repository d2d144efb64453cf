// Loads what answers the driver's page (ui-app.ts) before somebody asks, at a moment that costs no job anything: a tenth of a second of the
// first answer. A program that ends sooner never loads it. The server is ui-server.ts.
import type { Timers } from '../../../common/ports.ts';

/** After the server has begun to listen; and from then on it is looked so often whether the moment is good, ms. */
const FIRST_LOOK_MS = 1_000;
const LOOK_MS = 250;
/** A job that runs so long does not feel it, ms. */
const PATIENCE_MS = 5_000;

/**
 * @param timers must not keep the process alive
 * @returns ends it
 */
export function warmUp(timers: Timers, jobRuns: () => boolean, load: () => Promise<unknown>): () => void {
  let waitedMs = FIRST_LOOK_MS;
  const look = () => {
    if (jobRuns() && waitedMs < PATIENCE_MS) {
      waitedMs += LOOK_MS;
      cancel = timers.after(LOOK_MS, look);
    } else load().catch(() => {}); // whoever asks for a page is told why
  };
  let cancel = timers.after(FIRST_LOOK_MS, look);
  return () => cancel();
}
