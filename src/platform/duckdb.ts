// DuckDB as the kernel of SQL: an instance, its connections, results as columns of plain values. One door for the package @duckdb/node-api,
// loaded when the first query asks (70 ms, 68 MB of native code). Port: src/common/sql-kernel.ts.
// JavaScript functions: duckdb-functions.ts; values: duckdb-values.ts; what operators did: duckdb-profile.ts.
import { quoteText } from '../common/kernel-quotes.ts';
import { zoneSetting } from '../common/kernel-zone.ts';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type {
  KernelChunk,
  KernelOptions,
  KernelScalarFunction,
  KernelTableColumn,
  QueryOptions,
  SqlKernel,
  SqlKernels,
} from '../common/sql-kernel.ts';
import type { ArrowFiles } from '../common/arrow-files.ts';
import { loadArrowFiles } from './arrow-files.ts';
import { registerFunction } from './duckdb-functions.ts';
import { appendRows, createTable } from './duckdb-tables.ts';
import { Profiles } from './duckdb-profile.ts';
import { rowsAsTheyCome, rowsAtOnce } from './duckdb-rows.ts';
import { findExtension, type KernelExtension } from './kernel-extensions.ts';
import { secretOf } from './duckdb-secrets.ts';
import type { ObjectStore } from '../common/object-store.ts';
import { statementBegan, statementEnded } from './leave-kernel.ts';
import { attach, extensionOf } from './remote-attached.ts';
import { SqliteConnection } from './remote-sqlite.ts';
import type { RemoteConnection, RemoteDatabase } from '../common/remote-database.ts';

