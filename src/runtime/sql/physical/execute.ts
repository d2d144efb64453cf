// Runs a physical plan: stage by stage, each planned when the sizes of those before it are known, so that what is small goes in one task or to
// all of them. How a stage runs on executors is SqlCluster's (../../rdd/sql-fragment.ts). Source: AdaptiveSparkPlanExec of Spark 4.2.
import {
  type Exchange,
  type FragmentColumn,
  type FragmentWrite,
  type HowKept,
  type KeptRows,
  readsIn,
  type SqlBranch,
} from '../../rdd/sql-fragment.ts';
import type { Attribute, SortOrder } from '../logical/expressions.ts';
import { type KernelTable, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { cachedBranch, filteredBy, inOneTask, kept, readBranch, wholeBranch } from './branches.ts';
import { bucketSpread } from './buckets.ts';
import type { ExecutePorts } from './execute-ports.ts';
import {
  closed,
  columnsOf,
  exchangeText,
  resultColumns,
  resultText,
  type Routing,
  type RowFiles,
  sampleText,
  tableOf,
  type Text,
} from './fragments.ts';
import { bucketsBranch, type ExecuteSettings, leafBranch, rddBranch } from './leaves.ts';
import { hashOf, isClustered, nextTable, SINGLE, spreadOver, UNKNOWN } from './spread.ts';
import { alike, joinedParts, type Running } from './joins.ts';
import { childOf } from './runtime-filters.ts';
import { rangesBy, spreadOfScan } from './in-place.ts';
import { asText, everywhere, MOST_READERS, plainRead } from './everywhere.ts';
import { asOneTask, type Branch, type BroadcastTable, asSaid, bytesOf, exchangeBytes, type Parts, partsOf, stacked } from './parts.ts';
import { partitionsFor } from './partition-count.ts';
import type { PhysicalPlan } from './physical-plan.ts';
import { Reuse } from './reuse.ts';
import { type Consumer, RunRecord } from './run-record.ts';

/** Of a value in a file between stages, about. */
const VALUE_BYTES = 4;
/** A sort of less is one task's. */
const RANGE_BYTES = 32 << 20;
type Exchanging = Extract<PhysicalPlan, { kind: 'exchange' }>;
export class Execution implements Running {
  readonly record = new RunRecord();
  readonly settings: ExecuteSettings;
  readonly #ports: ExecutePorts;
  readonly #broadcasts: unknown[] = [];
  readonly #reuse = new Reuse();

  constructor(settings: ExecuteSettings, ports: ExecutePorts) {
    this.settings = settings;
    this.#ports = ports;
  }

  /**
   * `each` gets the Parquet files of a task, in any order of tasks, with columns o0, o1 …; with `files` tasks write files of a table instead.
   * @param isDone whether the last stage is not to run, asked when those below it have run
   */
  async collect(
    plan: PhysicalPlan,
    output: readonly Attribute[],
    each: (task: number, files: readonly Uint8Array[]) => void,
    { files, isDone = () => false }: { files?: RowFiles; isDone?: (last: readonly SqlBranch[]) => boolean } = {},
  ): Promise<void> {
    try {
      const last = await this.#results(plan, output, { kind: 'result' }, files);
      if (!isDone(last)) await this.#ports.cluster.collect(last, each);
    } finally {
      this.#forget();
    }
  }

  /** Its rows are to stay with the executors. Columns are o0, o1 … */
  async keep(plan: PhysicalPlan, output: readonly Attribute[], how: HowKept): Promise<KeptRows> {
    const branches = (await this.#results(plan, output, { kind: 'engine' })).map((made) => ({
      ...made,
      fragment: { ...made.fragment, keptAs: how.name },
    }));
    const rows = this.#ports.cluster.keep(branches, resultColumns(output), how);
    return { ...rows, release: () => rows.release().then(() => this.#forget()) };
  }

  /** What collect gives, as an RDD of files (SqlCluster.files). Stages below exchanges have run; their rows live as long as the RDD. */
  async files(plan: PhysicalPlan, output: readonly Attribute[]): Promise<unknown> {
    return this.#ports.cluster.files(await this.#results(plan, output, { kind: 'engine' }));
  }

  /** The last stage, not run yet. */
  async #results(plan: PhysicalPlan, output: readonly Attribute[], to: Consumer, files?: RowFiles): Promise<SqlBranch[]> {
    const { branches } = await this.parts(plan);
    const made = files?.(branches.length === 1 && branches[0]!.isWhole === true);
    return branches.map((branch) => {
      const text = resultText(branch.plan, output, this.settings.session);
      const sql = made?.select(text.sql) ?? text.sql;
      return this.#closed(branch, { ...text, sql }, to, undefined, made?.write);
    });
  }

  #forget(): void {
    for (const broadcast of this.#broadcasts) this.#ports.cluster.forget(broadcast);
  }

  /** The branch as its tasks run it. */
  #closed(branch: Branch, text: Text, to: Consumer, exchange?: { name: string; partitions: number }, write?: FragmentWrite): SqlBranch {
    const made = closed(branch, text, exchange, this.settings.session, this.settings, write);
    if (to.kind === 'engine') return made;
    for (const read of readsIn(made.source)) this.record.read(read.exchange, read.groups.length);
    const metrics = this.#ports.watch?.fragment(branch, made, to);
    return metrics === undefined ? made : { ...made, fragment: { ...made.fragment, metrics } };
  }

  /** What other stages give is computed; the rest is stacked on it and open. */
  async parts(plan: PhysicalPlan): Promise<Parts> {
    const parts = await this.#made(plan);
    for (const branch of parts.branches) this.#ports.watch?.mark(branch.plan, plan);
    return parts;
  }

  async #made(plan: PhysicalPlan): Promise<Parts> {
    switch (plan.kind) {
      case 'leaf':
        if (plan.node.kind === 'kernelTable') return partsOf(await this.#table(plan.node));
        if (plan.node.kind !== 'scan') return partsOf(leafBranch(plan.node, this.settings));
        if (plan.buckets?.isUsed) return partsOf(bucketsBranch(plan.node, this.settings), bucketSpread(plan.node, plan.buckets));
        return partsOf(leafBranch(plan.node, this.settings), plan.node.cut && spreadOfScan(plan.node));
      case 'whole':
        return partsOf({ ...(await wholeBranch(plan.node, (table) => this.#tableInOneTask(table, plan))), isWhole: true });
      case 'narrow': {
        const [child, tables] = await Promise.all([this.parts(plan.child), this.tables(plan)]);
        const over = (below: LogicalPlan) => ({ ...plan.node, child: below }) as LogicalPlan;
        return { branches: child.branches.map((branch) => stacked(branch, over, tables)), spread: spreadOver(plan.node, child.spread) };
      }
      case 'filtered': {
        const child = await this.parts(plan.child);
        return { ...child, branches: child.branches.map((branch) => stacked(branch, (below) => filteredBy(plan, below), [plan.table])) };
      }
      case 'union': {
        const children = await Promise.all(plan.children.map((child) => this.parts(child)));
        const { output } = plan.node;
        const over = (below: LogicalPlan): LogicalPlan => ({ kind: 'union', children: [below], output });
        return { branches: children.flatMap(({ branches }) => branches.map((branch) => stacked(branch, over))), spread: UNKNOWN };
      }
      case 'exchange':
        return this.#exchanged(plan);
      case 'set': {
        const [left, right] = await Promise.all([this.parts(childOf(plan.left)), this.parts(childOf(plan.right))]);
        return alike(this, { left, right }, plan, (l, r) => ({ ...plan.node, left: l, right: r }));
      }
      case 'join':
        return joinedParts(this, plan);
    }
  }

  async #table(node: KernelTable): Promise<Branch> {
    if (node.rdd !== undefined) return rddBranch(node, node.rdd);
    return node.cached === undefined ? this.#driversTable(node) : cachedBranch(node, await this.#ports.cachedRows(node.cached));
  }

  async #driversTable(node: KernelTable): Promise<Branch> {
    const table = await this.#broadcast(nextTable('local'), node, [await this.#ports.tableFile(node.table)]);
    const columns = node.columns.map((name, i): FragmentColumn => [name, columnsOf(node)[i]![1]]);
    const input = { ...table.input, columns };
    return { plan: { ...node, table: input.name }, inputs: [], broadcasts: [{ ...table, input }], source: { kind: 'none' } };
  }

  /** Partitions of an RDD are tasks: they come together first. */
  async #tableInOneTask(node: KernelTable, plan: PhysicalPlan): Promise<Branch> {
    const branch = await this.#table(node);
    return node.rdd === undefined ? inOneTask(branch) : (await this.shuffled(partsOf(branch), undefined, 1, plan)).branches[0]!;
  }

  async #exchanged(plan: Exchanging): Promise<Parts> {
    const parts = await this.parts(plan.child);
    const { to, partitions, isAsked } = plan;
    if (partitions === undefined || partitions === 1) {
      const one = asOneTask(parts, this.settings);
      if (one !== undefined) return partsOf(one, SINGLE);
    }
    if (to.kind === 'hash' && !isAsked && parts.branches.length === 1 && isClustered(parts.spread, to.keys)) return kept(parts);
    if (to.kind === 'single' || partitions === 1) return this.shuffled(parts, undefined, 1, plan);
    const bytes = bytesOf(parts) ?? plan.estimatedBytes;
    const made =
      to.kind === 'range'
        ? await this.#ranges(parts, to.order, plan, bytes)
        : await this.shuffled(parts, to, partitions ?? partitionsFor(bytes, this.settings), plan);
    return partitions === undefined ? made : asSaid(made);
  }

  /** The bounds are of the first key: rows that agree in it are in one partition, which is sorted by all keys there. */
  async #ranges(parts: Parts, order: readonly SortOrder[], plan: Exchanging, bytes: number): Promise<Parts> {
    const wanted = plan.partitions;
    const [first] = order;
    const type = first!.child.dataType;
    const isSimple = !['array', 'map', 'struct', 'variant', 'binary', 'calendarInterval', 'null'].includes(type.tag);
    if (!isSimple || (wanted === undefined && bytes < RANGE_BYTES)) return this.shuffled(parts, undefined, 1, plan);
    const n = wanted ?? partitionsFor(bytes, this.settings);
    const key: LogicalPlan[] = parts.branches.map((branch) => ({
      kind: 'project',
      child: branch.plan,
      projectList: [{ kind: 'alias', child: first!.child, name: 'k', exprId: 0, dataType: type, nullable: true }],
    }));
    const { session } = this.settings;
    const samples: Uint8Array[] = [];
    const branches = parts.branches.map((branch, i) => this.#closed(branch, sampleText(key[i]!, i, session), { kind: 'engine' }));
    await this.#ports.cluster.collect(branches, (_, files) => samples.push(...files));
    const bounds = await this.#ports.bounds(samples, columnsOf(key[0]!)[0]![1], first!.ascending, n);
    return this.shuffled(parts, { kind: 'range', order: first!, bounds }, n, plan);
  }

  /** @param partitions 1: all rows come together */
  async shuffled({ branches }: Parts, routing: Routing | undefined, partitions: number, plan: PhysicalPlan): Promise<Parts> {
    const output = outputOf(branches[0]!.plan);
    const to: Consumer = plan.kind === 'exchange' ? { kind: 'exchange', plan } : { kind: 'engine' };
    const exchange = await this.#exchange(branches, partitions === 1 ? undefined : routing, partitions, to);
    if (to.kind === 'exchange') this.record.exchanged(plan, exchange);
    const branch = readBranch(exchange, output, partitions === 1);
    if (to.kind === 'exchange') this.#ports.watch?.mark(branch.plan, plan);
    if (partitions === 1) return partsOf(branch, SINGLE);
    if (routing?.kind === 'values')
      return partsOf(branch, rangesBy(routing.key, routing.bounds, { exchange, output, keys: [routing.key] }));
    return partsOf(branch, routing?.kind === 'hash' ? hashOf(routing.keys, { exchange, output, keys: routing.keys }) : UNKNOWN);
  }

  /** The same rows by the same keys are computed once. */
  #exchange(parts: readonly Branch[], routing: Routing | undefined, partitions: number, to: Consumer): Promise<Exchange> {
    const { session } = this.settings;
    const name = nextTable('x');
    const branches = parts.map((branch) =>
      this.#closed(branch, exchangeText(branch.plan, routing, partitions, session), to, { name, partitions }),
    );
    return this.#reuse.exchange(branches, partitions, () =>
      this.#ports.cluster.exchange(branches, name, columnsOf(parts[0]!.plan), partitions),
    );
  }

  numbersOf(branch: SqlBranch): Promise<readonly number[] | undefined> {
    return this.#ports.numbers(branch);
  }

  async tables(plan: PhysicalPlan): Promise<readonly BroadcastTable[]> {
    return Promise.all(
      (plan.subqueries ?? []).map(async ({ table, output, plan: subquery }) => {
        const parts = await this.parts(subquery);
        return this.#sent(parts, { kind: 'subquery' }, { table, output });
      }),
    );
  }

  /** Rows that all tasks get; the same rows are computed once, under the names that they had first. */
  async broadcastParts(parts: Parts, to: Consumer): Promise<BroadcastTable> {
    const beganMs = this.#ports.nowMs();
    const sent = (bytes: number, how: 'sent' | 'text' = 'sent') => this.record.sent(to, how, bytes, this.#ports.nowMs() - beganMs);
    const text = asText(parts);
    if (text !== undefined) {
      sent(0, 'text');
      return text;
    }
    if (this.settings.slots > MOST_READERS) {
      const table = await this.#sent(parts, to);
      sent(0);
      return table;
    }
    const read = plainRead(parts) ?? (await this.#exchange(parts.branches, undefined, 1, to));
    sent(exchangeBytes([read]));
    return everywhere(read);
  }

  /** By way of the driver. @param named a name that the plan calls the rows by, with these columns */
  #sent({ branches: parts }: Parts, to: Consumer, named?: { table: string; output: readonly Attribute[] }): Promise<BroadcastTable> {
    const { session } = this.settings;
    const branches = parts.map((branch) => this.#closed(branch, exchangeText(branch.plan, undefined, 1, session), to));
    const send = async (): Promise<BroadcastTable> => {
      const byTask: (readonly Uint8Array[])[] = [];
      await this.#ports.cluster.collect(branches, (task, files) => {
        byTask[task] = files;
      });
      const name = named?.table ?? nextTable('b');
      return this.#broadcast(name, named === undefined ? parts[0]!.plan : tableOf(name, named.output), byTask.flat());
    };
    return named === undefined ? this.#reuse.broadcast(branches, send) : send();
  }

  async #broadcast(name: string, plan: LogicalPlan, files: readonly Uint8Array[]): Promise<BroadcastTable> {
    const value = this.#ports.cluster.broadcast(files);
    this.#broadcasts.push(value);
    const columns = columnsOf(plan);
    const bytes = files.reduce((sum, file) => sum + file.byteLength, 0);
    return { input: { name, columns }, from: { kind: 'driver', value }, rows: Math.ceil(bytes / (VALUE_BYTES * columns.length)) };
  }
}
