// What a worker thread is told when its executor belongs to an application: as a message to the thread, after it has started.
import type { MessagePort } from 'node:worker_threads';

export type WorkerSettings = {
  readonly driverAddress: string;
  readonly secret: string;
  readonly executorId: string;
  readonly host: string;
  readonly applicationId: string;
  /** Where shuffle and spill files go; one per disk. */
  readonly shuffleDirs: readonly string[];
  /** Where this executor's cached blocks go; one per disk. */
  readonly blockDirs: readonly string[];
  /** Folder from which the program's packages resolve. */
  readonly appDir: string;
  /** Working folder: relative paths and SparkFiles. */
  readonly workDir: string;
  /** The container's environment: a thread copies its process's when it starts, and these may have started before it was known. Local masters: absent. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly conf: readonly (readonly [string, string])[];
  readonly logLevel: string;
  /** Push-based shuffle: the main thread is told of every map output. */
  readonly pushes?: boolean;
};

/** Main thread → worker. */
export type ToWorker =
  | { readonly t: 'connect'; readonly settings: WorkerSettings; readonly slot: number; readonly blocks: MessagePort }
  | { readonly t: 'logLevel'; readonly level: string }
  /** The executor is decommissioned: cached objects go to others, and the answer is handedOn. */
  | { readonly t: 'handOn' };
/** Worker → main thread. */
/** A map output that a task has written. bytes: of each reduce partition. */
export type MapOutputNews = { readonly shuffleId: number; readonly mapIndex: number; readonly file: string; readonly bytes: Float64Array };
export type FromWorker =
  | { readonly t: 'up' }
  | { readonly t: 'connected' }
  | { readonly t: 'failed'; readonly detail: string }
  | ({ readonly t: 'mapOutput' } & MapOutputNews)
  | { readonly t: 'handedOn'; readonly blocks: number; readonly left: number };
export type WorkerData = { readonly flags: Uint32Array };
