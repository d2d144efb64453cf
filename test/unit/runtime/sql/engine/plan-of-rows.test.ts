// Rows of a program: few are constants, many are a table of the kernel; both say the same.
import { afterAll, describe, expect, it } from 'vitest';
import { planOfRows } from '../../../../../src/runtime/sql/engine/plan-of-rows.ts';
import type { ProgramRows } from '../../../../../src/runtime/sql/plan/program-rows.ts';
import { parseTableSchema } from '../../../../../src/runtime/sql/parser/parse.ts';
import { sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());

const SCHEMA = parseTableSchema(
  'b BOOLEAN, i INT, l BIGINT, d DOUBLE, m DECIMAL(20,3), s STRING, y BINARY, t DATE, z TIMESTAMP, n TIMESTAMP_NTZ, h TIME(6), a ARRAY<INT>, p MAP<STRING, BIGINT>, r STRUCT<x: INT, y: STRING>',
);
const ROW = [
  true,
  -7,
  2n ** 62n,
  0.5,
  '-12345678901234567.125',
  "it's\u0000ü",
  new Uint8Array([0, 255]),
  -1,
  1_700_000_000_123_456n,
  5n,
  3_600_000_000_000n,
  [1, null, 3],
  [['k', 9n]],
  [4, 'v'],
];

const rowsOf = (count: number): ProgramRows => ({
  kind: 'programRows',
  schema: SCHEMA,
  columns: ROW.map((value) => Array.from({ length: count }, (_, i) => (i % 2 === 1 ? null : value)) as never),
  rows: count,
});
async function answer(count: number): Promise<{ kind: string; rows: unknown[][] }> {
  const plan = await planOfRows(rowsOf(count), () => engine.kernel());
  return { kind: plan.kind, rows: await engine.rowsOf(engine.preparePlan(plan)) };
}

describe('rows of a program', () => {
  it('are the same as constants and as a table of several chunks', async () => {
    const few = await answer(2);
    const many = await answer(5_001);
    expect([few.kind, many.kind]).toEqual(['localRelation', 'kernelTable']);
    expect(few.rows).toHaveLength(2);
    expect(few.rows[1]).toEqual(ROW.map(() => null));
    expect(many.rows).toHaveLength(5_001);
    for (const [i, row] of many.rows.entries()) expect(row).toEqual(few.rows[i % 2]);
  });
});
