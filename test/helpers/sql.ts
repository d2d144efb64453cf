// A SQL engine in the test's own process: text in, rows out. No driver, no executors.
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import { openCatalog } from '../../src/runtime/sql-main.ts';
import type { PreparedQuery } from '../../src/runtime/sql/engine/prepared-query.ts';
import { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import type { SqlEvent, SqlEvents } from '../../src/runtime/sql/engine/sql-executions.ts';
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import type { Relation } from '../../src/runtime/sql/plan/relations.ts';
import { simpleString } from '../../src/runtime/sql/types/type-names.ts';

export type Answer = {
  readonly columns: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
};

/** @param settings of the session: `spark.sql.…`; @param heard gets the SQL events of executions */
export function sqlEngine(settings: Record<string, string> = {}, heard?: SqlEvent[], user = 'tester'): SqlEngine {
  const events = heard && eventsInto(heard);
  return new SqlEngine({
    kernels: duckdbKernels,
    threads: 1,
    conf: (key) => settings[key],
    nowMs: () => 1_700_000_000_000,
    localTimeZone: 'UTC',
    setConf: (key, value) => {
      if (value === undefined) delete settings[key];
      else settings[key] = value;
    },
    confEntries: () => Object.entries(settings),
    openDatabase: openCatalog,
    user,
    ...(events && { events }),
  });
}

/** What the driver gives an engine, for a test that reads the events. @param accumulators of the process that runs tasks, when there is one */
export function eventsInto(heard: SqlEvent[], accumulators?: Pick<SqlEvents, 'newMetric' | 'newList'>): SqlEvents {
  let lastId = 0;
  const made = () => ({ id: lastId++, value: [] });
  const { newMetric, newList } = accumulators ?? { newMetric: made, newList: made };
  return {
    active: () => true,
    post: (event) => void heard.push(event),
    newAccumulatorId: () => newMetric('').id,
    newMetric,
    newList,
    callSite: (method) => ({ short: `${method} at test.ts:1`, long: '' }),
    jobTags: () => [],
  };
}

/** All rows of a query, values as common/sql-kernel.ts says. */
export async function rowsOf(engine: SqlEngine, query: PreparedQuery): Promise<KernelValue[][]> {
  const rows: KernelValue[][] = [];
  for await (const chunk of engine.run(query))
    for (let i = 0; i < chunk.rows; i++) rows.push(query.output.map((_, c) => chunk.columns[c]![i]!));
  return rows;
}

/** Names, types and rows of one query. */
export async function answerOf(engine: SqlEngine, text: string): Promise<Answer> {
  const plan = engine.parse(text);
  if (plan.tag !== 'relation') throw new Error(`not a query: ${text}`);
  return relationAnswer(engine, plan.relation);
}

/** Of a query or a command. */
export async function runSql(engine: SqlEngine, text: string): Promise<Answer> {
  const plan = engine.parse(text);
  if (plan.tag === 'script') return queryAnswer(engine, engine.preparePlan(await engine.runScript(plan.script)));
  if (plan.tag === 'relation') return relationAnswer(engine, plan.relation);
  return queryAnswer(engine, engine.preparePlan(await engine.execute(plan.command)));
}

export async function relationAnswer(engine: SqlEngine, relation: Relation): Promise<Answer> {
  return queryAnswer(engine, await engine.prepare(relation, engine.callSite('collect')));
}

async function queryAnswer(engine: SqlEngine, query: PreparedQuery): Promise<Answer> {
  const { output } = query;
  return { columns: output.map((a) => a.name), types: output.map((a) => simpleString(a.dataType)), rows: await rowsOf(engine, query) };
}

type Reading = { readonly format: string; readonly schema?: string; readonly options?: Readonly<Record<string, string>> };

/** What `spark.read.format(…).options(…).schema(…).load(…)` gives. */
export function readAnswer(engine: SqlEngine, { format, schema, options = {} }: Reading, ...paths: string[]): Promise<Answer> {
  return relationAnswer(engine, {
    kind: 'read',
    dataSource: { format, paths, options, predicates: [], ...(schema !== undefined && { schema }) },
  });
}
