// Rules that simplify: the last lines of a plan are left out where they are a view's columns and its files. Expected: Catalyst's rules of these names.
import { expect, test } from 'vitest';
import { after, engine } from '../../../../helpers/optimizer-rules.ts';
import { logicalText } from '../../../../../src/runtime/sql/explain/logical-text.ts';
import { optimize } from '../../../../../src/runtime/sql/optimizer/optimizer.ts';
import type { Rule } from '../../../../../src/runtime/sql/optimizer/rule.ts';
import { combineUnions } from '../../../../../src/runtime/sql/optimizer/combine-unions.ts';
import { constantFolding } from '../../../../../src/runtime/sql/optimizer/constant-folding.ts';
import { eliminateDistinct } from '../../../../../src/runtime/sql/optimizer/eliminate-distinct.ts';
import { eliminateLimits } from '../../../../../src/runtime/sql/optimizer/eliminate-limits.ts';
import { limitPushDown } from '../../../../../src/runtime/sql/optimizer/limit-push-down.ts';
import { nullPropagation } from '../../../../../src/runtime/sql/optimizer/null-propagation.ts';
import { optimizeIn } from '../../../../../src/runtime/sql/optimizer/optimize-in.ts';
import { propagateEmptyRelation } from '../../../../../src/runtime/sql/optimizer/propagate-empty-relation.ts';
import { pruneFilters } from '../../../../../src/runtime/sql/optimizer/prune-filters.ts';
import { removeRedundantAggregates } from '../../../../../src/runtime/sql/optimizer/remove-redundant-aggregates.ts';
import { simplifyConditionals } from '../../../../../src/runtime/sql/optimizer/simplify-conditionals.ts';

