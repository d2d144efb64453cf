// How many tasks a slot is handed at once: guided self-scheduling. Trivial tasks travel hundreds to a frame, long ones singly,
// so that locality, kills and retries work as in Spark. Who gets which task is TaskSet.pick. A frame costs the driver about 50 µs of processor
// time (a write, a wake-up, a read), a task in it 5 µs: so tasks of a few milliseconds share frames, too.

export const MAX_BATCH = 512;
/** About so much work goes in one frame, ms: as long as another job may have to wait for a slot. */
const BATCH_MS = 8;
/** Tasks longer than this are launched one at a time and never queue behind another. */
const SINGLE_MS = 4;

/**
 * @param averageMs smoothed run time; 0: unknown
 * @param pending tasks that nobody has
 * @param slots slots that share them
 * @returns tasks for one frame, 1 … 512; never more than half of a slot's fair share, so that the end of a stage stays even
 */
export function batchSize(averageMs: number, pending: number, slots: number): number {
  if (averageMs === 0 || averageMs > SINGLE_MS) return 1;
  const share = Math.ceil(pending / (2 * Math.max(1, slots)));
  return Math.max(1, Math.min(MAX_BATCH, Math.ceil(BATCH_MS / averageMs), share));
}

/** Two batches are in flight, so that a slot never waits for the driver; a long task has the slot for itself. */
export function hasRoom(averageMs: number, inFlight: number, want: number): boolean {
  if (inFlight === 0) return true;
  if (averageMs === 0 || averageMs > SINGLE_MS) return false;
  return inFlight + want <= 2 * want;
}
