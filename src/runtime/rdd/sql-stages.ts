// Stages of SQL as RDDs: a source of texts or shuffles, the operation `sqlFragment` over it, a shuffle by the partition that is the key.
// Scheduling, retries, lost outputs and decommissioning are the RDD engine's. What the fragments say is sql/physical/'s.
import type { Broadcast } from './broadcast.ts';
import type { OnResult, PartitionResult, RddContext } from './context.ts';
import { HashPartitioner } from './partitioner.ts';
import { prepareLineage } from './prepare-lineage.ts';
import { narrow, newRdd } from './rdd-base.ts';
import './rdd.ts'; // says which class newRdd makes
import type { RDD } from './rdd.ts';
import { decodeRows } from './row-codec.ts';
import { shuffle } from './shuffled.ts';
import type { EverywhereRead, Exchange, ExchangeRead, FragmentColumn, SqlBranch, SqlCluster, SqlJob, SqlSource } from './sql-fragment.ts';
import { NOTE, type Note } from './sql-fragment.ts';
import { StorageLevel } from './storage-level.ts';

type Blob = [partition: number, [input: string, bytes: Uint8Array, map: number]];
/** `[partition, bytes, rows, partition, bytes, rows, …]` of one map task's files, and the files themselves where they are small. */
type Sizes = [partition: number, [input: string, sizes: readonly number[], files?: readonly Uint8Array[]]];

export type SqlContext = RddContext & {
  broadcast(value: unknown): Broadcast<unknown>;
  /** Of the flow that runs a job; left out: jobs have no properties. */
  getLocalProperty?(key: string): string | undefined;
  setLocalProperty?(key: string, value: string | undefined): void;
  /** What is cached of the program's RDDs. */
  getRDDStorageInfo?(): readonly {
    readonly id: number;
    readonly numCachedPartitions: number;
    readonly memSize: number;
    readonly diskSize: number;
  }[];
};

/** By which a job's page finds its query. */
const EXECUTION_ID = 'spark.sql.execution.id';

export function sqlCluster(context: SqlContext, slots: () => number, isLocal: boolean, job?: SqlJob): SqlCluster {
  const runner: Runner = {
    context,
    callSite: () => job?.callSite ?? context.callSite('collect'),
    async run(root, partitions, each, callSite) {
      await prepareLineage(root.node); // it may stand on an RDD of the program
      const before = context.getLocalProperty?.(EXECUTION_ID);
      if (job !== undefined) context.setLocalProperty?.(EXECUTION_ID, String(job.executionId));
      // The properties are read while the call is made.
      const running = context.runJob(root.node, { kind: 'collect' }, partitions, each, { callSite });
      if (job !== undefined) context.setLocalProperty?.(EXECUTION_ID, before);
      return running;
    },
  };
  return {
    get slots() {
      return slots();
    },
    isLocal,
    forExecution: (execution) => sqlCluster(context, slots, isLocal, execution),
    exchange: (branches, name, columns, partitions) => exchange(runner, branches, name, columns, partitions),
    async collect(branches, each) {
      const callSite = runner.callSite();
      const take = (task: number, result: PartitionResult) =>
        each(
          task,
          (result === undefined ? [] : (decodeRows(result as Uint8Array) as Blob[])).map(([, [, bytes]]) => bytes),
        );
      await runner.run(union(context, branches, callSite), undefined, take, callSite);
    },
    keep(branches, columns, { name, label, level }) {
      const rdd = union(context, branches, runner.callSite()).setName(label);
      // Files are bytes: every slot of an executor can read them.
      rdd.persist(new StorageLevel(level.useDisk, level.useMemory, level.useOffHeap, false, level.replication));
      const { partitions } = rdd.node;
      const known = (): number | undefined => {
        const info = context.getRDDStorageInfo?.().find(({ id }) => id === rdd.id);
        return info?.numCachedPartitions === partitions ? (info.memSize + info.diskSize) / level.replication : undefined;
      };
      return {
        exchange: (guess) => {
          const shares = (of: number) => new Array<number>(partitions).fill(of / partitions);
          return { name, columns, partitions, maps: 1, bytes: shares(known() ?? guess.bytes), rows: shares(guess.rows), rdd };
        },
        release: async () => void (await rdd.unpersist()),
      };
    },
    files: (branches) => union(context, branches, runner.callSite()),
    literalFiles: (files) =>
      newRdd(context, {
        kind: 'ParallelCollectionRDD',
        op: { tag: 'parallelize', slice: (p) => [[0, ['', files[p]!]]] },
        dependencies: [],
        partitions: files.length,
        callSite: runner.callSite(),
      }),
    broadcast: (files) => context.broadcast(files),
    forget: (broadcast) => void (broadcast as Broadcast<unknown>).destroy().catch(() => {}),
  };
}

