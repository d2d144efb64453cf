// Where the REST API finds applications: the driver has one, the history server as many as there are logs. And what only a running one can do.
import type { ApplicationInfo } from '../store/api-types.ts';
import type { StatusView } from '../store/status-view.ts';

export interface AppSource {
  /** Newest first. */
  list(): readonly ApplicationInfo[];
  /** @param attemptId undefined: the newest. @returns undefined: no such application or attempt */
  find(appId: string, attemptId: string | undefined): AppHandle | undefined | Promise<AppHandle | undefined>;
}

export type AppHandle = {
  readonly view: StatusView;
  /** Only while it runs. */
  readonly live?: LiveApp | undefined;
  /** Its event log's files; undefined: there is none. */
  readonly eventLog?: (() => readonly EventLogFile[] | undefined) | undefined;
};

/** `name` inside the zip; a path on this host. */
export type EventLogFile = { readonly name: string; readonly path: string };

/** As Spark's ThreadStackTrace. */
export type ThreadDump = {
  readonly threadId: number;
  readonly threadName: string;
  /** RUNNABLE, WAITING, … */
  readonly threadState: string;
  readonly stackTrace: readonly string[];
  /** Of task threads. */
  readonly taskId?: number | undefined;
};

export type PoolInfo = {
  readonly name: string;
  readonly schedulingMode: string;
  readonly minShare: number;
  readonly weight: number;
  readonly activeStages: number;
  readonly runningTasks: number;
};

export interface LiveApp {
  /** spark.ui.killEnabled */
  readonly killEnabled: boolean;
  /** spark.ui.threadDump.flamegraphEnabled */
  readonly profileEnabled: boolean;
  /** @returns undefined: the executor has no answer */
  threads(executorId: string): Promise<readonly ThreadDump[] | undefined>;
  /** Folded stacks, `root;caller;leaf COUNT` a line, after a line of how it was recorded (thread-profile.ts). @returns undefined: the executor has no answer */
  profile(executorId: string, seconds: number): Promise<string | undefined>;
  /** @returns false: it does not run */
  killJob(jobId: number): boolean;
  /** Kills the jobs that want it. @returns false: it does not run */
  killStage(stageId: number): boolean;
  /** Only with spark.scheduler.mode=FAIR. */
  pools(): readonly PoolInfo[] | undefined;
}
