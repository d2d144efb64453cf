// The executors that a driver has, as its parts share them: executors.ts (the door), executor-losses.ts (how they end), decommissioner.ts
// (how they are sent away). Data and one callback; no behaviour.
import type { ErrorCode } from '../../../common/errors.ts';
import type { Clock, Logger, Timers } from '../../../common/ports.ts';
import type { Peer } from '../../../rpc/peer.ts';
import type { ExecutorExit } from '../core/executor-exit.ts';
import type { ApplicationEvents } from './application-events.ts';
import type { BlockMaster } from './block-master.ts';
import type { BarrierCoordinator } from './barrier-coordinator.ts';
import type { Broadcasts } from './broadcasts.ts';
import type { DriverLoop } from './driver-loop.ts';
import type { MergeFinalizer } from './merge-finalizer.ts';
import type { SlotLink } from './slot-link.ts';

export type Executor = {
  readonly id: string;
  readonly host: string;
  readonly nodeId: string;
  readonly profileId: number;
  readonly cores: number;
  readonly blockAddress: string;
  /** Tells executors of one host apart, where Spark has the block manager's port: of blockAddress, or the process's id when that is a Unix socket. */
  readonly port: number;
  /** Who serves its map outputs: itself, or the shuffle service of its node, which has them when it is gone. */
  readonly outputsAddress: string;
  /** Where its shuffle files lie: those of other executors of its node lie there, too. */
  readonly shuffleDirs: readonly string[];
  /** undefined: a local master's own process. */
  readonly peer: Peer | undefined;
  readonly slots: Map<number, SlotLink>;
  lastHeardMs: number;
  /** Why slots ended, told before or after their connection closed. */
  readonly endings: Map<number, Ending>;
  /** It takes no new tasks and will end; why. */
  leaving: string | undefined;
  gone: boolean;
  /** Why its control connection closed before anything else was known of its end. */
  disconnected?: string;
};

export type Ending = { readonly code: ErrorCode; readonly params: unknown; readonly runningTaskId: number | undefined };

/** Who comes and goes, for dynamic allocation and decommissioning. Pages and event logs hear it from the bus (application-events.ts). */
export type ExecutorChange =
  | { readonly tag: 'executorAdded'; readonly executorId: string; readonly profileId: number }
  /** It takes no new tasks any more. */
  | { readonly tag: 'executorLeaves'; readonly executorId: string }
  /** It got the signal to leave. */
  | { readonly tag: 'executorWantsToLeave'; readonly executorId: string; readonly reason: string }
  /** It has handed on blocks; `left` found no place. */
  | { readonly tag: 'executorMoved'; readonly executorId: string; readonly blocks: number; readonly left: number }
  | { readonly tag: 'executorRemoved'; readonly executorId: string; readonly reason: string };

export type ExecutorsOptions = {
  readonly loop: DriverLoop;
  readonly broadcasts: Broadcasts;
  readonly barriers: BarrierCoordinator;
  readonly blocks: BlockMaster;
  /** Push-based shuffle; undefined: off. */
  readonly merges?: MergeFinalizer | undefined;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: Logger;
  readonly secretOf: () => string;
  /** What an executor is told when it registers. */
  readonly welcome: (profileId: number) => {
    applicationId: string;
    applicationName: string;
    conf: string[][];
    heartbeatMs: number;
    logLevel: string;
  };
  readonly networkTimeoutMs: number;
  /** Whether map outputs of an executor that is gone can still be read. */
  readonly sharedHost: string;
  readonly events: ApplicationEvents;
  readonly onExecutor: (change: ExecutorChange) => void;
  /** Its connection is closed, so it ends or has ended: another may be asked for before the reason is known. */
  readonly replace: (executorId: string) => void;
  /** Its container may still run, though nothing is heard of it. */
  readonly giveUp: (executorId: string) => void;
  /** Which resource profile it was asked for. */
  readonly profileOf: (executorId: string) => number;
  /** Of one frame of statuses: no application takes results of more. */
  readonly mostFrameBytes: () => number;
};

export type ExecutorTable = {
  readonly options: ExecutorsOptions;
  readonly executors: Map<string, Executor>;
  /** By node id: where executors of the application put shuffle files, and who serves them without these executors. Nodes are few; kept for good. */
  readonly nodes: Map<string, { readonly shuffleDirs: readonly string[]; readonly shuffleService: string | undefined }>;
  /** Endings of executors that are not (or no more) in the table: they never came, or were given up or given back before. */
  readonly exits: Map<string, ExecutorExit>;
  stopped: boolean;
};