type Runner = {
  readonly context: SqlContext;
  readonly callSite: () => string;
  readonly run: (root: RDD<unknown>, partitions: readonly number[] | undefined, each: OnResult, callSite: string) => Promise<void>;
};

/**
 * The last partition has no rows: each map task says there how large its others are, so reading that one computes all of them and tells
 * what the next stage should look like, before it is planned.
 */
async function exchange(
  { context, run, callSite: siteOf }: Runner,
  given: readonly SqlBranch[],
  name: string,
  columns: readonly FragmentColumn[],
  partitions: number,
): Promise<Exchange> {
  const callSite = siteOf();
  const partitioner = new HashPartitioner(partitions + 1);
  const tasks = given.reduce((sum, { source }) => sum + tasksOf(source), 0);
  const inlineBytes = Math.min(INLINE_BYTES, Math.floor(MOST_INLINE_BYTES / tasks));
  const branches = given.map((b) => ({ ...b, fragment: { ...b.fragment, exchange: { name, partitions, inlineBytes } } }));
  const parent = union(context, branches, callSite) as RDD<[number, unknown]>;
  const rdd = shuffle(parent, { partitioner, aggregator: undefined, mapSideCombine: false, callSite });
  const [bytes, rows] = [new Array<number>(partitions).fill(0), new Array<number>(partitions).fill(0)];
  const inline = Array.from({ length: partitions }, (): Uint8Array[] => []);
  let isInline = true;
  const add = (_: number, result: unknown) => {
    for (const [, [, sizes, files]] of decodeRows(result as Uint8Array) as Sizes[]) {
      isInline &&= files !== undefined;
      for (let i = 0; i < sizes.length; i += 3) {
        bytes[sizes[i]!]! += sizes[i + 1]!;
        rows[sizes[i]!]! += sizes[i + 2]!;
        if (files !== undefined) inline[sizes[i]!]!.push(files[i / 3]!);
      }
    }
  };
  await run(rdd, [partitions], add, callSite);
  return { name, columns, partitions, maps: parent.node.partitions, bytes, rows, ...(isInline && { inline }), rdd };
}

/** Files of a task, and of all tasks, that come with their sizes: the driver may need no more of a stage to give the result. */
const [INLINE_BYTES, MOST_INLINE_BYTES] = [64 << 10, 1 << 20];

function tasksOf(source: SqlSource): number {
  if (source.kind === 'rdd') return (source.rows.rdd as RDD<unknown>).node.partitions;
  return source.kind === 'texts' ? source.tasks.length : source.reads[0]!.groups.length;
}

function union(context: SqlContext, branches: readonly SqlBranch[], callSite: string): RDD<unknown> {
  const rdds = branches.map((branch) => branchRdd(context, branch, callSite));
  if (rdds.length === 1) return rdds[0]!;
  const partitions = rdds.reduce((sum, rdd) => sum + rdd.node.partitions, 0);
  return newRdd(context, { kind: 'UnionRDD', op: { tag: 'union' }, dependencies: rdds.map(narrow), partitions, callSite });
}

