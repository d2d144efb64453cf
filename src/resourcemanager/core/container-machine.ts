// A container as the ResourceManager sees it: ALLOCATED (placed) → ACQUIRED (the driver has seen the grant) → RUNNING (its
// node says so) → COMPLETED. Its space is free from the moment of COMPLETED; its node may still have it to end.
// The node's own view is src/nodemanager/core/. Source: YARN's RMContainerImpl and ContainerExitStatus.
import { ignore, move, type Table } from '../../common/machine.ts';

/** Source: YARN's ContainerExitStatus. */
export const EXIT = {
  ABORTED: -100,
  DISKS_FAILED: -101,
  PREEMPTED: -102,
  KILLED_BY_APPMASTER: -105,
  KILLED_BY_RESOURCEMANAGER: -106,
  KILLED_AFTER_APP_COMPLETION: -107,
} as const;

export type ContainerEnd = { readonly exitStatus: number; readonly diagnostics: string };
export type ContainerState =
  | { readonly tag: 'ALLOCATED' }
  | { readonly tag: 'ACQUIRED' }
  | { readonly tag: 'RUNNING' }
  | { readonly tag: 'COMPLETED'; readonly end: ContainerEnd };

export type ContainerEvent =
  | { readonly tag: 'acquired' }
  | { readonly tag: 'launched' }
  | { readonly tag: 'finished'; readonly end: ContainerEnd }
  | { readonly tag: 'expired' }
  | { readonly tag: 'released' }
  | { readonly tag: 'nodeLost'; readonly end: ContainerEnd }
  /** By this ResourceManager: its application or attempt has ended, or its node is taken out. */
  | { readonly tag: 'kill'; readonly end: ContainerEnd };

export type ContainerEffect =
  | { readonly tag: 'freeSpace' }
  | { readonly tag: 'orderKill' }
  | { readonly tag: 'tellEnd'; readonly end: ContainerEnd };

/** Moves and states that are always the same are made once: a container takes three or four. */
export const ALLOCATED: ContainerState = { tag: 'ALLOCATED' };
export const RUNNING: ContainerState = { tag: 'RUNNING' };
const toAcquired = move<ContainerState, ContainerEffect>({ tag: 'ACQUIRED' });
const toRunning = move<ContainerState, ContainerEffect>(RUNNING);

const over = (end: ContainerEnd, ...effects: ContainerEffect[]) =>
  move<ContainerState, ContainerEffect>({ tag: 'COMPLETED', end }, { tag: 'freeSpace' }, ...effects, { tag: 'tellEnd', end });
const withKill = (_: unknown, { end }: { end: ContainerEnd }) => over(end, { tag: 'orderKill' });
const asReported = (_: unknown, { end }: { end: ContainerEnd }) => over(end);
const wasReleased = over({ exitStatus: EXIT.KILLED_BY_APPMASTER, diagnostics: 'Container released by application' }, { tag: 'orderKill' });
const released = () => wasReleased;
const hasExpired = over({ exitStatus: EXIT.ABORTED, diagnostics: 'Container expired since it was unused' }, { tag: 'orderKill' });
const expired = () => hasExpired;

export const containerTable: Table<ContainerState, ContainerEvent, ContainerEffect> = {
  ALLOCATED: {
    acquired: { to: ['ACQUIRED'], run: () => toAcquired },
    // The driver used the grant before its acknowledgement came.
    launched: { to: ['RUNNING'], run: () => toRunning },
    finished: { to: ['COMPLETED'], run: asReported },
    expired: { to: ['COMPLETED'], run: expired },
    released: { to: ['COMPLETED'], run: released },
    nodeLost: { to: ['COMPLETED'], run: asReported },
    kill: { to: ['COMPLETED'], run: withKill },
  },
  ACQUIRED: {
    acquired: ignore('an acknowledgement covers all before it'),
    launched: { to: ['RUNNING'], run: () => toRunning },
    finished: { to: ['COMPLETED'], run: asReported },
    // The driver died before using its grant. Without this the space would be lost until the node restarts.
    expired: { to: ['COMPLETED'], run: expired },
    released: { to: ['COMPLETED'], run: released },
    nodeLost: { to: ['COMPLETED'], run: asReported },
    kill: { to: ['COMPLETED'], run: withKill },
  },
  RUNNING: {
    acquired: ignore('the node was quicker than the acknowledgement'),
    launched: ignore('a node repeats its reports'),
    finished: { to: ['COMPLETED'], run: asReported },
    expired: ignore('the timer fired while the launch was on its way; the launch won'),
    released: { to: ['COMPLETED'], run: released },
    nodeLost: { to: ['COMPLETED'], run: asReported },
    kill: { to: ['COMPLETED'], run: withKill },
  },
  COMPLETED: {
    acquired: ignore('ended before the driver saw the grant'),
    launched: ignore('late report'),
    finished: ignore('late report'),
    expired: ignore('the timer raced with the end'),
    released: ignore('the driver may release twice'),
    nodeLost: ignore('its space is free already'),
    kill: ignore('it has ended already'),
  },
};
