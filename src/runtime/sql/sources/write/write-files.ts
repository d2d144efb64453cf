// Rows of a query → files of a folder: checks what was asked, has the tasks write into the job's staging folder, and commits.
// What the formats are: copy-format.ts; rows and names of files: row-files.ts; the protocol: staging.ts.
// Source: InsertIntoHadoopFsRelationCommand of Spark 4.2.
import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { TaskFiles } from '../../../rdd/sql-fragment.ts';
import type { BucketSpec } from '../../catalog/entries.ts';
import { conditionSentence } from '../../errors/conditions.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { RowFiles } from '../../physical/fragments.ts';
import { type StructType, structType } from '../../types/data-type.ts';
import { simpleString } from '../../types/type-names.ts';
import { fileFormat } from '../formats.ts';
import { partitionFolder } from '../hive-paths.ts';
import { isHidden } from '../list-files.ts';
import { SourceOptions } from '../options.ts';
import { shownPath } from '../paths.ts';
import { copyFormat } from './copy-format.ts';
import { namedFiles, rowFiles, type RowLayout } from './row-files.ts';
import { type Destination, destinationOf } from './destination.ts';

export type SaveMode = 'error' | 'append' | 'overwrite' | 'ignore';
export type WriteRequest = {
  readonly format: string;
  readonly path: string;
  readonly mode: SaveMode;
  readonly options: Readonly<Record<string, string>>;
  readonly partitionBy: readonly string[];
  /** Of a table. */
  readonly bucket?: BucketSpec;
  /** Of a table: a static part of the partition, outermost first; only that is overwritten. */
  readonly staticPartition?: readonly { readonly column: string; readonly value: string | null }[];
  /** Of a table: `error` and `ignore` are asked of the catalogue, not of the path. */
  readonly isTable?: boolean;
};

/** What writing needs of whoever computes: the query's columns are `o0`, `o1` …, partition columns last and as text, then the bucket. */
export type RowWriter = {
  /** Without the bucket. */
  readonly schema: StructType;
  readonly settings: SessionSettings;
  /** Rows come sorted, and each file is to have their order. */
  readonly isOrdered: boolean;
  /** How many partitions the user asked for, when the query says so at its end; else 1. */
  readonly partitions: number;
  /** Computes the rows into files. @param attempt begins a try in a folder of its own: only the last one counts */
  readonly write: (attempt: () => Promise<RowFiles>) => Promise<readonly TaskFiles[]>;
};

/** Relative to the path: partitions that got files, as folders, and the files. */
export type Written = { readonly partitions: readonly string[]; readonly files: readonly string[]; readonly skipped: boolean };

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
  const { settings, schema } = writer;
  const destination = destinationOf(request.path, settings.get);
  const { folder } = destination;
  const options = new SourceOptions(request.options);
  checkColumns(schema, request.partitionBy);
  const data = structType(schema.fields.slice(0, schema.fields.length - request.partitionBy.length));
  const copy = copyFormat(format, data, request.options, settings);
  if (!request.isTable && (await destination.exists())) {
    if (request.mode === 'error') throw new AnalysisException('PATH_ALREADY_EXISTS', { outputPath: shownPath(folder) });
    if (request.mode === 'ignore') return { partitions: [], files: [], skipped: true };
    if (request.mode === 'overwrite') await destination.removeFile();
  }
  const isDynamic =
    request.mode === 'overwrite' &&
    request.partitionBy.length > 0 &&
    options.text('partitionOverwriteMode', settings.get('spark.sql.sources.partitionOverwriteMode') ?? 'static').toLowerCase() ===
      'dynamic';
  const layout: RowLayout = {
    dataColumns: data.fields.length,
    partitionBy: request.partitionBy,
    isBucketed: request.bucket !== undefined,
    rowsPerFile: options.number('maxRecordsPerFile', Number(settings.get('spark.sql.files.maxRecordsPerFile') ?? 0)),
    isOrdered: writer.isOrdered,
  };
  const job = await destination.begin(randomUUID()).catch((error: Error) => {
    throw asWriteError(error, folder);
  });
  try {
    let tries = 0;
    const tasks = await writer.write(async () => {
      const tryFolder = join(job.staging, `try-${tries++}`);
      await mkdir(tryFolder);
      return (isOneTask) => rowFiles(tryFolder, copy, layout, isOneTask ? writer.partitions : 1);
    });
    const files = namedFiles(tasks, layout, job.id, copy.extension);
    const partitions = [...new Set(files.map((f) => f.folder))];
    const deletes = async () => (request.mode === 'overwrite' ? overwritten(destination, isDynamic ? partitions : undefined, request) : []);
    const marksSuccess = settings.get('spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs') !== 'false';
    await job.commit(
      files.map(({ from, to }) => ({ from: join(`try-${tries - 1}`, from), to })),
      deletes,
      marksSuccess,
    );
    return { partitions, files: files.map(({ to }) => to), skipped: false };
  } catch (error) {
    await job.abort();
    throw asWriteError(error as Error, folder, job);
  }
}

/** What an overwriting job takes away, relative to the folder. @param partitions only these, in dynamic mode */
async function overwritten(
  destination: Destination,
  partitions: readonly string[] | undefined,
  { staticPartition = [] }: WriteRequest,
): Promise<string[]> {
  const roots = partitions ?? [join('.', ...staticPartition.map((p) => partitionFolder(p.column, p.value)))];
  const all: string[] = [];
  for (const root of roots)
    for (const path of await destination.below(root)) {
      const name = basename(path);
      if (name !== '_temporary' && !(partitions !== undefined && isHidden(name))) all.push(path);
    }
  return all;
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/No space left|quota|ENOSPC|EDQUOT/i, ' Make room on that disk, or write to another.'],
  [
    /Too many open files|EMFILE/,
    ' Raise the limit of open files (ulimit -n) of whoever starts the executors, or repartition the rows by the columns of the partitions.',
  ],
];

/** The kernel's and the system's words for a disk that is full, a folder that can't be written. @param job whose files those are that it names */
function asWriteError(error: Error, folder: string, job?: { readonly staging: string; readonly isCommitting: boolean }): Error {
  const isOfJob = job !== undefined && error.message.includes(job.staging);
  if (error instanceof AnalysisException && !isOfJob) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const isIo = isOfJob || code !== undefined || /^IO Error|No space left|Permission denied|Cannot open file/i.test(error.message);
  if (!isIo) return error;
  const parameters = { path: shownPath(folder) };
  const outcome = job?.isCommitting
    ? 'its commit had begun, and is finished by the next that reads or writes there'
    : 'nothing of it is visible';
  const words = rootOf(error).message.split('\n')[0]!;
  const advice = ADVICE.find(([pattern]) => pattern.test(words))?.[1] ?? '';
  const [, said, state] = /^([\s\S]*?)( SQLSTATE: \w+)?$/.exec(conditionSentence('TASK_WRITE_FAILED', parameters))!;
  const sentence = `${said} ${words}; ${outcome}.${advice}${state ?? ''}`;
  const made = new AnalysisException('TASK_WRITE_FAILED', parameters, undefined, sentence);
  made.cause = error;
  return made;
}

const rootOf = (error: Error): Error => (error.cause instanceof Error && error instanceof AnalysisException ? rootOf(error.cause) : error);
