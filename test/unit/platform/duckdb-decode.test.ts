// Whole vectors of DuckDB as columns: for every type, against the package's own values one by one.
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, describe, expect, it } from 'vitest';
import { duckdbKernels } from '../../../src/platform/duckdb.ts';
import { plainValue } from '../../../src/platform/duckdb-values.ts';

const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
const connection = await instance.connect();
const kernel = await duckdbKernels.open({ threads: 1, timeZone: 'UTC' });
afterAll(() => {
  kernel.close();
  connection.closeSync();
  instance.closeSync();
});

/** An expression over the row number `i`. */
const TYPES: readonly (readonly [type: string, expression: string])[] = [
  ['BOOLEAN', 'i % 3 = 0'],
  ['TINYINT', '(i % 256 - 128)::TINYINT'],
  ['SMALLINT', '(i % 65536 - 32768)::SMALLINT'],
  ['INTEGER', '(i * 104729 % 2147483647)::INTEGER'],
  ['BIGINT', '9007199254740993 + i'],
  ['HUGEINT', '(-170141183460469231731687303715884105728)::HUGEINT + i'],
  ['FLOAT', '(i / 3)::FLOAT'],
  ['DOUBLE', "CASE i % 4 WHEN 0 THEN i / 7 WHEN 1 THEN 'nan'::DOUBLE WHEN 2 THEN '-inf'::DOUBLE ELSE -0.0::DOUBLE END"],
  ['DECIMAL(4,2)', '((i % 199 - 99) / 10)::DECIMAL(4,2)'],
  ['DECIMAL(9,4)', '(i - 5)::DECIMAL(9,4) / 7'],
  ['DECIMAL(18,3)', '(i * -1001)::DECIMAL(18,3)'],
  ['DECIMAL(38,10)', "('-1234567890123456789012345678.0123456789')::DECIMAL(38,10) + i"],
  ['DECIMAL(10,0)', '(-i)::DECIMAL(10,0)'],
  ['DATE', "DATE '1969-12-30' + i::INTEGER"],
  ['TIMESTAMP', "TIMESTAMP '1969-12-31 23:59:59.999999' + to_microseconds(i)"],
  ['TIMESTAMPTZ', "TIMESTAMPTZ '2020-01-01 00:00:00.123456+00' - to_hours(i)"],
  ['TIME', "TIME '00:00:00' + to_microseconds(i)"],
  ['INTERVAL', 'to_months(i::INTEGER) - to_days(3) + to_microseconds(-i)'],
  ['VARCHAR of all lengths', "repeat('x', (i % 40)::INTEGER) || i"],
  ['VARCHAR of 12 and 13 bytes', "repeat('y', (12 + i % 2)::INTEGER)"],
  ['VARCHAR with umlauts', "CASE i % 3 WHEN 0 THEN 'ü' WHEN 1 THEN 'äöü–äöü–äöü ' || i ELSE 'plain text that is long' END"],
  ['VARCHAR with a NUL and emoji', "'a' || chr(0) || '🦆' || repeat('🦆', (i % 9)::INTEGER)"],
  ['VARCHAR few values', "list_extract(['a rather long text, once', 'another text, also long', ''], 1 + i % 3)"],
  ['VARCHAR far apart', 'repeat(chr((97 + i % 26)::INTEGER), (5000 + i % 7)::INTEGER)'],
  ['BLOB', "('\\xAB\\x00'::BLOB || encode(repeat('z', (i % 30)::INTEGER)))"],
  ['BIGINT[]', 'range(i % 5)'],
  ['VARCHAR[][]', "[[repeat('n', (i % 20)::INTEGER), NULL], NULL, []]"],
  ['STRUCT', "{'a': i, 'b': CASE WHEN i % 2 = 0 THEN 'even and long enough' END, 'c': {'d': [i]}}"],
  ['MAP', "MAP([i, i + 1], [CASE WHEN i % 2 = 0 THEN 'x' END, 'y'])"],
  ['MAP of nothing', 'MAP {}::MAP(VARCHAR, INTEGER)'],
  ['LIST of STRUCT', "[{'k': i, 'v': NULL::VARCHAR}, NULL]"],
  ['an INTEGER that is only NULL', 'NULL::INTEGER'],
];

async function ours(sql: string): Promise<unknown[]> {
  const out: unknown[] = [];
  for await (const chunk of kernel.query(sql)) out.push(...Array.from(chunk.columns[0] as ArrayLike<unknown>));
  return out;
}

async function theirs(sql: string): Promise<unknown[]> {
  await connection.run("SET TimeZone='UTC'");
  const result = await connection.runAndReadAll(sql);
  return result.getRows().map((row) => plainValue(row[0]!));
}

describe('a column', () => {
  it.each(TYPES)('of %s', async (_, expression) => {
    for (const [rows, nulls] of [
      [1, 'false'],
      [1, 'true'],
      [2048, 'false'],
      [2048, 'i % 7 = 3'],
      [5000, 'i % 2 = 0'],
      [3, 'i = 2'],
    ] as const) {
      const sql = `SELECT CASE WHEN ${nulls} THEN NULL ELSE ${expression} END AS v FROM range(${rows}) t(i)`;
      expect(await ours(sql)).toEqual((await theirs(sql)).map(bytes));
    }
  });

  it('is still the same when its chunk is gone', async () => {
    const chunks: unknown[][] = [];
    for await (const chunk of kernel.query(
      "SELECT i, 'a text that is long ' || i, encode('bytes that are long ' || i) FROM range(100000) t(i)",
    ))
      chunks.push(chunk.columns.map((c) => c));
    let i = 0;
    for (const [numbers, strings, blobs] of chunks as [bigint[], string[], Uint8Array[]][])
      for (let r = 0; r < strings.length; r++, i++) {
        if (Number(numbers[r]) !== i || strings[r] !== `a text that is long ${i}`) throw new Error(`row ${i} has changed`);
        if (Buffer.from(blobs[r]!).toString() !== `bytes that are long ${i}`) throw new Error(`bytes of row ${i} have changed`);
      }
    expect(i).toBe(100_000);
  });
});

/** A Buffer is a Uint8Array that is not equal to one. */
function bytes(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return new Uint8Array(value);
  return value;
}
