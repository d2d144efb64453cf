import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../../../../src/runtime/sql/parser/parse.ts';
import { showExpression } from '../../../../helpers/show-plan.ts';

const shown = (text: string): string => showExpression(parseExpression(text));

describe('operators', () => {
  it.each([
    ['a + b * c - d', '-(+(a, *(b, c)), d)'],
    ['a - b - c', '-(-(a, b), c)'],
    ['-a * b', '*(-(a), b)'],
    ['a % b div c', 'div(%(a, b), c)'],
    ['~a & b ^ c | d', '|(^(&(~(a), b), c), d)'],
    ['a << 1 + b >>> c', '>>>(<<(a, +(1, b)), c)'],
    ["a || 'x' = b", "==(concat(a, 'x'), b)"],
    ['a == b and c <> d or e <=> f', 'or(and(==(a, b), not(==(c, d))), <=>(e, f))'],
    ['not a and !b or not c = d', 'or(and(not(a), not(b)), not(==(c, d)))'],
    ['a >= 1 AND b !> 2', 'and(>=(a, 1), <=(b, 2))'],
    ['2 - -1', '-(2, -1)'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('predicates', () => {
  it.each([
    ['a between 1 and 2 and b', 'and(between(a, 1, 2), b)'],
    ['a not between b and c', 'not(between(a, b, c))'],
    ["s not like 'x%' escape '/'", "not(like(s, 'x%', '/'))"],
    ["s ilike any ('a', b)", "ilike_any(s, 'a', b)"],
    ["s not like all ('a')", "not_like_all(s, 'a')"],
    ["s rlike 'a+' ", "rlike(s, 'a+')"],
    ["s regexp r'\\d'", "rlike(s, '\\d')"],
    ['a is not null', 'isnotnull(a)'],
    ['a is unknown', 'isnull(a)'],
    ['a is not true', 'not(<=>(a, true))'],
    ['a is distinct from b', 'not(<=>(a, b))'],
    ['a is not distinct from b', '<=>(a, b)'],
    ['a in (1, 2)', 'in(a, 1, 2)'],
    ['(a, b) not in (select x, y from t)', 'not(in(a, b, project(t; x, y)))'],
    ['exists (select 1)', 'exists(project(1))'],
    ['a > (select max(b) from t)', '>(a, scalar(project(t; max(b))))'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('forms with a syntax of their own', () => {
  it.each([
    ['case when a then 1 else 2 end', 'when(a, 1, 2)'],
    ["case a when 1 then 'x' when 2 then 'y' end", "when(==(a, 1), 'x', ==(a, 2), 'y')"],
    ['cast(a as decimal(3, 1))', 'cast(a decimal)'],
    ['try_cast(a as array<int>)', 'try_cast(a array)'],
    ['a::bigint + 1', '+(cast(a long), 1)'],
    ['extract(year from d)', "extract('year', d)"],
    ["trim(both 'x' from s)", "trim('x', s)"],
    ['trim(leading from s)', 'ltrim(s)'],
    ['trim(s)', 'trim(s)'],
    ['substring(s from 2 for 3)', 'substring(s, 2, 3)'],
    ['substr(s, 2)', 'substr(s, 2)'],
    ["position('a' in s)", "locate('a', s)"],
    ["overlay(s placing 'x' from 2)", "overlay(s, 'x', 2)"],
    ['dateadd(month, 2, d)', "timestampadd('month', 2, d)"],
    ['datediff(a, b)', 'datediff(a, b)'],
    ['current_date', 'current_date()'],
    ['current_timestamp()', 'current_timestamp()'],
    ["s collate unicode_ci = 'x'", "==(s collate unicode_ci, 'x')"],
    ["v:a.b[0]['c']", "v:$.a.b[0]['c']"],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));
});

describe('names, fields, calls', () => {
  it.each([
    ['`a b`.`c``d`.e', 'a b.c`d.e'],
    ['f(a).b', "f(a)['b']"],
    ["m['k'].x[0]", "m['k']['x'][0]"],
    ['t.*', 't.*'],
    ['* except (a, b.c)', '* except a,b.c'],
    ['(a)', 'a'],
    ['(a, b as c)', 'row(a, b as c)'],
    ['struct(a, b c)', 'struct(a, b as c)'],
    ['transform(xs, (x, i) -> x + i)', 'transform(xs, (x,i) -> +(x, i))'],
    ['filter(xs, x -> x > 1)', 'filter(xs, (x) -> >(x, 1))'],
    ['f(1, b => 2)', 'f(1, b => 2)'],
    ['count(distinct a, b)', 'count(a, b) [distinct]'],
    ['count(*) filter (where a > 1)', 'count(*) [filter >(a, 1)]'],
    ['percentile_cont(0.5) within group (order by a desc)', 'percentile_cont(decimal 0.5) [within a desc nullsLast]'],
    ['first(a ignore nulls)', 'first(a) [ignore nulls]'],
    ['lag(a) ignore nulls over w', 'lag(a) [ignore nulls] over (w)'],
    [
      'sum(a) over (partition by b, c order by d desc nulls first rows between 2 preceding and current row)',
      'sum(a) over (by b,c order d desc nullsFirst row negative(2)..currentRow)',
    ],
    ['rank() over (order by a range unbounded preceding)', 'rank() over (by  order a asc nullsFirst range unbounded..currentRow)'],
    ['a as b', 'a as b'],
    ['stack(1, a) as (x, y)', 'stack(1, a) as x,y'],
    [':p + ?', '+(:p, ?)'],
    ["identifier('a.b')", 'a.b'],
    ['left(s, 1) || right(s, 1)', 'concat(left(s, 1), right(s, 1))'],
  ])('%s', (text, plan) => expect(shown(text)).toBe(plan));

  it('may be any keyword, since none is reserved', () => {
    expect(shown('select + from.where')).toBe('+(select, from.where)');
    expect(shown('case.end + not')).toBe('+(case.end, not)');
    expect(shown('values(timestamp, interval)')).toBe('values(timestamp, interval)');
  });

  it('cannot be a reserved keyword where reserving is on', () => {
    expect(() => parseExpression('select', { enforceReservedKeywords: true })).toThrow('PARSE_SYNTAX_ERROR');
    expect(showExpression(parseExpression('"a b"', { doubleQuotedIdentifiers: true }))).toBe('a b');
  });
});

describe('origins', () => {
  it('are the text of each node and its place', () => {
    const sum = parseExpression('f(1) +\n  b.c AS total');
    const right = sum.kind === 'alias' && sum.expr.kind === 'unresolvedFunction' ? sum.expr.arguments[1] : undefined;
    expect([right?.origin?.fragment, right?.origin?.line, right?.origin?.position]).toEqual(['b.c', 2, 2]);
    expect(sum.origin?.fragment).toBe('f(1) +\n  b.c AS total');
  });
});
