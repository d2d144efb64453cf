// A data source as asked for (format, paths, options, schema) → what it is: files, columns, partition columns. Every opening gives a scan with
// columns of its own. What the formats' files say of their columns: parquet-schema.ts, csv-schema.ts, json-schema.ts.
// Source: DataSource.resolveRelation of Spark 4.2.
import type { ObjectStore } from '../../../common/object-store.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { type Attribute, newAttribute } from '../logical/expressions.ts';
import type { LogicalPlan, Scan, ScanFile } from '../logical/plans.ts';
import { parseTableSchema } from '../parser/parse.ts';
import * as T from '../types/data-type.ts';
import { schemaFromJson } from '../types/type-json.ts';
import { arrowSource, ignoresCorrupt } from './arrow-source.ts';
import { bucketed } from './buckets.ts';
import { readableText } from './check-compressed.ts';
import { withRegular } from './csv-lines.ts';
import { checkHeaders } from './csv-header.ts';
import { csvOptions } from './csv-options.ts';
import { csvSchema } from './csv-schema.ts';
import { FORMAT_NAMES, type FileFormat, fileFormat, isJdbc } from './formats.ts';
import { openJdbc } from './jdbc/open-jdbc.ts';
import { inferredSchema } from './inferred-schemas.ts';
import { jsonSchema } from './json-schema.ts';
import { type ListedFile, listFiles } from './list-files.ts';
import { SourceOptions } from './options.ts';
import { parquetSource } from './parquet-source.ts';
import { plainFiles } from './plain-copies.ts';
import { encodingOf } from './plain-lines.ts';
import { partitionColumnsOf } from './partition-columns.ts';
import { xmlFilesSchema } from './xml-schema.ts';

export type SourceRequest = {
  readonly format: string;
  readonly paths: readonly string[];
  readonly options: Readonly<Record<string, string>>;
  /** A schema that the user gives: nothing is inferred. */
  readonly schema?: T.StructType;
  /** A table knows its partition columns. */
  readonly partitionSchema?: readonly T.StructField[];
  /** A table's partitions, where the catalogue knows them: their folders instead of `paths`. */
  readonly partitions?: readonly { readonly path: string; readonly values: readonly (string | null)[] }[];
  /** Of a JDBC source: a partition each. */
  readonly predicates?: readonly string[];
  /** A table's buckets. */
  readonly buckets?: NonNullable<Scan['buckets']>;
  /** Name for explain. */
  readonly name?: string;
};

/** What formats say of their files. */
export type FileSchema = {
  readonly schema: T.StructType;
  readonly files: readonly ListedFile[];
  readonly int96?: readonly string[];
  readonly mismatches?: Scan['mismatches'];
  readonly isUniform?: boolean;
};
export type SourceContext = { readonly kernel: SqlKernel; readonly settings: SessionSettings };

export type OpenedSource = { readonly schema: T.StructType; readonly scan: () => LogicalPlan };

export async function openSource(request: SourceRequest, context: SourceContext): Promise<OpenedSource> {
  if (isJdbc(request.format)) return openJdbc(request, context);
  const format = fileFormat(request.format);
  const options = new SourceOptions(request.options);
  const { settings } = context;
  const ignoreMissing = options.flag('ignoreMissingFiles', settings.get('spark.sql.files.ignoreMissingFiles') === 'true');
  const listed =
    request.partitions === undefined
      ? await listFiles(allPaths(request, options), options, ignoreMissing || request.partitionSchema !== undefined, settings.get)
      : await partitionFiles(request, options, settings.get);
  for (const store of storesOf(listed)) await context.kernel.useStore(store);
  const { schema, files, int96, mismatches, isUniform } = await schemaOf(format, request, options, listed, context);
  const partitions = request.partitionSchema ?? partitionColumns(files, request, options, settings);
  if (format === 'csv') await checkCsvHeaders(files, dataFields(schema, partitions), request, options, context);
  return {
    schema: withPartitions(schema, partitions),
    scan: () =>
      bucketed(
        scanOf(format, request, schema, partitions, files, { int96: int96 ?? [], mismatches, isUniform: isUniform ?? false }),
        request,
        settings,
      ),
  };
}

