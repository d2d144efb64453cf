// A fragment of SQL as rows of the pipeline: gathers what the task was given (files of earlier stages, texts), runs the kernel's text over it,
// and hands on its Parquet files: by partition with their sizes for an exchange, or the one file of a result; or writes a table (sql-write.ts).
// The kernel is sql-thread.ts's.
import { kernelPath, quoteText } from '../../../common/kernel-quotes.ts';
import { appendFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../../../common/errors.ts';
import type { FileCopy } from '../../../common/file-copy.ts';
import type { ObjectStore } from '../../../common/object-store.ts';
import type { RemoteRead } from '../../../common/remote-database.ts';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { Broadcast } from '../../rdd/broadcast.ts';
import { overInputs, selectFiles } from '../../rdd/fragment-text.ts';
import { type InputPart, NOTE, type Note, type Share, type SqlFragment, type TaskFiles } from '../../rdd/sql-fragment.ts';
import { type OpenedRemotes, openRemotes } from '../../rdd/remote-rows.ts';
import { readRange } from '../../shuffle/segments.ts';
import { copyLines } from './file-lines.ts';
import { FragmentFigures } from './fragment-figures.ts';
import { drain, END, Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { FILE_FORM, type SqlThread } from './sql-thread.ts';
import { writeTask } from './sql-write.ts';

/** A file of an exchange goes in pieces of so many bytes. */
const PIECE_BYTES = 8 << 20;
/** How often a running query looks whether its task is still wanted, ms. */
const LOOK_MS = 50;
/** Files of partitions that are open at a time, where there are more than the kernel keeps open by itself. */
const [OPEN_FILES, KERNEL_OPEN_FILES] = [256, 100];

type Written = { readonly file: string; readonly partition: number; readonly rows: number; readonly bytes: number };

export class SqlFragmentRows extends Rows {
  readonly #parent: Rows;
  readonly #fragment: SqlFragment;
  readonly #broadcasts: readonly Broadcast<readonly Uint8Array[]>[];
  /** Of functions of the program. */
  readonly #bodies: readonly unknown[];
  readonly #thread: SqlThread;
  readonly #task: Task;
  readonly #folder: string;
  readonly #figures: FragmentFigures | undefined;
  #written: readonly Written[] | undefined;
  /** Of a task that writes a table. */
  #files: TaskFiles | undefined;
  /** Rows of other databases, of the text and of what the task was given. */
  readonly #remotes: RemoteRead[];
  readonly #stores: ObjectStore[];
  readonly #copies: FileCopy[];
  #opened: OpenedRemotes | undefined;
  #at = 0;
  /** How much of that file went. */
  #from = 0;
  /** Bytes of a result that is above spark.driver.maxResultSize; 0: it is not. */
  #tooLarge = 0;

  /** @param given the fragment's broadcasts, then the bodies of the program's functions */
  constructor(parent: Rows, fragment: SqlFragment, given: readonly unknown[], thread: SqlThread, task: Task, dir: string) {
    super();
    this.#parent = parent;
    this.#fragment = fragment;
    this.#remotes = [...(fragment.remotes ?? [])];
    this.#stores = [...(fragment.stores ?? [])];
    this.#copies = [...(fragment.copies ?? [])];
    this.#broadcasts = given.slice(0, fragment.broadcasts.length) as Broadcast<readonly Uint8Array[]>[];
    this.#bodies = given.slice(fragment.broadcasts.length);
    this.#thread = thread;
    this.#task = task;
    this.#figures = fragment.metrics && new FragmentFigures(fragment.metrics, task);
    this.#folder = path.join(dir, `sql_${process.pid}_${task.taskId}_${Math.random().toString(36).slice(2)}`);
    task.cleanUp.push(() => rmSync(this.#folder, { recursive: true, force: true }));
  }

  override next(): number | Promise<number> {
    return this.#written === undefined ? this.#run().then(() => this.#some()) : this.#some();
  }

  /** One file at a time, large ones in pieces: a map task's files may be larger than its memory. */
  #some(): number {
    const written = this.#written!;
    const { exchange, keptAs } = this.#fragment;
    if (this.#files !== undefined) {
      this.rows = [[0, ['', Buffer.from(JSON.stringify(this.#files))]]];
      this.#files = undefined;
      return 1;
    }
    if (this.#at < written.length) {
      const { file, partition, bytes } = written[this.#at]!;
      const isPiece = exchange !== undefined && bytes > PIECE_BYTES;
      const content = isPiece ? readRange(file, this.#from, Math.min(bytes, this.#from + PIECE_BYTES)) : readFileSync(file);
      this.rows = [[partition, [exchange?.name ?? keptAs ?? '', content, this.#task.partition, ...(isPiece ? [this.#from] : [])]]];
      this.#from += content.length;
      if (!isPiece || this.#from >= bytes) [this.#at, this.#from] = [this.#at + 1, 0];
      return 1;
    }
    if (exchange === undefined || this.#at > written.length) return END;
    this.#at++;
    const sizes = written.flatMap((w) => [w.partition, w.bytes, w.rows]);
    const isFew = written.reduce((sum, w) => sum + w.bytes, 0) <= (exchange.inlineBytes ?? -1);
    this.rows = [[exchange.partitions, [exchange.name, sizes, ...(isFew ? [written.map((w) => readFileSync(w.file))] : [])]]];
    return 1;
  }

  async #run(): Promise<void> {
    mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    const given = await this.#gather();
    const kernel = await this.#thread.kernelFor(this.#fragment, this.#bodies);
    const look = setInterval(() => (this.#task.isInterrupted() || this.#isTooLarge()) && kernel.interrupt(), LOOK_MS);
    try {
      for (const [i, input] of this.#fragment.broadcasts.entries())
        await this.#thread.loadBroadcast(kernel, input, this.#broadcasts[i]!.id, this.#broadcasts[i]!.value);
      this.#opened = await openRemotes(kernel, { remotes: this.#remotes, stores: this.#stores, copies: this.#copies }, this.#makeCopy);
      const done = await this.#runSteps(kernel, given);
      try {
        this.#written = await this.#compute(kernel, given);
      } finally {
        await done();
      }
      this.#figures?.wrote(this.#written);
    } catch (error) {
      this.#task.check(); // an interrupted query is a killed task
      if (this.#tooLarge > 0)
        throw new AppError('RESULT_TOO_LARGE', { tasks: 1, bytes: this.#tooLarge, limitBytes: this.#thread.mostResultBytes });
      throw error;
    } finally {
      await this.#opened?.close();
      clearInterval(look);
    }
  }

  /** Whether the file of a result is above what the driver takes: it ends before it fills the disk. */
  #isTooLarge(): boolean {
    const { exchange, write, keptAs } = this.#fragment;
    const most = this.#thread.mostResultBytes;
    if (most === 0 || exchange !== undefined || write !== undefined || keptAs !== undefined) return false;
    const bytes = statSync(path.join(this.#folder, 'out.parquet'), { throwIfNoEntry: false })?.size ?? 0;
    if (bytes > most) this.#tooLarge = bytes;
    return bytes > most;
  }

  /** What came of each input: paths of files, or a text. */
  async #gather(): Promise<Map<string, Given>> {
    const given = new Map<string, Given>();
    let files = 0;
    let readAs: string | undefined;
    const shares = new Map<string, Share>();
    const inPieces = new Map<string, string>();
    const texts: { readonly of: Given; readonly text: string; readonly parts: readonly InputPart[] }[] = [];
    await drain(this.#parent, (rows, n) => {
      for (let i = 0; i < n; i++) {
        const [, [own, content, third, from]] = rows[i] as [number, GivenRow];
        if (own === NOTE) {
          const note = content as Note;
          readAs = note.readAs ?? readAs;
          if (note.share !== undefined) shares.set(note.share.input, note.share);
          continue;
        }
        const name = readAs ?? own;
        const share = shares.get(name);
        if (share !== undefined && (third as number) % share.of !== share.index) continue;
        const known = given.get(name) ?? { files: [], texts: [] };
        given.set(name, known);
        if (typeof content === 'string') texts.push({ of: known, text: content, parts: (third as readonly InputPart[] | undefined) ?? [] });
        else {
          this.#figures?.gathered(name, (content as Uint8Array).length);
          const piecesOf = `${third as number} ${name}`;
          if (from !== undefined && from > 0) {
            appendPiece(inPieces.get(piecesOf), from, content as Uint8Array);
            continue;
          }
          const file = path.join(this.#folder, `in_${files++}.parquet`);
          writeFileSync(file, content as Uint8Array);
          if (from === 0) inPieces.set(piecesOf, file);
          known.files.push(file);
        }
      }
    });
    for (const { of, text, parts } of texts) of.texts.push(await this.#withParts(text, parts));
    return given;
  }

  readonly #makeCopy = (copy: FileCopy, kernel: SqlKernel) => this.#thread.functions.makeCopy(copy, kernel, this.#task.check);

  /** Parts of files are made now, what else the text reads is opened when the kernel is there. */
  async #withParts(text: string, parts: readonly InputPart[]): Promise<string> {
    let sql = text;
    for (const part of parts) {
      if ('database' in part) this.#remotes.push(part);
      else if ('bucket' in part) this.#stores.push(part);
      else if ('steps' in part) this.#copies.push(part);
      else {
        const file = path.join(this.#folder, `${part.mark}.txt`);
        const from = part.copy === undefined ? part.path : (await this.#makeCopy(part.copy, await this.#thread.kernel())).path;
        copyLines({ ...part, path: from }, file, this.#task.check);
        sql = sql.replaceAll(part.mark, () => kernelPath(file).slice(1, -1));
      }
    }
    return sql;
  }

  #withInputs(sql: string, given: ReadonlyMap<string, Given>): string {
    return this.#opened!.text(overInputs(sql, this.#fragment.inputs, (input) => viewText(input, given.get(input.name))));
  }

  /** What is computed before the text. @returns what is to be called after it */
  #runSteps(kernel: SqlKernel, given: ReadonlyMap<string, Given>): Promise<() => Promise<void>> {
    const steps = this.#fragment.steps?.map((step) => ({ ...step, sql: this.#withInputs(step.sql, given) }));
    return this.#thread.runSteps(kernel, steps, this.#bodies, this.#task.check);
  }

  async #compute(kernel: SqlKernel, given: ReadonlyMap<string, Given>): Promise<readonly Written[]> {
    const { sql, exchange, write } = this.#fragment;
    const query = this.#withInputs(sql, given);
    if (write !== undefined) {
      this.#files = await writeTask(kernel, query, write, this.#task, this.#figures?.options);
      return [];
    }
    const parts = exchange?.partitions ?? 1;
    const target = path.join(this.#folder, parts > 1 ? 'out' : 'out.parquet');
    if (parts > KERNEL_OPEN_FILES) await kernel.run(`SET partitioned_write_max_open_files=${OPEN_FILES}`);
    const how = parts > 1 ? ', PARTITION_BY (p_)' : '';
    const written: Written[] = [];
    const text = `COPY (${query}) TO ${quoteText(target)} (${FILE_FORM}, RETURN_STATS${how})`;
    for await (const { rows, columns } of kernel.query(text, { ...this.#figures?.options, atOnce: true })) {
      for (let i = 0; i < rows; i++) {
        const file = String(columns[0]![i]);
        const partition = parts > 1 ? Number(/[\\/]p_=(\d+)[\\/]/.exec(file)![1]) : 0;
        written.push({ file, partition, rows: Number(columns[1]![i]), bytes: Number(columns[2]![i]) });
      }
    }
    return written;
  }
}

/** `from`: of a file that comes in pieces, one after the other. */
type GivenRow = [name: string, content: string | Uint8Array | Note, of?: number | readonly InputPart[], from?: number];

/** @throws Error when it is not the next one: a defect of the shuffle */
function appendPiece(file: string | undefined, from: number, piece: Uint8Array): void {
  const there = file === undefined ? 0 : statSync(file).size;
  if (there !== from)
    throw new Error(`a piece of a file of an earlier stage comes at ${from}, ${there} bytes are there: a defect of the shuffle`);
  appendFileSync(file!, piece);
}

type Given = { readonly files: string[]; readonly texts: string[] };

const viewText = (input: SqlFragment['inputs'][number], given: Given | undefined): string =>
  given !== undefined && given.texts.length > 0
    ? given.texts.map((text) => `(${text})`).join(' UNION ALL ')
    : selectFiles(input, given?.files ?? []);
