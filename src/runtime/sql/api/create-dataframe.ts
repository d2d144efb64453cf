// Rows of a program → a resolved plan with them in it. What types they get: infer-schema.ts; what fits a type: kernel-values.ts.
// Source: PySpark's createDataFrame.
import { literal, newAttribute } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { type StructType, structField, structType } from '../types/data-type.ts';
import { inferSchema, isPlain } from './infer-schema.ts';
import { rowValues } from './kernel-values.ts';
import { Row } from './rows.ts';
import { sqlTexts } from './sql-text.ts';

/** DDL text (`a INT, b STRING`), a type, or only names. */
export type SchemaOf = string | StructType | readonly string[];

/** @throws Error with PySpark's conditions; ParseException for a schema's text */
export function localPlan(rows: readonly unknown[], given?: SchemaOf): LogicalPlan {
  const schema = schemaFor(rows, given);
  const output = schema.fields.map((f) => ({ ...newAttribute(f.name, f.dataType, f.nullable), metadata: f.metadata }));
  const listed = rows.map((row) => (Array.isArray(row) || row instanceof Row || isPlain(row) ? row : [row]));
  return {
    kind: 'localRelation',
    output,
    rows: listed.map((row) => rowValues(row, schema).map((v, i) => literal(v, schema.fields[i]!.dataType))),
  };
}

function schemaFor(rows: readonly unknown[], given: SchemaOf | undefined): StructType {
  if (given === undefined) return inferSchema(rows);
  if (typeof given === 'string') return ddlSchema(given);
  return 'tag' in given ? given : inferSchema(rows, given);
}

/** `a INT, b STRING`, one type alone, which is a column called value, or `a: int, b: string`. */
function ddlSchema(text: string): StructType {
  const { parseTableSchema, parseDataType } = sqlTexts();
  const readings = [() => parseTableSchema(text), () => parseDataType(text), () => parseDataType(`struct<${text}>`)];
  let first: unknown;
  for (const read of readings)
    try {
      const type = read();
      return type.tag === 'struct' ? type : structType([structField('value', type)]);
    } catch (error) {
      first ??= error;
    }
  throw first;
}
