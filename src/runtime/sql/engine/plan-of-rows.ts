// Rows of the program → a plan: few of them as constants in the text, more as a table of the kernel, so that neither their number nor their length
// is the text's. A table goes when no plan refers to it any more.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import { kernelForm } from '../kernel/kernel-form.ts';
import { literal, newAttribute } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { ProgramRddRows, ProgramRows } from '../plan/program-rows.ts';

/** Values in a text; above it a table is cheaper. */
const MOST_VALUES_IN_TEXT = 1_000;
let tables = 0;
const UNREACHABLE = new FinalizationRegistry<() => Promise<void>>((drop) => void drop());

export async function planOfRows({ schema, columns, rows }: ProgramRows, kernel: () => Promise<SqlKernel>): Promise<LogicalPlan> {
  const output = schema.fields.map((f) => ({ ...newAttribute(f.name, f.dataType, f.nullable), metadata: f.metadata }));
  if (columns.length === 0 || rows * columns.length <= MOST_VALUES_IN_TEXT)
    return {
      kind: 'localRelation',
      output,
      rows: Array.from({ length: rows }, (_, r) => columns.map((column, i) => literal(column[r]!, output[i]!.dataType))),
    };
  const table = `program_${++tables}`;
  const of = output.map((a, i) => ({ name: `v${i}`, type: duckdbType(a.dataType), values: columns[i]!.map(kernelForm(a.dataType)) }));
  const to = await kernel();
  await to.createTable(table, of, rows);
  const owner = {};
  UNREACHABLE.register(owner, () => to.run(`DROP TABLE IF EXISTS ${table}`).catch(() => {})); // the kernel may have been closed
  return { kind: 'kernelTable', owner, output, columns: of.map(({ name }) => name), table };
}

/** Rows of an RDD as a table that is there when somebody reads it (rdd-tables.ts, ../physical/execute.ts). */
export function planOfRdd({ schema, rdd, shape }: ProgramRddRows): LogicalPlan {
  const output = schema.fields.map((f) => ({ ...newAttribute(f.name, f.dataType, f.nullable), metadata: f.metadata }));
  for (const { dataType } of output) duckdbType(dataType); // a type that no table can have is told now
  return { kind: 'kernelTable', output, columns: output.map((_, i) => `v${i}`), table: `rdd_${++tables}`, rdd: { rdd, shape } };
}
