// Queries as machines write them: thousands of terms, deep nesting, many columns. They have their answer, or are refused in Spark's words; no stack
// overflows and no process ends. What rows do to memory is test/cli/sql-limits.bats.
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, sqlEngine } from '../../../helpers/sql.ts';
import { stagedSql } from '../../../helpers/staged-sql.ts';

const whole = sqlEngine();
const staged = stagedSql();
afterAll(async () => {
  await whole.close();
  await staged.engine.close();
  staged.close();
});
const list = (n: number, f: (i: number) => string, by: string) => Array.from({ length: n }, (_, i) => f(i)).join(by);
const rows = 'FROM range(0, 10000) t(id)';

describe.each([
  ['as one query', whole, 500],
  ['in stages', staged.engine, 50], // each is a task
] as const)('%s', (_, engine, unions) => {
  const first = async (sql: string) => (await answerOf(engine, sql)).rows[0];

  it('5,000 conditions of OR, and of AND', async () => {
    expect(await first(`SELECT count(*) ${rows} WHERE ${list(5000, (i) => `id = ${2 * i}`, ' OR ')}`)).toEqual([5000n]);
    expect(await first(`SELECT count(*) ${rows} WHERE ${list(5000, (i) => `id <> ${2 * i}`, ' AND ')}`)).toEqual([5000n]);
  });

  it('10,000 elements of IN', async () => {
    expect(await first(`SELECT count(*) ${rows} WHERE id IN (${list(10000, (i) => String(3 * i), ', ')})`)).toEqual([3334n]);
  });

  it('hundreds of queries of UNION ALL, and of UNION', async () => {
    const branches = (word: string) => list(unions, (i) => `SELECT id % 7 + ${i % 2} AS x FROM range(0, 10) t(id)`, ` ${word} `);
    expect(await first(`SELECT count(*), sum(x) FROM (${branches('UNION ALL')}) u`)).toEqual([BigInt(unions * 10), BigInt(unions * 29)]);
    expect(await first(`SELECT count(*), sum(x) FROM (${branches('UNION')}) u`)).toEqual([8n, 28n]);
  });

  it('1,000 columns, made and grouped', async () => {
    const columns = list(1000, (i) => `sum(id + ${i}) AS c${i}`, ', ');
    expect(await first(`SELECT * FROM (SELECT id % 2 AS k, ${columns} FROM range(0, 4) t(id) GROUP BY id % 2) u ORDER BY k`)).toEqual([
      0n,
      ...Array.from({ length: 1000 }, (_, i) => BigInt(2 + 2 * i)),
    ]);
  });

  it('300 nested CASEs, and 1,000 branches of one', async () => {
    let nested = '0';
    for (let i = 0; i < 300; i++) nested = `CASE WHEN id = ${i} THEN ${i} ELSE ${nested} END`;
    expect(await first(`SELECT sum(${nested}) ${rows}`)).toEqual([44850n]);
    expect(await first(`SELECT sum(CASE ${list(1000, (i) => `WHEN id = ${i} THEN ${i}`, ' ')} END) ${rows}`)).toEqual([499500n]);
  });

  it('200 terms of a sum', async () => {
    expect(await first(`SELECT sum(${list(200, () => 'id', ' + ')}) FROM range(0, 10) t(id)`)).toEqual([9000n]);
  });
});

describe('what nests deeper than can be held is refused', () => {
  it.each([
    ['CASE', `SELECT ${'CASE WHEN true THEN '.repeat(20_000)}1${' END'.repeat(20_000)}`],
    ['+', `SELECT ${list(50_000, () => '1', ' + ')}`],
    ['+ that only the kernel cannot hold', `SELECT ${list(1500, () => '1', ' + ')}`],
    ['parentheses', `SELECT ${'('.repeat(50_000)}1${')'.repeat(50_000)}`],
  ])('%s', async (_, sql) => {
    await expect(answerOf(whole, sql)).rejects.toMatchObject({ condition: 'FAILED_TO_PARSE_TOO_COMPLEX' });
  });
});
