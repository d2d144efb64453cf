// The schema of JSON files: what the kernel finds of objects' structure, as Spark's types: fields sorted by name, whole numbers BIGINT, what
// differs between rows STRING. Source: JsonInferSchema of Spark 4.2.
import { quoteText } from '../emit/duckdb-types.ts';
import { jsonRecords } from '../emit/scan-json.ts';
import * as T from '../types/data-type.ts';
import { defaultCorruptColumn, parseMode } from './csv-options.ts';
import { kernelRows } from './kernel-rows.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';

type Structure = string | readonly Structure[] | { readonly [name: string]: Structure };

export async function jsonSchema(
  files: readonly ListedFile[],
  options: SourceOptions,
  { kernel, settings }: SourceContext,
): Promise<T.StructType> {
  const records = jsonRecords(
    files.map((f) => f.path),
    options,
  );
  const sampling = options.number('samplingRatio', 1);
  const sample = sampling < 1 ? ` WHERE random() < ${sampling}` : '';
  const [row] = await kernelRows(
    kernel,
    `SELECT json_group_structure(CASE WHEN kind = 'OBJECT' THEN record::JSON END), count(*) FILTER (WHERE kind IS DISTINCT FROM 'OBJECT') FROM ${records}${sample}`,
  );
  const structure = row![0] === null ? {} : (JSON.parse(row![0] as string) as Structure);
  const empty = await emptyObjects(structure, records, kernel);
  const fields = Object.entries(structure).filter(([name]) => !empty.has(name));
  const mode = parseMode(options);
  const corrupt = options.text('columnNameOfCorruptRecord', defaultCorruptColumn(settings));
  const types = fields.map(([name, s]) => T.structField(name, typeOf(s as Structure, options)));
  if (Number(row![1]) > 0 && mode === 'PERMISSIVE' && !types.some((f) => f.name === corrupt)) types.push(T.structField(corrupt, T.STRING));
  return T.structType(sorted(types));
}

const sorted = (fields: readonly T.StructField[]): T.StructField[] =>
  [...fields].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));

/** The kernel says the same of fields that are `{}` wherever they are and of such as differ; the former are no columns. */
async function emptyObjects(structure: Structure, records: string, kernel: SourceContext['kernel']): Promise<Set<string>> {
  const names = Object.entries(structure).flatMap(([name, s]) => (s === 'JSON' ? [name] : []));
  if (names.length === 0) return new Set();
  const counts = names.map((n) => `count(*) FILTER (WHERE json_extract(record, ${quoteText(`$."${n}"`)})::VARCHAR <> '{}')`);
  const [row] = await kernelRows(kernel, `SELECT ${counts.join(', ')} FROM ${records} WHERE kind = 'OBJECT'`);
  return new Set(names.filter((_, i) => Number(row![i]) === 0));
}

function typeOf(structure: Structure, options: SourceOptions): T.DataType {
  if (Array.isArray(structure)) return T.arrayType(typeOf(structure[0] as Structure, options));
  if (typeof structure === 'object') {
    const fields = Object.entries(structure).map(([name, s]) => T.structField(name, typeOf(s as Structure, options)));
    return T.structType(sorted(fields));
  }
  if (options.flag('primitivesAsString', false)) return T.STRING;
  switch (structure) {
    case 'BOOLEAN':
      return T.BOOLEAN;
    case 'BIGINT':
    case 'UBIGINT':
      return T.LONG;
    case 'HUGEINT':
      return T.decimalType(38, 0);
    case 'DOUBLE':
      return T.DOUBLE;
    default:
      return T.STRING;
  }
}
