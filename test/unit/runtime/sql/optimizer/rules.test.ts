// Each rule alone: what a query's plan is after it (numbers of columns are left out). Expected: the plans that Catalyst's rules of these names make.
import { expect, test } from 'vitest';
import { after, engine } from '../../../../helpers/optimizer-rules.ts';
import { booleanSimplification } from '../../../../../src/runtime/sql/optimizer/boolean-simplification.ts';
import { columnPruning } from '../../../../../src/runtime/sql/optimizer/column-pruning.ts';
import { eliminateOuterJoin } from '../../../../../src/runtime/sql/optimizer/eliminate-outer-join.ts';
import { eliminateSorts } from '../../../../../src/runtime/sql/optimizer/eliminate-sorts.ts';
import { inlineCte } from '../../../../../src/runtime/sql/optimizer/inline-cte.ts';
import { inlineSumArguments } from '../../../../../src/runtime/sql/optimizer/inline-sum-arguments.ts';
import { limitPushDown } from '../../../../../src/runtime/sql/optimizer/limit-push-down.ts';
import { propagateEmptyRelation } from '../../../../../src/runtime/sql/optimizer/propagate-empty-relation.ts';
import { pruneFilters } from '../../../../../src/runtime/sql/optimizer/prune-filters.ts';
import { pushDownPredicates } from '../../../../../src/runtime/sql/optimizer/push-down-predicates.ts';
import { pushLeftSemiLeftAntiThroughJoin } from '../../../../../src/runtime/sql/optimizer/push-left-semi-left-anti-through-join.ts';
import { reorderJoin } from '../../../../../src/runtime/sql/optimizer/reorder-join.ts';
import { replaceSetOperations } from '../../../../../src/runtime/sql/optimizer/replace-set-operations.ts';
import { rewriteCorrelatedScalarSubquery } from '../../../../../src/runtime/sql/optimizer/rewrite-correlated-scalar-subquery.ts';
import { rewritePredicateSubquery } from '../../../../../src/runtime/sql/optimizer/rewrite-predicate-subquery.ts';
import type { Rule } from '../../../../../src/runtime/sql/optimizer/rule.ts';

