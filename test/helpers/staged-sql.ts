// A SQL engine whose stages run in the test's own process, over RDDs without a scheduler (in-process-context.ts): as on executors, with real
// shuffles. Tables are made by the kernel at test time.
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import { openCatalog } from '../../src/runtime/sql-main.ts';
import { sqlCluster } from '../../src/runtime/rdd/sql-stages.ts';
import type { Exchange, SqlCluster } from '../../src/runtime/rdd/sql-fragment.ts';
import type { SqlEvent } from '../../src/runtime/sql/engine/sql-executions.ts';
import type { SqlPorts } from '../../src/runtime/sql/engine/sql-ports.ts';
import { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import { newAttribute } from '../../src/runtime/sql/logical/expressions.ts';
import type { Scan } from '../../src/runtime/sql/logical/plans.ts';
import { structField, structType } from '../../src/runtime/sql/types/data-type.ts';
import { parseTableSchema } from '../../src/runtime/sql/parser/parse.ts';
import { eventsInto } from './sql.ts';
import { type InProcessOptions, InProcessContext } from './in-process-context.ts';

/** Every query is cut into stages, and partitions stay as they are, so that exchanges have work even with a few rows. */
export const STAGED = {
  'spark.emberloom.sql.collapseBytes': '-1',
  'spark.sql.adaptive.enabled': 'false',
  'spark.sql.shuffle.partitions': '3',
  'spark.sql.files.openCostInBytes': '1',
};

/** Tables of tests lie in the order of their ids: joins and groupings by them would move nothing. */
export const BY_ROWS = { 'spark.emberloom.sql.valueRanges.enabled': 'false' };

export type StagedSql = {
  readonly engine: SqlEngine;
  readonly context: InProcessContext;
  /** All that were computed, in order. */
  readonly exchanges: readonly Exchange[];
  close(): void;
};

/** @param slots tasks that run at a time, for the planner; @param heard gets the SQL events of executions */
export function stagedSql(
  settings: Record<string, string> = { ...STAGED },
  { beginWork, ...options }: InProcessOptions & Pick<SqlPorts, 'beginWork'> = {},
  slots = 3,
  heard?: SqlEvent[],
): StagedSql {
  const context = new InProcessContext({ parallelism: 3, ...options });
  const exchanges: Exchange[] = [];
  const engine = new SqlEngine({
    kernels: duckdbKernels,
    threads: 1,
    conf: (key) => (key === 'spark.sql.warehouse.dir' ? path.join(context.folder, 'warehouse') : settings[key]),
    nowMs: () => 1_700_000_000_000,
    localTimeZone: 'UTC',
    setConf: (key, value) => {
      if (value === undefined) delete settings[key];
      else settings[key] = value;
    },
    confEntries: () => Object.entries(settings),
    cluster: recorded(
      sqlCluster(context, () => slots, false),
      exchanges,
    ),
    temporaryFolder: () => context.folder,
    ...(beginWork && { beginWork }),
    openDatabase: openCatalog,
    user: 'tester',
    ...(heard && { events: eventsInto(heard, { newMetric: context.longAccumulator, newList: () => context.collectionAccumulator() }) }),
  });
  return { engine, context, exchanges, close: () => context.close() };
}

/** No pages ask here, so that no execution has a cluster of its own. */
const recorded = (cluster: SqlCluster, into: Exchange[]): SqlCluster => ({
  ...cluster,
  slots: cluster.slots,
  async exchange(...args) {
    const made = await cluster.exchange(...args);
    into.push(made);
    return made;
  },
});

/** A Parquet file of what `sql` gives, with `schema` as Spark says it. */
export async function table(folder: string, name: string, schema: string, sql: string): Promise<Scan> {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.parquet`);
  const kernel = await duckdbKernels.open({ threads: 1 });
  await kernel.run(`COPY (${sql}) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`);
  let rows = 0;
  for await (const chunk of kernel.query(`SELECT count(*)::INTEGER FROM '${file}'`)) rows = Number(chunk.columns[0]![0]);
  kernel.close();
  return scanOf(file, schema, rows);
}

export function scanOf(file: string, ddl: string, rows: number): Scan {
  const schema = structType(parseTableSchema(ddl).fields.map((f) => structField(f.name, f.dataType, f.nullable)));
  const output = schema.fields.map((f) => newAttribute(f.name, f.dataType, f.nullable));
  return {
    kind: 'scan',
    format: 'parquet',
    output,
    columns: schema.fields.map((f) => f.name),
    partitionColumns: [],
    files: [{ path: file, size: statSync(file).size, modified: 0, partition: [], rows }],
    options: {},
    schema,
    name: 'parquet',
  };
}
