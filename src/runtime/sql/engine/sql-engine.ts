// The SQL side of a session: settings, views, sources, the kernel; from an unresolved plan to rows. The API (../api/) talks to this class only,
// and it is loaded when the first DataFrame asks (src/runtime/load-sql.ts).
import type { KernelChunk, KernelValue, SqlKernel } from '../../../common/sql-kernel.ts';
import { analyze, analyzeFunction, analyzeName } from '../analysis/analyzer.ts';
import type { AnalyzerContext, Observed } from '../analysis/analysis.ts';
import type { SqlFunction } from '../analysis/sql-function.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { parseStatement } from '../parser/parse.ts';
import { parserOptionsOf } from '../parser/parser-options.ts';
import type { Command } from '../plan/commands.ts';
import type { Relation } from '../plan/relations.ts';
import type { CompoundBody } from '../plan/script.ts';
import { NO_FUNCTIONS, type ProgramFunctions } from '../plan/user-function.ts';
import { GLOBAL_TEMP } from '../catalog/entries.ts';
import { SessionCatalog } from '../catalog/session-catalog.ts';
import type { WriteRequest, Written } from '../sources/write/write-files.ts';
import type { CommandContext } from './commands/command-context.ts';
import { commandContext } from './commands/engine-commands.ts';
import { saveAsTable, type SaveAsTable } from './commands/create-table.ts';
import { runCommand } from './commands/run-command.ts';
import { analyzerContext } from './analyzer-context.ts';
import { cacheKey } from './find-table.ts';
import { ConstantValues } from './constant-values.ts';
import { ClusterTables } from './cluster-tables.ts';
import { withNames } from './command-names.ts';
import { kernelOptions } from './kernel-options.ts';
import { type CachedTables, KernelTables } from './kernel-tables.ts';
import { extractAsyncFunctions } from '../optimizer/extract-async-functions.ts';
import { prunePartitions } from '../optimizer/prune-partitions.ts';
import { rowsIn } from './rows-in.ts';
import type { SqlPorts } from './sql-ports.ts';
import { type CommandSession, sessionCommand } from './session-commands.ts';
import { runScript } from './scripts/run-script.ts';
import { SessionVariables } from './session-variables.ts';
import { type CreateFunction, SqlFunctions } from './sql-functions.ts';
import type { ExplainMode } from '../explain/explain.ts';
import { queryFiles } from './query-rdd.ts';
import { ObservedMetrics } from './observed-metrics.ts';
import { type Asked, PreparedQuery } from './prepared-query.ts';
import { givesRowsEarly, QueryRunner } from './query-runner.ts';
import { whenLoaded } from './pending-source.ts';
import { SessionViews } from './session-views.ts';
import { OpenSources } from './source-cache.ts';
import { unlessTooDeep } from './kernel-errors.ts';
import { sqlErrorOf } from './sql-error.ts';
import type { CallSite } from './sql-executions.ts';
import { TempViews } from './temp-views.ts';
import type { Surroundings } from './variables.ts';
import { writePlan } from './write-plan.ts';

export type { SqlPorts } from './sql-ports.ts';

export class SqlEngine {
  readonly sessionViews = new SessionViews();
  readonly globalViews: TempViews;
  readonly catalog: SessionCatalog;
  readonly cached: CachedTables;
  readonly variables = new SessionVariables();
  readonly functions: SqlFunctions;
  program: ProgramFunctions = NO_FUNCTIONS; // its functions; the API's side sets it
  readonly #ports: SqlPorts;
  readonly #observed = new ObservedMetrics((plan) => this.rowsOf(this.preparePlan(plan)));
  #kernel: Promise<SqlKernel> | undefined;
  readonly #runner: QueryRunner;

  readonly #shared: SqlEngine | undefined;

