// Footers of Parquet files → Spark's schema: the one that Spark wrote into them, or by the columns' Parquet types.
// Source: ParquetToSparkSchemaConverter and ParquetReadSupport of Spark 4.2.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import * as T from '../types/data-type.ts';
import { schemaFromJson } from '../types/type-json.ts';
import { kernelName, kernelPaths } from '../../../common/kernel-quotes.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';

/** Under this key Spark keeps its own schema. */
export const SPARK_SCHEMA_KEY = 'org.apache.spark.sql.parquet.row.metadata';

export type Footer = {
  readonly path: string;
  readonly schema: T.StructType;
  /** Columns in the old 96-bit form of timestamps: instants, which the kernel reads as local time. */
  readonly int96: readonly string[];
};

type Element = {
  readonly name: string;
  readonly type: string | null;
  readonly length: number;
  readonly isRepeated: boolean;
  readonly converted: string;
  readonly logical: string;
  readonly precision: number;
  readonly scale: number;
  readonly children: Element[];
};

/** In the order of `paths`. @throws Error with the kernel's words for a file that is no Parquet */
export async function readFooters(kernel: SqlKernel, paths: readonly string[]): Promise<Footer[]> {
  const files = kernelPaths(paths);
  const rows = await kernelRows(
    kernel,
    `SELECT file_name, name, type, coalesce(type_length::INT, 0), coalesce(repetition_type, ''), coalesce(num_children, 0)::INT, coalesce(converted_type, ''), coalesce(logical_type, ''), coalesce(precision, 0)::INT, coalesce(scale, 0)::INT FROM parquet_schema(${files})`,
  );
  const written = await kernelRows(
    kernel,
    `SELECT file_name, decode(value) FROM parquet_kv_metadata(${files}) WHERE decode(key) = '${SPARK_SCHEMA_KEY}'`,
  );
  const sparkSchemas = new Map(written.map(([file, json]) => [file as string, json as string]));
  const byFile = new Map<string, Element[]>();
  for (const [file, name, type, length, repetition, children, converted, logical, precision, scale] of rows) {
    const list = byFile.get(file as string) ?? [];
    if (list.length === 0) byFile.set(file as string, list);
    list.push({
      name: name as string,
      type: type as string | null,
      length: length as number,
      isRepeated: repetition === 'REPEATED',
      converted: converted as string,
      logical: logical as string,
      precision: precision as number,
      scale: scale as number,
      children: Array.from({ length: children as number }, () => undefined as unknown as Element),
    });
  }
  return paths.map((path) => footerOf(path, byFile.get(kernelName(path)) ?? [], sparkSchemas.get(kernelName(path))));
}

function footerOf(path: string, flat: readonly Element[], written: string | undefined): Footer {
  const root = flat.length === 0 ? undefined : tree(flat);
  const columns = root?.children ?? [];
  const schema = written === undefined ? structOf(columns) : (asNullable(schemaFromJson(written)) as T.StructType);
  return { path, schema, int96: columns.filter((c) => c.type === 'INT96').map((c) => c.name) };
}

/** Depth first, as the footer has it. */
function tree(flat: readonly Element[]): Element {
  let next = 0;
  const take = (): Element => {
    const element = flat[next++]!;
    for (let i = 0; i < element.children.length; i++) element.children[i] = take();
    return element;
  };
  return take();
}

const structOf = (columns: readonly Element[]): T.StructType => T.structType(columns.map((c) => T.structField(c.name, repeated(c))));
const repeated = (e: Element): T.DataType => (e.isRepeated ? T.arrayType(typeOf(e)) : typeOf(e));

function typeOf(e: Element): T.DataType {
  if (e.type !== null) return primitive(e);
  if (e.converted === 'LIST' || e.logical.startsWith('List')) return T.arrayType(elementOf(e));
  if (e.converted.startsWith('MAP') || e.logical.startsWith('Map')) {
    const [key, value] = e.children[0]!.children;
    return T.mapType(typeOf(key!), value === undefined ? T.NULL : typeOf(value));
  }
  return structOf(e.children);
}

