// The sections of explain by mode, and what stands in the physical plan of a query in stages.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sqlEngine } from '../../../helpers/sql.ts';
import { type StagedSql, stagedSql, table } from '../../../helpers/staged-sql.ts';
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
