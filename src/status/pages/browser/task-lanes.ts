// Tasks packed into rows for the timeline: a row per slot of an executor, in each row tasks one after the other, found by halving. Pure, and made of
// typed arrays: 100,000 tasks are packed once and then drawn again and again. What draws them is draw-tasks.ts.
import type { TaskTimeline } from '../../store/status-view.ts';

export type TaskLanes = {
  readonly rows: number;
  /** Index into `executors`, of each row. Rows of one executor are neighbours. */
  readonly executorOfRow: Int32Array;
  /** Row r's tasks are order[start[r]] … order[start[r + 1] - 1], by launch. */
  readonly start: Int32Array;
  readonly order: Int32Array;
  readonly rowOfTask: Int32Array;
  /** ms since fromMs; of running tasks the end of all. */
  readonly end: Float64Array;
  readonly to: number;
};

/** O(n log n). @param nowMs since fromMs: how far running tasks reach */
export function packLanes(t: TaskTimeline, nowMs: number): TaskLanes {
  const n = t.launch.length;
  const end = new Float64Array(n);
  let to = 1;
  for (let i = 0; i < n; i++) {
    const launched = t.launch[i] ?? 0;
    end[i] = t.state[i] === 0 ? Math.max(launched, nowMs) : launched + Math.max(0, t.duration[i] ?? 0);
    if ((end[i] as number) > to) to = end[i] as number;
  }
  const byLaunch = Int32Array.from({ length: n }, (_, i) => i).sort((a, b) => (t.launch[a] ?? 0) - (t.launch[b] ?? 0) || a - b);
  const slotEnds: number[][] = t.executors.map(() => []);
  const slotOfTask = new Int32Array(n);
  for (const i of byLaunch) {
    const slots = slotEnds[t.executor[i] ?? 0] ?? [];
    const launched = t.launch[i] ?? 0;
    let slot = slots.findIndex((free) => free <= launched);
    if (slot < 0) slot = slots.length;
    slots[slot] = end[i] ?? 0;
    slotOfTask[i] = slot;
  }
  const firstRow = new Int32Array(t.executors.length + 1);
  for (const [e, slots] of slotEnds.entries()) firstRow[e + 1] = (firstRow[e] ?? 0) + slots.length;
  const rows = firstRow[t.executors.length] ?? 0;
  const executorOfRow = new Int32Array(rows);
  for (const [e, slots] of slotEnds.entries()) executorOfRow.fill(e, firstRow[e], (firstRow[e] ?? 0) + slots.length);
  const rowOfTask = new Int32Array(n);
  const start = new Int32Array(rows + 1);
  for (let i = 0; i < n; i++) {
    const row = (firstRow[t.executor[i] ?? 0] ?? 0) + (slotOfTask[i] ?? 0);
    rowOfTask[i] = row;
    start[row + 1] = (start[row + 1] ?? 0) + 1;
  }
  for (let r = 0; r < rows; r++) start[r + 1] = (start[r + 1] ?? 0) + (start[r] ?? 0);
  const next = start.slice();
  const order = new Int32Array(n);
  for (const i of byLaunch) {
    const row = rowOfTask[i] ?? 0;
    order[next[row] ?? 0] = i;
    next[row] = (next[row] ?? 0) + 1;
  }
  return { rows, executorOfRow, start, order, rowOfTask, end, to };
}

/** Place in `order` of the row's first task that ends after `ms`; the row's end when there is none. O(log n). */
export function firstEndingAfter(lanes: TaskLanes, row: number, ms: number): number {
  let low = lanes.start[row] ?? 0;
  let high = lanes.start[row + 1] ?? 0;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((lanes.end[lanes.order[middle] ?? 0] ?? 0) > ms) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** The task at a moment, or one at most `nearMs` away; undefined: none. */
export function taskAt(t: TaskTimeline, lanes: TaskLanes, row: number, ms: number, nearMs: number): number | undefined {
  if (row < 0 || row >= lanes.rows) return undefined;
  const at = firstEndingAfter(lanes, row, ms - nearMs);
  let best: number | undefined;
  let distance = Number.POSITIVE_INFINITY;
  for (let k = at; k < (lanes.start[row + 1] ?? 0) && k < at + 64; k++) {
    const i = lanes.order[k] ?? 0;
    const from = t.launch[i] ?? 0;
    if (from > ms + nearMs) break;
    const away = Math.max(from - ms, ms - (lanes.end[i] ?? 0), 0);
    if (away < distance) {
      distance = away;
      best = i;
    }
  }
  return best;
}

export const PHASES = [
  ['delay', 'Scheduler delay'],
  ['deserialize', 'Task deserialisation'],
  ['read', 'Shuffle read'],
  ['compute', 'Computing'],
  ['write', 'Shuffle write'],
  ['serialize', 'Result serialisation'],
  ['result', 'Getting result'],
] as const;

/** Share of all tasks' time per phase, 0 … 1. */
export function phaseShares(t: TaskTimeline): readonly number[] {
  const sums = PHASES.map((_, p) => (t.phases[p] ?? []).reduce((n, ms) => n + ms, 0));
  const all = sums.reduce((n, s) => n + s, 0);
  return sums.map((s) => (all === 0 ? 0 : s / all));
}