/** Three levels as the standard says, or two as old writers did. */
function elementOf(list: Element): T.DataType {
  const inner = list.children[0]!;
  const twoLevels = inner.type !== null || inner.children.length > 1 || inner.name === 'array' || inner.name === `${list.name}_tuple`;
  return twoLevels ? typeOf(inner) : typeOf(inner.children[0]!);
}

function primitive(e: Element): T.DataType {
  const { converted, logical } = e;
  const isUtc = !logical.startsWith('TimestampType') || /isAdjustedToUTC=(1|true)/.test(logical);
  if (converted === 'DECIMAL' || logical.startsWith('Decimal')) return T.decimalType(e.precision, e.scale);
  switch (e.type) {
    case 'BOOLEAN':
      return T.BOOLEAN;
    case 'FLOAT':
      return T.FLOAT;
    case 'DOUBLE':
      return T.DOUBLE;
    case 'INT96':
      return T.TIMESTAMP;
    case 'INT32':
      if (converted === 'DATE' || logical.startsWith('Date')) return T.DATE;
      return { INT_8: T.BYTE, INT_16: T.SHORT, UINT_8: T.SHORT, UINT_16: T.INTEGER, UINT_32: T.LONG }[converted] ?? T.INTEGER;
    case 'INT64':
      if (converted.startsWith('TIMESTAMP') || logical.startsWith('Timestamp')) return isUtc ? T.TIMESTAMP : T.TIMESTAMP_NTZ;
      if (logical.startsWith('Time') || converted === 'TIME_MICROS') return T.timeType();
      return converted === 'UINT_64' ? T.decimalType(20, 0) : T.LONG;
    case 'BYTE_ARRAY':
      return /^(UTF8|ENUM|JSON)$/.test(converted) || /^(String|Enum|Json)/.test(logical) ? T.STRING : T.BINARY;
    case 'FIXED_LEN_BYTE_ARRAY':
      return logical.startsWith('UUID') ? T.STRING : T.BINARY;
    default:
      throw new AnalysisException('PARQUET_TYPE_ILLEGAL', { parquetType: String(e.type) });
  }
}

/** Files promise nothing about NULL. */
export function asNullable(type: T.DataType): T.DataType {
  switch (type.tag) {
    case 'array':
      return T.arrayType(asNullable(type.elementType));
    case 'map':
      return T.mapType(asNullable(type.keyType), asNullable(type.valueType));
    case 'struct':
      return T.structType(type.fields.map((f) => T.structField(f.name, asNullable(f.dataType), true, f.metadata)));
    default:
      return type;
  }
}

/** Schemas of many files as one, for `mergeSchema`. @throws AnalysisException CANNOT_MERGE_SCHEMAS */
export function mergeSchemas(schemas: readonly T.StructType[]): T.StructType {
  return schemas.reduce((left, right) => {
    try {
      return mergeTypes(left, right) as T.StructType;
    } catch (error) {
      throw error instanceof AnalysisException
        ? error
        : new AnalysisException('CANNOT_MERGE_SCHEMAS', { left: JSON.stringify(left), right: JSON.stringify(right) });
    }
  });
}

function mergeTypes(a: T.DataType, b: T.DataType): T.DataType {
  if (a.tag === 'struct' && b.tag === 'struct') {
    const others = new Map(b.fields.map((f) => [f.name.toLowerCase(), f]));
    const merged = a.fields.map((f) => {
      const other = others.get(f.name.toLowerCase());
      others.delete(f.name.toLowerCase());
      return other === undefined ? f : T.structField(f.name, mergeTypes(f.dataType, other.dataType));
    });
    return T.structType([...merged, ...others.values()]);
  }
  if (a.tag === 'array' && b.tag === 'array') return T.arrayType(mergeTypes(a.elementType, b.elementType));
  if (a.tag === 'map' && b.tag === 'map') return T.mapType(mergeTypes(a.keyType, b.keyType), mergeTypes(a.valueType, b.valueType));
  if (a.tag === 'decimal' && b.tag === 'decimal' && a.scale === b.scale) return T.decimalType(Math.max(a.precision, b.precision), a.scale);
  if (T.sameType(a, b)) return a;
  throw new AnalysisException('CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE', {
    left: `"${a.tag.toUpperCase()}"`,
    right: `"${b.tag.toUpperCase()}"`,
  });
}
