// The schema of JSON files: what the kernel finds of objects' structure, as Spark's types: fields sorted by name, whole numbers BIGINT, what
// differs between rows STRING. What the kernel can't tell is asked of each record here: json-types.ts. Source: JsonInferSchema of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { jsonRecords, jsonRules } from '../emit/scan-json.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { scalarFunction, sqlNameOf } from '../kernel/js-functions.ts';
import * as T from '../types/data-type.ts';
import { defaultCorruptColumn, parseMode } from './csv-options.ts';
import { typesOfRecords } from './json-types.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import type { ListedFile } from './list-files.ts';
import type { SourceContext } from './open-source.ts';
import type { SourceOptions } from './options.ts';

type Structure = string | readonly Structure[] | { readonly [name: string]: Structure };

export async function jsonSchema(
  files: readonly ListedFile[],
  options: SourceOptions,
  { kernel, settings }: SourceContext,
): Promise<T.StructType> {
  const rules = jsonRules(options);
  const relaxed = sqlNameOf('relaxed_json', [rules]);
  await kernel.registerScalar(scalarFunction('relaxed_json', [rules], relaxed));
  const records = jsonRecords(files, options, relaxed);
  const sampling = options.number('samplingRatio', 1);
  const sample = sampling < 1 ? ` WHERE random() < ${sampling}` : '';
  const [row] = await kernelRows(
    kernel,
    `SELECT json_group_structure(CASE WHEN kind = 'OBJECT' THEN record::JSON END), count(*) FILTER (WHERE kind IS NULL OR kind NOT IN ('OBJECT', 'NULL')), bool_or(regexp_matches(record, '[0-9]{19}')), bool_or(len(list_distinct(json_keys(CASE WHEN kind = 'OBJECT' THEN record END))) <> len(json_keys(CASE WHEN kind = 'OBJECT' THEN record END))) FROM ${records}${sample}`,
  );
  const mode = parseMode(options);
  const corrupt = options.text('columnNameOfCorruptRecord', defaultCorruptColumn(settings));
  const seesEach = row![2] === true || options.flag('prefersDecimal', false) || options.flag('inferTimestamp', false);
  const types = seesEach
    ? await typesOfRecords(`SELECT record FROM ${records} WHERE kind = 'OBJECT'${sample.replace('WHERE', 'AND')}`, options, {
        kernel,
        settings,
      })
    : await typesOfStructure(row![0] as string | null, records, options, kernel);
  if (row![3] === true) await refuseSameNames(records, kernel);
  refuseTwins(types);
  if (Number(row![1]) > 0 && mode === 'PERMISSIVE' && !types.some((f) => f.name === corrupt)) types.push(T.structField(corrupt, T.STRING));
  return T.structType(sorted(types));
}

async function typesOfStructure(
  json: string | null,
  records: string,
  options: SourceOptions,
  kernel: SourceContext['kernel'],
): Promise<T.StructField[]> {
  const found = json === null ? {} : (JSON.parse(json) as Structure);
  const structure = typeof found === 'object' && !Array.isArray(found) ? found : {};
  const empty = await emptyObjects(structure, records, kernel);
  const fields = Object.entries(structure).filter(([name]) => !empty.has(name));
  return fields.map(([name, s]) => T.structField(name, typeOf(s as Structure, options)));
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

/** @throws AnalysisException COLUMN_ALREADY_EXISTS */
function refuseTwins(fields: readonly T.StructField[]): void {
  const seen = new Set<string>();
  for (const { name, dataType } of fields) {
    const key = name.toLowerCase();
    if (seen.has(key)) throw alreadyExists(key);
    seen.add(key);
    for (let type = dataType; ; type = type.elementType) {
      if (type.tag === 'struct') refuseTwins(type.fields);
      if (type.tag !== 'array') break;
    }
  }
}

const alreadyExists = (key: string): AnalysisException => new AnalysisException('COLUMN_ALREADY_EXISTS', { columnName: `\`${key}\`` });

/** A name that is twice in one record. @throws AnalysisException COLUMN_ALREADY_EXISTS */
async function refuseSameNames(records: string, kernel: SourceContext['kernel']): Promise<void> {
  const keys = `SELECT DISTINCT json_keys(record) AS keys FROM ${records} WHERE kind = 'OBJECT'`;
  const [row] = await kernelRows(kernel, `SELECT keys FROM (${keys}) k WHERE len(keys) <> len(list_distinct(keys)) ORDER BY keys LIMIT 1`);
  const names = (row?.[0] ?? []) as readonly string[];
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw alreadyExists(twice.toLowerCase());
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
    case 'DOUBLE':
      return T.DOUBLE;
    default:
      return T.STRING;
  }
}
