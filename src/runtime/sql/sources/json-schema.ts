// The schema of JSON files: what the kernel finds of objects' structure, as Spark's types: fields sorted by name, whole numbers BIGINT, what
// differs between rows STRING. Source: JsonInferSchema of Spark 4.2.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { parsed } from '../emit/parse-text.ts';
import { jsonRecords, jsonRules } from '../emit/scan-json.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { scalarFunction, sqlNameOf } from '../kernel/js-functions.ts';
import * as T from '../types/data-type.ts';
import { defaultCorruptColumn, parseMode, textFormats } from './csv-options.ts';
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
  const rules = jsonRules(options);
  const relaxed = sqlNameOf('relaxed_json', [rules]);
  await kernel.registerScalar(scalarFunction('relaxed_json', [rules], relaxed));
  const records = jsonRecords(
    files.map((f) => f.path),
    options,
    relaxed,
  );
  const sampling = options.number('samplingRatio', 1);
  const sample = sampling < 1 ? ` WHERE random() < ${sampling}` : '';
  const [row] = await kernelRows(
    kernel,
    `SELECT json_group_structure(CASE WHEN kind = 'OBJECT' THEN record::JSON END), count(*) FILTER (WHERE kind IS NULL OR kind NOT IN ('OBJECT', 'NULL')), bool_or(regexp_matches(record, '[0-9]{19}')) FROM ${records}${sample}`,
  );
  const found = row![0] === null ? {} : (JSON.parse(row![0] as string) as Structure);
  const structure = typeof found === 'object' && !Array.isArray(found) ? found : {};
  const empty = await emptyObjects(structure, records, kernel);
  const fields = Object.entries(structure).filter(([name]) => !empty.has(name));
  const mode = parseMode(options);
  const corrupt = options.text('columnNameOfCorruptRecord', defaultCorruptColumn(settings));
  const types = fields.map(([name, s]) => T.structField(name, typeOf(s as Structure, options)));
  refuseTwins(types);
  if (row![2] === true) await widenWholeNumbers(types, records, kernel);
  if (options.flag('inferTimestamp', false) && !options.flag('primitivesAsString', false))
    await findTimestamps(types, records, options, kernel);
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

/** @throws AnalysisException COLUMN_ALREADY_EXISTS */
function refuseTwins(fields: readonly T.StructField[]): void {
  const seen = new Set<string>();
  for (const { name } of fields) {
    const key = name.toLowerCase();
    if (seen.has(key)) throw new AnalysisException('COLUMN_ALREADY_EXISTS', { columnName: `\`${key}\`` });
    seen.add(key);
  }
}

const valueIn = (name: string): string => `json_extract(record, ${quoteText(`$."${name}"`)})`;

/** Whole numbers beyond 64 bits are decimals of as many digits. */
async function widenWholeNumbers(types: T.StructField[], records: string, kernel: SourceContext['kernel']): Promise<void> {
  const whole = types.flatMap((f, i) => (f.dataType.tag === 'long' ? [i] : []));
  if (whole.length === 0) return;
  const digits = whole.map((i) => {
    const text = `${valueIn(types[i]!.name)}::VARCHAR`;
    return `max(CASE WHEN TRY_CAST(${text} AS BIGINT) IS NULL THEN length(ltrim(${text}, '-')) END)`;
  });
  const [row] = await kernelRows(kernel, `SELECT ${digits.join(', ')} FROM ${records} WHERE kind = 'OBJECT'`);
  for (const [n, i] of whole.entries())
    if (row![n] !== null) types[i] = T.structField(types[i]!.name, T.decimalType(Math.min(38, Number(row![n])), 0));
}

/** Columns all of whose texts are timestamps; of fields inside of others only texts are known. */
async function findTimestamps(
  types: T.StructField[],
  records: string,
  options: SourceOptions,
  kernel: SourceContext['kernel'],
): Promise<void> {
  const texts = types.flatMap((f, i) => (f.dataType.tag === 'string' ? [i] : []));
  if (texts.length === 0) return;
  const formats = textFormats(options);
  const others = texts.map((i) => {
    const json = valueIn(types[i]!.name);
    const isTime = `json_type(${json}) = 'VARCHAR' AND ${parsed(`(${json} ->> '$')`, T.TIMESTAMP, formats)} IS NOT NULL`;
    return `count(*) FILTER (WHERE json_type(${json}) <> 'NULL' AND NOT (${isTime})), count(*) FILTER (WHERE json_type(${json}) <> 'NULL')`;
  });
  const [row] = await kernelRows(kernel, `SELECT ${others.join(', ')} FROM ${records} WHERE kind = 'OBJECT'`);
  for (const [n, i] of texts.entries())
    if (Number(row![2 * n]) === 0 && Number(row![2 * n + 1]) > 0) types[i] = T.structField(types[i]!.name, T.TIMESTAMP);
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
