// Runs prepared queries: in the kernel of this process, or in stages on executors; again in full widths when 64 bits were too narrow for a decimal.
// What a query is and who asks: sql-engine.ts. Stages: staged-query.ts.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { KernelChunk, KernelProfile, SqlKernel } from '../../../common/sql-kernel.ts';
import { openRemotes } from '../../rdd/remote-rows.ts';
import { copyRows, filesBelow } from '../../rdd/copy-rows.ts';
import type { TaskFiles } from '../../rdd/sql-fragment.ts';
import type { NeededFunction } from '../emit/emitter.ts';
import { stepsWithBodies } from '../emit/needed-steps.ts';
import { type ExplainMode, explainText } from '../explain/explain.ts';
import type { Relation } from '../plan/relations.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { scalarFunction } from '../kernel/js-functions.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';
import type { RowFiles } from '../physical/fragments.ts';
import { withRemoteParts } from '../optimizer/push-filters-to-jdbc.ts';
import type { PhysicalPlan } from '../physical/physical-plan.ts';
import type { RunRecord } from '../physical/run-record.ts';
import { NotStaged } from '../physical/spread.ts';
import { textsOf } from '../physical/stage-texts.ts';
import { untilCancelled, whileNotCancelled } from './cancellable.ts';
import { executeSettings } from './execute-settings.ts';
import { givesFewRows } from './few-rows.ts';
import { isNarrowOverflow } from './kernel-errors.ts';
import { RddTables } from './rdd-tables.ts';
import { nextExecutionId, SqlExecution } from './sql-executions.ts';
import type { PreparedQuery } from './prepared-query.ts';
import type { SqlPorts } from './sql-ports.ts';
import { type Planned, physicalPlanOf, runStaged, type RowsPorts, staysInDriver, writeStaged } from './staged-query.ts';
import { userCall } from '../plan/user-function.ts';
import { makeCopy } from '../sources/make-copy.ts';
import { userScalar } from '../udf/scalar-function.ts';
import { runSteps } from '../udf/steps.ts';
import { StagedTeller } from './staged-teller.ts';
export type Ready = { readonly text: (sql: string) => string; readonly done: () => Promise<void> };
type Session = {
  readonly kernel: () => Promise<SqlKernel>;
  readonly settings: () => SessionSettings;
  /** An error as users see it. */
  readonly told: (error: unknown, query: PreparedQuery) => Promise<Error>;
};

/** Functions that kernels have, with their parameters' types: several sessions may use one. */
const REGISTERED = new WeakMap<SqlKernel, Set<string>>();

export class QueryRunner {
  readonly #ports: SqlPorts;
  readonly #session: Session;
  /** What became of queries that ran in stages, as long as somebody has the query. */
  readonly #finals = new WeakMap<object, { readonly plan: PhysicalPlan; readonly record: RunRecord }>();

  readonly #rddTables: RddTables;

  constructor(ports: SqlPorts, session: Session) {
    this.#ports = ports;
    this.#session = session;
    this.#rddTables = new RddTables(ports, { kernel: session.kernel, timeZone: () => session.settings().timeZone });
  }

  run(query: PreparedQuery, execution: SqlExecution | undefined): AsyncGenerator<KernelChunk> {
    return this.#isStaged(query.plan) ? this.#runStaged(query, execution) : this.#runHere(query, execution);
  }

  /** Computes a query into files: on executors, each task its own, or here with all threads. @param attempt begins a try at it */
  async write(query: PreparedQuery, attempt: () => Promise<RowFiles>): Promise<readonly TaskFiles[]> {
    const execution = this.begin(query);
    try {
      return await (this.#isStaged(query.plan) && readsRows(query.plan)
        ? this.#writeStaged(query, attempt, execution)
        : this.#writeHere(query, attempt, execution));
    } catch (error) {
      const told = await this.#session.told(error, query);
      execution?.end(told);
      throw told;
    } finally {
      execution?.end();
    }
  }

  async #writeHere(
    query: PreparedQuery,
    attempt: () => Promise<RowFiles>,
    execution: SqlExecution | undefined,
  ): Promise<readonly TaskFiles[]> {
    const kernel = await this.#session.kernel();
    execution?.started(query.sql);
    const { select, write } = (await attempt())(true);
    const options = this.#queryOptions(query, execution);
    const [folder, target] = [join(write.folder, 'task_00000'), join(write.folder, 'task_00000', 'rows')];
    await mkdir(folder);
    let done = async () => {};
    try {
      const { text, done: close } = await this.ready(query, kernel);
      done = close;
      const from = { kernel, query: (sql: string) => kernel.query(sql, { ...options, atOnce: true }) };
      await copyRows(from, select(text(query.sql)), write, target, true);
    } catch (error) {
      if (query.wide === undefined || !isNarrowOverflow(error as Error)) throw error;
      return this.#writeHere(query.wide(), attempt, execution);
    } finally {
      await done();
    }
    return [{ task: 0, files: filesBelow(folder, write.folder) }];
  }

