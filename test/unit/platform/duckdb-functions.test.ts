// JavaScript functions in DuckDB: every type in and out, NULLs, typed arrays, errors.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelScalarFunction, KernelValue, SqlKernel } from '../../../src/common/sql-kernel.ts';
import { duckdbKernels } from '../../../src/platform/duckdb.ts';

let kernel: SqlKernel;
let functions = 0;
beforeAll(async () => {
  kernel = await duckdbKernels.open({ threads: 1 });
});
afterAll(() => kernel.close());

async function rowsOf(sql: string): Promise<KernelValue[][]> {
  const rows: KernelValue[][] = [];
  for await (const chunk of kernel.query(sql)) for (let i = 0; i < chunk.rows; i++) rows.push(chunk.columns.map((c) => c[i]!));
  return rows;
}
const register = (name: string, parameterTypes: string[], returnType: string, compute: KernelScalarFunction['compute']) =>
  kernel.registerScalar({ name, parameterTypes, returnType, isVolatile: false, compute });

describe('a JavaScript function', () => {
  it.each([
    ['BOOLEAN', 'true'],
    ['TINYINT', '-7'],
    ['SMALLINT', '-300'],
    ['INTEGER', '70000'],
    ['BIGINT', '9007199254740993'],
    ['HUGEINT', '170141183460469231731687303715884105727'],
    ['FLOAT', '1.5'],
    ['DOUBLE', "'nan'"],
    ['DECIMAL(5,2)', '-0.05'],
    ['DECIMAL(38,10)', "'-1234567890123456789012345678.0000000001'"],
    ['VARCHAR', "'a text of more than twelve bytes, ä'"],
    ['BLOB', "from_hex('00ff')"],
    ['DATE', "'1582-10-04'"],
    ['TIMESTAMP', "'2024-02-29 01:02:03.000004'"],
    ['TIMESTAMPTZ', "'2024-02-29 01:02:03.000004+01'"],
    ['TIME', "'23:59:59.999999'"],
    ['INTERVAL', "INTERVAL '1 month 2 days 3 seconds'"],
    ['INTEGER[]', '[1, NULL, 3]'],
    ['VARCHAR[][]', "[['a'], [], NULL]"],
    ['STRUCT(a INTEGER, "b c" VARCHAR)', "row(1, 'x')"],
    ['MAP(VARCHAR, INTEGER)', "MAP(['k', 'l'], [1, NULL])"],
  ])('takes and gives %s', async (type, text) => {
    const same = `same_${functions++}`;
    await register(same, [type], type, ([c], rows) => Array.from({ length: rows }, (_, i) => c![i]!));
    // Compared in the kernel: what came back is what went in, with NULL beside it.
    const sql = `SELECT x IS NOT DISTINCT FROM ${same}(x) FROM (VALUES ((${text})::${type}), (NULL)) v(x)`;
    expect(await rowsOf(sql)).toEqual([[true], [true]]);
  });

  it('gets NULLs and may give a value for them', async () => {
    await register('or_zero', ['INTEGER'], 'INTEGER', ([c], rows) => Array.from({ length: rows }, (_, i) => c![i] ?? 0));
    expect(await rowsOf('SELECT or_zero(x) FROM (VALUES (1), (NULL)) v(x)')).toEqual([[1], [0]]);
  });

  it('computes on typed arrays over many vectors', async () => {
    let typed = true;
    await register('twice', ['DOUBLE'], 'DOUBLE', ([c]) => {
      typed &&= c instanceof Float64Array;
      return (c as unknown as Float64Array).map((x) => 2 * x) as never;
    });
    expect(await rowsOf('SELECT sum(twice(range::DOUBLE)) FROM range(10000)')).toEqual([[99990000]]);
    expect(typed).toBe(true);
  });

  it("fails the query with the error's message", async () => {
    await register('fails', ['INTEGER'], 'INTEGER', () => {
      throw new Error('[MY_CONDITION] no');
    });
    await expect(rowsOf('SELECT fails(1)')).rejects.toThrow('[MY_CONDITION] no');
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('that gives another width than its type has is an error, not a crash', async () => {
    await register('wide', ['DOUBLE'], 'INTEGER', ([c]) => new Float64Array(c!.length) as never);
    await expect(rowsOf('SELECT wide(range::DOUBLE) FROM range(3)')).rejects.toThrow('gave Float64Array for INTEGER');
  });
});
