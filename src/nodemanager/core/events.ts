// All that can happen to a NodeManager. Times come in as data (ms since the epoch).
import type { ApplicationId, ContainerId } from '../../common/ids.ts';
import type { ContainerToken, LaunchContext } from '../../rpc/messages/shapes.ts';
import type { Ending, ProcessRef } from './container-machine.ts';

/** What happens to one container. */
export type ContainerEvent =
  | { readonly tag: 'init' }
  | { readonly tag: 'localized'; readonly atMs: number }
  | { readonly tag: 'localizationFailed'; readonly atMs: number; readonly exitStatus: number; readonly diagnostics: string }
  | { readonly tag: 'started'; readonly atMs: number; readonly process: ProcessRef }
  | { readonly tag: 'startFailed'; readonly atMs: number; readonly exitStatus: number; readonly diagnostics: string }
  /** killedText: what to add to the diagnostics when it ended because we killed it. */
  | {
      readonly tag: 'exited';
      readonly atMs: number;
      readonly exitStatus: number;
      readonly diagnostics: string;
      readonly killedText: string;
    }
  | { readonly tag: 'kill'; readonly end: Ending }
  | { readonly tag: 'cleaned' };

export type NmEvent =
  /** A launch that passed the door: its token is genuine. */
  | { readonly tag: 'launch'; readonly token: ContainerToken; readonly launch: LaunchContext }
  | { readonly tag: 'container'; readonly id: ContainerId; readonly event: ContainerEvent }
  /** The RM has these ends on record: they need not be reported again. */
  | { readonly tag: 'acked'; readonly ids: readonly ContainerId[] }
  /** Its containers end, then everything of it on this node is removed. */
  | { readonly tag: 'applicationFinished'; readonly applicationId: ApplicationId }
  /** This NodeManager stops: its containers end with it. */
  | { readonly tag: 'shutdown' };
