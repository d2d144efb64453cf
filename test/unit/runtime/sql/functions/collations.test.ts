// Collations against Spark's own answers (its collations*.sql result files, and its documentation's examples): which text is equal, what comes first,
// which collation an expression has, and what is refused.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqlEngine } from '../../../../../src/runtime/sql/engine/sql-engine.ts';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

let engine: SqlEngine;
beforeAll(() => {
  engine = sqlEngine();
});
afterAll(() => engine.close());

const value = async (expression: string): Promise<unknown> => (await answerOf(engine, `SELECT ${expression}`)).rows[0]![0];

test.each([
  ["'aaa' COLLATE utf8_lcase = 'AAA'", true],
  ["'aaa' COLLATE utf8_lcase < 'bbb' COLLATE utf8_lcase", true],
  ["'aaa' COLLATE utf8_binary = 'AAA'", false],
  ["'a' COLLATE unicode < 'A'", true],
  ["'a' COLLATE unicode_ci = 'A'", true],
  ["'a' COLLATE unicode_ai = 'å'", true],
  ["'a' COLLATE unicode_ai = 'A'", false],
  ["'a' COLLATE unicode_ci_ai = 'Å'", true],
  ["'Kypper' COLLATE sv < 'Köpfe'", true],
  ["'Kypper' COLLATE de > 'Köpfe'", true],
  ["'I' COLLATE tr_ci = 'ı'", true],
  ["'aaa' COLLATE utf8_binary_rtrim = 'aaa  '", true],
  ["'aaa' COLLATE utf8_lcase_rtrim = 'AAA  '", true],
  ["'aaa ' COLLATE unicode_ci_rtrim = 'AAA  '", true],
  ["'aaa' COLLATE utf8_lcase IN ('b', 'AAA')", true],
  ["nullif('aaa' COLLATE utf8_lcase, 'AAA')", null],
  ["least('aaa' COLLATE utf8_lcase, 'AAA', 'a')", 'a'],
  ["greatest('aaa' COLLATE utf8_lcase, 'AAA')", 'aaa'],
  ["contains('aaAaAAaA' COLLATE utf8_lcase, 'AaAA')", true],
  ["contains('aaAaAAaA', 'AaAA ' COLLATE utf8_lcase_rtrim)", true],
  ["startswith('aaAaAAaA' COLLATE unicode_ci, 'aaAaaAaA')", true],
  ["endswith('Spark' COLLATE utf8_lcase, 'ARK')", true],
  ["instr('Hello, world! Nice day.' COLLATE utf8_lcase, 'A')", 21],
  ["locate('a', 'SPARK' COLLATE utf8_lcase, 2)", 3],
  ["replace('bbAbaAbA' COLLATE utf8_lcase, 'a', 'abc')", 'bbabcbabcabcbabc'],
  ["replace('aaAaAAaA', 'aaAaaAaA ' COLLATE utf8_lcase_rtrim, 'abc')", 'aaAaAAaA'],
  ["split_part('1a2A3' COLLATE utf8_lcase, 'a', 3)", '3'],
  ["substring_index('abcdcba' COLLATE utf8_lcase, 'A', 2)", 'abcdcb'],
  ["substring_index('www.APACHE.apache.org' COLLATE utf8_lcase, 'apache', -1)", '.org'],
  ["find_in_set('i̇o' COLLATE utf8_lcase, 'aaAaaAaA,İo')", 2],
  ["translate('Hello, world!' COLLATE utf8_lcase, 'SQL', '123')", 'He33o, wor3d!'],
  ["trim('ABc' COLLATE utf8_lcase, 'abcdcba')", 'd'],
  ["rlike('SPARK' COLLATE utf8_lcase, 'spark')", true],
  ["'Spark' COLLATE utf8_lcase LIKE 's%K'", true],
  ["collation('a' COLLATE unicode_ci_rtrim)", 'SYSTEM.BUILTIN.UNICODE_CI_RTRIM'],
  ["collation('a' COLLATE EN_ci)", 'SYSTEM.BUILTIN.en_CI'],
  ["collation(upper('a' COLLATE utf8_lcase))", 'SYSTEM.BUILTIN.UTF8_LCASE'],
])('%s', async (expression, expected) => {
  expect(await value(expression)).toEqual(expected);
});

test.each([
  ["array_contains(array('aaa' COLLATE utf8_lcase), 'AAA')", true],
  ["array_position(array('aaa' COLLATE utf8_lcase, 'bbb'), 'BBB')", 2n],
  ["arrays_overlap(array('aaa' COLLATE utf8_lcase), array('AAA' COLLATE utf8_lcase))", true],
  ["array_distinct(array('aaa' COLLATE utf8_lcase, 'AAA'))", ['aaa']],
  ["array_union(array('aaa' COLLATE utf8_lcase), array('AAA' COLLATE utf8_lcase))", ['aaa']],
  ["array_intersect(array('aaa' COLLATE utf8_lcase), array('AAA' COLLATE utf8_lcase))", ['aaa']],
  ["array_except(array('aaa' COLLATE utf8_lcase), array('AAA' COLLATE utf8_lcase))", []],
])('%s', async (expression, expected) => {
  expect(await value(expression)).toEqual(expected);
});