/** Without what stands for the views t and u. */
const short = (text: string): readonly string[] =>
  text.split('\n').filter((line) => !/Relation \[|Project \[(a AS a, b AS b, s AS s|k AS k, v AS v)\]$/.test(line));

test.each<[string, readonly Rule[], string, readonly string[]]>([
  ['ConstantFolding', [constantFolding], 'SELECT a + (1 + 2 * 3) AS x, 2 > 1 AS y FROM t', ['Project [(a + 7) AS x, true AS y]']],
  [
    'ConstantFolding: what fails does so when it runs',
    [constantFolding],
    'SELECT 2147483647 + 1 AS x, 1 / 0 AS y, 1.5D + 1.5D AS z FROM t',
    ['Project [(2147483647 + 1) AS x, (1 / 0) AS y, (1.5 + 1.5) AS z]'],
  ],
  [
    'ConstantFolding: casts',
    [constantFolding],
    'SELECT a FROM t WHERE CAST(a AS BIGINT) > 3',
    ['Project [a]', '+- Filter (CAST(a AS BIGINT) > 3)'],
  ],
  [
    'ConstantFolding: keys are not numbers of columns',
    [constantFolding],
    'SELECT 1 + 1 AS k, count(*) AS n FROM t GROUP BY 1 + 1',
    ['Aggregate [(1 + 1)], [(1 + 1) AS k, count(1) AS n]'],
  ],
  [
    'NullPropagation',
    [nullPropagation],
    'SELECT a + CAST(NULL AS INT) AS w, NULL IS NULL AS x, coalesce(NULL, a, 5, b) AS y, coalesce(NULL, a) AS z FROM t',
    ['Project [(a + CAST(NULL AS INT)) AS w, true AS x, coalesce(a, 5) AS y, a AS z]'],
  ],
  [
    'SimplifyConditionals',
    [simplifyConditionals],
    'SELECT CASE WHEN false THEN 1 WHEN a > 1 THEN 2 WHEN true THEN 3 ELSE 4 END AS x, if(false, a, b) AS y, if(a > 1, b, b) AS z FROM t',
    ['Project [CASE WHEN (a > 1) THEN 2 ELSE 3 END AS x, b AS y, (IF((a > 1), b, b)) AS z]'],
  ],
  [
    'OptimizeIn',
    [optimizeIn],
    'SELECT a FROM t WHERE a IN (1, 2, 1) AND b IN (3, 3)',
    ['Project [a]', '+- Filter ((a IN (1, 2)) AND (b = 3))'],
  ],
  [
    'EliminateDistinct',
    [eliminateDistinct],
    'SELECT max(DISTINCT a) AS m, count(DISTINCT a) AS n FROM t',
    ['Aggregate [], [max(a) AS m, count(DISTINCT a) AS n]'],
  ],
  [
    'CombineUnions',
    [combineUnions],
    'SELECT a FROM t UNION ALL (SELECT b FROM t UNION ALL SELECT k FROM u)',
    ['Union false, false', ':- Project [a AS a]', ':- Project [b AS b]', '+- Project [k AS k]'],
  ],
  [
    'EliminateLimits: the smaller one',
    [eliminateLimits],
    'SELECT * FROM (SELECT a FROM t LIMIT 5) LIMIT 3',
    ['GlobalLimit 3', '+- Project [a AS a]'],
  ],
  ['EliminateLimits: of one row', [eliminateLimits], 'SELECT count(*) AS n FROM t LIMIT 3', ['Aggregate [], [count(1) AS n]']],
  [
    'LimitPushDown: not into what gives fewer rows',
    [limitPushDown, eliminateLimits],
    '(SELECT count(*) AS n FROM t UNION ALL SELECT b FROM t) LIMIT 3',
    ['GlobalLimit 3', '+- Union false, false', '   :- Aggregate [], [count(1) AS n]', '   +- Project [b AS b]', '      +- GlobalLimit 3'],
  ],
  [
    'PropagateEmptyRelation: a branch of a union',
    [pruneFilters, propagateEmptyRelation],
    'SELECT a FROM t WHERE false UNION ALL SELECT k FROM u',
    ['Project [k AS a]', '+- Project [k AS k]'],
  ],
  [
    'RemoveRedundantAggregates',
    [removeRedundantAggregates],
    'SELECT DISTINCT * FROM (SELECT a, count(*) AS n FROM t GROUP BY a)',
    ['Aggregate [a], [a, count(1) AS n]'],
  ],
  [
    'RemoveRedundantAggregates: not without a key',
    [removeRedundantAggregates],
    'SELECT DISTINCT n FROM (SELECT a, count(*) AS n FROM t GROUP BY a)',
    ['Distinct', '+- Project [n]', '   +- Aggregate [a], [a, count(1) AS n]'],
  ],
])('%s', async (_, rules, sql, expected) => {
  expect(short(await after(sql, ...rules))).toEqual(expected);
});

/** Conditions are pushed down, those of keys brought to the other side. */
async function filters(sql: string): Promise<readonly string[]> {
  const parsed = engine.parse(sql);
  if (parsed.tag !== 'relation') throw new Error(`not a query: ${sql}`);
  const text = logicalText(optimize(await engine.analyze(parsed.relation), engine.settings)).replace(/#\d+L?/g, '');
  return [...text.matchAll(/Filter (.*)/g)].map((m) => m[1]!);
}

test.each([
  ['a join', 'SELECT b FROM t JOIN u ON a = k WHERE a > 3', ['(a > 3)', '(k > 3)']],
  ['the other way round', 'SELECT b FROM t JOIN u ON a = k WHERE k IN (3, 4)', ['(a IN (3, 4))', '(k IN (3, 4))']],
  ['several joins', 'SELECT t.b FROM t JOIN u ON a = k JOIN big ON k = x WHERE x = 1', ['(a = 1)', '(k = 1)', '(x = 1)']],
  ['a left join, from the side that stays', 'SELECT b, v FROM t LEFT JOIN u ON a = k WHERE a > 3', ['(a > 3)', '(k > 3)']],
  ['a left join, not to the side that stays', 'SELECT b, v FROM t LEFT JOIN (SELECT * FROM u WHERE k > 3) u ON a = k', ['(k > 3)']],
  ['an anti join', 'SELECT b FROM t LEFT ANTI JOIN u ON a = k WHERE a > 3', ['(a > 3)', '(k > 3)']],
  ['a full join', 'SELECT b FROM t FULL JOIN (SELECT * FROM u WHERE k > 3) u ON a = k', ['(k > 3)']],
  ['what may fail', 'SELECT b FROM t JOIN u ON a = k WHERE 10 / a > 3', ['((10 / a) > 3)']],
  ['a key that keeps NULLs', 'SELECT b FROM t JOIN u ON a <=> k WHERE a > 3', ['(a > 3)']],
])('InferFiltersFromConstraints: %s', async (_, sql, expected) => {
  expect([...(await filters(sql))].sort()).toEqual([...expected].sort());
});

test('rules can be left out, but for those without which plans do not run', async () => {
  const sql = 'SELECT b FROM t JOIN u ON a = k WHERE a > 3';
  const catalyst = 'org.apache.spark.sql.catalyst.optimizer';
  const set = { 'spark.sql.optimizer.excludedRules': `${catalyst}.InferFiltersFromConstraints, ${catalyst}.RewritePredicateSubquery` };
  const settings = { ...engine.settings, get: (key: string) => (set as Record<string, string>)[key] ?? engine.settings.get(key) };
  const parsed = engine.parse(`${sql} AND EXISTS (SELECT 1 FROM big WHERE x = a)`);
  if (parsed.tag !== 'relation') throw new Error('not a query');
  const text = logicalText(optimize(await engine.analyze(parsed.relation), settings));
  expect([...text.matchAll(/Filter /g)]).toHaveLength(1);
  expect(text).toContain('LeftSemi');
});
