// Averages and sums of decimals. Expected: a real Spark 4's answers.
import { afterAll, expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());

const values = (type: string, ...of: readonly string[]) =>
  `(SELECT CAST(v AS ${type}) AS v FROM VALUES ${of.map((v) => `(${v})`).join(', ')} AS t(v))`;
const ZEROS = (n: number) => Array.from({ length: n }, () => "'0'");

it.each<[string, string, string, string, string | null]>([
  ['has four digits more', 'avg(v)', values('DECIMAL(15,2)', "'0.01'", "'0.02'"), 'decimal(19,6)', '0.015000'],
  ['is rounded', 'avg(v)', values('DECIMAL(3,0)', '1', '1', '0'), 'decimal(7,4)', '0.6667'],
  ['of negative ones is rounded as those of positive ones', 'avg(v)', values('DECIMAL(3,0)', '-1', '-1', '0'), 'decimal(7,4)', '-0.6667'],
  ['goes up at a half', 'avg(v)', values('DECIMAL(5,1)', "'0.1'", ...ZEROS(31)), 'decimal(9,5)', '0.00313'],
  ['goes away from zero at a half', 'avg(v)', values('DECIMAL(5,1)', "'-0.1'", ...ZEROS(31)), 'decimal(9,5)', '-0.00313'],
  ['does not count NULL', 'avg(v)', values('DECIMAL(15,2)', 'NULL', "'5'", "'4'"), 'decimal(19,6)', '4.500000'],
  ['of no row is NULL', 'avg(v)', `${values('DECIMAL(15,2)', "'5'")} WHERE v < 0`, 'decimal(19,6)', null],
  ['of zeros is zero', 'avg(v)', values('DECIMAL(15,2)', "'0'", "'0'"), 'decimal(19,6)', '0.000000'],
  [
    'in 64 bits',
    'avg(v)',
    values('DECIMAL(18,4)', "'99999999999999.9999'", "'99999999999999.9998'"),
    'decimal(22,8)',
    '99999999999999.99985000',
  ],
  [
    'beyond 64 bits',
    'avg(v)',
    values('DECIMAL(30,2)', "'9999999999999999999999999999.99'", "'1'"),
    'decimal(34,6)',
    '5000000000000000000000000000.495000',
  ],
  [
    'of places alone',
    'avg(v)',
    values('DECIMAL(18,18)', "'0.999999999999999999'", "'0.000000000000000002'"),
    'decimal(22,22)',
    '0.5000000000000000005000',
  ],
  [
    'over a window',
    'max(a)',
    `(SELECT avg(v) OVER () AS a FROM ${values('DECIMAL(15,2)', "'1'", "'2'", "'2'")})`,
    'decimal(19,6)',
    '1.666667',
  ],
  ['try_avg', 'try_avg(v)', values('DECIMAL(15,2)', "'1'", "'2'"), 'decimal(19,6)', '1.500000'],
  ['sum', 'sum(v)', values('DECIMAL(15,2)', "'9999999999999.99'", "'9999999999999.99'"), 'decimal(25,2)', '19999999999999.98'],
  [
    'sum of products that are wide',
    'sum(v * v)',
    values('DECIMAL(20,2)', "'10000000000000.01'"),
    'decimal(38,4)',
    '100000000000000200000000000.0001',
  ],
])('%s', async (_, call, from, type, value) => {
  const { types, rows } = await answerOf(engine, `SELECT ${call} AS x FROM ${from}`);
  expect({ type: types[0], value: rows[0]![0] }).toEqual({ type, value });
});
