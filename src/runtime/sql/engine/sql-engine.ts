// The SQL side of a session: settings, views, sources, the kernel; from an unresolved plan to rows. The API (../api/) talks to this class only,
// and it is loaded when the first DataFrame asks (src/runtime/load-sql.ts).
import type { KernelChunk, KernelValue, SqlKernel, SqlKernels } from '../../../common/sql-kernel.ts';
import type { Database } from '../../../common/ports.ts';
import type { SqlCluster } from '../../rdd/sql-fragment.ts';
import { analyze, analyzeName } from '../analysis/analyzer.ts';
import type { AnalyzerContext } from '../analysis/analysis.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { parseQuery, parseStatement } from '../parser/parse.ts';
import { parserOptionsOf } from '../parser/parser-options.ts';
import type { Command } from '../plan/commands.ts';
import type { Relation } from '../plan/relations.ts';
import type { CompoundBody } from '../plan/script.ts';
import type { UserAggregate, UserFunction, UserTableFunction } from '../plan/user-function.ts';
import { asSqlError } from './kernel-errors.ts';
import { GLOBAL_TEMP } from '../catalog/entries.ts';
import { SessionCatalog } from '../catalog/session-catalog.ts';
import { requestOf } from '../sources/open-source.ts';
import { type WriteRequest, type Written, writeFiles } from '../sources/write/write-files.ts';
import type { CommandContext } from './commands/command-context.ts';
import { commandContext } from './commands/engine-commands.ts';
import { saveAsTable, type SaveAsTable } from './commands/create-table.ts';
import { runCommand } from './commands/run-command.ts';
import { cacheKey, findTable, type ResolveView } from './find-table.ts';
import { ClusterTables } from './cluster-tables.ts';
import { withNames } from './command-names.ts';
import { type CachedTables, KernelTables } from './kernel-tables.ts';
import { extractAsyncFunctions } from '../optimizer/extract-async-functions.ts';
import { prunePartitions } from '../optimizer/prune-partitions.ts';
import { planToWrite } from './plan-to-write.ts';
import { type CommandSession, sessionCommand } from './session-commands.ts';
import { runScript } from './scripts/run-script.ts';
import { SessionVariables } from './session-variables.ts';
import { SqlFunctions } from './sql-functions.ts';
import type { ExplainMode } from '../explain/explain.ts';
import { planOfRows } from './plan-of-rows.ts';
import { type Asked, PreparedQuery } from './prepared-query.ts';
import { givesRowsEarly, QueryRunner } from './query-runner.ts';
import { deferredPlan, OpenSources, PendingSource } from './source-cache.ts';
import type { CallSite, SqlEvents } from './sql-executions.ts';
import { TempViews } from './temp-views.ts';
import type { Surroundings } from './variables.ts';

export type SqlPorts = {
  readonly kernels: SqlKernels;
  readonly threads: number;
  /** Settings as the session has them now. */
  readonly conf: (key: string) => string | undefined;
  readonly nowMs: () => number;
  readonly localTimeZone: string;
  /** What SET and RESET do; without a value it is taken away. */
  readonly setConf?: (key: string, value: string | undefined) => void;
  readonly confEntries?: () => Iterable<readonly [string, string]>;
  /** The catalogue's file; left out: there are no tables. */
  readonly openDatabase?: (path: string) => Database;
  /** Owner of what is made. */
  readonly user?: string;
  /** The executors; undefined: all is computed here. */
  readonly cluster?: SqlCluster;
  /** Where results of executors lie until they are read. */
  readonly temporaryFolder?: () => string;
  /** Left out: nobody is told of executions. */
  readonly events?: SqlEvents;
};

export type { PreparedQuery };

export class SqlEngine {
  readonly views = new TempViews();
  readonly globalViews = new TempViews([GLOBAL_TEMP]);
  readonly catalog: SessionCatalog;
  readonly cached: CachedTables;
  readonly variables = new SessionVariables();
  readonly functions = new SqlFunctions();
  userFunctions: (name: string) => UserFunction | UserAggregate | undefined = () => undefined; // of the program; the API's side sets it
  userTableFunctions: (name: string) => UserTableFunction | undefined = () => undefined;
  readonly #ports: SqlPorts;
  #kernel: Promise<SqlKernel> | undefined;
  readonly #runner: QueryRunner;

