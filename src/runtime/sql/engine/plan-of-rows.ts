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
const kernelValue =
  (type: DataType): ((value: Value) => KernelValue) =>
  (value) =>
    withTimes(value, type, (nanos) => nanos / 1000n) as KernelValue;

/** A value of a result as a literal has it. */
export const valueOfKernel = (value: KernelValue, type: DataType): Value => withTimes(value as Value, type, (micros) => micros * 1000n);

function withTimes(value: Value, type: DataType, convert: (time: bigint) => bigint): Value {
  if (!hasTime(type)) return value;
  const all = (v: Value, of: DataType): Value => {
    if (v === null) return null;
    if (of.tag === 'time') return convert(v as bigint);
    const parts = v as readonly Value[];
    if (of.tag === 'array') return parts.map((x) => all(x, of.elementType));
    if (of.tag === 'struct') return parts.map((x, i) => all(x, of.fields[i]!.dataType));
    if (of.tag === 'map') return (v as readonly [Value, Value][]).map(([k, x]) => [all(k, of.keyType), all(x, of.valueType)]);
    return v;
  };
  return all(value, type);
}

const hasTime = (type: DataType): boolean =>
  type.tag === 'time' || (['array', 'struct', 'map'].includes(type.tag) && JSON.stringify(type).includes('"time"'));
