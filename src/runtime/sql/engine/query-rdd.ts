// The rows of a query as an RDD of files, for functions of the program: stages below its last exchange run now, the last stage's tasks are part of
// whatever is made of the RDD. Rows that the driver has are cut into slices, so that functions over them have work for all tasks. Source: Dataset.rdd.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { transformPlan } from '../logical/plan-tree.ts';
import { NotStaged } from '../physical/spread.ts';
import type { PreparedQuery } from './prepared-query.ts';
import { stagedFiles, type StagedPorts } from './staged-query.ts';

export type QueryFiles = {
  readonly ports: StagedPorts;
  readonly session: SessionSettings;
  /** Runs a statement around a plan's text in the driver's kernel. */
  readonly statement: (plan: LogicalPlan, around: (query: string) => string) => Promise<void>;
};

/** @returns an RDD of `[_, [name, Parquet bytes]]` whose columns are in the order of `output`, opaque here */
export async function queryFiles({ plan: given, output }: PreparedQuery, { ports, session, statement }: QueryFiles): Promise<unknown> {
  const slots = Math.max(1, ports.cluster.slots);
  if (isOfDriver(given)) return ports.cluster.literalFiles(await driversFiles(given, slots, ports, statement));
  try {
    return await stagedFiles(spreadRanges(given, slots), output, session, ports);
  } catch (error) {
    if (!(error instanceof NotStaged)) throw error; // only the driver can compute it
    return ports.cluster.literalFiles(await driversFiles(given, slots, ports, statement));
  }
}

/** Only rows that the program gave, in their order. */
function isOfDriver(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'localRelation':
      return true;
    case 'kernelTable':
      return plan.rdd === undefined && plan.cached === undefined;
    case 'project':
    case 'filter':
    case 'subqueryAlias':
      return isOfDriver(plan.child);
    default:
      return false;
  }
}

/** As Spark's range has as many partitions as there are slots. */
const spreadRanges = (plan: LogicalPlan, slots: number): LogicalPlan =>
  transformPlan(plan, (p) => (p.kind === 'range' && p.numPartitions === undefined ? { ...p, numPartitions: slots } : p));

let tables = 0;

/** The rows as the driver's kernel computes them, in slices: partition i has [i·n/slices, (i+1)·n/slices). */
async function driversFiles(
  plan: LogicalPlan,
  slices: number,
  ports: StagedPorts,
  statement: QueryFiles['statement'],
): Promise<readonly Uint8Array[]> {
  const kernel = await ports.kernel();
  const table = `slices_${++tables}`;
  const folder = mkdtempSync(join(ports.temporaryFolder(), 'slices-'));
  await statement(plan, (query) => `CREATE TABLE ${table} AS ${query}`);
  try {
    const rows = await countOf(kernel, table);
    const files: Uint8Array[] = [];
    const cut = (i: number) => Math.floor((i * rows) / slices);
    for (let i = 0; i < slices; i++) {
      const path = join(folder, `${i}.parquet`);
      const slice = `SELECT * FROM ${table} WHERE rowid >= ${cut(i)} AND rowid < ${cut(i + 1)}`;
      await kernel.run(`COPY (${slice}) TO ${quoteText(path)} (FORMAT parquet, COMPRESSION uncompressed)`);
      files.push(readFileSync(path));
    }
    return files;
  } finally {
    await kernel.run(`DROP TABLE IF EXISTS ${table}`);
    rmSync(folder, { recursive: true, force: true });
  }
}

async function countOf(kernel: SqlKernel, table: string): Promise<number> {
  for await (const { columns } of kernel.query(`SELECT count(*) FROM ${table}`, { atOnce: true })) return Number(columns[0]![0]);
  return 0;
}
