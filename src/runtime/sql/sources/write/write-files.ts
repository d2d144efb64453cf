// Rows of a query → files of a folder: checks what was asked, lets the kernel write into the job's staging folder, gives the files Spark's names
// and commits. What the formats are: copy-format.ts; the protocol: staging.ts. Source: InsertIntoHadoopFsRelationCommand of Spark 4.2.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, stat, unlink } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { quoteText } from '../../emit/duckdb-types.ts';
import { conditionSentence } from '../../errors/conditions.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import { type StructType, structType } from '../../types/data-type.ts';
import { simpleString } from '../../types/type-names.ts';
import { fileFormat } from '../formats.ts';
import { partitionFolder } from '../hive-paths.ts';
import { isHidden } from '../list-files.ts';
import { SourceOptions } from '../options.ts';
import { localPath, shownPath } from '../paths.ts';
import { type CopyFormat, copyFormat } from './copy-format.ts';
import { WriteJob } from './staging.ts';

export type SaveMode = 'error' | 'append' | 'overwrite' | 'ignore';
export type WriteRequest = {
  readonly format: string;
  readonly path: string;
  readonly mode: SaveMode;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  /** Of a table: a static part of the partition, outermost first; only that is overwritten. */
  readonly staticPartition?: readonly { readonly column: string; readonly value: string | null }[];
  /** Of a table: `error` and `ignore` are asked of the catalogue, not of the path. */
  readonly isTable?: boolean;
};

/** What writing needs of whoever computes: the query's columns are `o0`, `o1` …, partition columns last and as text. */
export type RowWriter = {
  readonly schema: StructType;
  readonly settings: SessionSettings;
  /** Runs a statement around the query's text. */
  readonly run: (statement: (query: string) => string) => Promise<void>;
};

/** Partitions that got files, as folders relative to the path. */
export type Written = { readonly partitions: readonly string[]; readonly skipped: boolean };

/** Checks that need no rows. @throws AnalysisException COLUMN_ALREADY_EXISTS, ALL_PARTITION_COLUMNS_NOT_ALLOWED, … */
export function checkColumns(schema: StructType, partitionBy: readonly string[]): void {
  const seen = new Set<string>();
  for (const { name } of schema.fields) {
    if (seen.has(name.toLowerCase())) throw new AnalysisException('COLUMN_ALREADY_EXISTS', { columnName: `\`${name.toLowerCase()}\`` });
    seen.add(name.toLowerCase());
  }
  for (const column of partitionBy)
    if (!seen.has(column.toLowerCase()))
      throw new AnalysisException('PARTITION_COLUMN_NOT_FOUND', { column: `\`${column}\``, schema: simpleString(schema) });
  if (partitionBy.length > 0 && partitionBy.length === schema.fields.length)
    throw new AnalysisException('ALL_PARTITION_COLUMNS_NOT_ALLOWED');
}

export async function writeFiles(request: WriteRequest, writer: RowWriter): Promise<Written> {
  const format = fileFormat(request.format);
  const folder = localPath(request.path);
  const { settings, schema } = writer;
  const options = new SourceOptions(request.options);
  checkColumns(schema, request.partitionBy);
  const data = structType(schema.fields.slice(0, schema.fields.length - request.partitionBy.length));
  const copy = copyFormat(format, data, request.options, settings);
  if (existsSync(folder) && !request.isTable) {
    if (request.mode === 'error') throw new AnalysisException('PATH_ALREADY_EXISTS', { outputPath: shownPath(folder) });
    if (request.mode === 'ignore') return { partitions: [], skipped: true };
    if (request.mode === 'overwrite' && (await stat(folder)).isFile()) await unlink(folder);
  }
  const isDynamic =
    request.mode === 'overwrite' &&
    request.partitionBy.length > 0 &&
    options.text('partitionOverwriteMode', settings.get('spark.sql.sources.partitionOverwriteMode') ?? 'static').toLowerCase() ===
      'dynamic';
  const job = await WriteJob.begin(folder, randomUUID()).catch((error: Error) => {
    throw asWriteError(error, folder);
  });
  try {
    const perFile = options.number('maxRecordsPerFile', Number(settings.get('spark.sql.files.maxRecordsPerFile') ?? 0));
    await writer.run((query) => copyStatement(query, job.staging, copy, data, request, perFile));
    const files = await stagedFiles(job, copy, request);
    const partitions = [...new Set(files.map((f) => f.folder))];
    const deletes = request.mode === 'overwrite' ? await overwritten(folder, isDynamic ? partitions : undefined, request) : [];
    const marksSuccess = settings.get('spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs') !== 'false';
    await job.commit(
      files.map(({ from, to }) => ({ from, to })),
      deletes,
      marksSuccess,
    );
    return { partitions, skipped: false };
  } catch (error) {
    await job.abort();
    throw asWriteError(error as Error, folder);
  }
}

