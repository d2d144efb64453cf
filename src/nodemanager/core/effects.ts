// All that a NodeManager can want done. Carried out in order by service/run-effects.ts; persist comes before what tells anybody.
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import type { Resource } from '../../common/resource.ts';
import type { Container, ProcessRef } from './container-machine.ts';

type In<T extends Container['tag']> = Extract<Container, { tag: T }>;

export type ContainerEffect =
  | { readonly tag: 'persist'; readonly container: Container }
  | { readonly tag: 'localize'; readonly container: In<'LOCALIZING'> }
  | { readonly tag: 'start'; readonly container: In<'SCHEDULED'> }
  /** Meter its memory and notice its end. */
  | { readonly tag: 'watch'; readonly id: ContainerId; readonly process: ProcessRef; readonly resource: Resource }
  /** SIGTERM, after the grace period SIGKILL, to the whole tree. */
  | { readonly tag: 'kill'; readonly id: ContainerId; readonly process: ProcessRef }
  /** SIGKILL to what outlived the first of the container. */
  | { readonly tag: 'endLeftovers'; readonly id: ContainerId }
  | { readonly tag: 'cleanup'; readonly container: In<'EXITED_WITH_SUCCESS' | 'EXITED_WITH_FAILURE'> }
  /** Tell the RM now rather than with the next heartbeat. */
  | { readonly tag: 'report'; readonly id: ContainerId };

export type NmEffect =
  | ContainerEffect
  /** The RM knows its end: the record may go. */
  | { readonly tag: 'forget'; readonly id: ContainerId }
  /** No container of it is left: remove its folders. */
  | { readonly tag: 'cleanApplication'; readonly applicationId: ApplicationId };
