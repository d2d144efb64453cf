// Rows of a program → columns of values of the kernel's. What types they get: infer-schema.ts; what fits a type: kernel-values.ts.
// Source: PySpark's createDataFrame.
import type { Value } from '../logical/expressions.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
import type { StructType } from '../types/data-type.ts';
import { inferSchema, isPlain } from './infer-schema.ts';
import { rowValues } from './kernel-values.ts';
import { Row } from './rows.ts';
import { columnsOfShape, type Shape } from './shapes.ts';
import { sqlTexts } from './sql-text.ts';

/** DDL text (`a INT, b STRING`), a type, or only names. */
export type SchemaOf = string | StructType | readonly string[];

/** @throws Error with PySpark's conditions; ParseException for a schema's text */
export function programRows(rows: readonly unknown[], given?: SchemaOf): ProgramRows {
  const schema = schemaFor(rows, given);
  const columns: Value[][] = schema.fields.map(() => []);
  for (const row of rows) {
    const values = rowValues(Array.isArray(row) || row instanceof Row || isPlain(row) ? row : [row], schema);
    for (let i = 0; i < values.length; i++) columns[i]!.push(values[i]!);
  }
  return { kind: 'programRows', schema, columns, rows: rows.length };
}

function schemaFor(rows: readonly unknown[], given: SchemaOf | undefined): StructType {
  if (given === undefined) return inferSchema(rows);
  if (typeof given === 'string') return columnsOfShape(ddlShape(given));
  return 'tag' in given ? given : inferSchema(rows, given);
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