async function checkCsvHeaders(
  files: readonly ListedFile[],
  fields: readonly T.StructField[],
  request: SourceRequest,
  source: SourceOptions,
  { kernel, settings }: SourceContext,
): Promise<void> {
  const options = csvOptions(request.options, settings);
  if (!options.header || source.flag('enforceSchema', true)) return;
  await checkHeaders(
    files,
    fields.map((f) => f.name),
    { options, source, kernel, settings },
  );
}

/** Files of the partitions that a table has; a folder that is gone has none. */
async function partitionFiles(
  { partitions = [], partitionSchema = [] }: SourceRequest,
  options: SourceOptions,
  get: SessionSettings['get'],
): Promise<ListedFile[]> {
  const lists = partitions.map(async ({ path, values }) => {
    const partition = partitionSchema.map((f, i) => ({ column: f.name, value: values[i] ?? null }));
    return (await listFiles([path], options, true, get)).map((file) => ({ ...file, partition }));
  });
  return (await Promise.all(lists)).flat();
}

/** Each once. */
const storesOf = (files: readonly ListedFile[]): readonly ObjectStore[] => [
  ...new Map(files.flatMap(({ store }) => (store === undefined ? [] : [[store.bucket, store] as const]))).values(),
];

function allPaths({ paths, format }: SourceRequest, options: SourceOptions): readonly string[] {
  const path = options.get('path');
  const all = [...paths, ...(path === undefined ? [] : [path])];
  if (all.length === 0) throw new AnalysisException('UNABLE_TO_INFER_SCHEMA', { format: FORMAT_NAMES[fileFormat(format)] });
  return all;
}

async function schemaOf(
  format: FileFormat,
  request: SourceRequest,
  options: SourceOptions,
  listed: readonly ListedFile[],
  context: SourceContext,
): Promise<FileSchema> {
  const ignoreCorrupt = ignoresCorrupt(options, context.settings.get);
  const isText = format !== 'parquet' && format !== 'binaryFile' && format !== 'arrow';
  const isUtf8 = /^utf-?8$/.test(encodingOf(options));
  const readable = isText ? await readableText(listed, { ignoreCorrupt, isUtf8 }) : listed;
  const plain = isText && format !== 'xml' ? await plainText(format, readable, options) : readable;
  const files = format === 'csv' ? await withRegular(plain, csvOptions(request.options, context.settings), options, context.kernel) : plain;
  if (format === 'text') return { schema: request.schema ?? T.structType([T.structField('value', T.STRING)]), files };
  if (format === 'binaryFile') return { schema: BINARY_FILE, files };
  const given = request.schema;
  if (format === 'parquet') return parquetSource(given, options, files, context);
  if (format === 'arrow') return arrowSource(given, options, files, context);
  if (given !== undefined) return { schema: given, files };
  if (files.length === 0) throw new AnalysisException('UNABLE_TO_INFER_SCHEMA', { format: FORMAT_NAMES[format] });
  const { ansi, timeZone, get } = context.settings;
  const asked = [format, request.options, ansi, timeZone, get('spark.sql.columnNameOfCorruptRecord')];
  const infer = () => {
    if (format === 'xml') return xmlFilesSchema(files, request.options, options, context);
    return format === 'csv' ? csvSchema(files, request.options, options, context) : jsonSchema(files, options, context);
  };
  return { schema: await inferredSchema(files, asked, infer), files };
}