  constructor(ports: SqlPorts) {
    this.#ports = ports;
    this.#runner = new QueryRunner(ports, { kernel: () => this.kernel(), settings: () => this.settings });
    this.catalog = new SessionCatalog(ports);
    const inKernel = {
      statement: (plan: LogicalPlan, around: (query: string) => string) => this.#statement(this.preparePlan(plan), around),
      run: async (sql: string) => (await this.kernel()).run(sql),
    };
    this.cached = ports.cluster === undefined || ports.cluster.isLocal ? new KernelTables(inKernel) : new ClusterTables();
  }

  get settings(): SessionSettings {
    const { conf, localTimeZone } = this.#ports;
    return { ansi: conf('spark.sql.ansi.enabled') !== 'false', timeZone: conf('spark.sql.session.timeZone') ?? localTimeZone, get: conf };
  }

  kernel(): Promise<SqlKernel> {
    this.#kernel ??= this.#ports.kernels.open({ threads: this.#ports.threads, timeZone: this.settings.timeZone });
    return this.#kernel;
  }

  readonly parse = (text: string) => parseStatement(text, parserOptionsOf(this.#ports.conf));

  /** @throws AnalysisException */
  async analyze(relation: Relation, around: Surroundings = {}): Promise<LogicalPlan> {
    return this.#analyzed(around, (context) => analyze(relation, context));
  }

  async #analyzed<T>({ parameters, variables = this.variables }: Surroundings, work: (context: AnalyzerContext) => T): Promise<T> {
    const sources = new OpenSources(() => this.kernel(), this.settings);
    const seen = { findVariable: (parts: readonly string[]) => variables.reference(parts), ...(parameters && { parameters }) };
    for (;;) {
      try {
        return work({ ...this.#context(sources), ...seen });
      } catch (error) {
        if (!(error instanceof PendingSource)) throw error;
        await error.loaded;
      }
    }
  }

  /** Runs a command. @returns its result */
  async execute(given: Command, around: Surroundings = {}): Promise<LogicalPlan> {
    const command = await withNames(given, (e) => this.#analyzed(around, (context) => analyzeName(e, context)));
    const result = await sessionCommand(command, this.#session(around));
    return result ?? runCommand(command, this.#commands(around));
  }

  /** Runs BEGIN … END. @param site of its queries, for the pages. @returns the rows of its last query */
  runScript(script: CompoundBody, site?: CallSite): Promise<LogicalPlan> {
    return runScript(script, {
      settings: this.settings,
      variables: this.variables,
      session: (variables) => this.#session({ variables }),
      prepare: (relation, around) => this.prepare(relation, site, around),
      preparePlan: (plan) => this.preparePlan(plan, { site }),
      run: (query) => this.run(query),
      kernel: () => this.kernel(),
    });
  }

  /** df.write.saveAsTable. */
  async saveAsTable(request: SaveAsTable): Promise<void> {
    await saveAsTable(request, this.#commands({}));
  }

  #commands(around: Surroundings): CommandContext {
    return commandContext(this, this.#ports, around, (work) => this.#analyzed(around, work));
  }

  /** Whether a table or view has its rows kept. */
  isCached(nameParts: readonly string[]): boolean {
    return this.cached.find(cacheKey(nameParts, this)) !== undefined;
  }

  #session(around: Surroundings): CommandSession {
    return {
      variables: around.variables ?? this.variables,
      functions: this.functions,
      parse: (text) => this.parse(text),
      analyze: (relation) => this.analyze(relation, around),
      execute: (command) => this.execute(command, around),
      withParameters: (parameters) => this.#session({ parameters }),
      rowsOf: (plan) => this.rowsOf(this.preparePlan(plan)),
    };
  }

  /** Where the program is now, for the pages; undefined when nobody listens. To be asked while its call is on the stack. @param action `show` */
  callSite(action: string): CallSite | undefined {
    const { events } = this.#ports;
    return events?.active() ? events.callSite(action) : undefined;
  }

  /** @param site without one its run is told to nobody */
  async prepare(relation: Relation, site?: CallSite, around: Surroundings = {}): Promise<PreparedQuery> {
    const plan = await prunePartitions(await this.analyze(relation, around), (rows) => this.rowsOf(this.preparePlan(rows)));
    return this.preparePlan(plan, { relation, site });
  }

  preparePlan(given: LogicalPlan, asked: Asked = {}, isWide = givesRowsEarly(given)): PreparedQuery {
    const plan = extractAsyncFunctions(given, this.settings);
    const wideDecimals = isWide || plan !== given; // functions with promises are not called a second time
    return new PreparedQuery(plan, { ...this.settings, wideDecimals }, asked, () => this.preparePlan(plan, asked, true));
  }

  /** Computes a plan into files. @throws AnalysisException, SparkRuntimeException */
  async write(plan: LogicalPlan, request: WriteRequest, site?: CallSite): Promise<Written> {
    const pruned = await prunePartitions(plan, (rows) => this.rowsOf(this.preparePlan(rows)));
    const { plan: rows, ...more } = planToWrite(pruned, request, this.settings);
    const query = this.preparePlan(rows, { site });
    return writeFiles(request, { ...more, settings: this.settings, write: (attempt) => this.#runner.write(query, attempt) });
  }

  /** Runs a statement that has a query in it. */
  async #statement(narrow: PreparedQuery, around: (query: string) => string): Promise<void> {
    const query = narrow.wide?.() ?? narrow; // a file that is half written is no place to begin again
    const kernel = await this.kernel();
    const { timeZone } = this.settings;
    try {
      const done = await this.#runner.ready(query, kernel);
      try {
        for await (const _ of kernel.query(around(query.sql), { timeZone }));
      } finally {
        await done();
      }
    } catch (error) {
      throw asSqlError(error as Error);
    }
  }

  /** What explain prints. @param relation as it was written */
  explain(query: PreparedQuery, mode: ExplainMode, relation?: Relation): Promise<string> {
    return this.#runner.explain(query, mode, relation);
  }

  /** All rows of a small result. */
  async rowsOf(query: PreparedQuery): Promise<KernelValue[][]> {
    const rows: KernelValue[][] = [];
    for await (const chunk of this.run(query))
      for (let i = 0; i < chunk.rows; i++) rows.push(query.output.map((_, c) => chunk.columns[c]![i]!));
    return rows;
  }

  /** @throws AnalysisException, SparkRuntimeException */
  async *run(query: PreparedQuery): AsyncGenerator<KernelChunk> {
    const execution = this.#runner.begin(query);
    try {
      yield* this.#runner.run(query, execution);
    } catch (error) {
      const told = asSqlError(error as Error);
      execution?.end(told);
      throw told;
    } finally {
      execution?.end();
    }
  }

  async close(): Promise<void> {
    const kernel = this.#kernel;
    this.#kernel = undefined;
    this.#runner.forgetKernel();
    this.catalog.close();
    if (kernel !== undefined) (await kernel).close();
  }

  /** @param open views that are being resolved; @param database where a view's names were meant */
  #context(sources: OpenSources, open: readonly string[] = [], database?: string): AnalyzerContext {
    const { settings } = this;
    const resolveView: ResolveView = (text, of, opened) =>
      analyze(parseQuery(text, parserOptionsOf(this.#ports.conf)), this.#context(sources, opened, of));
    const inDatabase = (parts: readonly string[]) =>
      database !== undefined && parts.length === 1 && !this.views.has(parts[0]!) ? [database, parts[0]!] : parts;
    return {
      settings,
      findTable: (nameParts, options) => findTable(inDatabase(nameParts), options, this, sources, resolveView, open),
      openSource: (source) => sources.open(requestOf(source, settings)),
      deferred: (source) => deferredPlan(source, (rows) => planOfRows(rows, () => this.kernel())),
      findVariable: (nameParts) => this.variables.reference(nameParts),
      findUserFunction: this.userFunctions,
      findUserTableFunction: this.userTableFunctions,
      findSqlFunction: (nameParts) => this.functions.find(nameParts),
      nowMicros: BigInt(this.#ports.nowMs()) * 1000n,
    };
  }
}
