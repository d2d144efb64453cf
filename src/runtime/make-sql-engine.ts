// A session's SQL engine: the bundle that has it, the kernel of this process, the executors of the application. What it computes where is the engine's.
import { tmpdir, userInfo } from 'node:os';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SparkConf } from './driver/service/spark-conf.ts';
import type { SparkContext } from './driver/service/spark-context.ts';
import { loadSql } from './load-sql.ts';
import { sqlCluster } from './rdd/sql-stages.ts';
import { sqlEvents } from './sql-events.ts';
import type { SqlEngine, SqlPorts } from './sql/engine/sql-engine.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** Settings of the session as they are now. */
export type SessionConf = {
  get(key: string, fallback: string): string;
  set(key: string, value: string): void;
  unset(key: string): void;
  entries(): Iterable<readonly [string, string]>;
};

/** @param engineDir of the engine's own files. @param shared the engine of the application's first session */
export function makeSqlEngine(context: SparkContext, engineDir: string, conf: SessionConf, shared?: SqlEngine): SqlEngine {
  const { SqlEngine, kernels, openCatalog } = loadSql();
  let folder: string | undefined;
  const given = context.getConf();
  const memoryLimitMb = kernelMemoryMb(given);
  const base = () => given.read(SPARK_KEYS.localDir)?.[0] ?? process.env['SPARK_LOCAL_DIRS']?.split(',')[0] ?? tmpdir();
  const ports: SqlPorts = {
    kernels,
    threads: context.defaultParallelism,
    conf: (key) => conf.get(key, '') || undefined,
    setConf: (key, value) => (value === undefined ? conf.unset(key) : conf.set(key, value)),
    confEntries: () => conf.entries(),
    openDatabase: openCatalog,
    user: userInfo().username,
    nowMs: Date.now,
    events: sqlEvents(context, engineDir),
    beginWork: (cancel) => context.beginOwnWork(cancel),
    localTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cluster: sqlCluster(context, () => context.defaultParallelism, /^local(\[|$)/.test(context.master)),
    temporaryFolder: () => (folder ??= makeTemporaryFolder(base())),
    ...(memoryLimitMb !== undefined && { memoryLimitMb }),
  };
  return new SqlEngine(ports, shared);
}

/** Of the driver's memory, as of an executor's; the rest is Node's own. */
const SQL_SHARE = 0.6;

/** Only a memory that somebody asked for is enforced, or one that the driver's container has. */
function kernelMemoryMb(conf: SparkConf): number | undefined {
  const isLimited = conf.contains(SPARK_KEYS.driverMemory.name) || conf.get('spark.submit.deployMode', 'client') === 'cluster';
  return isLimited ? Math.floor(conf.read(SPARK_KEYS.driverMemory)! * SQL_SHARE) : undefined;
}
