// One container as its NodeManager sees it, from the accepted launch to the swept work folder. Pure: what is to be done comes out
// as effects (effects.ts); how the RM sees the same container is in resourcemanager/core/container-machine.ts.
// Source: YARN's ContainerImpl (states NEW … DONE), without its hooks and without its resource-upgrade states.
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import { ignore, move, type Step, type Table } from '../../common/machine.ts';
import type { Resource } from '../../common/resource.ts';
import type { LaunchContext } from '../../rpc/messages/shapes.ts';
import type { ContainerEffect } from './effects.ts';
import type { ContainerEvent } from './events.ts';

/** A process of this host. The start time (field 22 of /proc/pid/stat, clock ticks since boot) tells a reused pid from the first one. */
export type ProcessRef = { readonly pid: number; readonly startTicks: number };
/** exitStatus: 0…255 of the process, or a negative ContainerExitStatus of YARN (-100, -101, -104, -105, -106, -107). */
export type Ending = { readonly exitStatus: number; readonly diagnostics: string };

type Facts = { readonly id: ContainerId; readonly applicationId: ApplicationId; readonly user: string; readonly resource: Resource };
type Awaiting = Facts & { readonly launch: LaunchContext };
/** startedAtMs is 0 when it never ran. */
type Ended = Facts & { readonly end: Ending; readonly startedAtMs: number; readonly finishedAtMs: number };

export type Container =
  | (Awaiting & { readonly tag: 'NEW' })
  | (Awaiting & { readonly tag: 'LOCALIZING' })
  | (Awaiting & { readonly tag: 'SCHEDULED' })
  | (Facts & { readonly tag: 'RUNNING'; readonly process: ProcessRef; readonly startedAtMs: number })
  | (Facts & { readonly tag: 'KILLING'; readonly process: ProcessRef | undefined; readonly startedAtMs: number; readonly end: Ending })
  | (Ended & { readonly tag: 'EXITED_WITH_SUCCESS' })
  | (Ended & { readonly tag: 'EXITED_WITH_FAILURE' })
  | (Ended & { readonly tag: 'DONE' });

type Running = Extract<Container, { tag: 'RUNNING' }>;
type Killing = Extract<Container, { tag: 'KILLING' }>;
type Move = Step<Container, ContainerEffect>;

const facts = ({ id, applicationId, user, resource }: Facts): Facts => ({ id, applicationId, user, resource });
const persisted = (next: Container, ...effects: ContainerEffect[]): Move => move(next, { tag: 'persist', container: next }, ...effects);

/** The end is told to the RM only after what is left of the process group has been ended: reported space is really free. */
function ended(c: Facts, startedAtMs: number, finishedAtMs: number, end: Ending): Move {
  const tag = end.exitStatus === 0 ? 'EXITED_WITH_SUCCESS' : 'EXITED_WITH_FAILURE';
  const next = { ...facts(c), tag, startedAtMs, finishedAtMs, end } as const;
  return persisted(next, { tag: 'endLeftovers', id: c.id }, { tag: 'report', id: c.id }, { tag: 'cleanup', container: next });
}

const killBeforeRun = (c: Awaiting, { end }: { end: Ending }): Move =>
  persisted({ ...facts(c), tag: 'KILLING', process: undefined, startedAtMs: 0, end });

const killRunning = (c: Running, { end }: { end: Ending }): Move =>
  persisted(
    { ...facts(c), tag: 'KILLING', process: c.process, startedAtMs: c.startedAtMs, end },
    { tag: 'kill', id: c.id, process: c.process },
  );

const killedNow = (c: Killing, atMs: number): Move => ended(c, c.startedAtMs, atMs, c.end);

const done = (c: Ended): Move =>
  persisted({ ...facts(c), tag: 'DONE', end: c.end, startedAtMs: c.startedAtMs, finishedAtMs: c.finishedAtMs });

const late = { cleaned: ignore('cleaned twice after a restart'), kill: ignore('it has ended; the end stands') } as const;

export const containerTable: Table<Container, ContainerEvent, ContainerEffect> = {
  NEW: {
    init: {
      to: ['LOCALIZING'],
      run: (c) => persisted({ ...c, tag: 'LOCALIZING' }, { tag: 'localize', container: { ...c, tag: 'LOCALIZING' } }),
    },
  },
  LOCALIZING: {
    localized: { to: ['SCHEDULED'], run: (c) => move({ ...c, tag: 'SCHEDULED' }, { tag: 'start', container: { ...c, tag: 'SCHEDULED' } }) },
    localizationFailed: {
      to: ['EXITED_WITH_FAILURE'],
      run: (c, e) => ended(c, 0, e.atMs, { exitStatus: e.exitStatus, diagnostics: e.diagnostics }),
    },
    kill: { to: ['KILLING'], run: killBeforeRun },
  },
  SCHEDULED: {
    started: {
      to: ['RUNNING'],
      run: (c, e) =>
        persisted(
          { ...facts(c), tag: 'RUNNING', process: e.process, startedAtMs: e.atMs },
          { tag: 'watch', id: c.id, process: e.process, resource: c.resource },
          { tag: 'report', id: c.id },
        ),
    },
    startFailed: {
      to: ['EXITED_WITH_FAILURE'],
      run: (c, e) => ended(c, 0, e.atMs, { exitStatus: e.exitStatus, diagnostics: e.diagnostics }),
    },
    kill: { to: ['KILLING'], run: killBeforeRun },
  },
  RUNNING: {
    exited: {
      to: ['EXITED_WITH_SUCCESS', 'EXITED_WITH_FAILURE'],
      run: (c, e) => ended(c, c.startedAtMs, e.atMs, { exitStatus: e.exitStatus, diagnostics: e.diagnostics }),
    },
    kill: { to: ['KILLING'], run: killRunning },
  },
  KILLING: {
    // The kill came while files were fetched or the process was being started: whichever ends first, nothing more is begun.
    localized: { to: ['EXITED_WITH_FAILURE'], run: (c, e) => killedNow(c, e.atMs) },
    localizationFailed: { to: ['EXITED_WITH_FAILURE'], run: (c, e) => killedNow(c, e.atMs) },
    startFailed: { to: ['EXITED_WITH_FAILURE'], run: (c, e) => killedNow(c, e.atMs) },
    started: {
      to: ['KILLING'],
      run: (c, e) =>
        persisted(
          { ...c, process: e.process, startedAtMs: e.atMs },
          { tag: 'watch', id: c.id, process: e.process, resource: c.resource },
          { tag: 'kill', id: c.id, process: e.process },
        ),
    },
    exited: {
      to: ['EXITED_WITH_FAILURE'],
      run: (c, e) => ended(c, c.startedAtMs, e.atMs, { ...c.end, diagnostics: `${c.end.diagnostics}\n${e.killedText}` }),
    },
    kill: ignore('it is being killed; the first reason stands'),
  },
  EXITED_WITH_SUCCESS: { ...late, cleaned: { to: ['DONE'], run: done } },
  EXITED_WITH_FAILURE: { ...late, cleaned: { to: ['DONE'], run: done } },
  DONE: late,
};
