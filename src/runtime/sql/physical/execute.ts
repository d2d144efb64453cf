// Runs a physical plan: stage by stage, each planned when the sizes of those before it are known, so that what is small goes in one task or to
// all of them. How a stage runs on executors is SqlCluster's (../../rdd/sql-fragment.ts). Source: AdaptiveSparkPlanExec of Spark 4.2.
import type { Exchange, FragmentColumn, SqlCluster } from '../../rdd/sql-fragment.ts';
import type { Attribute } from '../logical/expressions.ts';
import { transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { closed, columnsOf, exchangeText, resultText, type Routing, tableOf } from './fragments.ts';
import { type ExecuteSettings, leafBranch } from './leaves.ts';
import { nextTable } from './spread.ts';
import { asOneTask, type Branch, type BroadcastTable, type CoalesceSettings, bytesOf, merged, type Parts } from './parts.ts';
import type { BroadcastSide, PhysicalPlan } from './physical-plan.ts';

export type ExecutePorts = {
  readonly cluster: SqlCluster;
  /** Rows of a table of the driver's kernel, as a Parquet file. */
  readonly tableFile: (table: string) => Promise<Uint8Array>;
  /** Values that cut rows of Parquet files into `parts` equal ranges in this order, as texts of the kernel. */
  readonly bounds: (files: readonly Uint8Array[], type: string, isAscending: boolean, parts: number) => Promise<readonly string[]>;
};

/** More partitions than this cost more to write than they save. */
const MOST_PARTITIONS = 32;
const PARTITION_BYTES = 32 << 20;
/** Rows that each task gives for the bounds of ranges. */
const SAMPLED_ROWS = 1000;
/** A sort of less is one task's. */
const RANGE_BYTES = 32 << 20;
export class Execution {
  readonly #settings: ExecuteSettings;
  readonly #ports: ExecutePorts;
  readonly #broadcasts: unknown[] = [];

  constructor(settings: ExecuteSettings, ports: ExecutePorts) {
    this.#settings = settings;
    this.#ports = ports;
  }

  /** `each` gets the Parquet files of a task, in any order of tasks. Columns are o0, o1 … */
  async collect(
    plan: PhysicalPlan,
    output: readonly Attribute[],
    each: (task: number, files: readonly Uint8Array[]) => void,
  ): Promise<void> {
    try {
      const parts = await this.#parts(plan);
      const { session } = this.#settings;
      const branches = parts.map((branch) => closed(branch, resultText(branch.plan, output, session), undefined, session, this.#settings));
      await this.#ports.cluster.collect(branches, each);
    } finally {
      for (const broadcast of this.#broadcasts) this.#ports.cluster.forget(broadcast);
    }
  }

  async #parts(plan: PhysicalPlan): Promise<Parts> {
    switch (plan.kind) {
      case 'leaf':
        return [plan.node.kind === 'kernelTable' ? await this.#driversTable(plan.node) : leafBranch(plan.node, this.#settings)];
      case 'whole':
        return [{ ...(await this.#whole(plan.node)), isWhole: true }];
      case 'narrow': {
        const [child, tables] = await Promise.all([this.#parts(plan.child), this.#tables(plan)]);
        return child.map((branch) => stacked(branch, (below) => ({ ...plan.node, child: below }) as LogicalPlan, tables));
      }
      case 'union': {
        const children = await Promise.all(plan.children.map((child) => this.#parts(child)));
        const { output } = plan.node;
        return children.flat().map((branch) => stacked(branch, (below) => ({ kind: 'union', children: [below], output })));
      }
      case 'exchange':
        return this.#exchanged(plan);
      case 'set': {
        const [l, r] = await this.#alike(plan.left, plan.right);
        return [merged({ ...plan.node, left: l.plan, right: r.plan }, l, r)];
      }
      case 'join':
        return this.#join(plan);
    }
  }

  async #driversTable(node: Extract<LogicalPlan, { kind: 'kernelTable' }>): Promise<Branch> {
    const table = await this.#broadcast(nextTable('local'), node, [await this.#ports.tableFile(node.table)]);
    const columns = node.columns.map((name, i): FragmentColumn => [name, columnsOf(node)[i]![1]]);
    const input = { ...table.input, columns };
    return { plan: { ...node, table: input.name }, inputs: [], broadcasts: [{ ...table, input }], source: { kind: 'none' } };
  }

  /** All in one task; the driver's own tables go along. */
  async #whole(node: LogicalPlan): Promise<Branch> {
    const tables = new Map<string, Extract<LogicalPlan, { kind: 'kernelTable' }>>();
    visitPlan(node, (p) => {
      if (p.kind === 'kernelTable') tables.set(p.table, p);
    });
    const sent = new Map<string, Branch>();
    for (const [name, table] of tables) sent.set(name, await this.#driversTable(table));
    const plan = transformPlan(node, (p) => {
      const made = p.kind === 'kernelTable' ? sent.get(p.table) : undefined;
      return made === undefined ? p : ({ ...p, table: (made.plan as typeof p & { table: string }).table } as LogicalPlan);
    });
    return { plan, inputs: [], broadcasts: [...sent.values()].flatMap((branch) => branch.broadcasts), source: { kind: 'none' } };
  }

  async #exchanged(plan: Extract<PhysicalPlan, { kind: 'exchange' }>): Promise<Parts> {
    const parts = await this.#parts(plan.child);
    const { to, partitions } = plan;
    if (partitions === undefined || partitions === 1) {
      const one = asOneTask(parts, this.#settings);
      if (one !== undefined) return [one];
    }
    if (to.kind === 'single' || partitions === 1) return [await this.#shuffled(parts, undefined, 1)];
    const n = partitions ?? this.#partitionsFor(bytesOf(parts) ?? plan.estimatedBytes);
    if (to.kind === 'range') return [await this.#ranges(parts, to.order, partitions, bytesOf(parts) ?? plan.estimatedBytes)];
    return [await this.#shuffled(parts, to, n)];
  }

  /** The bounds are of the first key: rows that agree in it are in one partition, which is sorted by all keys there. */
  async #ranges(
    parts: Parts,
    order: Extract<Routing, { kind: 'range' }>['order'][] | readonly Extract<Routing, { kind: 'range' }>['order'][],
    wanted: number | undefined,
    bytes: number,
  ): Promise<Branch> {
    const [first] = order;
    const type = first!.child.dataType;
    const isSimple = !['array', 'map', 'struct', 'variant', 'binary', 'calendarInterval', 'null'].includes(type.tag);
    if (!isSimple || (wanted === undefined && bytes < RANGE_BYTES)) return this.#shuffled(parts, undefined, 1);
    const n = wanted ?? this.#partitionsFor(bytes);
    const key: LogicalPlan[] = parts.map((branch) => ({
      kind: 'project',
      child: branch.plan,
      projectList: [{ kind: 'alias', child: first!.child, name: 'k', exprId: 0, dataType: type, nullable: true }],
    }));
    const { session } = this.#settings;
    const samples: Uint8Array[] = [];
    const branches = parts.map((branch, i) => {
      const { sql, functions } = exchangeText(key[i]!, undefined, 1, session);
      const sampled = `SELECT c0 FROM (${sql}) USING SAMPLE reservoir(${SAMPLED_ROWS} ROWS) REPEATABLE (${i})`;
      return closed(branch, { sql: sampled, functions }, undefined, session, this.#settings);
    });
    await this.#ports.cluster.collect(branches, (_, files) => samples.push(...files));
    const bounds = await this.#ports.bounds(samples, columnsOf(key[0]!)[0]![1], first!.ascending, n);
    return this.#shuffled(parts, { kind: 'range', order: first!, bounds }, n);
  }

  async #shuffled(parts: Parts, routing: Routing | undefined, partitions: number): Promise<Branch> {
    const exchange = await this.#exchange(parts, routing, partitions);
    return readBranch(exchange, outputOf(parts[0]!.plan), partitions === 1);
  }

  #exchange(parts: Parts, routing: Routing | undefined, partitions: number): Promise<Exchange> {
    const { session } = this.#settings;
    const name = nextTable('x');
    const way = partitions === 1 ? undefined : routing;
    const branches = parts.map((branch) =>
      closed(branch, exchangeText(branch.plan, way, partitions, session), { name, partitions }, session, this.#settings),
    );
    return this.#ports.cluster.exchange(branches, name, columnsOf(parts[0]!.plan), partitions);
  }

  #partitionsFor(bytes: number): number {
    const { shufflePartitions, slots } = this.#settings;
    return shufflePartitions ?? Math.max(2, Math.min(MOST_PARTITIONS, Math.max(slots, Math.ceil(bytes / PARTITION_BYTES))));
  }

  async #join(plan: Extract<PhysicalPlan, { kind: 'join' }>): Promise<Parts> {
    const tables = await this.#tables(plan);
    if (plan.broadcast !== undefined) return this.#broadcastJoin(plan, plan.broadcast, tables);
    if (plan.keys.left.length === 0) {
      const [l, r] = await Promise.all([this.#parts(plan.left), this.#parts(plan.right)]);
      return [joined(plan.node, oneOf(l, this.#settings), oneOf(r, this.#settings), tables)];
    }
    const [l, r] = await Promise.all([this.#parts(childOf(plan.left)), this.#parts(childOf(plan.right))]);
    const small = this.#settings.isAdaptive ? await this.#turnedOutSmall(plan, l, r) : undefined;
    if (small?.side !== undefined) return this.#stackJoin(plan, small.side, small.side === 'left' ? r : l, small.table, tables);
    const [a, b] = await this.#alikeParts(small?.left ?? l, small?.right ?? r, plan.left, plan.right);
    return [joined(plan.node, a, b, tables)];
  }

  /** The smaller side by guess is computed first: when it is small in truth, the other needs no exchange. */
  async #turnedOutSmall(
    plan: Extract<PhysicalPlan, { kind: 'join' }>,
    left: Parts,
    right: Parts,
  ): Promise<{ side?: BroadcastSide; table: BroadcastTable; left?: Parts; right?: Parts } | undefined> {
    for (const side of plan.mayBroadcast) {
      const parts = side === 'left' ? left : right;
      const bytes = bytesOf(parts);
      if (bytes === undefined || bytes > this.#settings.broadcastBytes) continue;
      return { side, table: await this.#broadcastParts(parts) };
    }
    return undefined;
  }

  async #broadcastJoin(
    plan: Extract<PhysicalPlan, { kind: 'join' }>,
    side: BroadcastSide,
    tables: readonly BroadcastTable[],
  ): Promise<Parts> {
    const [kept, sent] = side === 'right' ? [plan.left, plan.right] : [plan.right, plan.left];
    const [parts, table] = await Promise.all([this.#parts(kept), this.#parts(sent).then((p) => this.#broadcastParts(p))]);
    return this.#stackJoin(plan, side, parts, table, tables);
  }

  #stackJoin(
    { node, left, right }: Extract<PhysicalPlan, { kind: 'join' }>,
    side: BroadcastSide,
    parts: Parts,
    table: BroadcastTable,
    tables: readonly BroadcastTable[],
  ): Parts {
    const sent = tableOf(table.input.name, outputOfPhysical(side === 'left' ? left : right));
    return parts.map((branch) =>
      stacked(branch, (below) => ({ ...node, ...(side === 'left' ? { left: sent, right: below } : { left: below, right: sent }) }), [
        table,
        ...tables,
      ]),
    );
  }

  /** Both sides by their keys into as many partitions, or both in one task. */
  async #alike(left: PhysicalPlan, right: PhysicalPlan): Promise<[Branch, Branch]> {
    const [l, r] = await Promise.all([this.#parts(childOf(left)), this.#parts(childOf(right))]);
    return this.#alikeParts(l, r, left, right);
  }

  async #alikeParts(l: Parts, r: Parts, left: PhysicalPlan, right: PhysicalPlan): Promise<[Branch, Branch]> {
    const [oneL, oneR] = [asOneTask(l, this.#settings), asOneTask(r, this.#settings)];
    if (oneL !== undefined && oneR !== undefined) return [oneL, oneR];
    const bytes = (parts: Parts, plan: PhysicalPlan) => bytesOf(parts) ?? (plan.kind === 'exchange' ? plan.estimatedBytes : 0);
    const n = this.#partitionsFor(Math.max(bytes(l, left), bytes(r, right)));
    return Promise.all([this.#shuffled(l, routingOf(left), n), this.#shuffled(r, routingOf(right), n)]);
  }

  async #tables(plan: PhysicalPlan): Promise<readonly BroadcastTable[]> {
    return Promise.all(
      (plan.subqueries ?? []).map(async ({ table, output, plan: subquery }) => {
        const parts = await this.#parts(subquery);
        return this.#broadcastParts(parts, table, output);
      }),
    );
  }

  async #broadcastParts(parts: Parts, name = nextTable('b'), output?: readonly Attribute[]): Promise<BroadcastTable> {
    const { session } = this.#settings;
    const byTask: (readonly Uint8Array[])[] = [];
    const branches = parts.map((branch) =>
      closed(branch, exchangeText(branch.plan, undefined, 1, session), undefined, session, this.#settings),
    );
    await this.#ports.cluster.collect(branches, (task, files) => {
      byTask[task] = files;
    });
    const plan = output === undefined ? parts[0]!.plan : tableOf(name, output);
    return this.#broadcast(name, plan, byTask.flat());
  }

  async #broadcast(name: string, plan: LogicalPlan, files: readonly Uint8Array[]): Promise<BroadcastTable> {
    const value = this.#ports.cluster.broadcast(files);
    this.#broadcasts.push(value);
    return { input: { name, columns: columnsOf(plan) }, value };
  }
}

const stacked = (branch: Branch, over: (below: LogicalPlan) => LogicalPlan, tables: readonly BroadcastTable[] = []): Branch => ({
  ...branch,
  plan: over(branch.plan),
  broadcasts: [...branch.broadcasts, ...tables],
});

function joined(node: Extract<PhysicalPlan, { kind: 'join' }>['node'], l: Branch, r: Branch, tables: readonly BroadcastTable[]): Branch {
  const both = merged({ ...node, left: l.plan, right: r.plan }, l, r);
  return { ...both, broadcasts: [...both.broadcasts, ...tables] };
}

const readBranch = (exchange: Exchange, output: readonly Attribute[], isOneTask: boolean): Branch => ({
  plan: tableOf(exchange.name, output),
  inputs: [{ name: exchange.name, columns: exchange.columns }],
  broadcasts: [],
  source: { kind: 'exchanges', exchanges: [exchange], isOneTask },
});

const childOf = (plan: PhysicalPlan): PhysicalPlan => (plan.kind === 'exchange' ? plan.child : plan);
const routingOf = (plan: PhysicalPlan): Routing | undefined => (plan.kind === 'exchange' && plan.to.kind === 'hash' ? plan.to : undefined);

function oneOf(parts: Parts, settings: CoalesceSettings): Branch {
  const one = asOneTask(parts, settings);
  if (one === undefined) throw new Error('a side of a join is not in one task: a defect of the planner');
  return one;
}

function outputOfPhysical(plan: PhysicalPlan): readonly Attribute[] {
  return plan.kind === 'exchange' ? outputOfPhysical(plan.child) : outputOf(plan.node);
}
