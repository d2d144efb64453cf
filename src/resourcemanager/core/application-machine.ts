// Life of an application: NEW → SUBMITTED → ACCEPTED → RUNNING → FINISHED | FAILED | KILLED. How well it went is the final
// status, apart from the state: a program that reports failure is FINISHED with FAILED. Attempts are attempt-machine.ts.
// Source: YARN's RMAppImpl; its *_SAVING states are not needed (persist, commit, then tell in one batch).
import { ignore, move, type Table } from '../../common/machine.ts';
import type { FinalStatus } from '../../rpc/messages/shapes.ts';

export type Ending = { readonly finalStatus: FinalStatus; readonly diagnostics: string; readonly finishedAtMs: number };
type New = { readonly tag: 'NEW' };
type Submitted = { readonly tag: 'SUBMITTED' };
type Accepted = { readonly tag: 'ACCEPTED' };
type Running = { readonly tag: 'RUNNING' };
type Finished = { readonly tag: 'FINISHED'; readonly ending: Ending };
type Failed = { readonly tag: 'FAILED'; readonly ending: Ending };
type Killed = { readonly tag: 'KILLED'; readonly ending: Ending };
export type ApplicationState = New | Submitted | Accepted | Running | Finished | Failed | Killed;

export type ApplicationEvent =
  | { readonly tag: 'submitted' }
  | { readonly tag: 'accepted' }
  | { readonly tag: 'driverRegistered' }
  | { readonly tag: 'driverFinished'; readonly finalStatus: FinalStatus; readonly diagnostics: string; readonly atMs: number }
  /** `again`: attempts are left. */
  | { readonly tag: 'attemptFailed'; readonly again: boolean; readonly diagnostics: string; readonly atMs: number }
  /** Its time to wait for its first container is over (timeouts.ts). */
  | { readonly tag: 'waitedTooLong'; readonly diagnostics: string; readonly atMs: number }
  | { readonly tag: 'kill'; readonly diagnostics: string; readonly atMs: number };

export type ApplicationEffect =
  | { readonly tag: 'save' }
  | { readonly tag: 'saveSoon' }
  | { readonly tag: 'startAttempt' }
  | { readonly tag: 'cleanUp' };

const SAVE: ApplicationEffect = { tag: 'save' };
const finished = (_: unknown, e: { finalStatus: FinalStatus; diagnostics: string; atMs: number }) =>
  move<ApplicationState, ApplicationEffect>(
    { tag: 'FINISHED', ending: { finalStatus: e.finalStatus, diagnostics: e.diagnostics, finishedAtMs: e.atMs } },
    SAVE,
    { tag: 'cleanUp' },
  );
const killed = (_: unknown, e: { diagnostics: string; atMs: number }) =>
  move<ApplicationState, ApplicationEffect>(
    { tag: 'KILLED', ending: { finalStatus: 'KILLED', diagnostics: e.diagnostics, finishedAtMs: e.atMs } },
    SAVE,
    { tag: 'cleanUp' },
  );
const failed = (_: unknown, e: { diagnostics: string; atMs: number }) =>
  move<ApplicationState, ApplicationEffect>(
    { tag: 'FAILED', ending: { finalStatus: 'FAILED', diagnostics: e.diagnostics, finishedAtMs: e.atMs } },
    SAVE,
    { tag: 'cleanUp' },
  );
const attemptFailed = (_: unknown, e: { again: boolean; diagnostics: string; atMs: number }) =>
  e.again ? move<ApplicationState, ApplicationEffect>({ tag: 'ACCEPTED' }, SAVE, { tag: 'startAttempt' }) : failed(_, e);

const ended = {
  driverRegistered: ignore('the call that registered was turned away at the door; a queued one may still arrive'),
  driverFinished: ignore('the driver says good-bye to an application that was killed meanwhile'),
  attemptFailed: ignore('the attempt is ended because the application has'),
  waitedTooLong: ignore('the timer raced with the end'),
  kill: ignore('killing what has ended changes nothing'),
};

export const applicationTable: Table<ApplicationState, ApplicationEvent, ApplicationEffect> = {
  NEW: { submitted: { to: ['SUBMITTED'], run: () => move<ApplicationState, ApplicationEffect>({ tag: 'SUBMITTED' }, SAVE) } },
  SUBMITTED: {
    accepted: {
      to: ['ACCEPTED'],
      run: () => move<ApplicationState, ApplicationEffect>({ tag: 'ACCEPTED' }, SAVE, { tag: 'startAttempt' }),
    },
    kill: { to: ['KILLED'], run: killed },
  },
  ACCEPTED: {
    driverRegistered: { to: ['RUNNING'], run: () => move<ApplicationState, ApplicationEffect>({ tag: 'RUNNING' }, { tag: 'saveSoon' }) },
    // A driver that ends right after a restart of the RM, before it registered again.
    driverFinished: { to: ['FINISHED'], run: finished },
    attemptFailed: { to: ['ACCEPTED', 'FAILED'], run: attemptFailed },
    waitedTooLong: { to: ['FAILED'], run: failed },
    kill: { to: ['KILLED'], run: killed },
  },
  RUNNING: {
    driverRegistered: ignore('the driver registers again on every new connection'),
    driverFinished: { to: ['FINISHED'], run: finished },
    attemptFailed: { to: ['ACCEPTED', 'FAILED'], run: attemptFailed },
    waitedTooLong: { to: ['FAILED'], run: failed },
    kill: { to: ['KILLED'], run: killed },
  },
  FINISHED: ended,
  FAILED: ended,
  KILLED: ended,
};
