// The shape of typed rows that nobody said the schema of: each partition tells what it has (on executors), the driver puts it together. Types are
// PySpark's (infer-schema.ts); what stays JavaScript's is how whole numbers come back: as numbers, unless a bigint stood in their column.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { StructType } from '../types/data-type.ts';
import { isPlain, mergeSchemas, refuseUnknown, rowSchema } from './infer-schema.ts';
import type { Shape } from './shapes.ts';

/** What some rows look like. */
export type Inferred = {
  readonly schema: StructType;
  readonly form: 'value' | 'row' | 'tuple';
  /** Columns in which a bigint stood. */
  readonly bigints: readonly string[];
};

/** @throws Error CANNOT_MERGE_TYPE */
export function inferRow(row: unknown, names: readonly string[] = []): Inferred {
  const schema = rowSchema(row, names);
  const values = Array.isArray(row) ? row : isPlain(row) ? Object.values(row) : [row];
  return {
    schema,
    form: Array.isArray(row) ? 'tuple' : isPlain(row) ? 'row' : 'value',
    bigints: schema.fields.flatMap((f, i) => (hasBigint(values[i]) ? [f.name] : [])),
  };
}

/** Single values that are null say nothing of the form. */
export function mergeInferred(a: Inferred, b: Inferred): Inferred {
  if (isNothing(a)) return b;
  if (isNothing(b)) return a;
  if (a.form !== b.form)
    throw new SparkIllegalArgumentException(
      'CANNOT_MERGE_TYPE',
      '42825',
      `Rows are of several kinds (${a.form} and ${b.form}): say the schema.`,
    );
  return { form: a.form, schema: mergeSchemas(a.schema, b.schema), bigints: [...new Set([...a.bigints, ...b.bigints])] };
}
const isNothing = ({ form, schema }: Inferred): boolean => form === 'value' && schema.fields[0]!.dataType.tag === 'null';

function hasBigint(value: unknown): boolean {
  if (typeof value === 'bigint') return true;
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasBigint);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array) return true;
  if (value instanceof Map) return [...value].some(hasBigint);
  return isPlain(value) && Object.values(value).some(hasBigint);
}

/** For a DataFrame: objects and arrays are rows of these columns. @throws Error CANNOT_INFER_EMPTY_SCHEMA, CANNOT_DETERMINE_TYPE */
export function frameShapeOf(parts: readonly Inferred[]): Shape {
  const shape = shapeOf(parts);
  return shape.kind === 'value' ? shape : { kind: 'row', type: parts.reduce(mergeInferred).schema };
}

/** @param parts of partitions, in order. @throws Error CANNOT_INFER_EMPTY_SCHEMA, CANNOT_DETERMINE_TYPE */
export function shapeOf(parts: readonly Inferred[]): Shape {
  if (parts.length === 0)
    throw new SparkIllegalArgumentException(
      'CANNOT_INFER_EMPTY_SCHEMA',
      '42000',
      'Can not infer schema from empty dataset: say it, as in map(f, Encoders.STRING) or createDataset([], "a INT").',
    );
  const { schema, form, bigints } = parts.reduce(mergeInferred);
  refuseUnknown(schema, '');
  const numbers = schema.fields.filter((f) => !bigints.includes(f.name)).map((f) => f.name);
  if (form === 'row') return { kind: 'row', type: schema, numbers };
  const parts_ = schema.fields.map((f): Shape => ({ kind: 'value', type: f.dataType, numbers: numbers.includes(f.name) }));
  return form === 'tuple' ? { kind: 'tuple', parts: parts_ } : parts_[0]!;
}
