// Batches of an Arrow file → a Parquet file with the wanted columns in the wanted types, c0, c1 …, which the kernel reads. A few batches are in memory
// at a time. Made by whoever runs the text that reads it (make-copy.ts), and gone with its query.
import { randomUUID } from 'node:crypto';
import { renameSync, rmSync } from 'node:fs';
import type { OpenedArrow } from '../../../common/arrow-files.ts';
import type { SourceFile } from '../../../common/file-copy.ts';
import { kernelPaths, quoteName, quoteText } from '../../../common/kernel-quotes.ts';
import type { KernelTableColumn, SqlKernel } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { kernelValues } from '../types/arrow-types.ts';
import { type DataType, type StructField, type StructType, structType } from '../types/data-type.ts';
import { openArrow, schemaOf, unreadable } from './arrow-source.ts';
import { typeMismatches } from './parquet-mismatch.ts';
import { shownPath } from './paths.ts';

export type ArrowStep = {
  readonly kind: 'arrow';
  /** Columns by their names in the file; one that it lacks is NULL. */
  readonly wanted: StructType;
  /** A file that cannot be read has no rows. */
  readonly ignoreCorrupt: boolean;
};

/** Values that are gathered before they become a part of the file. */
const PART_VALUES = 2 << 20;

type Column = { readonly from: number; readonly type: DataType };

/** @param target a path that is not there yet; @param check throws when nobody wants it any more */
export async function copyArrow(file: SourceFile, step: ArrowStep, target: string, kernel: SqlKernel, check: () => void): Promise<void> {
  const parts = new Parts(step.wanted, target, kernel);
  try {
    const opened = await openArrow(file, kernel);
    try {
      await copyBatches(opened, file, step, parts, check);
    } finally {
      await opened.close();
    }
  } catch (error) {
    await parts.forget();
    check();
    if (!step.ignoreCorrupt || error instanceof AnalysisException) throw unreadable(file.path, error as Error);
  }
  await parts.join();
}

async function copyBatches(
  opened: OpenedArrow,
  { path }: SourceFile,
  { wanted }: ArrowStep,
  parts: Parts,
  check: () => void,
): Promise<void> {
  const own = schemaOf(opened);
  const columns = wanted.fields.map((field): Column | undefined => columnOf(field, own, path));
  const read = columns.filter((c) => c !== undefined);
  for await (const { rows, columns: values } of opened.batches(read.map((c) => c.from))) {
    check();
    if (rows === 0) continue;
    const given = read.map(({ type }, i) => ({ type: duckdbType(type), values: kernelValues(type, values[i]!) }));
    let next = 0;
    await parts.add(
      columns.map((c) => (c === undefined ? undefined : given[next++]!)),
      rows,
    );
  }
}

function columnOf(field: StructField, { fields }: StructType, path: string): Column | undefined {
  const same = fields.findIndex((f) => f.name === field.name);
  const from = same >= 0 ? same : fields.findIndex((f) => f.name.toLowerCase() === field.name.toLowerCase());
  if (from < 0) return undefined;
  const [mismatch] = typeMismatches(structType([field]), structType([fields[from]!])).values();
  if (mismatch !== undefined)
    throw new AnalysisException('FAILED_READ_FILE.ARROW_COLUMN_DATA_TYPE_MISMATCH', {
      path: shownPath(path),
      column: `[${field.name}]`,
      ...mismatch,
    });
  return { from, type: fields[from]!.dataType };
}

/** Rows become a table of the kernel, and the table a file of its own when it is large enough. */
class Parts {
  readonly #wanted: StructType;
  readonly #target: string;
  readonly #kernel: SqlKernel;
  readonly #table = `arrow_${randomUUID()}`;
  readonly #files: string[] = [];
  #rows = 0;
  #isThere: readonly boolean[] = [];

  constructor(wanted: StructType, target: string, kernel: SqlKernel) {
    this.#wanted = wanted;
    this.#target = target;
    this.#kernel = kernel;
  }

  async add(columns: readonly (Omit<KernelTableColumn, 'name'> | undefined)[], rows: number): Promise<void> {
    const given = columns.flatMap((c, i): KernelTableColumn[] => (c === undefined ? [] : [{ name: `c${i}`, ...c }]));
    this.#isThere = columns.map((c) => c !== undefined);
    if (given.length > 0 && this.#rows === 0) await this.#kernel.createTable(this.#table, given, rows);
    else if (given.length > 0) await this.#kernel.append(this.#table, given, rows);
    this.#rows += rows;
    if (this.#rows * given.length >= PART_VALUES) await this.#close();
  }

  async #close(): Promise<void> {
    const file = `${this.#target}.${this.#files.length}`;
    this.#files.push(file);
    const table = this.#isThere.includes(true) ? quoteName(this.#table) : `range(${this.#rows})`;
    await this.#copy(`SELECT ${this.#list((i) => this.#isThere[i] ?? false)} FROM ${table}`, file);
    await this.#kernel.run(`DROP TABLE IF EXISTS ${quoteName(this.#table)}`);
    this.#rows = 0;
  }

  #list(isThere: (i: number) => boolean): string {
    const items = this.#wanted.fields.map(
      ({ dataType }, i) => `CAST(${isThere(i) ? `c${i}` : 'NULL'} AS ${duckdbType(dataType)}) AS c${i}`,
    );
    return items.join(', ') || 'NULL::BOOLEAN AS none';
  }

  #copy(sql: string, to: string): Promise<void> {
    return this.#kernel.run(`COPY (${sql}) TO ${quoteText(to)} (FORMAT parquet, COMPRESSION uncompressed)`);
  }

  /** One file of all parts. */
  async join(): Promise<void> {
    if (this.#rows > 0) await this.#close();
    const [first, ...more] = this.#files;
    if (first === undefined) return this.#copy(`SELECT ${this.#list(() => false)} WHERE false`, this.#target);
    if (more.length === 0) return renameSync(first, this.#target);
    await this.#copy(`SELECT * FROM read_parquet(${kernelPaths(this.#files)}, hive_partitioning=false)`, this.#target);
    for (const file of this.#files) rmSync(file);
  }

  async forget(): Promise<void> {
    if (this.#rows > 0) await this.#kernel.run(`DROP TABLE IF EXISTS ${quoteName(this.#table)}`);
    for (const file of this.#files.splice(0)) rmSync(file, { force: true });
    this.#rows = 0;
  }
}
