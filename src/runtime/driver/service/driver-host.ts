// What the process around a SparkContext offers: adapters and places, chosen in session.ts and entry.ts. A test offers others.
import type { Clock, Logger, LogLevel, Timers } from '../../../common/ports.ts';
import type { ListenOptions } from '../../../rpc/listen-from.ts';
import type { Transport } from '../../../rpc/transport.ts';
import type { AllocationFile } from './fair-pools.ts';
import type { ClusterManager } from './cluster-manager.ts';
import type { SparkConf } from './spark-conf.ts';

export type UiModule = Pick<typeof import('./ui-app.ts'), 'uiHandler'>;

export interface DriverHost {
  readonly clock: Clock;
  readonly timers: Timers;
  readonly transport: Transport;
  /** The root of this process's loggers: one level for all. */
  readonly logger: Logger & {
    readonly settings: { level: LogLevel; json: boolean; context: Record<string, string>; beforeLine?: () => void };
  };
  readonly stderr: { write(text: string): unknown; readonly isTTY?: boolean; readonly columns?: number };
  /** Folder of the engine's own files, ends with `/`: frames below it are not the user's. */
  readonly engineDir: string;
  /** The event log's thread: event-log.cjs, or worker-main.ts unbundled. */
  readonly eventLogWorker: string;
  /** Folder from which the program's packages resolve. */
  readonly appDir: string;
  readonly hostName: string;
  readonly cores: number;
  readonly version: string;
  /** A name for this host that its users know (SPARK_PUBLIC_DNS). */
  readonly publicName: string | undefined;
  /** Folder of the pages' files. */
  readonly pagesFolder: string;
  /** What the page's server answers: a bundle of its own, loaded when somebody asks. */
  loadUi(): Promise<UiModule>;
  /** The file of FAIR pools (platform/allocation-file.ts); undefined when none is named or found. @throws AppError CONFIG_BAD_FILE */
  readAllocations(given: string | undefined): Promise<AllocationFile | undefined>;
  /** Puts a file into the driver's folder of files. @throws AppError FILE_MISSING, BAD_ARGUMENT */
  addUserFile(path: string): { name: string; path: string };
  /** A cluster manager for the master of this conf, and an address on which the driver may listen. @throws AppError SUBMIT_USAGE */
  clusterFor(conf: SparkConf): { manager: ClusterManager; listenAddress: string; listenOptions?: ListenOptions };
}
