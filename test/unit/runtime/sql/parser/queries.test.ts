import { describe, expect, it } from 'vitest';
import { parseQuery } from '../../../../../src/runtime/sql/parser/parse.ts';
import { showRelation } from '../../../../helpers/show-plan.ts';

const shown = (text: string): string => showRelation(parseQuery(text));

describe('SELECT', () => {
  it.each([
    ['select 1', 'project(1)'],
    ['select a, b c from t where a > 1', 'project(filter(t; >(a, 1)); a, b as c)'],
    ['select distinct a from t', 'distinct(project(t; a))'],
    ['select a, sum(b) from t group by a having sum(b) > 1', 'having(groupBy(t; a; a, sum(b)); >(sum(b), 1))'],
    ['select count(*) from t having true', 'having(groupBy(t; ; count(*)); true)'],
    ['select a, sum(b) from t group by all', 'groupByAll(t; ; a, sum(b))'],
    ['select a from t group by a, b with rollup', 'rollup(t; a, b; a)'],
    ['select a from t group by cube(a, b)', 'cube(t; a, b; a)'],
    ['select a from t group by a, b grouping sets ((a, b), (a), ())', 'groupingSets(t; a, b sets {a, b},{a},{}; a)'],
    ['select a from t group by grouping sets ((a, b), a), c', 'groupBy(t; grouping_sets(row(a, b), a), c; a)'],
    [
      'select a from t qualify row_number() over (order by b) = 1',
      'qualify(project(t; a); ==(row_number() over (by  order b asc nullsFirst), 1))',
    ],
    ['select sum(a) over w from t window w as (partition by b)', 'windows(project(t; sum(a) over (w)); w)'],
    ['select /*+ broadcast(t), coalesce(3) */ a from t', 'hint broadcast(t; hint coalesce(3; project(t; a)))'],
    ['from t select a where b', 'project(filter(t; b); a)'],
    ['select where from t', 'project(t; where)'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('the end of a query', () => {
  it.each([
    [
      'select a from t order by a desc, b nulls last limit 5 offset 2',
      'limit(offset(sort(project(t; a); a desc nullsLast, b asc nullsLast); 2); 5)',
    ],
    ['select a from t limit all', 'project(t; a)'],
    ['select a from t distribute by b sort by c', 'localSort(repartition(project(t; a); b); c asc nullsFirst)'],
    ['select a from t cluster by b', 'localSort(repartition(project(t; a); b); b asc nullsFirst)'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('FROM', () => {
  it.each([
    ['select * from a, b c, d', 'project(inner(inner(a, b as c), d); *)'],
    [
      'select * from a join b on a.x = b.x left outer join c using (y, z)',
      'project(leftOuter(inner(a, b; ==(a.x, b.x)), c; using y,z); *)',
    ],
    ['select * from a left semi join b on x right join c', 'project(rightOuter(leftSemi(a, b; x), c); *)'],
    [
      'select * from a anti join b using (x) full join c on y cross join d',
      'project(cross(fullOuter(leftAnti(a, b; using x), c; y), d); *)',
    ],
    ['select * from a natural left join b', 'project(natural leftOuter(a, b); *)'],
    ['select * from a, lateral (select a.x) b', 'project(lateral inner(a, project(a.x) as b); *)'],
    ['select * from a left join lateral explode(a.xs) as e(x) on true', 'project(lateral leftOuter(a, explode(a.xs) as e(x); true); *)'],
    ['select * from (a join b on x) j', 'project(inner(a, b; x) as j; *)'],
    ['select * from ((select 1) union all (select 2)) u', 'project(unionAll(project(1), project(2)) as u; *)'],
    ['select * from parquet.`/data/x.parquet`', 'project(parquet./data/x.parquet; *)'],
    ['select * from range(1, 10) r', 'project(range(1, 10) as r; *)'],
    ["select * from values (1, 'a'), (2, 'b') as t(x, y)", "project(values([1, 'a'], [2, 'b']) as t(x,y); *)"],
    ['select * from t tablesample (10 percent) repeatable (7)', 'project(sample(t; 0.1 seed 7); *)'],
    ['select * from t version as of 3', 'project(t at 3; *)'],
    ["select * from t for timestamp as of '2024-01-01' x", "project(t at '2024-01-01' as x; *)"],
    [
      'select * from t lateral view outer explode(xs) e as x lateral view posexplode(ys) f',
      'project(generate(generateOuter(t; explode(xs) as e(x)); posexplode(ys) as f()); *)',
    ],
    ["select * from t pivot (sum(a) as s for k in ('x' as x, 'y'))", "project(pivot(t; sum(a) as s for k in 'x' as x, 'y'); *)"],
    ['select * from t unpivot include nulls (v for k in (a as x, b))', 'project(unpivot(t; v for k in a as x,b with nulls); *)'],
    ['select * from f(table t partition by a order by b)', 'project(f(tableArg(t)); *)'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('several queries in one', () => {
  it.each([
    ['select 1 union select 2 union all select 3', 'unionAll(union(project(1), project(2)), project(3))'],
    ['select 1 union select 2 intersect select 3', 'union(project(1), intersect(project(2), project(3)))'],
    ['select 1 minus all select 2', 'exceptAll(project(1), project(2))'],
    ['(select 1 limit 1) union (select 2) order by 1', 'sort(union(limit(project(1); 1), project(2)); 1 asc nullsFirst)'],
    ['with a as (select 1), b(x) as (select 2) select * from a, b', 'with(a = project(1), b(x) = project(2); project(inner(a, b); *))'],
    [
      'with recursive r(n) as (values 1 union all select n + 1 from r) table r',
      'withRecursive(r(n) = unionAll(values([1]), project(r; +(n, 1))); r)',
    ],
    ['values 1, 2', 'values([1], [2])'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));

  it('has INTERSECT on one level with UNION where the setting asks for it', () => {
    const plan = parseQuery('select 1 union select 2 intersect select 3', { setOpsPrecedenceEnforced: true });
    expect(showRelation(plan)).toBe('intersect(union(project(1), project(2)), project(3))');
  });
});

describe('pipes', () => {
  it.each([
    ['from t |> where a > 1 |> select b', 'pipeSelect(pipeInput(filter(pipeInput(t); >(a, 1))); b)'],
    [
      'table t |> extend a + 1 as b |> set a = 2 |> drop c |> as u',
      'drop(pipeInput(pipeSet(pipeInput(pipeExtend(pipeInput(t); +(a, 1) as b)); a = 2)); c)',
    ],
    ['from t |> aggregate sum(a) group by b', 'groupBy(pipeInput(t); b; sum(a))'],
    [
      'from t |> join u using (k) |> order by a |> limit 3',
      'limit(pipeInput(sort(pipeInput(inner(pipeInput(t), u; using k)); a asc nullsFirst)); 3)',
    ],
    ['from t |> union all (select 1)', 'unionAll(pipeInput(t), project(1))'],
    ['from t | where a | b > 1 | select b', 'pipeSelect(pipeInput(filter(pipeInput(t); >(|(a, b), 1))); b)'],
  ])('%s', (text, plan) => expect(shown(text)).toContain(plan));
});

describe('the size of a text', () => {
  it('may be large and deep', () => {
    expect(() => parseQuery(`select ${'('.repeat(200)}1${')'.repeat(200)}`)).not.toThrow();
    expect(() => parseQuery(`select ${Array.from({ length: 20_000 }, (_, i) => `c${i} + ${i}`).join(', ')} from t`)).not.toThrow();
    expect(() => parseQuery(`${'select * from ('.repeat(12)}select 1${')'.repeat(12)}`)).not.toThrow();
  });
});

describe('nesting', () => {
  it('costs no more than its length: two ways are told apart before they are tried', () => {
    const nested = (open: string, close: string) => `select ${open.repeat(60)}a${close.repeat(60)} from t`;
    for (const [open, close] of [
      ['substring(', ', 1, 2)'],
      ['trim(', ')'],
      ['(map(1, ', ')[1])'],
      ["position('x', ", ')'],
      ['extract(year from (', '))'],
      ['(1 + ', ')'],
    ] as const)
      expect(() => parseQuery(nested(open, close)), open).not.toThrow();
    expect(() => parseQuery(`select ${'('.repeat(60)}(select 1)${' + 1)'.repeat(60)}`)).not.toThrow();
    expect(() => parseQuery(nested('case when a then ', ' end').replace('end from', 'en from'))).toThrow('PARSE_SYNTAX_ERROR');
  });
});
