// Rows of the program → a plan: few of them as constants in the text, more as a table of the kernel, so that neither their number nor their length
// is the text's. A table goes when no plan refers to it any more.
import type { KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import { literal, newAttribute, type Value } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
import type { DataType } from '../types/data-type.ts';

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
  const of = output.map((a, i) => ({ name: `v${i}`, type: duckdbType(a.dataType), values: columns[i]!.map(kernelValue(a.dataType)) }));
  const to = await kernel();
  await to.createTable(table, of, rows);
  const owner = {};
  UNREACHABLE.register(owner, () => to.run(`DROP TABLE IF EXISTS ${table}`).catch(() => {})); // the kernel may have been closed
  return { kind: 'kernelTable', owner, output, columns: of.map(({ name }) => name), table };
}

/** Literals count time of day in nanoseconds, the kernel in microseconds; all else is the same. */
function kernelValue(type: DataType): (value: Value) => KernelValue {
  if (!hasTime(type)) return (value) => value as KernelValue;
  const convert = (value: Value, of: DataType): Value => {
    if (value === null) return null;
    if (of.tag === 'time') return (value as bigint) / 1000n;
    const parts = value as readonly Value[];
    if (of.tag === 'array') return parts.map((v) => convert(v, of.elementType));
    if (of.tag === 'struct') return parts.map((v, i) => convert(v, of.fields[i]!.dataType));
    if (of.tag === 'map') return (value as readonly [Value, Value][]).map(([k, v]) => [convert(k, of.keyType), convert(v, of.valueType)]);
    return value;
  };
  return (value) => convert(value, type) as KernelValue;
}

const hasTime = (type: DataType): boolean => JSON.stringify(type).includes('"time"');