/** One COPY. Where there is more than one file to write, rows are told apart by `p_`: their partition's values and the number of the file. */
function copyStatement(
  query: string,
  staging: string,
  { columns, options }: CopyFormat,
  data: StructType,
  { partitionBy }: WriteRequest,
  perFile: number,
): string {
  const columnsText = columns.join(', ') || '1 AS none';
  if (partitionBy.length === 0 && perFile <= 0)
    return `COPY (SELECT ${columnsText} FROM (${query}) q) TO ${quoteText(join(staging, 'rows'))} (${options.join(', ')})`;
  const keys = partitionBy.map((_, i) => `o${data.fields.length + i}`);
  const over = keys.length > 0 ? `PARTITION BY ${keys.join(', ')}` : '';
  const number = perFile > 0 ? `((row_number() OVER (${over}) - 1) // ${perFile})::BIGINT` : '0';
  const p = `to_json([${[...keys, `${number}::VARCHAR`].join(', ')}])::VARCHAR AS p_`;
  return `COPY (SELECT ${columnsText}, p_ FROM (SELECT *, ${p} FROM (${query}) q) r) TO ${quoteText(join(staging, 'rows'))} (${[...options, 'PARTITION_BY (p_)', `FILENAME_PATTERN 'f{i}'`].join(', ')})`;
}

type StagedFile = { readonly from: string; readonly to: string; readonly folder: string };

/** What the kernel has written, each with its name in Spark's way. */
async function stagedFiles(job: WriteJob, { extension }: CopyFormat, { partitionBy }: WriteRequest): Promise<StagedFile[]> {
  const rows = join(job.staging, 'rows');
  if (!existsSync(rows)) return [];
  if ((await stat(rows)).isFile()) return [{ from: 'rows', to: `part-00000-${job.id}-c000${extension}`, folder: '' }];
  const found = (await readdir(rows, { recursive: true, withFileTypes: true })).filter((e) => e.isFile());
  const count = new Map<string, number>();
  const files = found.map((entry) => {
    const from = relative(job.staging, join(entry.parentPath, entry.name));
    const [, p] = /p_=([^/]*)\//.exec(`${from}/`)!;
    const values = JSON.parse(decodeURIComponent(p!)) as (string | null)[];
    return { from, folder: join(...partitionBy.map((c, i) => partitionFolder(c, values[i]!)), '.'), order: Number(values.at(-1)) };
  });
  return files
    .sort((a, b) => a.order - b.order)
    .map(({ from, folder }) => {
      const n = count.get(folder) ?? 0;
      count.set(folder, n + 1);
      const name = `part-00000-${job.id}${partitionBy.length > 0 ? '.' : '-'}c${String(n).padStart(3, '0')}${extension}`;
      return { from, to: join(folder, name), folder: folder === '.' ? '' : folder };
    });
}

/** What an overwriting job takes away, relative to the folder. @param partitions only these, in dynamic mode */
async function overwritten(
  folder: string,
  partitions: readonly string[] | undefined,
  { staticPartition = [] }: WriteRequest,
): Promise<string[]> {
  const roots = partitions ?? [join('.', ...staticPartition.map((p) => partitionFolder(p.column, p.value)))];
  const all: string[] = [];
  for (const root of roots)
    for (const name of await readdir(join(folder, root)).catch(() => [] as string[]))
      if (name !== '_temporary' && !(partitions !== undefined && isHidden(name))) all.push(join(root, name));
  return all;
}

/** The kernel's and the system's words for a disk that is full, a folder that can't be written. */
function asWriteError(error: Error, folder: string): Error {
  if (error instanceof AnalysisException) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const isIo = code !== undefined || /^IO Error|No space left|Permission denied|Cannot open file/i.test(error.message);
  if (!isIo) return error;
  const parameters = { path: shownPath(folder) };
  const sentence = `${conditionSentence('TASK_WRITE_FAILED', parameters)} ${error.message.split('\n')[0]}; nothing of it is visible.`;
  const made = new AnalysisException('TASK_WRITE_FAILED', parameters, undefined, sentence);
  made.cause = error;
  return made;
}
