// Between rows of SQL and values of the program, in a task: Parquet files of a fragment become objects that functions see, and what functions give
// becomes Parquet files for the next fragment. The kernel is the thread's own (sql-thread.ts); what a value looks like is sql/api/shapes.ts.
import { kernelPath, quoteText } from '../../../common/kernel-quotes.ts';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';
import type { FragmentColumn } from '../../rdd/sql-fragment.ts';
import { useRecordCodecs } from '../../rdd/record-classes.ts';
import type { Inferred } from '../../sql/api/infer-shape.ts';
import type { Shape } from '../../sql/api/shapes.ts';
import { estimateSize } from '../../storage/estimate-size.ts';
import { drain, END, Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { FILE_FORM, type SqlFunctions, type SqlThread } from './sql-thread.ts';

type File = readonly [partition: number, [input: string, bytes: Uint8Array]];
type Place = { readonly thread: SqlThread; readonly task: Task; readonly dir: string };

const folderFor = ({ task, dir }: Place): string => {
  const folder = path.join(dir, `typed_${process.pid}_${task.taskId}_${Math.random().toString(36).slice(2)}`);
  task.cleanUp.push(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
};

/** Files of a fragment → the program's values, a vector of the kernel at a time. */
export class DecodedRows extends Rows {
  readonly #parent: Rows;
  readonly #place: Place;
  readonly #decode: (values: readonly KernelValue[]) => unknown;
  #chunks: AsyncGenerator<unknown[]> | undefined;

  constructor(parent: Rows, shape: Shape, classes: readonly { prototype: object }[], place: Place) {
    super();
    this.#parent = parent;
    this.#place = place;
    this.#decode = place.thread.functions.decoderOf(shape, classes);
    useRecordCodecs();
  }

  override async next(): Promise<number> {
    if (this.#chunks === undefined) {
      const chunks = (this.#chunks = this.#read());
      this.#place.task.cleanUp.push(() => void chunks.return(undefined)); // a task that takes few rows leaves the query open
    }
    const { value, done } = await this.#chunks.next();
    if (done) return END;
    this.rows = value;
    return value.length;
  }

  async *#read(): AsyncGenerator<unknown[]> {
    const kernel = await this.#place.thread.kernel();
    const folder = folderFor(this.#place);
    for (let files = 0; ; ) {
      const n = await this.#parent.next();
      if (n === END) return;
      const given = (this.#parent.rows as File[]).slice(0, n);
      for (const [, [, bytes]] of given) {
        const file = path.join(folder, `${files++}.parquet`);
        writeFileSync(file, bytes);
        yield* this.#rowsOf(kernel, file);
        rmSync(file);
      }
    }
  }

  async *#rowsOf(kernel: SqlKernel, file: string): AsyncGenerator<unknown[]> {
    const decode = this.#decode;
    for await (const { rows, columns } of kernel.query(`SELECT * FROM read_parquet(${kernelPath(file)}, hive_partitioning=false)`)) {
      this.#place.task.check();
      const out = new Array<unknown>(rows);
      const values = new Array<KernelValue>(columns.length);
      for (let r = 0; r < rows; r++) {
        for (let c = 0; c < columns.length; c++) values[c] = columns[c]![r]!;
        out[r] = decode(values);
      }
      yield out;
    }
  }
}

/** Rows and bytes of a file, about: what is held beside the kernel. */
const FILE_ROWS = 1 << 16;
const FILE_BYTES = 16 << 20;
/** Of so many rows the size of one is looked at. */
const SAMPLED = 16;

/** The program's values → files that a fragment reads under a name. */
export class EncodedRows extends Rows {
  readonly #parent: Rows;
  readonly #place: Place;
  readonly #name: string;
  readonly #columns: readonly FragmentColumn[];
  readonly #encode: (value: unknown) => readonly KernelValue[];
  #folder: string | undefined;
  #files = 0;
  /** Rows of the parent that are not in a file yet. */
  #at = 0;
  #n = 0;

  constructor(parent: Rows, { name, columns, shape }: { name: string; columns: readonly FragmentColumn[]; shape: Shape }, place: Place) {
    super();
    this.#parent = parent;
    this.#place = place;
    this.#name = name;
    this.#columns = columns;
    this.#encode = place.thread.functions.columnsEncoder(shape);
  }

  override async next(): Promise<number> {
    const values: KernelValue[][] = this.#columns.map(() => []);
    let [rows, bytes] = [0, 0];
    while (rows < FILE_ROWS && bytes < FILE_BYTES) {
      if (this.#at === this.#n) {
        this.#place.task.check();
        this.#n = await this.#parent.next();
        this.#at = 0;
        if (this.#n === END) break;
        continue;
      }
      const value = this.#parent.rows[this.#at++];
      if (rows % SAMPLED === 0) bytes += estimateSize(value) * SAMPLED;
      const row = this.#encode(value);
      for (let c = 0; c < values.length; c++) values[c]!.push(row[c] ?? null); // rows without columns have one that says nothing
      rows++;
    }
    if (this.#n === END) this.#n = this.#at = 0; // the parent says END again
    if (rows === 0) return END;
    this.rows = [[0, [this.#name, await this.#file(values, rows)]]];
    return 1;
  }

  async #file(values: readonly KernelValue[][], rows: number): Promise<Uint8Array> {
    this.#folder ??= folderFor(this.#place);
    const kernel = await this.#place.thread.kernel();
    const table = `typed_${this.#place.task.taskId}_${this.#name}_${this.#files}`;
    const file = path.join(this.#folder, `${this.#files++}.parquet`);
    const columns = this.#columns.map(([name, type], i) => ({ name, type, values: values[i]! }));
    await kernel.createTable(table, columns, rows);
    try {
      await kernel.run(`COPY "${table}" TO ${quoteText(file)} (${FILE_FORM})`);
    } finally {
      await kernel.run(`DROP TABLE IF EXISTS "${table}"`);
    }
    const bytes = readFileSync(file);
    rmSync(file);
    return bytes;
  }
}
/** All rows of the partition → what they look like, in one row; none when there are no rows. */
export class InferredRows extends Rows {
  readonly #parent: Rows;
  readonly #names: readonly string[];
  readonly #functions: SqlFunctions;
  #done = false;

  constructor(parent: Rows, names: readonly string[], functions: SqlFunctions) {
    super();
    this.#parent = parent;
    this.#names = names;
    this.#functions = functions;
  }

  override async next(): Promise<number> {
    if (this.#done) return END;
    this.#done = true;
    const { inferRow, mergeInferred } = this.#functions;
    let all: Inferred | undefined;
    await drain(this.#parent, (rows, n) => {
      for (let i = 0; i < n; i++) {
        const one = inferRow(rows[i], this.#names);
        all = all === undefined ? one : mergeInferred(all, one);
      }
    });
    if (all === undefined) return 0;
    this.rows = [JSON.stringify(all)];
    return 1;
  }
}
