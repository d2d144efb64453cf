// A query on executors: what is small goes there as one task, the rest is optimised, cut into stages and run adaptively (../physical/).
// Rows come back as Parquet files that the session's own kernel reads. The other way, all in the driver's kernel, is sql-engine.ts's.
import { kernelPaths, quoteName, quoteText } from '../../../common/kernel-quotes.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { KernelChunk, KernelProfile, SqlKernel } from '../../../common/sql-kernel.ts';
import { kernelRows } from '../../../common/kernel-rows.ts';
import { writeRows } from '../../rdd/fragment-text.ts';
import type { EngineFunction, Exchange, SqlBranch, SqlCluster, TaskFiles } from '../../rdd/sql-fragment.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Attribute } from '../logical/expressions.ts';
import { type CachedRelation, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { extractAsyncFunctions } from '../optimizer/extract-async-functions.ts';
import { pushFiltersToJdbc, withRemoteParts } from '../optimizer/push-filters-to-jdbc.ts';
import { optimizeWithLook } from '../optimizer/optimizer.ts';
import type { RowFiles } from '../physical/fragments.ts';
import type { ExecutePorts, StageWatch } from '../physical/execute-ports.ts';
import { Execution } from '../physical/execute.ts';
import { cachedIn, type ClusterTable, withoutReleased } from './cluster-tables.ts';
import type { ExecuteSettings } from '../physical/leaves.ts';
import { makePhysical } from '../physical/make-physical.ts';
import { NotStaged } from '../physical/spread.ts';
import { type PhysicalPlan, withKeys } from '../physical/physical-plan.ts';
import type { RunRecord } from '../physical/run-record.ts';
import { rddTablesIn } from './rdd-tables.ts';
import { withRowGroupRanges } from './row-group-ranges.ts';
import { withFileStatistics } from './file-statistics.ts';
import { executeSettings, queryBytes } from './execute-settings.ts';
import { aloneInDriver, type DriverStage, inDriver, stageFigures } from './in-driver.ts';
import { withSampledFilters } from './sample-filters.ts';

export type StagedPorts = {
  readonly cluster: SqlCluster;
  readonly kernel: () => Promise<SqlKernel>;
  /** Folder below which results lie until they are read. */
  readonly temporaryFolder: () => string;
  readonly nowMs: () => number;
  /** Hears of the plan before it runs, and of what came of it; undefined: nobody listens. */
  readonly told?: StagedListener | undefined;
};
/** For a query whose rows are asked for: its last stage may be the driver's. */
export type RowsPorts = StagedPorts & {
  /** Makes functions known to the session's kernel. */
  readonly register: (functions: readonly EngineFunction[], kernel: SqlKernel) => Promise<void>;
  /** Ends what the kernel computes; undefined: nobody cancels. */
  readonly signal: AbortSignal | undefined;
};
/** Who hears how a query in stages runs. */
export type StagedListener = {
  /** @returns who says what tasks are to tell; undefined: nobody wants to know */
  planned(plan: PhysicalPlan): StageWatch | undefined;
  ran(plan: PhysicalPlan, record: RunRecord): void;
  /** Figures of what the driver has computed itself. */
  counted(figures: readonly (readonly [accumulatorId: number, value: number])[]): void;
};

/** Whether the driver's own kernel should compute it: threads of one machine, and nobody asked for stages. */
export function staysInDriver(plan: LogicalPlan, cluster: SqlCluster, settings: ExecuteSettings): boolean {
  return cluster.isLocal && (settings.collapseBytes === undefined || queryBytes(plan) <= settings.collapseBytes);
}

/** `optimized`: left out where the query runs as it is. */
export type Planned = { readonly optimized?: LogicalPlan; readonly physical: PhysicalPlan };

/** @returns how it will run; `whole` when it is small or cannot be cut */
export async function physicalPlanOf(given: LogicalPlan, settings: ExecuteSettings, kernel: () => Promise<SqlKernel>): Promise<Planned> {
  const { session } = settings;
  const plan = extractAsyncFunctions(withoutReleased(given), session); // rows that are kept may be made by some
  const kept = cachedIn(plan);
  // Of an RDD nobody knows how large it is; its partitions are tasks as they are.
  const isSmall = queryBytes(plan) <= (settings.collapseBytes ?? COLLAPSE_BYTES);
  if (kept.length === 0 && isSmall && rddTablesIn(plan).length === 0)
    return { physical: { kind: 'whole', node: withRemoteParts(plan, session), reason: 'its input is small' } };
  for (const cached of kept) cached.physical ??= (await physicalPlanOf(cached.source, settings, kernel)).physical;
  const opened = await kernel();
  const counted = await withFileStatistics(plan, opened);
  const optimized = pushFiltersToJdbc(await optimizeWithLook(counted, session, (p) => withSampledFilters(p, opened, session)));
  try {
    return { optimized, physical: withKeys(makePhysical(await withRowGroupRanges(optimized, opened, settings), settings)) };
  } catch (error) {
    if (!(error instanceof NotStaged)) throw error;
    return { optimized, physical: { kind: 'whole', node: withRemoteParts(plan, session), reason: error.message } };
  }
}
/** Less input than this is one task's: stages cost more than they save. */
const COLLAPSE_BYTES = 64 << 20;

/** @throws NotStaged before anything ran, when only the driver can compute it */
export async function* runStaged(
  plan: LogicalPlan,
  output: readonly Attribute[],
  session: SessionSettings,
  ports: RowsPorts,
): AsyncGenerator<KernelChunk> {
  const settings = executeSettings(session, ports.cluster.slots);
  const folder = mkdtempSync(join(ports.temporaryFolder(), 'sql-'));
  try {
    const kernel = await ports.kernel();
    const paths: (readonly string[])[] = [];
    const { physical, execution } = await executionOf(plan, settings, ports, folder);
    let here: DriverStage | undefined;
    const isDone = (last: readonly SqlBranch[]) => (here = inDriver(last, folder)) !== undefined;
    const each = (task: number, files: readonly Uint8Array[]) => {
      paths[task] = writeRows(folder, `task-${task}`, files);
    };
    await execution.collect(physical, output, each, { isDone });
    const rows = here && (await rowsHere(here, kernel, session, ports));
    ports.told?.ran(physical, execution.record);
    if (rows !== undefined) return yield* rows;
    yield* kernel.query(`SELECT * FROM read_parquet(${kernelPaths(paths.flat())}, hive_partitioning=false)`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All of them, so that what fails does so before any is given out. */
async function rowsHere({ sql, functions, metrics }: DriverStage, kernel: SqlKernel, session: SessionSettings, ports: RowsPorts) {
  const beganMs = ports.nowMs();
  const onProfile = (profile: KernelProfile) => ports.told?.counted(stageFigures(profile, metrics!, ports.nowMs() - beganMs));
  await ports.register(functions, kernel);
  const chunks: KernelChunk[] = [];
  const options = {
    timeZone: session.timeZone,
    atOnce: true,
    ...(metrics && { onProfile }),
    ...(ports.signal && { signal: ports.signal }),
  };
  for await (const chunk of kernel.query(sql, options)) chunks.push(chunk);
  return chunks;
}

/** Each task writes its own files. @throws NotStaged before anything ran, when only the driver can compute it */
export async function writeStaged(
  plan: LogicalPlan,
  output: readonly Attribute[],
  session: SessionSettings,
  ports: StagedPorts,
  rowFiles: RowFiles,
): Promise<readonly TaskFiles[]> {
  const settings = executeSettings(session, ports.cluster.slots);
  const folder = mkdtempSync(join(ports.temporaryFolder(), 'sql-'));
  try {
    const tasks: TaskFiles[] = [];
    const take = (_: number, [told]: readonly Uint8Array[]) => void tasks.push(JSON.parse(Buffer.from(told!).toString()) as TaskFiles);
    const { physical, execution } = await executionOf(plan, settings, ports, folder);
    await execution.collect(physical, output, take, { files: rowFiles });
    ports.told?.ran(physical, execution.record);
    return tasks;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The rows as an RDD of files: stages below its last one run now, whatever the size of the input. @throws NotStaged as the others */
export async function stagedFiles(
  plan: LogicalPlan,
  output: readonly Attribute[],
  session: SessionSettings,
  ports: StagedPorts,
): Promise<unknown> {
  const settings = { ...executeSettings(session, ports.cluster.slots), collapseBytes: -1 };
  const folder = mkdtempSync(join(ports.temporaryFolder(), 'sql-'));
  try {
    const { physical, execution } = await executionOf(plan, settings, ports, folder);
    return await execution.files(physical, output);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The plan, and what runs it; who listens has been told. @param folder for files of the driver's kernel */
async function executionOf(plan: LogicalPlan, settings: ExecuteSettings, ports: StagedPorts, folder: string) {
  const { physical } = await physicalPlanOf(plan, settings, ports.kernel);
  const surroundings = { cluster: ports.cluster, nowMs: ports.nowMs, ...kernelSide(await ports.kernel(), folder, ports.cluster) };
  const cachedRows = (cached: CachedRelation) => rowsKept(cached as ClusterTable, { ...surroundings, cachedRows }, settings, ports.kernel);
  const watch = ports.told?.planned(physical);
  return { physical, execution: new Execution(settings, { ...surroundings, cachedRows, watch }) };
}

/** Rows of a cached plan: the first to ask has them planned, whoever reads a partition first computes it. */
function rowsKept(
  cached: ClusterTable,
  ports: ExecutePorts,
  settings: ExecuteSettings,
  kernel: () => Promise<SqlKernel>,
): Promise<Exchange> {
  return cached.rows(async () => {
    // Full widths: partitions of a narrow try would stay beside those of the wide one.
    const wide = { ...settings, session: { ...settings.session, wideDecimals: true } };
    const { physical } = await physicalPlanOf(cached.source, wide, kernel);
    cached.physical = physical;
    return new Execution(wide, ports).keep(physical, outputOf(cached.source), cached.how);
  });
}

let tables = 0;
const numbersIn = async (kernel: SqlKernel, sql: string): Promise<number[]> => (await kernelRows(kernel, sql)).map(([n]) => Number(n));

/** What planning asks of the driver's kernel. */
function kernelSide(kernel: SqlKernel, folder: string, cluster: SqlCluster): Pick<ExecutePorts, 'tableFile' | 'bounds' | 'numbers'> {
  return {
    async numbers(branch) {
      try {
        const here = aloneInDriver(branch, folder);
        if (here !== undefined && here.functions.length === 0) return numbersIn(kernel, here.sql);
        const files: Uint8Array[] = [];
        await cluster.collect([branch], (_, made) => files.push(...made));
        const paths = writeRows(folder, `numbers-${tables++}`, files);
        return paths.length === 0 ? [] : numbersIn(kernel, `SELECT * FROM read_parquet(${kernelPaths(paths)}, hive_partitioning=false)`);
      } catch {
        return undefined; // what cannot be computed now fails in the query too, if a row gets there
      }
    },
    async tableFile(table) {
      const path = join(folder, `table-${tables++}.parquet`);
      await kernel.run(`COPY (SELECT * FROM ${quoteName(table)}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION uncompressed)`);
      return readFileSync(path);
    },
    async bounds(samples, type, isAscending, parts) {
      const paths = writeRows(folder, `sample-${tables++}`, samples);
      if (paths.length === 0) return [];
      const order = isAscending ? 'ASC' : 'DESC';
      const rows = `SELECT c0, row_number() OVER (ORDER BY c0 ${order}) AS i, count(*) OVER () AS n FROM read_parquet(${kernelPaths(paths)}) WHERE c0 IS NOT NULL`;
      const cuts = `SELECT CAST(c0 AS VARCHAR) FROM (SELECT DISTINCT c0 FROM (${rows}) r, range(1, ${parts}) g WHERE i = greatest(1, n * g.range // ${parts})) d ORDER BY c0 ${order}`;
      const bounds: string[] = [];
      for await (const { rows: n, columns } of kernel.query(cuts, { atOnce: true }))
        for (let i = 0; i < n; i++) bounds.push(`CAST(${quoteText(String(columns[0]![i]))} AS ${type})`);
      return bounds;
    },
  };
}
