// Rows of a program → columns of values of the kernel's. What types they get: infer-schema.ts; what fits a type: kernel-values.ts.
// Source: PySpark's createDataFrame.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Value } from '../logical/expressions.ts';
import { withCaller } from '../plan/called-from.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
import { type StructType, structType } from '../types/data-type.ts';
import { wrongType } from './arguments.ts';
import { inferSchema, isPlain } from './infer-schema.ts';
import { rowValues } from './kernel-values.ts';
import { Row } from './rows.ts';
import { columnsOfShape, type Shape } from './shapes.ts';
import { sqlTexts } from './sql-text.ts';

/** DDL text (`a INT, b STRING`), a type, or only names. */
export type SchemaOf = string | StructType | readonly string[];

/** @throws Error with PySpark's conditions; ParseException for a schema's text */
export function programRows(rows: readonly unknown[], given?: SchemaOf): ProgramRows {
  const at = new Error(); // values in values end deeper than a stack is told
  try {
    const schema = schemaFor(rows, given);
    const columns: Value[][] = schema.fields.map(() => []);
    for (const row of rows) {
      const values = rowValues(isRow(row) ? row : [row], schema);
      for (let i = 0; i < values.length; i++) columns[i]!.push(values[i]!);
    }
    return { kind: 'programRows', schema: Array.isArray(given) ? renamed(schema, given) : schema, columns, rows: rows.length };
  } catch (error) {
    if (!(error instanceof RangeError)) throw withCaller(error, at);
    // The stack's end: an object that has itself inside.
    throw new SparkIllegalArgumentException('CIRCULAR_VALUE', '42000', 'A row holds itself, or values nested too deep to be one.');
  }
}
const isRow = (row: unknown): boolean => Array.isArray(row) || row instanceof Row || isPlain(row);

/** Names that a program gave instead of those of its objects, by position. @throws SparkIllegalArgumentException LENGTH_SHOULD_BE_THE_SAME */
export function renamed({ fields }: StructType, names: readonly string[]): StructType {
  if (names.length > fields.length)
    throw new SparkIllegalArgumentException(
      'LENGTH_SHOULD_BE_THE_SAME',
      '42K09',
      `There are ${names.length} names, and the rows have ${fields.length} columns.`,
    );
  return structType(fields.map((f, i) => ({ ...f, name: names[i] ?? f.name })));
}

function schemaFor(rows: readonly unknown[], given: SchemaOf | undefined): StructType {
  if (given === undefined) return inferSchema(rows);
  if (typeof given === 'string') return columnsOfShape(ddlShape(given));
  if (Array.isArray(given)) return inferSchema(rows, given);
  if (typeof given === 'object' && 'tag' in given) return given;
  throw wrongType('NOT_LIST_OR_NONE_OR_STRUCT', 'schema', 'DDL text, a struct or names', given);
}

/** `a INT, b STRING`, one type alone, which is a column called value, or `a: int, b: string`. @throws ParseException */
export function ddlShape(text: string): Shape {
  const { parseTableSchema, parseDataType } = sqlTexts();
  const readings = [() => parseTableSchema(text), () => parseDataType(text), () => parseDataType(`struct<${text}>`)];
  let first: unknown;
  for (const read of readings)
    try {
      const type = read();
      return type.tag === 'struct' ? { kind: 'row', type } : { kind: 'value', type };
    } catch (error) {
      first ??= error;
    }
  throw first;
}