function branchRdd(context: SqlContext, { fragment, broadcasts, bodies, source, everywhere }: SqlBranch, callSite: string): RDD<unknown> {
  const own = sourceRdd(context, source, callSite);
  const { partitions } = own.node;
  const parent = zipped(context, [own, ...everywhere.flatMap((read) => everywhereRdds(context, read, partitions, callSite))], callSite);
  return newRdd(context, {
    kind: 'SqlFragmentRDD',
    op: { tag: 'rows', name: 'sqlFragment', functions: [...broadcasts, ...bodies], args: fragment },
    dependencies: [narrow(parent)],
    partitions: parent.node.partitions,
    callSite,
  });
}

function sourceRdd(context: SqlContext, source: SqlSource, callSite: string): RDD<unknown> {
  if (source.kind === 'rdd') {
    const rdd = source.rows.rdd as RDD<unknown>;
    const { name, columns } = source.input;
    return newRdd(context, {
      op: { tag: 'rows', name: 'sqlEncode', functions: [], args: { name, columns, shape: source.rows.shape } },
      dependencies: [narrow(rdd)],
      partitions: rdd.node.partitions,
      callSite,
    });
  }
  if (source.kind === 'texts') {
    const { tasks } = source;
    const slice = (p: number) => tasks[p]!.map((text) => [0, text]);
    const scan = newRdd(context, {
      kind: 'FileScanRDD',
      op: { tag: 'parallelize', slice },
      dependencies: [],
      partitions: tasks.length,
      callSite,
    });
    return zipped(context, [scan, ...exchangeRdds(context, source.reads ?? [], callSite)], callSite);
  }
  return zipped(context, exchangeRdds(context, source.reads, callSite), callSite);
}

function exchangeRdds(context: SqlContext, reads: readonly ExchangeRead[], callSite: string): RDD<unknown>[] {
  return reads.flatMap(({ exchange, groups, shares }) => {
    const read = readRdd(context, exchange, groups, callSite);
    if (shares === undefined) return [read];
    const notes = shares.map((share) => (share === undefined ? [] : [{ share: { ...share, input: exchange.name } }]));
    return [noteRdd(context, (p) => notes[p]!, groups.length, callSite), read];
  });
}

/** Task i reads the partitions groups[i]. */
function readRdd(context: SqlContext, { rdd }: Exchange, groups: readonly (readonly number[])[], callSite: string): RDD<unknown> {
  const op = { tag: 'coalesce', groups: groups.map((group) => [...group]) } as const;
  const dependencies = [narrow(rdd as RDD<unknown>)];
  return newRdd(context, { kind: 'ShuffledRowRDD', op, dependencies, partitions: groups.length, callSite });
}

function noteRdd(context: SqlContext, notesOf: (p: number) => readonly Note[], partitions: number, callSite: string): RDD<unknown> {
  const slice = (p: number) => notesOf(p).map((note) => [0, [NOTE, note]]);
  return newRdd(context, { kind: 'NoteRDD', op: { tag: 'parallelize', slice }, dependencies: [], partitions, callSite });
}

/** All of an exchange in each of so many tasks: a word that says under which name, then the rows. */
function everywhereRdds(context: SqlContext, { input, exchange }: EverywhereRead, partitions: number, callSite: string): RDD<unknown>[] {
  const name = noteRdd(context, () => [{ readAs: input }], partitions, callSite);
  const all = Array.from({ length: exchange.partitions }, (_, p) => p);
  return [name, readRdd(context, exchange, new Array<number[]>(partitions).fill(all), callSite)];
}

/** The rows of the same partition of each, one after the other. */
function zipped(context: SqlContext, rdds: readonly RDD<unknown>[], callSite: string): RDD<unknown> {
  if (rdds.length === 1) return rdds[0]!;
  const { partitions } = rdds[0]!.node;
  const op = { tag: 'unionByPartition' } as const;
  return newRdd(context, { kind: 'ZippedPartitionsRDD', op, dependencies: rdds.map(narrow), partitions, callSite });
}
