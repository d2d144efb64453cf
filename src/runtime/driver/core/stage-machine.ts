// Life of a stage. A stage that waits is submitted when its parents' map outputs are there; lost outputs bring it back.
// Effects are the DAG scheduler's business (dag-scheduler.ts): a move only says where the stage is. Source: Spark's DAGScheduler.
import { ignore, move, type Table } from '../../../common/machine.ts';

export type StageState =
  | { readonly tag: 'WAITING' }
  | { readonly tag: 'RUNNING'; readonly key: number; readonly attempt: number }
  /** Shuffle data was lost under it: no new launches; attempts that still run may report until it is submitted again. */
  | { readonly tag: 'RESUBMITTING'; readonly attempt: number }
  | { readonly tag: 'DONE' }
  | { readonly tag: 'ABORTED' };

export type StageEvent =
  | { readonly tag: 'submitted'; readonly key: number; readonly attempt: number }
  /** Every partition has its answer or map output. */
  | { readonly tag: 'completed' }
  /** The attempt has ended, and some of its map outputs are gone again. */
  | { readonly tag: 'incomplete' }
  | { readonly tag: 'fetchFailed' }
  | { readonly tag: 'resubmitted' }
  | { readonly tag: 'outputsLost' }
  | { readonly tag: 'aborted' };

export const stageTable: Table<StageState, StageEvent, never> = {
  WAITING: {
    submitted: { to: ['RUNNING'], run: (_, e) => move({ tag: 'RUNNING', key: e.key, attempt: e.attempt }) },
    completed: { to: ['DONE'], run: () => move({ tag: 'DONE' }) },
    aborted: { to: ['ABORTED'], run: () => move({ tag: 'ABORTED' }) },
    incomplete: ignore('it waits already'),
    fetchFailed: ignore('a task of an earlier attempt; the stage waits already'),
    resubmitted: ignore('the timer of an earlier attempt'),
    outputsLost: ignore('it has no outputs that count'),
  },
  RUNNING: {
    completed: { to: ['DONE'], run: () => move({ tag: 'DONE' }) },
    incomplete: { to: ['WAITING'], run: () => move({ tag: 'WAITING' }) },
    fetchFailed: { to: ['RESUBMITTING'], run: (s) => move({ tag: 'RESUBMITTING', attempt: s.attempt }) },
    aborted: { to: ['ABORTED'], run: () => move({ tag: 'ABORTED' }) },
    resubmitted: ignore('the timer of an earlier attempt'),
    outputsLost: ignore('looked at when its tasks have ended'),
  },
  RESUBMITTING: {
    resubmitted: { to: ['WAITING'], run: () => move({ tag: 'WAITING' }) },
    // The last missing partition came from a task that was under way.
    completed: { to: ['DONE'], run: () => move({ tag: 'DONE' }) },
    aborted: { to: ['ABORTED'], run: () => move({ tag: 'ABORTED' }) },
    incomplete: ignore('the timer submits it again'),
    fetchFailed: ignore('one resubmission serves all the blocks that are found lost together'),
    outputsLost: ignore('the timer submits it again'),
  },
  DONE: {
    outputsLost: { to: ['WAITING'], run: () => move({ tag: 'WAITING' }) },
    completed: ignore('a late task of an attempt that was not needed'),
    incomplete: ignore('late'),
    fetchFailed: ignore('late'),
    resubmitted: ignore('the timer raced with the last result'),
    aborted: ignore('nothing is left to stop'),
  },
  ABORTED: {
    completed: ignore('late'),
    incomplete: ignore('late'),
    fetchFailed: ignore('late'),
    resubmitted: ignore('the timer raced with the abort'),
    outputsLost: ignore('nobody wants them'),
    aborted: ignore('two of its tasks failed for good'),
  },
};
