// A session's SQL engine: the bundle that has it, the kernel of this process, the executors of the application. What it computes where is the engine's.
import { tmpdir } from 'node:os';
import type { SparkContext } from './driver/service/spark-context.ts';
import { loadSql } from './load-sql.ts';
import { sqlCluster } from './rdd/sql-stages.ts';
import { sqlEvents } from './sql-events.ts';
import type { SqlEngine } from './sql/engine/sql-engine.ts';
import { makeTemporaryFolder } from './temporary-folder.ts';

/** @param engineDir of the engine's own files; @param conf settings of the session as they are now */
export function makeSqlEngine(context: SparkContext, engineDir: string, conf: (key: string) => string | undefined): SqlEngine {
  const { SqlEngine, kernels } = loadSql();
  let folder: string | undefined;
  return new SqlEngine({
    kernels,
    threads: context.defaultParallelism,
    conf,
    nowMs: Date.now,
    events: sqlEvents(context, engineDir),
    localTimeZone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    cluster: sqlCluster(context, () => context.defaultParallelism, /^local(\[|$)/.test(context.master)),
    temporaryFolder: () => (folder ??= makeTemporaryFolder(tmpdir())),
  });
}