const NAMES = "VALUES ('aaa'), ('AAA'), ('bbb'), ('BBB'), ('zzz'), ('ZZZ')";
const column = async (query: string): Promise<unknown[]> => (await answerOf(engine, query)).rows.map(([x]) => x);

test.each([
  [`SELECT count(*) FROM ${NAMES} t(c) GROUP BY c COLLATE utf8_lcase`, [2n, 2n, 2n]],
  [`SELECT count(DISTINCT c COLLATE utf8_lcase) FROM ${NAMES} t(c)`, [3n]],
  [`SELECT DISTINCT lower(c COLLATE utf8_lcase) FROM ${NAMES} t(c) ORDER BY 1`, ['aaa', 'bbb', 'zzz']],
  [`SELECT max(c COLLATE utf8_lcase) FROM VALUES ('b'), ('C'), ('a') t(c)`, ['C']],
  [`SELECT c COLLATE unicode_ci AS k FROM VALUES ('b'), ('C'), ('a') t(c) ORDER BY k`, ['a', 'b', 'C']],
  [`SELECT count(*) FROM ${NAMES} l(a) JOIN ${NAMES} r(b) ON l.a COLLATE utf8_lcase = r.b`, [12n]],
  [`SELECT a FROM VALUES ('x') l(a) WHERE a COLLATE utf8_lcase IN (SELECT b COLLATE utf8_lcase FROM VALUES ('X') r(b))`, ['x']],
  [`SELECT col1 COLLATE utf8_lcase FROM ${NAMES} EXCEPT SELECT col1 COLLATE utf8_lcase FROM VALUES ('aaa'), ('bbb')`, ['zzz']],
  [`SELECT lower(col1 COLLATE utf8_lcase) FROM ${NAMES} INTERSECT SELECT col1 COLLATE utf8_lcase FROM VALUES ('BBB'), ('x')`, ['bbb']],
  [`SELECT count(*) OVER (PARTITION BY c) FROM (SELECT c COLLATE utf8_lcase AS c FROM ${NAMES} t(c))`, [2n, 2n, 2n, 2n, 2n, 2n]],
])('%s', async (query, expected) => {
  expect(await column(query)).toEqual(expected);
});

test('EXCEPT ALL and INTERSECT ALL count equal text', async () => {
  const right = "SELECT col1 COLLATE utf8_lcase FROM VALUES ('aaa'), ('bbb')";
  const left = `SELECT col1 COLLATE utf8_lcase AS c FROM ${NAMES}`;
  const lower = (rows: unknown[]) => rows.map((x) => String(x).toLowerCase()).sort();
  expect(lower(await column(`${left} EXCEPT ALL ${right}`))).toEqual(['aaa', 'bbb', 'zzz', 'zzz']);
  expect(lower(await column(`${left} INTERSECT ALL ${right}`))).toEqual(['aaa', 'bbb']);
});

test('names and types say the collation', async () => {
  const answer = await answerOf(
    engine,
    "SELECT concat_ws(' ', c, 'x'), c || 'y', 'aaa' COLLATE uNicOde FROM VALUES ('a' COLLATE utf8_lcase) t(c)",
  );
  expect(answer.columns).toEqual([
    "concat_ws(' ' collate UTF8_LCASE, c, 'x' collate UTF8_LCASE)",
    "concat(c, 'y' collate UTF8_LCASE)",
    'collate(aaa, uNicOde)',
  ]);
  expect(answer.types).toEqual(['string collate UTF8_LCASE', 'string collate UTF8_LCASE', 'string collate UNICODE']);
});

const TWO = "(SELECT 'a' COLLATE utf8_lcase AS lcase, 'b' COLLATE unicode AS uni)";
test.each([
  [`SELECT contains(lcase, uni) FROM ${TWO}`, 'INDETERMINATE_COLLATION_IN_EXPRESSION'],
  [`SELECT lcase = uni FROM ${TWO}`, 'INDETERMINATE_COLLATION_IN_EXPRESSION'],
  ["SELECT 'a' COLLATE utf8_lcase = 'b' COLLATE unicode", 'COLLATION_MISMATCH.EXPLICIT'],
  ["SELECT contains('a' COLLATE unicode_ai, 'a')", 'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE'],
  ["SELECT rlike('a' COLLATE unicode, 'a')", 'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE'],
  ["SELECT 'a' COLLATE utf8_none", 'COLLATION_INVALID_NAME'],
  ["SELECT 'a' COLLATE utf8_lcase UNION SELECT 'a' COLLATE unicode_ci", 'INCOMPATIBLE_COLUMN_TYPE'],
])('%s is refused: %s', async (query, condition) => {
  await expect(answerOf(engine, query)).rejects.toMatchObject({ condition });
});

test('two collations without a rule between them give text of none', async () => {
  const answer = await answerOf(engine, `SELECT concat(lcase, uni) FROM ${TWO}`);
  expect(answer.types).toEqual(['string collate null']);
});