function plainText(format: FileFormat, files: readonly ListedFile[], options: SourceOptions): Promise<readonly ListedFile[]> {
  const isWhole = options.flag(format === 'text' ? 'wholetext' : 'multiLine', false);
  const encoding = encodingOf(options);
  const quote = format === 'csv' ? options.text('quote', '"') : '';
  return plainFiles(files, {
    encoding,
    keepsReturns: isWhole || options.get('lineSep') !== undefined,
    marksBadLines: format !== 'json' ? 'no' : isWhole ? 'whole file' : 'each line',
    quote: quote === '\0' ? '' : quote,
  });
}

const BINARY_FILE = T.structType([
  T.structField('path', T.STRING),
  T.structField('modificationTime', T.TIMESTAMP),
  T.structField('length', T.LONG),
  T.structField('content', T.BINARY),
]);

function partitionColumns(
  files: readonly ListedFile[],
  { schema }: SourceRequest,
  options: SourceOptions,
  settings: SessionSettings,
): readonly T.StructField[] {
  if (options.flag('recursiveFileLookup', false)) return [];
  const infer = settings.get('spark.sql.sources.partitionColumnTypeInference.enabled') !== 'false';
  // A type that the user gives wins.
  return partitionColumnsOf(files, infer).map((p) => schema?.fields.find((f) => same(f.name, p.name)) ?? p);
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const isPartition = (name: string, partitions: readonly T.StructField[]): boolean => partitions.some((p) => same(p.name, name));

/** What the files themselves have. */
const dataFields = (schema: T.StructType, partitions: readonly T.StructField[]): readonly T.StructField[] =>
  schema.fields.filter((f) => !isPartition(f.name, partitions));

const withPartitions = (schema: T.StructType, partitions: readonly T.StructField[]): T.StructType =>
  T.structType([...dataFields(schema, partitions), ...partitions]);

function scanOf(
  format: FileFormat,
  request: SourceRequest,
  schema: T.StructType,
  partitions: readonly T.StructField[],
  files: readonly ListedFile[],
  { int96, mismatches, isUniform }: Pick<FileSchema, 'mismatches'> & { readonly int96: readonly string[]; readonly isUniform: boolean },
): Scan {
  const attribute = (f: T.StructField): Attribute => ({ ...newAttribute(f.name, f.dataType, true), metadata: f.metadata });
  const data = dataFields(schema, partitions);
  const partitionColumns = partitions.map(attribute);
  return {
    kind: 'scan',
    format,
    output: [...data.map(attribute), ...partitionColumns],
    columns: data.map((f) => f.name),
    partitionColumns,
    files: files.map(
      (f): ScanFile => ({
        path: f.path,
        size: f.size,
        modified: f.modified,
        partition: partitions.map((p) => valueOf(f, p.name)),
        ...(f.isRegular !== undefined && { isRegular: f.isRegular }),
        ...(f.hasNuls === true && { hasNuls: true }),
        ...(f.hasShortLines === true && { hasShortLines: true }),
        ...(f.original !== undefined && { original: f.original }),
      }),
    ),
    options: request.options,
    schema: T.structType(data),
    name: request.name ?? format,
    ...(int96.length > 0 && { int96 }),
    ...(mismatches && { mismatches }),
    ...(isUniform && { isUniform }),
    ...(files.some((f) => f.store) && { stores: storesOf(files) }),
  };
}

const valueOf = (file: ListedFile, column: string): string | null => file.partition.find((p) => same(p.column, column))?.value ?? null;

export function requestOf(
  source: {
    format?: string;
    schema?: string;
    options: Readonly<Record<string, string>>;
    paths: readonly string[];
    predicates: readonly string[];
  },
  settings: SessionSettings,
): SourceRequest {
  const { format, schema, options, paths, predicates } = source;
  return {
    format: format ?? settings.get('spark.sql.sources.default') ?? 'parquet',
    paths,
    options,
    ...(predicates.length > 0 && { predicates }),
    ...(schema !== undefined && { schema: schemaFromText(schema) }),
  };
}

/** DDL, or Spark's JSON. */
const schemaFromText = (text: string): T.StructType => (text.trimStart().startsWith('{') ? schemaFromJson(text) : parseTableSchema(text));