test.each<[string, readonly Rule[], string, readonly string[]]>([
  [
    'BooleanSimplification: constants and doubles',
    [booleanSimplification],
    'SELECT a FROM t WHERE (a > 1 AND true) OR (a > 1 AND true) OR false',
    ['Project [a]', '+- Filter (a > 1)', '   +- Project [a AS a, b AS b, s AS s]', '      +- Relation [a,b,s] parquet'],
  ],
  [
    'BooleanSimplification: what alternatives have in common',
    [booleanSimplification],
    'SELECT a FROM t WHERE (a = 1 AND b = 2) OR (a = 1 AND b = 3)',
    [
      'Project [a]',
      '+- Filter ((a = 1) AND ((b = 2) OR (b = 3)))',
      '   +- Project [a AS a, b AS b, s AS s]',
      '      +- Relation [a,b,s] parquet',
    ],
  ],
  [
    'CombineFilters',
    [pushDownPredicates],
    'SELECT * FROM (SELECT * FROM t WHERE a > 1) WHERE b > 2',
    ['Project [a AS a, b AS b, s AS s]', '+- Filter ((a > 1) AND (b > 2))', '   +- Relation [a,b,s] parquet'],
  ],
  [
    'PushDownPredicates through a projection',
    [pushDownPredicates],
    'SELECT * FROM (SELECT a + 1 AS c FROM t) WHERE c > 2',
    ['Project [(a + 1) AS c]', '+- Filter ((a + 1) > 2)', '   +- Relation [a,b,s] parquet'],
  ],
  [
    'PushDownPredicates into both sides of a join',
    [pushDownPredicates],
    'SELECT a FROM t, u WHERE a = k AND b > 1 AND v < 3',
    [
      'Project [a]',
      '+- Join Inner, (a = k)',
      '   :- Project [a AS a, b AS b, s AS s]',
      '   :  +- Filter (b > 1)',
      '   :     +- Relation [a,b,s] parquet',
      '   +- Project [k AS k, v AS v]',
      '      +- Filter (v < 3)',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'PushDownPredicates: an outer join keeps what its missing rows need',
    [pushDownPredicates],
    'SELECT a FROM t LEFT JOIN u ON a = k AND b > 1 AND v < 3 WHERE b > 2 AND v IS NULL',
    [
      'Project [a]',
      '+- Filter (v IS NULL)',
      '   +- Join LeftOuter, ((a = k) AND (b > 1))',
      '      :- Project [a AS a, b AS b, s AS s]',
      '      :  +- Filter (b > 2)',
      '      :     +- Relation [a,b,s] parquet',
      '      +- Project [k AS k, v AS v]',
      '         +- Filter (v < 3)',
      '            +- Relation [k,v] parquet',
    ],
  ],
  [
    'PushDownPredicates through an aggregate, by its keys',
    [pushDownPredicates],
    'SELECT * FROM (SELECT a, count(*) AS n FROM t GROUP BY a) WHERE a > 1 AND n > 2',
    [
      'Filter (n > 2)',
      '+- Aggregate [a], [a, count(1) AS n]',
      '   +- Project [a AS a, b AS b, s AS s]',
      '      +- Filter (a > 1)',
      '         +- Relation [a,b,s] parquet',
    ],
  ],
  [
    'PushDownPredicates into a union',
    [pushDownPredicates],
    'SELECT * FROM (SELECT a FROM t UNION ALL SELECT k FROM u) WHERE a > 1',
    [
      'Union false, false',
      ':- Project [a AS a]',
      ':  +- Filter (a > 1)',
      ':     +- Relation [a,b,s] parquet',
      '+- Project [k AS k]',
      '   +- Filter (k > 1)',
      '      +- Relation [k,v] parquet',
    ],
  ],
  [
    'EliminateOuterJoin',
    [eliminateOuterJoin],
    'SELECT a FROM t LEFT JOIN u ON a = k WHERE v > 1',
    [
      'Project [a]',
      '+- Filter (v > 1)',
      '   +- Join Inner, (a = k)',
      '      :- Project [a AS a, b AS b, s AS s]',
      '      :  +- Relation [a,b,s] parquet',
      '      +- Project [k AS k, v AS v]',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'EliminateOuterJoin: not by IS NULL',
    [eliminateOuterJoin],
    'SELECT a FROM t LEFT JOIN u ON a = k WHERE v IS NULL',
    [
      'Project [a]',
      '+- Filter (v IS NULL)',
      '   +- Join LeftOuter, (a = k)',
      '      :- Project [a AS a, b AS b, s AS s]',
      '      :  +- Relation [a,b,s] parquet',
      '      +- Project [k AS k, v AS v]',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'EliminateSorts',
    [eliminateSorts],
    'SELECT count(*) FROM (SELECT * FROM t ORDER BY a)',
    ['Aggregate [], [count(1) AS count(1)]', '+- Project [a AS a, b AS b, s AS s]', '   +- Relation [a,b,s] parquet'],
  ],
  [
    'LimitPushDown',
    [limitPushDown],
    'SELECT a + 1 FROM t LIMIT 3',
    ['Project [(a + 1) AS (a + 1)]', '+- GlobalLimit 3', '   +- Relation [a,b,s] parquet'],
  ],
  [
    'PruneFilters',
    [pruneFilters],
    'SELECT a FROM t WHERE true',
    ['Project [a]', '+- Project [a AS a, b AS b, s AS s]', '   +- Relation [a,b,s] parquet'],
  ],
  [
    'PruneFilters and PropagateEmptyRelation: nothing of nothing',
    [pruneFilters, propagateEmptyRelation],
    'SELECT a, count(*) FROM t WHERE false GROUP BY a',
    ['LocalRelation <empty>, [a, count(1)]'],
  ],
  [
    'ColumnPruning',
    [columnPruning],
    'SELECT a FROM t JOIN u ON a = k WHERE b > 1',
    [
      'Project [a]',
      '+- Filter (b > 1)',
      '   +- Join Inner, (a = k)',
      '      :- Project [a AS a, b AS b]',
      '      :  +- Relation [a,b] parquet',
      '      +- Project [k AS k]',
      '         +- Relation [k] parquet',
    ],
  ],
  [
    'PushLeftSemiLeftAntiThroughJoin: what leaves little',
    [rewritePredicateSubquery, pushLeftSemiLeftAntiThroughJoin],
    'SELECT v FROM u JOIN orders ON k = c WHERE o IN (SELECT f FROM few)',
    [
      'Project [v]',
      '+- Join Inner, (k = c)',
      '   :- Project [k AS k, v AS v]',
      '   :  +- Relation [k,v] parquet',
      '   +- Join LeftSemi, (o = f)',
      '      :- Project [o AS o, c AS c]',
      '      :  +- Relation [o,c] parquet',
      '      +- Project [f]',
      '         +- Project [f AS f]',
      '            +- Relation [f] parquet',
    ],
  ],
  [
    'PushLeftSemiLeftAntiThroughJoin: not below a join that adds rows of NULLs',
    [rewritePredicateSubquery, pushLeftSemiLeftAntiThroughJoin],
    'SELECT v FROM u LEFT JOIN orders ON k = c WHERE o IN (SELECT f FROM few)',
    [
      'Project [v]',
      '+- Join LeftSemi, (o = f)',
      '   :- Join LeftOuter, (k = c)',
      '   :  :- Project [k AS k, v AS v]',
      '   :  :  +- Relation [k,v] parquet',
      '   :  +- Project [o AS o, c AS c]',
      '   :     +- Relation [o,c] parquet',
      '   +- Project [f]',
      '      +- Project [f AS f]',
      '         +- Relation [f] parquet',
    ],
  ],
  [
    'ReorderJoin: the largest streams, conditions join',
    [reorderJoin],
    'SELECT v FROM u, t, big WHERE k = x AND a = y',
    [
      'Project [v]',
      '+- Project [k, v, a, b, s, x, y]',
      '   +- Join Inner, (k = x)',
      '      :- Join Inner, (a = y)',
      '      :  :- Project [x AS x, y AS y]',
      '      :  :  +- Relation [x,y] parquet',
      '      :  +- Project [a AS a, b AS b, s AS s]',
      '      :     +- Relation [a,b,s] parquet',
      '      +- Project [k AS k, v AS v]',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'InlineSumArguments: what is for sums alone',
    [inlineSumArguments],
    'SELECT sum(p), sum(CASE WHEN b > 1 THEN p END), max(q) FROM (SELECT b, a * 1.10BD AS p, a * 2.0BD AS q FROM t)',
    [
      'Aggregate [], [sum((a * 1.10)) AS sum(p), sum(CASE WHEN (b > 1) THEN (a * 1.10) END) AS sum(CASE WHEN (b > 1) THEN p END), max(q) AS max(q)]',
      '+- Project [b AS b, (a * 2.0) AS q, a]',
      '   +- Relation [a,b,s] parquet',
    ],
  ],
  [
    'ReplaceIntersectWithSemiJoin',
    [replaceSetOperations],
    'SELECT a FROM t INTERSECT SELECT k FROM u',
    [
      'Distinct',
      '+- Join LeftSemi, (a <=> k)',
      '   :- Project [a AS a]',
      '   :  +- Relation [a,b,s] parquet',
      '   +- Project [k AS k]',
      '      +- Relation [k,v] parquet',
    ],
  ],
  [
    'ReplaceExceptWithAntiJoin',
    [replaceSetOperations],
    'SELECT a FROM t EXCEPT SELECT k FROM u',
    [
      'Distinct',
      '+- Join LeftAnti, (a <=> k)',
      '   :- Project [a AS a]',
      '   :  +- Relation [a,b,s] parquet',
      '   +- Project [k AS k]',
      '      +- Relation [k,v] parquet',
    ],
  ],
  [
    'RewritePredicateSubquery: EXISTS',
    [rewritePredicateSubquery],
    'SELECT a FROM t WHERE EXISTS (SELECT 1 FROM u WHERE k = a AND v > 1)',
    [
      'Project [a]',
      '+- Join LeftSemi, (k = a)',
      '   :- Project [a AS a, b AS b, s AS s]',
      '   :  +- Relation [a,b,s] parquet',
      '   +- Project [1 AS 1, k]',
      '      +- Filter (v > 1)',
      '         +- Project [k AS k, v AS v]',
      '            +- Relation [k,v] parquet',
    ],
  ],
  [
    'RewritePredicateSubquery: NOT EXISTS',
    [rewritePredicateSubquery],
    'SELECT a FROM t WHERE NOT EXISTS (SELECT 1 FROM u WHERE k = a)',
    [
      'Project [a]',
      '+- Join LeftAnti, (k = a)',
      '   :- Project [a AS a, b AS b, s AS s]',
      '   :  +- Relation [a,b,s] parquet',
      '   +- Project [1 AS 1, k]',
      '      +- Project [k AS k, v AS v]',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'RewritePredicateSubquery: IN',
    [rewritePredicateSubquery],
    'SELECT a FROM t WHERE a IN (SELECT k FROM u WHERE v = b)',
    [
      'Project [a]',
      '+- Join LeftSemi, ((v = b) AND (a = k))',
      '   :- Project [a AS a, b AS b, s AS s]',
      '   :  +- Relation [a,b,s] parquet',
      '   +- Project [k, v]',
      '      +- Project [k AS k, v AS v]',
      '         +- Relation [k,v] parquet',
    ],
  ],
  [
    'RewriteCorrelatedScalarSubquery',
    [rewriteCorrelatedScalarSubquery],
    'SELECT a FROM t WHERE b < (SELECT max(v) FROM u WHERE k = a)',
    [
      'Project [a]',
      '+- Project [a, b, s]',
      '   +- Filter (b < max(v))',
      '      +- Join LeftOuter, (k = a)',
      '         :- Project [a AS a, b AS b, s AS s]',
      '         :  +- Relation [a,b,s] parquet',
      '         +- Aggregate [k], [max(v) AS max(v), k]',
      '            +- Project [k AS k, v AS v]',
      '               +- Relation [k,v] parquet',
    ],
  ],
  [
    'RewriteCorrelatedScalarSubquery: count of nothing is 0',
    [rewriteCorrelatedScalarSubquery],
    'SELECT a FROM t WHERE b < (SELECT count(v) FROM u WHERE k = a)',
    ['Project [a]', '+- Filter (b < scalarsubquery(a))', '   +- Project [a AS a, b AS b, s AS s]', '      +- Relation [a,b,s] parquet'],
  ],
  [
    'InlineCTE',
    [inlineCte],
    'WITH c AS (SELECT a FROM t) SELECT x.a FROM c x JOIN c y ON x.a = y.a',
    [
      'Project [a]',
      '+- Join Inner, (a = a)',
      '   :- Project [a AS a]',
      '   :  +- Project [a AS a]',
      '   :     +- Relation [a,b,s] parquet',
      '   +- Project [a AS a]',
      '      +- Project [a AS a]',
      '         +- Relation [a,b,s] parquet',
    ],
  ],
])('%s', async (_, rules, sql, expected) => {
  expect((await after(sql, ...rules)).split('\n')).toEqual(expected);
});

test('ColumnPruning: subqueries read what is asked of them', async () => {
  const text = 'SELECT a FROM t WHERE EXISTS (SELECT * FROM u WHERE k = a) AND b > (SELECT max(x) FROM big)';
  const { sql } = await engine.prepare((engine.parse(text) as any).relation);
  expect([...sql.matchAll(/CAST\("(\w+)"|"(\w+)"/g)].map((m) => m[1] ?? m[2])).toEqual(['a', 'b', 'k', 'x']);
});
