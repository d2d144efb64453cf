// The kernel's adapter: several queries at once, an end before the end, what operators did.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { KernelProfile, SqlKernel } from '../../../src/common/sql-kernel.ts';
import { duckdbKernels } from '../../../src/platform/duckdb.ts';

let kernel: SqlKernel;
beforeAll(async () => {
  kernel = await duckdbKernels.open({ threads: 2, timeZone: 'Asia/Tokyo' });
});
afterAll(() => kernel.close());

async function rowsOf(sql: string): Promise<unknown[][]> {
  const rows: unknown[][] = [];
  for await (const { rows: n, columns } of kernel.query(sql)) for (let i = 0; i < n; i++) rows.push(columns.map((column) => column[i]));
  return rows;
}
const ENDLESS = 'SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b';

describe('the kernel', () => {
  it('runs queries side by side, each with the settings of all', async () => {
    const streams = [1, 2, 3].map(() => kernel.query('SELECT range FROM range(5000)')[Symbol.asyncIterator]());
    const firsts = await Promise.all(streams.map((stream) => stream.next()));
    expect(firsts.map(({ value }) => value.columns[0][0])).toEqual([0n, 0n, 0n]);
    expect(await rowsOf("SELECT CAST(TIMESTAMPTZ '2020-01-01 00:00:00+00' AS VARCHAR), current_setting('TimeZone')")).toEqual([
      ['2020-01-01 09:00:00+09', 'Asia/Tokyo'],
    ]);
    for (const stream of streams) await stream.return!();
    expect(await rowsOf('SELECT 1')).toEqual([[1]]);
  });

  it('gives the same rows at once and as they come', async () => {
    const sql = 'SELECT range AS i, CASE WHEN range % 2 = 0 THEN NULL ELSE range::VARCHAR END AS s FROM range(5000) ORDER BY i DESC';
    const rows = { atOnce: [] as unknown[], asTheyCome: [] as unknown[] };
    for await (const { columns } of kernel.query(sql, { atOnce: true })) rows.atOnce.push(...Array.from(columns[1]!));
    for await (const { columns } of kernel.query(sql)) rows.asTheyCome.push(...Array.from(columns[1]!));
    expect(rows.atOnce).toHaveLength(5000);
    expect(rows.atOnce.slice(0, 3)).toEqual(['4999', null, '4997']);
    expect(rows.asTheyCome).toEqual(rows.atOnce);
  });

  it('counts what a statement has written at once', async () => {
    const counts: unknown[] = [];
    for await (const { columns } of kernel.query('CREATE TEMP TABLE counted AS SELECT * FROM range(3)', { atOnce: true }))
      counts.push(columns[0]![0]);
    expect(counts).toEqual([3n]);
  });

  it('ends a query whose signal is aborted, and runs the next one', async () => {
    const abort = new AbortController();
    const asked = (async () => {
      for await (const chunk of kernel.query(ENDLESS, { signal: abort.signal })) void chunk;
    })();
    setImmediate(() => abort.abort());
    await expect(asked).rejects.toThrow('Interrupted');
    expect(await rowsOf('SELECT 2')).toEqual([[2]]);
  });

  it('says what the operators did', async () => {
    let profile: KernelProfile | undefined;
    const query = kernel.query('SELECT range % 3 AS k, count(*) FROM range(9) GROUP BY 1 ORDER BY 1', { onProfile: (p) => (profile = p) });
    for await (const chunk of query) expect(chunk.rows).toBe(3);
    expect(profile!.root).toMatchObject({ name: 'ORDER_BY', rows: 3 });
    expect(JSON.stringify(profile!.root)).toContain('"rows":9');
  });
});
