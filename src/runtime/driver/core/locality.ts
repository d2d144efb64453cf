// How far from its data a task may run now. A set begins at the nearest level that it has tasks for, and goes one further when nothing could be
// launched there for that level's wait; a launch at a nearer level takes it back. Source: Spark's TaskLocality, and
// TaskSetManager.getAllowedLocalityLevel.
import type { PendingTasks } from './pending-tasks.ts';

export const PROCESS_LOCAL = 0;
export const NODE_LOCAL = 1;
export const NO_PREF = 2;
export const RACK_LOCAL = 3;
export const ANY = 4;
export type Level = typeof PROCESS_LOCAL | typeof NODE_LOCAL | typeof NO_PREF | typeof RACK_LOCAL | typeof ANY;
/** By level: as in events and pages. */
export const LEVEL_NAMES = ['PROCESS_LOCAL', 'NODE_LOCAL', 'NO_PREF', 'RACK_LOCAL', 'ANY'] as const;

/** ms; how long a set waits at a level before it goes to the next. */
export type LocalityWaits = { readonly process: number; readonly node: number; readonly rack: number };

/** Levels that are waited at, nearest first. Tasks without a preference wait for nothing. */
const STEPS: readonly (readonly [Level, keyof LocalityWaits])[] = [
  [PROCESS_LOCAL, 'process'],
  [NODE_LOCAL, 'node'],
  [RACK_LOCAL, 'rack'],
];

export class LocalityClock {
  #step = 0;
  /** When something was last launched at the level, or the level was reached. */
  #sinceMs: number;

  constructor(nowMs: number) {
    this.#sinceMs = nowMs;
  }

  /** The furthest level that is allowed now. */
  allowed(pending: PendingTasks, waits: LocalityWaits, nowMs: number): Level {
    for (; this.#step < STEPS.length; this.#step++) {
      const [level, wait] = STEPS[this.#step]!;
      if (!pending.hasAt(level)) {
        this.#sinceMs = nowMs;
        continue;
      }
      if (nowMs - this.#sinceMs < waits[wait]) return level;
      this.#sinceMs += waits[wait];
    }
    return ANY;
  }

  /** A task was launched at this level. */
  launched(level: Level, nowMs: number): void {
    if (level === NO_PREF) return;
    const step = STEPS.findIndex(([at]) => at >= level);
    this.#step = step < 0 ? STEPS.length : step;
    this.#sinceMs = nowMs;
  }

  /** ms until the next level is allowed; undefined: all are. */
  leftMs(pending: PendingTasks, waits: LocalityWaits, nowMs: number): number | undefined {
    if (this.allowed(pending, waits, nowMs) === ANY) return undefined;
    return Math.max(0, this.#sinceMs + waits[STEPS[this.#step]![1]] - nowMs);
  }
}
