// SparkSession: the front door of an application. And the one place, with entry.ts, where a driver's adapters are chosen: transport, clock,
// log, cluster manager by master URL. Source: Spark's SparkSession.Builder.
import type { Transport } from '../rpc/transport.ts';
import { mkdirSync } from 'node:fs';
import { availableParallelism, hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { AppError } from '../common/errors.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import { loadArrowTables } from '../platform/arrow.ts';
import { readAllocationFile } from '../platform/allocation-file.ts';
import { Log4jLogger } from '../platform/log4j-logger.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { systemClock, unrefTimers } from '../platform/system-clock.ts';
import type { LocalBlocks } from './driver/service/block-master.ts';
import type { ClusterManager } from './driver/service/cluster-manager.ts';
import type { DriverHost } from './driver/service/driver-host.ts';
import { LocalBackend } from './driver/service/local-backend.ts';
import { type Master, parseMaster } from './driver/service/master-url.ts';
import { SparkConf } from './driver/service/spark-conf.ts';
import { SparkContext, setDriverHost } from './driver/service/spark-context.ts';
import { SparkIllegalArgumentException } from '../common/spark-error.ts';
import { VERSION } from './engine-version.ts';
import { BlockService } from './executor/block-service.ts';
import { type HeapLimits, WorkerPool } from './executor/worker-pool.ts';
import { makeTemporaryFolder, removeTemporaryFolder } from './temporary-folder.ts';
import { makeSqlEngine } from './make-sql-engine.ts';
import { loadSql } from './load-sql.ts';
import { RuntimeConfig } from './runtime-config.ts';
import { SparkSessionBuilder } from './session-builder.ts';
import { loadUi } from './load-ui.ts';
import { setArrowTables } from './sql/api/arrow.ts';
import { rddsBecomeDataFramesOf } from './sql/api/rdd-to-dataframe.ts';
import { SqlSession } from './sql/api/sql-session.ts';
import { setTableFunctionSession } from './sql/api/udtf.ts';
import { setSqlTexts } from './sql/api/sql-text.ts';
import type { SqlEngine } from './sql/engine/sql-engine.ts';
import { addUserFile, userFilesRoot } from './user-files.ts';

const bundled = !import.meta.filename.endsWith('.ts');
/** Folder of the engine's files: dist/ or src/. */
export const ENGINE_DIR = bundled ? `${import.meta.dirname}/` : join(import.meta.dirname, '..', '/');
/** What `import … from 'emberloom'` means for programs that this process runs. */
export const ENGINE_URL = pathToFileURL(
  bundled ? join(import.meta.dirname, 'index.mjs') : join(import.meta.dirname, '..', 'index.ts'),
).href;
/** Where the daemons' bundles are, also when this runs from source. */
export const DIST_DIR = bundled ? import.meta.dirname : join(import.meta.dirname, '..', '..', 'dist');
const WORKER_FILE = bundled ? join(import.meta.dirname, 'worker.cjs') : join(import.meta.dirname, 'executor', 'worker-main.ts');

const EVENT_LOG_FILE = bundled
  ? join(import.meta.dirname, 'event-log.cjs')
  : join(import.meta.dirname, 'driver', 'event-log', 'worker-main.ts');

/** Share of a memory setting that is the heaps of its task slots; the rest is buffers, blocks and the main thread. */
const WORKER_HEAP_SHARE = 0.6;
const YOUNG_MB = 32;
const LEAST_HEAP_MB = 64;

export type ProcessPlaces = {
  logger: Log4jLogger;
  appDir: string;
  stderr: DriverHost['stderr'];
  /** Of the cluster that this process joins. */
  transport: Transport;
  clusterManager: ((conf: SparkConf, master: Master) => ReturnType<DriverHost['clusterFor']>) | undefined;
};
const places: ProcessPlaces = {
  logger: new Log4jLogger(process.stderr, 'SparkContext'),
  appDir: process.cwd(),
  stderr: process.stderr,
  transport: new NetTransport(),
  clusterManager: undefined,
};
let startedPool: { pool: WorkerPool; limits: HeapLimits | undefined } | undefined;

/** For entry.ts and cluster-main.ts: what they know better than this file. */
export function setProcessPlaces(known: Partial<ProcessPlaces>): void {
  Object.assign(places, known);
}

/** Threads take 40 ms to start; a local program's are begun before it is even read. */
export function startLocalWorkersEarly(conf: SparkConf): void {
  const master = parseMaster(conf.get('spark.master', 'local[*]'), availableParallelism());
  if (master.kind !== 'local' || startedPool !== undefined) return;
  const limits = localLimits(conf, master.slots);
  startedPool = { pool: new WorkerPool({ workerFile: WORKER_FILE, slots: master.slots, limits }), limits };
}

/** Only a memory that somebody asked for is enforced: threads of one process may share what the machine has. */
function localLimits(conf: SparkConf, slots: number): HeapLimits | undefined {
  if (!conf.contains(SPARK_KEYS.driverMemory.name)) return undefined;
  return {
    oldMb: Math.max(LEAST_HEAP_MB, Math.floor((conf.read(SPARK_KEYS.driverMemory)! * WORKER_HEAP_SHARE) / slots)),
    youngMb: YOUNG_MB,
  };
}

function localBackend(conf: SparkConf, slots: number): { manager: ClusterManager; listenAddress: string } {
  const limits = localLimits(conf, slots);
  const early = startedPool;
  startedPool = undefined;
  const fits = early !== undefined && early.pool.slots === slots && early.limits?.oldMb === limits?.oldMb;
  if (early !== undefined && !fits) void early.pool.stop();
  const pool = fits ? early.pool : new WorkerPool({ workerFile: WORKER_FILE, slots, limits });
  pool.onSlowKill = (text) => places.logger.named('TaskReaper').warn(text);
  const base = conf.read(SPARK_KEYS.localDir)?.[0] ?? process.env['SPARK_LOCAL_DIRS']?.split(',')[0] ?? tmpdir();
  let folder: string;
  try {
    mkdirSync(base, { recursive: true });
    folder = makeTemporaryFolder(base);
  } catch (error) {
    throw new AppError('LOCAL_DISK', { path: base, detail: (error as Error).message });
  }
  // The socket's path must be short, whatever the local dir is.
  const socketFolder = Buffer.byteLength(folder) > 90 ? makeTemporaryFolder(tmpdir()) : folder;
  const cleanUp = () => {
    for (const path of new Set([folder, socketFolder])) removeTemporaryFolder(path);
  };
  const shuffleDir = join(folder, 'shuffle');
  mkdirSync(shuffleDir, { mode: 0o700 });
  const startBlocks = (settings: ReadonlyMap<string, string>, master: LocalBlocks) => {
    const besideHeapsBytes = conf.read(SPARK_KEYS.driverMemory)! * 1024 ** 2 * (1 - WORKER_HEAP_SHARE);
    const dirs = [join(folder, 'blocks')];
    const service = new BlockService({
      host: hostname(),
      conf: settings,
      dirs,
      besideHeapsBytes,
      master,
      transfer: undefined,
      broadcasts: () => (id) => master.broadcast(id),
      log: places.logger,
    });
    master.attach({ removeRdd: async (rddId) => service.manager.removeRdd(rddId), results: service.results });
    return (slot: number) => service.portFor(slot);
  };
  const manager = new LocalBackend({
    pool: pool as never,
    nowMs: Date.now(),
    host: hostname(),
    shuffleDir,
    blockDir: join(folder, 'blocks'),
    startBlocks,
    appDir: places.appDir,
    logLevel: () => places.logger.settings.level,
    filesDir: userFilesRoot(),
    timers: unrefTimers,
    heartbeatMs: conf.read(SPARK_KEYS.executorHeartbeatMs)!,
    cleanUp,
  });
  return { manager, listenAddress: `unix:${join(socketFolder, 'driver.sock')}` };
}

const host: DriverHost = {
  clock: systemClock,
  timers: unrefTimers,
  get transport() {
    return places.transport;
  },
  engineDir: ENGINE_DIR,
  eventLogWorker: EVENT_LOG_FILE,
  hostName: hostname(),
  cores: availableParallelism(),
  version: VERSION,
  publicName: process.env['SPARK_PUBLIC_DNS'] || undefined,
  pagesFolder: join(DIST_DIR, 'ui'),
  loadUi,
  get logger() {
    return places.logger;
  },
  get stderr() {
    return places.stderr;
  },
  get appDir() {
    return places.appDir;
  },
  addUserFile,
  readAllocations: (given) =>
    readAllocationFile(given, process.env['EMBERLOOM_CONF_DIR'] || process.env['SPARK_CONF_DIR'] || join(DIST_DIR, '..', 'conf')),
  clusterFor(conf) {
    const master = parseMaster(conf.get('spark.master'), availableParallelism());
    if (master.kind === 'local') return localBackend(conf, master.slots);
    if (places.clusterManager === undefined)
      throw new AppError('SUBMIT_USAGE', {
        reason: `The master ${conf.get('spark.master')} needs spark-submit: run the program with bin/spark-submit.`,
      });
    return places.clusterManager(conf, master);
  },
};
setDriverHost(() => host);
setSqlTexts(loadSql);
setArrowTables(loadArrowTables);
setTableFunctionSession(() => SparkSession.active());

export class SparkSession extends SqlSession {
  static #active: SparkSession | undefined;
  readonly sparkContext: SparkContext;
  readonly conf: RuntimeConfig;

  #engine: SqlEngine | undefined;
  readonly #first: SparkSession | undefined;

  /** @internal Programs use SparkSession.builder(). @param first the application's first session, of which this is another one */
  constructor(sparkContext: SparkContext, first?: SparkSession) {
    super();
    this.sparkContext = sparkContext;
    this.#first = first;
    this.conf = new RuntimeConfig(sparkContext);
    if (first === undefined) rddsBecomeDataFramesOf(sparkContext, this);
  }

  static builder(): SparkSessionBuilder {
    return new SparkSessionBuilder((settings) => {
      const active = SparkSession.getActiveSession();
      if (active !== undefined) {
        active.conf.setModifiable(settings);
        return active;
      }
      const session = new SparkSession(SparkContext.getOrCreate(new SparkConf().setAll(settings)));
      SparkSession.setActive(session);
      return session;
    });
  }

  /** The session of this process; undefined when there is none. */
  static getActiveSession(): SparkSession | undefined {
    return SparkSession.#active?.sparkContext.isStopped === false ? SparkSession.#active : undefined;
  }

  /** @throws SparkIllegalArgumentException NO_ACTIVE_SESSION */
  static active(): SparkSession {
    const session = SparkSession.getActiveSession();
    if (session === undefined) throw new SparkIllegalArgumentException('NO_ACTIVE_SESSION', '08003', 'No active Spark session found.');
    return session;
  }

  /** @internal */
  static setActive(session: SparkSession): void {
    SparkSession.#active = session;
  }

  /**
   * Another session of the same application: settings as the application began with them, temporary views, functions and variables of its own; the
   * catalogue, global temporary views, kept rows and the context are shared.
   */
  newSession(): SparkSession {
    return new SparkSession(this.sparkContext, this.#first ?? this);
  }

  get version(): string {
    return this.sparkContext.version;
  }

  /** What is asked from now on in this flow of promises has the tag: interruptTag and the pages find it. */
  addTag(tag: string): void {
    this.sparkContext.addJobTag(tag);
  }
  removeTag(tag: string): void {
    this.sparkContext.removeJobTag(tag);
  }
  getTags(): Set<string> {
    return this.sparkContext.getJobTags();
  }
  clearTags(): void {
    this.sparkContext.clearJobTags();
  }
  /** Ends all queries and jobs that run; they fail with OPERATION_CANCELED or JOB_CANCELLED. */
  interruptAll(): void {
    this.sparkContext.cancelAllJobs();
  }
  /** Ends those that were asked under the tag. */
  interruptTag(tag: string): void {
    this.sparkContext.cancelJobsWithTag(tag);
  }

  /** @internal */
  protected override rddContext(): SparkContext {
    return this.sparkContext;
  }

  /** @internal */
  protected override sqlEngine(): SqlEngine {
    if (this.#engine === undefined) {
      this.#engine = makeSqlEngine(this.sparkContext, ENGINE_DIR, this.conf, this.#first?.sqlEngine());
    }
    return this.#engine;
  }

  async stop(): Promise<void> {
    await this.#engine?.close();
    await this.#first?.sqlEngine().close();
    return this.sparkContext.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }
}