  async #writeStaged(
    query: PreparedQuery,
    attempt: () => Promise<RowFiles>,
    execution: SqlExecution | undefined,
  ): Promise<readonly TaskFiles[]> {
    const write = async (session: SessionSettings) =>
      writeStaged(query.plan, query.output, session, this.#stagedPorts(query, execution), await attempt());
    try {
      try {
        return await write({ ...this.#session.settings(), wideDecimals: query.isWide });
      } catch (error) {
        if (query.isWide || !isNarrowOverflow(error as Error)) throw error;
        return await write({ ...this.#session.settings(), wideDecimals: true });
      }
    } catch (error) {
      if (!(error instanceof NotStaged)) throw error;
      return this.#writeHere(query, attempt, execution);
    }
  }

  /** What explain prints. @param relation as it was written */
  async explain(query: PreparedQuery, mode: ExplainMode, relation: Relation | undefined): Promise<string> {
    const { plan } = query;
    const settings = this.#session.settings();
    const isHere = !this.#isStaged(plan);
    const execute = executeSettings(settings, this.#ports.cluster?.slots ?? this.#ports.threads);
    const planned = isHere ? hereOf(withRemoteParts(plan, settings)) : await physicalPlanOf(plan, execute, () => this.#session.kernel());
    const ran = isHere || relation === undefined ? undefined : this.#finals.get(relation);
    const physical = ran?.plan ?? planned.physical;
    const stages = mode === 'codegen' && physical.kind !== 'whole' ? await textsOf(physical, query.output, execute) : undefined;
    const { optimized } = planned;
    const sql = () => query.sql;
    return explainText({ relation, plan, optimized, physical, record: ran?.record, settings, sql, stages }, mode);
  }

  /** Cancelled with the job group or the tags that it was asked under, as the jobs of a staged one are. */
  async *#runHere(query: PreparedQuery, execution: SqlExecution | undefined): AsyncGenerator<KernelChunk> {
    yield* whileNotCancelled(
      this.#ports,
      async function* (this: QueryRunner, signal: AbortSignal) {
        try {
          yield* this.#inKernel(query, execution, signal);
        } catch (error) {
          throw signal.aborted ? signal.reason : error;
        }
      }.bind(this),
    );
  }

  /** @param again in full widths: the pages have its plan */
  async *#inKernel(
    query: PreparedQuery,
    execution: SqlExecution | undefined,
    signal: AbortSignal,
    again = false,
  ): AsyncGenerator<KernelChunk> {
    const kernel = await this.#session.kernel();
    if (!again) execution?.started(query.sql);
    const options = { ...this.#queryOptions(query, execution), signal, atOnce: givesFewRows(query.plan) };
    let hasRows = false;
    let done = async () => {};
    try {
      const { text, done: close } = await this.ready(query, kernel, signal);
      done = close;
      for await (const chunk of kernel.query(text(query.sql), options)) {
        hasRows = true;
        yield chunk;
      }
    } catch (error) {
      if (hasRows || query.wide === undefined || !isNarrowOverflow(error as Error)) throw error;
      yield* this.#inKernel(query.wide(), execution, signal, true);
    } finally {
      await done();
    }
  }

  #queryOptions(query: PreparedQuery, execution: SqlExecution | undefined) {
    const { timeZone } = this.#session.settings();
    return {
      timeZone,
      ...(execution !== undefined && readsRows(query.plan) && { onProfile: (profile: KernelProfile) => execution.profiled(profile) }),
    };
  }

  #isStaged(plan: LogicalPlan): boolean {
    const { cluster } = this.#ports;
    return cluster !== undefined && !staysInDriver(plan, cluster, executeSettings(this.#session.settings(), cluster.slots));
  }

  /** What executors cannot compute (functions of the program) is computed here. */
  async *#runStaged(query: PreparedQuery, execution: SqlExecution | undefined): AsyncGenerator<KernelChunk> {
    try {
      yield* whileNotCancelled(this.#ports, (signal) => this.#inStages(query, this.#stagedPorts(query, execution, signal)));
    } catch (error) {
      if (!(error instanceof NotStaged)) throw error;
      yield* this.#runHere(query, execution);
    }
  }

  async *#inStages({ plan, output, isWide }: PreparedQuery, ports: RowsPorts): AsyncGenerator<KernelChunk> {
    const settings = { ...this.#session.settings(), wideDecimals: isWide };
    try {
      yield* runStaged(plan, output, settings, ports);
    } catch (error) {
      if (isWide || !isNarrowOverflow(error as Error)) throw error; // nothing has been given out: results are read when all tasks have ended
      yield* runStaged(plan, output, { ...settings, wideDecimals: true }, ports);
    }
  }

  #stagedPorts(query: PreparedQuery, execution: SqlExecution | undefined, signal?: AbortSignal): RowsPorts {
    const { cluster, temporaryFolder } = this.#ports;
    const job = execution && { executionId: execution.id, callSite: query.site!.short };
    return {
      cluster: untilCancelled(job === undefined ? cluster! : cluster!.forExecution(job), signal),
      kernel: () => this.#session.kernel(),
      temporaryFolder: temporaryFolder!,
      nowMs: this.#ports.nowMs,
      signal,
      register: (functions, kernel) => this.#register(functions, kernel),
      told: new StagedTeller(
        execution,
        this.#session.settings(),
        (plan, record) => query.relation && this.#finals.set(query.relation, { plan, record }),
      ),
    };
  }

  /** The execution that the pages see; undefined: nobody listens, or nobody asked for it to be told. */
  begin({ plan, site }: PreparedQuery): SqlExecution | undefined {
    const { events, nowMs } = this.#ports;
    if (events === undefined || site === undefined) return undefined;
    return new SqlExecution(nextExecutionId(), events, nowMs, plan, site);
  }

  /** What a text calls and reads is there. @returns the text as it is to run, and what is to be called after it */
  async ready(query: PreparedQuery, kernel: SqlKernel, signal?: AbortSignal): Promise<Ready> {
    const { plan, needed, steps } = query;
    await this.#register(needed, kernel);
    const closeRdds = await this.#rddTables.open(plan);
    const opened = await openRemotes(kernel, query, makeCopy).catch((error: Error) => closeRdds().then(() => Promise.reject(error)));
    const close = () => opened.close().finally(closeRdds);
    const { text } = opened;
    if (steps.length === 0) return { text, done: close };
    const { steps: made, bodies } = stepsWithBodies(steps);
    const { timeZone } = this.#session.settings();
    try {
      const placed = made.map((step) => ({ ...step, sql: text(step.sql) }));
      const done = await runSteps(kernel, placed, bodies, { timeZone, signal });
      return { text, done: () => done().finally(close) };
    } catch (error) {
      await close();
      throw error;
    }
  }

  async #register(needed: readonly NeededFunction[], kernel: SqlKernel): Promise<void> {
    const known = REGISTERED.get(kernel) ?? new Set();
    REGISTERED.set(kernel, known);
    for (const f of needed) {
      const { sqlName } = f;
      const definition =
        'engine' in f ? scalarFunction(f.engine, f.parameters, sqlName) : userScalar(userCall(f.user, f.types), f.user.body, sqlName);
      const key = `${sqlName}(${definition.parameterTypes.join()})`;
      if (known.has(key)) continue;
      await kernel.registerScalar(definition);
      known.add(key);
    }
  }
}

const hereOf = (plan: LogicalPlan): Planned => ({ physical: { kind: 'whole', node: plan, reason: 'in the driver' } });

/** A union hands out the rows of one side before it has computed the other. */
export const givesRowsEarly = (plan: LogicalPlan): boolean => plan.kind === 'union' || childrenOf(plan).some(givesRowsEarly);

/** Whether there is anything to tell of its operators: a profile costs more than a query of constants. */
const readsRows = (plan: LogicalPlan): boolean => ['scan', 'kernelTable', 'range'].includes(plan.kind) || childrenOf(plan).some(readsRows);
