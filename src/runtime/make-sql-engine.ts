// A session's SQL engine: the bundle that has it, the kernel of this process, the executors of the application. What it computes where is the engine's.
import { tmpdir, userInfo } from 'node:os';
import type { SparkContext } from './driver/service/spark-context.ts';
import { loadSql } from './load-sql.ts';
import { sqlCluster } from './rdd/sql-stages.ts';
import { sqlEvents } from './sql-events.ts';
import type { SqlEngine } from './sql/engine/sql-engine.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** Settings of the session as they are now. */
export type SessionConf = {
  get(key: string, fallback: string): string;
  set(key: string, value: string): void;
  unset(key: string): void;
  entries(): Iterable<readonly [string, string]>;
};

/** @param engineDir of the engine's own files */
export function makeSqlEngine(context: SparkContext, engineDir: string, conf: SessionConf): SqlEngine {
  const { SqlEngine, kernels, openCatalog } = loadSql();
  let folder: string | undefined;
  return new SqlEngine({
    kernels,
    threads: context.defaultParallelism,
    conf: (key) => conf.get(key, '') || undefined,
    setConf: (key, value) => (value === undefined ? conf.unset(key) : conf.set(key, value)),
    confEntries: () => conf.entries(),
    openDatabase: openCatalog,
    user: userInfo().username,
    nowMs: Date.now,
    events: sqlEvents(context, engineDir),
    localTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cluster: sqlCluster(context, () => context.defaultParallelism, /^local(\[|$)/.test(context.master)),
    temporaryFolder: () => (folder ??= makeTemporaryFolder(tmpdir())),
  });
}