export const duckdbKernels: SqlKernels = {
  async open(options: KernelOptions): Promise<SqlKernel> {
    const { DuckDBInstance: Instance } = await import('@duckdb/node-api');
    const instance = await Instance.create(':memory:', {
      threads: String(options.threads),
      ...(options.memoryLimitMb !== undefined && { memory_limit: `${options.memoryLimitMb}MB` }),
      ...(options.tempDirectory !== undefined && { temp_directory: options.tempDirectory }),
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    const settings = [
      ...(options.disabledOptimizers?.length ? [`SET disabled_optimizers='${options.disabledOptimizers.join(',')}'`] : []),
      ...(options.timeZone !== undefined ? [zoneSetting(options.timeZone)] : []),
    ];
    const kernel = new DuckdbKernel(instance, settings, options);
    // Footers are read once while a file stays as it is: 5 ms of each scan of a large one. A setting that is refused is refused now, too.
    await kernel.run('SET GLOBAL parquet_metadata_cache=true');
    return kernel;
  },
};

const INTERRUPT_EVERY_MS = 20;

/** A connection runs one query at a time: each query takes an idle one, or a new one (0.4 ms). */
class DuckdbKernel implements SqlKernel {
  readonly #instance: DuckDBInstance;
  readonly #settings: readonly string[];
  readonly #idle: DuckDBConnection[] = [];
  readonly #busy = new Set<DuckDBConnection>();
  readonly #timeZone: string | undefined;
  /** Of connections that had another set. */
  readonly #zones = new WeakMap<DuckDBConnection, string>();
  readonly #profiles: Profiles;
  /** What JavaScript functions threw, by message, until the query that failed of it is told. */
  readonly #thrown = new Map<string, Error>();

  readonly #extensionsDirectory: string | undefined;
  readonly #extensions = new Set<KernelExtension>();
  /** What was said of each bucket. */
  readonly #stores = new Map<string, string>();

  constructor(instance: DuckDBInstance, settings: readonly string[], { timeZone, tempDirectory, extensionsDirectory }: KernelOptions) {
    this.#profiles = new Profiles(tempDirectory);
    this.#timeZone = timeZone;
    this.#extensionsDirectory = extensionsDirectory;
    this.#instance = instance;
    this.#settings = settings;
  }

  async run(sql: string): Promise<void> {
    const connection = await this.#take();
    let ended = false;
    try {
      await connection.run(sql);
      ended = true;
    } catch (error) {
      throw this.#told(error as Error);
    } finally {
      this.#giveBack(connection, ended);
    }
  }

  async *query(sql: string, { atOnce = false, signal, timeZone, onProfile }: QueryOptions = {}): AsyncGenerator<KernelChunk> {
    signal?.throwIfAborted();
    const connection = await this.#take();
    await this.#setTimeZone(connection, timeZone);
    const profile = onProfile && (await this.#profiles.start(connection));
    let ended = false;
    let again: NodeJS.Timeout | undefined;
    // An interrupt that comes before the query has begun is forgotten by the kernel: it is said until it is heard.
    const interrupt = () => {
      connection.interrupt();
      again ??= setInterval(interrupt, INTERRUPT_EVERY_MS);
    };
    signal?.addEventListener('abort', interrupt, { once: true });
    try {
      yield* atOnce ? rowsAtOnce(connection, sql) : rowsAsTheyCome(connection, sql);
      ended = true;
    } catch (error) {
      throw this.#told(error as Error);
    } finally {
      signal?.removeEventListener('abort', interrupt);
      clearInterval(again);
      const told = await profile?.end(connection, ended);
      this.#giveBack(connection, ended);
      if (told !== undefined) onProfile!(told);
    }
  }

  createTable(name: string, columns: readonly KernelTableColumn[], rows: number): Promise<void> {
    return this.#with((connection) => createTable(connection, name, columns, rows));
  }

  append(table: string, columns: readonly KernelTableColumn[], rows: number): Promise<void> {
    return this.#with((connection) => appendRows(connection, table, columns, rows));
  }

  async #with(work: (connection: DuckDBConnection) => Promise<void>): Promise<void> {
    const connection = await this.#take();
    let ended = false;
    try {
      await work(connection);
      ended = true;
    } finally {
      this.#giveBack(connection, ended);
    }
  }

  async registerScalar(definition: KernelScalarFunction): Promise<void> {
    const connection = await this.#take(); // what one connection registers, all of the instance have
    await registerFunction(connection, definition, (error) => this.#thrown.set(error.message, error));
    this.#giveBack(connection, true);
  }

  async remote(database: RemoteDatabase): Promise<RemoteConnection> {
    if (database.kind === 'sqlite') return new SqliteConnection(database.path, this);
    await this.#load(extensionOf(database));
    return attach(this, database);
  }

  async useStore(store: ObjectStore): Promise<void> {
    const text = secretOf(store);
    if (this.#stores.get(store.bucket) === text) return;
    await this.#load('httpfs');
    await this.run(text);
    this.#stores.set(store.bucket, text);
  }

  arrow(): Promise<ArrowFiles> {
    return loadArrowFiles();
  }

  async #load(extension: KernelExtension): Promise<void> {
    if (this.#extensions.has(extension)) return;
    await this.run(`LOAD ${quoteText(findExtension(extension, this.#extensionsDirectory))}`);
    this.#extensions.add(extension);
  }

  interrupt(): void {
    for (const connection of this.#busy) connection.interrupt();
  }

  close(): void {
    for (const connection of [...this.#idle.splice(0), ...this.#busy]) connection.closeSync();
    this.#instance.closeSync();
  }

  async #take(): Promise<DuckDBConnection> {
    let connection = this.#idle.pop();
    if (connection === undefined) {
      connection = await this.#instance.connect();
      for (const setting of this.#settings) await connection.run(setting);
    }
    this.#busy.add(connection);
    statementBegan();
    return connection;
  }

  async #setTimeZone(connection: DuckDBConnection, timeZone = this.#timeZone): Promise<void> {
    if (timeZone === undefined || timeZone === (this.#zones.get(connection) ?? this.#timeZone)) return;
    await connection.run(zoneSetting(timeZone));
    this.#zones.set(connection, timeZone);
  }

  /** What a JavaScript function threw, where that is what the kernel's error tells. */
  #told(error: Error): Error {
    const thrown = [...this.#thrown].find(([message]) => error.message.includes(message))?.[1];
    this.#thrown.clear();
    return thrown ?? error;
  }

  /** One whose query did not come to its end may have rows left, or a failed transaction. */
  #giveBack(connection: DuckDBConnection, ended: boolean): void {
    statementEnded();
    if (!this.#busy.delete(connection)) return; // closed meanwhile
    if (ended) this.#idle.push(connection);
    else connection.closeSync();
  }
}
