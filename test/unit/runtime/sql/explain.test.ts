// The sections of explain by mode, and what stands in the physical plan of a query in stages.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlEngine } from '../../../helpers/sql.ts';
import { BY_ROWS, type StagedSql, stagedSql, table } from '../../../helpers/staged-sql.ts';
import type { SqlEngine } from '../../../../src/runtime/sql/engine/sql-engine.ts';
import type { ExplainMode } from '../../../../src/runtime/sql/explain/explain.ts';

let staged: StagedSql;
const here = sqlEngine();
const QUERY = 'SELECT g, count(*) AS n FROM t WHERE id > 3 GROUP BY g ORDER BY n LIMIT 2';

beforeAll(async () => {
  staged = stagedSql();
  const t = await table(
    staged.context.folder,
    't',
    'id INT, g INT',
    'SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g FROM range(5000) r(i)',
  );
  for (const engine of [staged.engine, here]) engine.views.set('t', t);
});
afterAll(() => staged.close());

async function explained(engine: SqlEngine, mode: ExplainMode, sql = QUERY): Promise<string> {
  const parsed = engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error('not a query');
  const text = await engine.explain(await engine.prepare(parsed.relation), mode, parsed.relation);
  return text.replace(/#\d+L?/g, '').replace(/\[file:[^\]]*\]/, '[…]');
}

test('sections by mode', async () => {
  const sections = async (mode: ExplainMode) => (await explained(staged.engine, mode)).split('\n').filter((line) => line.startsWith('== '));
  expect(await sections('simple')).toEqual(['== Physical Plan ==']);
  expect(await sections('cost')).toEqual(['== Optimized Logical Plan ==', '== Physical Plan ==']);
  expect(await sections('extended')).toEqual([
    '== Parsed Logical Plan ==',
    '== Analyzed Logical Plan ==',
    '== Optimized Logical Plan ==',
    '== Physical Plan ==',
  ]);
});

test('a plan in stages: partial and final aggregate, exchanges, the first rows in each task and then of all', async () => {
  const text = await explained(staged.engine, 'simple');
  expect(text.split('\n').map((line) => line.replace(/^[ :+-]*(\*\(\d+\) )?/, '').split(/[ (]/)[0])).toEqual([
    '==',
    'GlobalLimit',
    'Sort',
    'Exchange',
    'LocalLimit',
    'Sort',
    'HashAggregate',
    'Exchange',
    'HashAggregate',
    'Project',
    'Filter',
    'FileScan',
    '',
  ]);
  expect(text).toContain('Exchange hashpartitioning(g, by size), ENSURE_REQUIREMENTS');
  expect(text).toContain('ReadSchema: struct<id:int,g:int>');
});

test('without executors the whole query is the kernel of this process, and says so', async () => {
  expect(await explained(here, 'simple')).toContain('WholeQuery (one task, one query of the kernel: in the driver)');
});

test('formatted: operators have numbers from the leaves up, and their columns and arguments below', async () => {
  const text = await explained(staged.engine, 'formatted', 'SELECT g, count(*) AS n FROM t WHERE id > 3 GROUP BY g');
  expect(text.replace(/c\d+|count_\d+/g, 'c')).toBe(`== Physical Plan ==
* HashAggregate (6)
+- Exchange (5)
   +- * HashAggregate (4)
      +- * Project (3)
         +- * Filter (2)
            +- * Scan parquet (1)


(1) Scan parquet  [codegen id : 1]
Output [2]: [id, g]
Batched: true
Location: InMemoryFileIndex […]
ReadSchema: struct<id:int,g:int>

(2) Filter [codegen id : 1]
Input [2]: [id, g]
Condition : (id > 3)

(3) Project [codegen id : 1]
Output [1]: [g AS g]
Input [2]: [id, g]

(4) HashAggregate [codegen id : 1]
Input [1]: [g]
Keys [1]: [g]
Functions [1]: [partial_count(1)]
Aggregate Attributes: []
Results [2]: [g, count(1) AS c]

(5) Exchange
Input [2]: [g, c]
Arguments: hashpartitioning(g, by size), ENSURE_REQUIREMENTS, [plan_id=1]

(6) HashAggregate [codegen id : 2]
Input [2]: [g, c]
Keys [1]: [g]
Functions [1]: [sum(c)]
Aggregate Attributes: []
Results [2]: [g, count(sum(c)) AS n]

`);
});

test("codegen: each stage's operators and the kernel's text of its tasks", async () => {
  const text = await explained(staged.engine, 'codegen');
  expect(text).toMatch(/^Found 3 WholeStageCodegen subtrees\.\n== Subtree 1 \/ 3 ==\n\*\(1\) HashAggregate\(keys=\[g\]/);
  expect(text.match(/\nGenerated code:\n/g)).toHaveLength(3);
  expect(text).toMatch(/-- s\d+ of the first of 3 tasks: SELECT .* read_parquet\(/);
});

test('after a run on the same query: the final plan beside the first one', async () => {
  const adaptive = stagedSql({
    ...BY_ROWS,
    'spark.emberloom.sql.collapseBytes': '-1',
    'spark.sql.files.openCostInBytes': '1',
    'spark.sql.autoBroadcastJoinThreshold': '-1',
    'spark.sql.adaptive.coalescePartitions.minPartitionSize': '1',
  });
  const t = await table(
    adaptive.context.folder,
    't',
    'id INT, g INT',
    'SELECT i::INTEGER AS id, (i % 7)::INTEGER AS g FROM range(5000) r(i)',
  );
  adaptive.engine.views.set('t', t);
  const sql =
    'SELECT a.g, count(*) FROM (SELECT DISTINCT id, g FROM t) a JOIN (SELECT DISTINCT id, g FROM t) b ON a.id = b.id GROUP BY a.g';
  const parsed = adaptive.engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error('not a query');
  const text = async () => adaptive.engine.explain(await adaptive.engine.prepare(parsed.relation), 'simple', parsed.relation);
  expect(await text()).toMatch(/^== Physical Plan ==\nAdaptiveSparkPlan isFinalPlan=false\n\+- [^*]*$/);
  for await (const _ of adaptive.engine.run(await adaptive.engine.prepare(parsed.relation)));
  const [final, initial] = (await text()).split('+- == Initial Plan ==');
  expect(final).toContain('AdaptiveSparkPlan isFinalPlan=true\n+- == Final Plan ==\n   ResultQueryStage ');
  expect(final).toContain('ShuffleQueryStage 0');
  expect(final).toContain('ReusedExchange'); // both sides have the same rows by the same keys
  expect(initial).not.toContain('QueryStage');
  adaptive.close();
});
