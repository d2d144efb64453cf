// What the driver asks of a cluster manager, and what it hears from one. Adapters: local-backend.ts (worker threads of this process),
// yarn-backend.ts (our ResourceManager), local-cluster.ts (one of its own). Which one is chosen in session.ts from the master URL.
import type { AppError } from '../../../common/errors.ts';
import type { FinalStatus } from '../../../rpc/messages/shapes.ts';
import type { StageResources } from '../../plan/stage-resources.ts';
import type { LocalBlocks } from './block-master.ts';
import type { ExecutorExit } from '../core/executor-exit.ts';

export type ApplicationInfo = {
  readonly name: string;
  /** Where executors and slots connect to. */
  readonly driverAddress: string;
  readonly conf: readonly (readonly [string, string])[];
};

/** What a cluster manager tells the driver. */
export interface ClusterEvents {
  /** The executor's container has ended: the reason of a closed connection, or the first that is heard of it. */
  executorExited(executorId: string, exit: ExecutorExit): void;
  /** Their node is being taken out: they are to hand on what they do and hold, and go. */
  executorsWantedBack(executorIds: readonly string[]): void;
  /** Their node, or one where none is any more, goes with the files on it; answered by leftNode. May be said again. */
  nodeLeaves(nodeId: string): void;
  /** A worker thread of a local master ended. */
  workerLost(executorId: string, slot: number, code: string, params: unknown, runningTaskId: number | undefined): void;
  /** For a local master, whose slots' blocks are in this process. */
  localBlocks(executorId: string): LocalBlocks;
  /** So many executors are not granted yet, and why; undefined: none are waited for. */
  waiting(wanted: number, reason: string | undefined): void;
  /** A local master's executor is this process: its figures, in the order of EXECUTOR_METRICS. */
  localHeartbeat(figures: readonly number[], maxMemoryBytes: number): void;
  /** The application can't go on: killed, too many lost executors, the ResourceManager gave it up. */
  fatal(error: AppError): void;
}

export type Ending = { readonly finalStatus: FinalStatus; readonly diagnostics: string; readonly exitCode: number };

/** The number of executors as something that changes while the application runs. Source: Spark's ExecutorAllocationClient. */
export interface ElasticExecutors {
  /** Executors of this profile may be wanted from now on. @throws AppError RESOURCE_TOO_LARGE, where it is known already */
  addProfile(profile: StageResources): void;
  /** How many executors of a resource profile there are to be, absolute: fewer cancels asks, and takes nobody away. */
  setTarget(profileId: number, count: number): void;
  target(profileId: number): number;
  profileOf(executorId: string): number;
  /** Tasks that an executor of the profile runs at once. */
  slotsOf(profileId: number): number;
  /** Their containers are given back, whatever runs there. The target stays: what it then lacks is asked for again. */
  release(executorIds: readonly string[]): void;
  /** They end, or have ended: what the target lacks without them may come now. @param decommissioned their end is no failure of the application */
  replace(executorIds: readonly string[], decommissioned?: boolean): void;
  /** The answer to nodeLeaves: nothing that lies there is needed any more. */
  leftNode(nodeId: string): void;
}

/** What a task slot does: its stack, the innermost frame first. taskId -1: none. */
export type ThreadState = { readonly slot: number; readonly taskId: number; readonly state: string; readonly stack: readonly string[] };

export interface ClusterManager {
  /** The id that executors prove, and their common secret; known once start() has resolved. */
  readonly applicationId: string;
  readonly secret: string;
  /** Of the driver, in cluster mode: `1`, `2`, … */
  readonly attemptId?: string | undefined;
  /** Slots that the application will have when all is granted: the default parallelism. */
  readonly expectedSlots: number;
  /** Executors that it begins with; 0: none are asked for (a local master). */
  readonly expectedExecutors: number;
  /** undefined: there are as many executors as there are (local masters). */
  readonly elastic: ElasticExecutors | undefined;
  /** Resolves when the application is accepted and executors are on their way. @throws AppError RM_UNREACHABLE, QUEUE_UNKNOWN, RESOURCE_TOO_LARGE, … */
  start(app: ApplicationInfo, events: ClusterEvents): Promise<void>;
  /** For executors that have no control connection (local): interrupt a task. @returns false: tell the executor itself */
  killTask(executorId: string, slot: number, taskId: number, stageKey: number, reason: string, graceMs: number): boolean;
  /** Only of a local master: taskRecall of its own slots. */
  recallTasks?(slot: number, sent: number): number | undefined;
  /** The driver hears nothing of an executor any more: its container, if it still runs, is to end, and another takes its place. */
  giveUp(executorId: string): void;
  setLogLevel(level: string): void;
  /** Only of a local master: slots of the driver's own process, for the page. `profile`: folded stacks. */
  threads?(): Promise<readonly ThreadState[]>;
  profile?(forMs: number): Promise<string>;
  /** The application's page: the tracking URL of its report. */
  pageAt(url: string): void;
  /** Gives everything back. Idempotent; bounded in time. */
  stop(ending: Ending): Promise<void>;
}