  /** @param shared of another session of the application: its kernel, global views and kept rows are this one's, too */
  constructor(ports: SqlPorts, shared?: SqlEngine) {
    this.#ports = ports;
    this.#shared = shared;
    this.globalViews = shared?.globalViews ?? new TempViews([GLOBAL_TEMP]);
    this.#runner = new QueryRunner(ports, {
      kernel: () => this.kernel(),
      settings: () => this.settings,
      told: (error, query) => this.#told(error, query),
    });
    this.catalog = new SessionCatalog(ports);
    this.functions = new SqlFunctions({ catalog: this.catalog, isTemporaryView: (name) => this.views.has(name) });
    const inKernel = {
      statement: (plan: LogicalPlan, around: (query: string) => string) => this.#statement(this.preparePlan(plan), around),
      run: async (sql: string) => (await this.kernel()).run(sql),
    };
    const isLocal = ports.cluster === undefined || ports.cluster.isLocal;
    this.cached = shared?.cached ?? (isLocal ? new KernelTables(inKernel) : new ClusterTables());
  }

  get settings(): SessionSettings {
    const { conf, localTimeZone } = this.#ports;
    const names = { database: this.catalog.current, path: this.catalog.searchPath };
    const ansi = conf('spark.sql.ansi.enabled') !== 'false';
    return { ansi, timeZone: conf('spark.sql.session.timeZone') ?? localTimeZone, names, get: conf };
  }

  kernel(): Promise<SqlKernel> {
    this.#kernel ??= this.#shared?.kernel() ?? this.#ports.kernels.open(kernelOptions(this.#ports, this.settings));
    return this.#kernel;
  }

  get views(): TempViews {
    return this.sessionViews.seen;
  }

  readonly parse = (text: string) => parseStatement(text, parserOptionsOf(this.#ports.conf));

  /** @throws AnalysisException */
  async analyze(relation: Relation, around: Surroundings = {}): Promise<LogicalPlan> {
    let observed: Observed[] = [];
    const plan = await this.#analyzed(around, (context) => {
      observed = [];
      return analyze(relation, { ...context, observed: (o) => observed.push(o) });
    });
    this.#observed.note(plan, observed);
    return plan;
  }

  async #analyzed<T>(
    { parameters, variables = this.variables, collation }: Surroundings,
    work: (context: AnalyzerContext) => T,
  ): Promise<T> {
    const sources = new OpenSources(() => this.kernel(), this.settings);
    const constants = new ConstantValues((plan) => this.rowsOf(this.preparePlan(plan))).of;
    const findVariable = (parts: readonly string[]) => variables.reference(parts);
    const seen = { findVariable, constants, ...(parameters && { parameters }), ...(collation && { defaultCollation: collation }) };
    return whenLoaded(() => work({ ...analyzerContext(this, this.#ports, sources), ...seen })).catch((error: unknown) => {
      throw unlessTooDeep(error);
    });
  }

  /** Runs a command. @returns its result */
  async execute(given: Command, around: Surroundings = {}): Promise<LogicalPlan> {
    const command = await withNames(given, (e) => this.#analyzed(around, (context) => analyzeName(e, context)));
    return whenLoaded(
      async () => (await sessionCommand(command, this.#session(around))) ?? (await runCommand(command, this.#commands(around))),
    );
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
      createFunction: (command) => this.#createFunction(command, around),
      functions: this.functions,
      program: this.program,
      parse: (text) => this.parse(text),
      analyze: (relation) => this.analyze(relation, around),
      execute: (command) => this.execute(command, around),
      withParameters: (parameters) => this.#session({ parameters }),
      rowsOf: (plan) => this.rowsOf(this.preparePlan(plan)),
    };
  }

  async #createFunction(command: CreateFunction, around: Surroundings): Promise<void> {
    const { settings } = this;
    const check = (f: SqlFunction) => this.#analyzed(around, (context) => analyzeFunction(f, command.bodyText, context));
    await this.functions.create(command, { settings, owner: this.#ports.user ?? '', nowMs: this.#ports.nowMs(), check });
  }

  /** Where the program is now, for the pages; undefined when nobody listens. To be asked while its call is on the stack. @param action `show` */
  callSite(action: string): CallSite | undefined {
    const { events } = this.#ports;
    return events?.active() ? events.callSite(action) : undefined;
  }

  /** @param site without one its run is told to nobody */
  async prepare(relation: Relation, site?: CallSite, around: Surroundings = {}): Promise<PreparedQuery> {
    try {
      const analyzed = await this.analyze(relation, around);
      const plan = await prunePartitions(analyzed, (rows) => this.rowsOf(this.preparePlan(rows)));
      return this.preparePlan(plan, { relation, site, observed: this.#observed.of(analyzed) });
    } catch (error) {
      throw unlessTooDeep(error);
    }
  }

  preparePlan(given: LogicalPlan, asked: Asked = {}, isWide = givesRowsEarly(given)): PreparedQuery {
    const plan = extractAsyncFunctions(given, this.settings);
    const wideDecimals = isWide || plan !== given; // functions with promises are not called a second time
    return new PreparedQuery(plan, { ...this.settings, wideDecimals }, asked, () => this.preparePlan(plan, asked, true));
  }

  /** Computes a plan into files. @throws AnalysisException, SparkRuntimeException */
  async write(plan: LogicalPlan, request: WriteRequest, site?: CallSite): Promise<Written> {
    const pruned = await prunePartitions(plan, (rows) => this.rowsOf(this.preparePlan(rows)));
    const written = await writePlan(pruned, request, {
      settings: this.settings,
      kernel: () => this.kernel(),
      prepare: (rows) => this.preparePlan(rows, { site }),
      run: (query) => this.run(query),
      write: (query, attempt) => this.#runner.write(query, attempt),
    });
    await this.#observed.tell(this.#observed.of(plan));
    return written;
  }

  /** Runs a statement that has a query in it. */
  async #statement(narrow: PreparedQuery, around: (query: string) => string): Promise<void> {
    const query = narrow.wide?.() ?? narrow; // a file that is half written is no place to begin again
    try {
      for await (const _ of this.#compute(query, around(query.sql)));
    } catch (error) {
      throw await this.#told(error, query);
    }
  }

  /** Runs a text in this process' kernel: a statement, or a query of few rows. */
  async *#compute(query: PreparedQuery, statement: string): AsyncGenerator<KernelChunk> {
    const kernel = await this.kernel();
    const { timeZone } = this.settings;
    const { text, done } = await this.#runner.ready(query, kernel);
    try {
      yield* kernel.query(text(statement), { timeZone, atOnce: true });
    } finally {
      await done();
    }
  }

  /** A query's rows as an RDD of Parquet files, opaque here; what is not its last stage runs now. @throws AnalysisException */
  async files(relation: Relation): Promise<unknown> {
    const query = await this.prepare(relation);
    const { cluster, temporaryFolder, nowMs } = this.#ports;
    const ports = { cluster: cluster!, kernel: () => this.kernel(), temporaryFolder: temporaryFolder!, nowMs };
    const statement = (of: LogicalPlan, around: (query: string) => string) => this.#statement(this.preparePlan(of), around);
    try {
      const files = await queryFiles(query, { ports, session: { ...this.settings, wideDecimals: true }, statement });
      await this.#observed.tell(query.observed);
      return files;
    } catch (error) {
      throw await this.#told(error, query);
    }
  }

  #told(error: unknown, { plan }: PreparedQuery): Promise<Error> {
    return sqlErrorOf(error as Error, plan, this.settings, (tried) => {
      const query = this.preparePlan(tried);
      return rowsIn(this.#compute(query, query.sql), query);
    });
  }

  /** What explain prints. @param relation as it was written */
  explain(query: PreparedQuery, mode: ExplainMode, relation?: Relation): Promise<string> {
    return this.#runner.explain(query, mode, relation);
  }

  /** All rows of a small result. */
  rowsOf(query: PreparedQuery): Promise<KernelValue[][]> {
    return rowsIn(this.run(query), query);
  }

  /** @throws AnalysisException, SparkRuntimeException */
  async *run(query: PreparedQuery): AsyncGenerator<KernelChunk> {
    const execution = this.#runner.begin(query);
    try {
      yield* this.#runner.run(query, execution);
      await this.#observed.tell(query.observed);
    } catch (error) {
      const told = await this.#told(error, query);
      execution?.end(told);
      throw told;
    } finally {
      execution?.end();
    }
  }

  async close(): Promise<void> {
    const kernel = this.#kernel;
    this.#kernel = undefined;
    this.catalog.close();
    if (kernel !== undefined && this.#shared === undefined) (await kernel).close();
  }
}
