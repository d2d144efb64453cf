// One try at running an application's driver. Managed: its AM container is asked for, granted, launched by an order to the
// node, then the driver registers. Unmanaged (client mode): there is no AM container; it begins as LAUNCHED and its driver,
// the submitter, registers by itself. Source: YARN's RMAppAttemptImpl.
import { ignore, move, type Table } from '../../common/machine.ts';
import type { FinalStatus } from '../../rpc/messages/shapes.ts';

type In<T extends string> = { readonly tag: T };
export type AttemptState =
  | In<'SCHEDULED'>
  | In<'ALLOCATED'>
  | In<'LAUNCHED'>
  | In<'RUNNING'>
  | In<'FINISHING'>
  | In<'FINISHED'>
  | In<'FAILED'>
  | In<'KILLED'>;

type Goodbye = { readonly tag: 'unregistered'; readonly managed: boolean; readonly finalStatus: FinalStatus; readonly diagnostics: string };
type Fault = { readonly diagnostics: string /** Whether this end uses up one of the attempts. */; readonly counts: boolean };
export type AttemptEvent =
  | { readonly tag: 'allocated' }
  | { readonly tag: 'amRunning' }
  | ({ readonly tag: 'amExited' } & Fault)
  | { readonly tag: 'registered' }
  | Goodbye
  /** The driver did not come (back) in time; in FINISHING: its container did not end in time. */
  | ({ readonly tag: 'expired' } & Fault)
  /** An operator wants another attempt (yarn applicationattempt -fail). */
  | ({ readonly tag: 'failedByOrder' } & Fault)
  | { readonly tag: 'applicationEnded' };

export type AttemptEffect =
  | { readonly tag: 'save' }
  | { readonly tag: 'saveSoon' }
  | { readonly tag: 'applicationRunning' }
  | { readonly tag: 'applicationFinished'; readonly finalStatus: FinalStatus; readonly diagnostics: string }
  | ({ readonly tag: 'attemptFailed' } & Fault)
  /** Containers other than the AM's; and what it still asks for. */
  | { readonly tag: 'killContainers'; readonly withAm: boolean };

const failed = (_: unknown, { diagnostics, counts }: Fault) =>
  move<AttemptState, AttemptEffect>(
    { tag: 'FAILED' },
    { tag: 'save' },
    { tag: 'killContainers', withAm: true },
    { tag: 'attemptFailed', diagnostics, counts },
  );
const killed = () => move<AttemptState, AttemptEffect>({ tag: 'KILLED' }, { tag: 'save' }, { tag: 'killContainers', withAm: true });
const goodbye = (_: unknown, { managed, finalStatus, diagnostics }: Goodbye) =>
  move<AttemptState, AttemptEffect>(
    { tag: managed ? 'FINISHING' : 'FINISHED' },
    { tag: 'save' },
    { tag: 'killContainers', withAm: !managed },
    { tag: 'applicationFinished', finalStatus, diagnostics },
  );
const registered = () => move<AttemptState, AttemptEffect>({ tag: 'RUNNING' }, { tag: 'saveSoon' }, { tag: 'applicationRunning' });

const ended = {
  allocated: ignore('its ask was dropped; a grant of the same turn is given back'),
  amRunning: ignore('late report'),
  amExited: ignore('late report, or the end that we ordered'),
  registered: ignore('turned away at the door'),
  unregistered: ignore('the driver may say good-bye twice'),
  expired: ignore('the timer raced with the end'),
  failedByOrder: ignore('it has ended before'),
  applicationEnded: ignore('the attempt has ended before'),
};

export const attemptTable: Table<AttemptState, AttemptEvent, AttemptEffect> = {
  SCHEDULED: {
    allocated: { to: ['ALLOCATED'], run: () => move<AttemptState, AttemptEffect>({ tag: 'ALLOCATED' }, { tag: 'save' }) },
    expired: { to: ['FAILED'], run: failed },
    failedByOrder: { to: ['FAILED'], run: failed },
    applicationEnded: { to: ['KILLED'], run: killed },
  },
  ALLOCATED: {
    amRunning: { to: ['LAUNCHED'], run: () => move<AttemptState, AttemptEffect>({ tag: 'LAUNCHED' }, { tag: 'saveSoon' }) },
    amExited: { to: ['FAILED'], run: failed },
    // The driver is quicker than the node's report.
    registered: { to: ['RUNNING'], run: registered },
    unregistered: { to: ['FINISHING', 'FINISHED'], run: goodbye },
    expired: { to: ['FAILED'], run: failed },
    failedByOrder: { to: ['FAILED'], run: failed },
    applicationEnded: { to: ['KILLED'], run: killed },
  },
  LAUNCHED: {
    amRunning: ignore('a node repeats its reports'),
    amExited: { to: ['FAILED'], run: failed },
    registered: { to: ['RUNNING'], run: registered },
    unregistered: { to: ['FINISHING', 'FINISHED'], run: goodbye },
    expired: { to: ['FAILED'], run: failed },
    failedByOrder: { to: ['FAILED'], run: failed },
    applicationEnded: { to: ['KILLED'], run: killed },
  },
  RUNNING: {
    amRunning: ignore('a node repeats its reports'),
    amExited: { to: ['FAILED'], run: failed },
    // On every new connection; after a restart of the RM the application hears of it for the first time.
    registered: { to: ['RUNNING'], run: () => move<AttemptState, AttemptEffect>({ tag: 'RUNNING' }, { tag: 'applicationRunning' }) },
    unregistered: { to: ['FINISHING', 'FINISHED'], run: goodbye },
    expired: { to: ['FAILED'], run: failed },
    failedByOrder: { to: ['FAILED'], run: failed },
    applicationEnded: { to: ['KILLED'], run: killed },
  },
  FINISHING: {
    amRunning: ignore('a node repeats its reports'),
    amExited: { to: ['FINISHED'], run: () => move<AttemptState, AttemptEffect>({ tag: 'FINISHED' }, { tag: 'saveSoon' }) },
    registered: ignore('turned away at the door: the application has finished'),
    unregistered: ignore('the driver may say good-bye twice'),
    expired: {
      to: ['FINISHED'],
      run: () => move<AttemptState, AttemptEffect>({ tag: 'FINISHED' }, { tag: 'saveSoon' }, { tag: 'killContainers', withAm: true }),
    },
    failedByOrder: ignore('the application has finished by then'),
    applicationEnded: ignore('it is this attempt that ended it'),
  },
  FINISHED: ended,
  FAILED: ended,
  KILLED: ended,
};
