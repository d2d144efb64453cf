// Puts a task's pipeline together: from the plan's last node back to sources and shuffle blocks, for one partition.
import type { StorageLevel } from '../../plan/lineage.ts';
import type { ShuffleOutputs } from '../../plan/stage-install.ts';
import type { PlanNode, PlanShuffle, StagePlan } from '../../plan/stage-plan.ts';
import type { FileSplit } from '../../rdd/ops.ts';
import type { Batch } from '../../rdd/row-codec.ts';
import type { SqlFragment } from '../../rdd/sql-fragment.ts';
import type { Shape } from '../../sql/api/shapes.ts';
import { readBlocks, type FetchedBlocks } from '../../shuffle/block-reader.ts';
import type { PartitionStore } from '../../storage/partition-store.ts';
import type { BlockId } from '../../storage/block-pieces.ts';
import { CachedRows } from './cached-rows.ts';
import { checkpointRows, lostCheckpoint } from './checkpoint-rows.ts';
import { CogroupRows } from './cogroup-rows.ts';
import { unpackFile } from './decompressed.ts';
import { combinerOf, type Functions, keyOrderOf, lookUpAll } from './functions.ts';
import { aggregatedLocally } from './local-aggregate.ts';
import { RangeRows } from './range-rows.ts';
import { emptyRows, ROW_OPS } from './row-ops.ts';
import { ArrayRows, ConcatRows, type Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import { aggregated, batchesOf, BatchRows, sorted } from './shuffle-read.ts';
import { type SpillEnv, spillPlace } from './spill-place.ts';
import { SqlFragmentRows } from './sql-fragment-rows.ts';
import { DecodedRows, EncodedRows } from './sql-typed-rows.ts';
import type { SqlThread } from './sql-thread.ts';
import { StoredRows, type StoredBlocks } from './stored-rows.ts';
import { TextRows } from './text-rows.ts';

export type PipelineEnv = {
  readonly plan: StagePlan;
  readonly functions: Functions;
  readonly task: Task;
  readonly blocks: PartitionStore;
  readonly stored: StoredBlocks;
  /** Computes fragments of SQL. */
  readonly sql: SqlThread;
  readonly shuffles: ReadonlyMap<number, ShuffleOutputs>;
  readonly spills: SpillEnv;
  readonly fetched: FetchedBlocks;
  /** Blocks of merged files, fetched and counted before; undefined: there are none. */
  readonly merged?: ((shuffleId: number, partition: number, mapIndex: number) => Iterable<Buffer> | undefined) | undefined;
  /** Whether the checksums of shuffle blocks are compared. */
  readonly checksum: boolean;
  /** The rows or file splits that came with the task. */
  readonly input: (node: number, partition: number) => unknown;
};

export function openPipeline(env: PipelineEnv): Rows {
  return openNode(env, env.plan.nodes.length - 1, env.task.partition);
}

function openNode(env: PipelineEnv, index: number, partition: number): Rows {
  const node = env.plan.nodes[index]!;
  const compute = () => computeNode(env, node, index, partition);
  return node.level ? cachedRows({ rddId: node.id, partition }, node.level, env, compute) : compute();
}

/** Objects of this thread alone are looked for at once; all else is asked of the executor's main thread. */
function cachedRows(block: BlockId, level: StorageLevel, env: PipelineEnv, compute: () => Rows): Rows {
  const onlyHere = !env.stored.handsOn && level.deserialized && level.useMemory && !level.useDisk && level.replication === 1;
  return onlyHere ? new CachedRows(block, env.blocks, env.task, compute) : new StoredRows({ block, level, env, compute });
}

function computeNode(env: PipelineEnv, node: PlanNode, index: number, partition: number): Rows {
  const { task } = env;
  switch (node.tag) {
    case 'range':
      return new RangeRows(node.range!, partition, task.check);
    case 'parallelize':
      return new ArrayRows(env.input(index, partition) as unknown[], task.check);
    case 'textFile':
      return openText(env.input(index, partition) as FileSplit, task);
    case 'wholeTextFiles':
      return openWholeFiles(env.input(index, partition) as string[], task);
    case 'rows':
      return openRowOp(env, node, openNode(env, node.parents[0]!, partition), partition);
    case 'union':
      return openUnion(env, node, partition);
    case 'unionByPartition':
      return new ConcatRows(node.parents.map((parent) => () => openNode(env, parent, partition)));
    case 'coalesce':
      return new ConcatRows(node.groups![partition]!.map((p) => () => openNode(env, node.parents[0]!, p)));
    case 'combineLocal':
      return aggregatedLocally(
        openNode(env, node.parents[0]!, partition),
        combinerOf(node.aggregator!, env.functions),
        spillPlace(env.spills, task),
      );
    case 'shuffled':
      return openShuffled(env, shuffleOf(env, node.parents[0]!), partition);
    case 'cogroup': {
      const sourceOf = (parent: number) =>
        parent < 0 ? { batches: batches(env, shuffleOf(env, parent), partition) } : { rows: () => openNode(env, parent, partition) };
      return new CogroupRows(node.parents.map(sourceOf), spillPlace(env.spills, task));
    }
    case 'empty':
      return emptyRows();
    case 'checkpoint':
      return checkpointRows(node.args!['folder'] as string, partition, task);
    case 'lostCheckpoint':
      return lostCheckpoint(node.args!['of'] as number, partition);
  }
}

const shuffleOf = (env: PipelineEnv, parent: number): PlanShuffle => env.plan.shuffles[-parent - 1]!;

function openRowOp(env: PipelineEnv, node: PlanNode, parent: Rows, partition: number): Rows {
  const { functions } = env;
  if (node.name === 'sqlFragment') {
    const [fragment, given] = [node.args as unknown as SqlFragment, lookUpAll(functions, node.refs)];
    return new SqlFragmentRows(parent, fragment, given, env.sql, env.task, env.spills.dirs.next());
  }
  const place = () => ({ thread: env.sql, task: env.task, dir: env.spills.dirs.next() });
  if (node.name === 'sqlDecode') return new DecodedRows(parent, node.args!['shape'] as Shape, lookUpAll(functions, node.refs), place());
  if (node.name === 'sqlEncode') return new EncodedRows(parent, node.args as never, place());
  return ROW_OPS[node.name as keyof typeof ROW_OPS](parent, lookUpAll(functions, node.refs), node.args ?? {}, partition, env.sql);
}

function openUnion(env: PipelineEnv, node: PlanNode, partition: number): Rows {
  let p = partition;
  for (const parent of node.parents) {
    const n = env.plan.nodes[parent]!.partitions;
    if (p < n) return openNode(env, parent, p);
    p -= n;
  }
  return emptyRows();
}

function openShuffled(env: PipelineEnv, shuffle: PlanShuffle, partition: number): Rows {
  const source = batches(env, shuffle, partition);
  const place = spillPlace(env.spills, env.task);
  if (shuffle.aggregator) return aggregated(source, combinerOf(shuffle.aggregator, env.functions), shuffle.mapSideCombine, place);
  if (shuffle.order) return sorted(source, keyOrderOf(shuffle.order, env.functions), place);
  return new BatchRows(source);
}

function batches(env: PipelineEnv, { shuffleId }: PlanShuffle, partition: number): Generator<Batch> {
  const { task } = env;
  const outputs = env.shuffles.get(shuffleId);
  if (!outputs) throw new Error(`shuffle ${shuffleId} has no map outputs in this stage's install`);
  const tally = {
    block: (remote: boolean) => {
      if (remote) task.metrics.shuffleRemoteBlocks++;
      else task.metrics.shuffleLocalBlocks++;
    },
    add: (bytes: number, remote: boolean) => {
      if (remote) task.metrics.shuffleRemoteBytes += bytes;
      else task.metrics.shuffleLocalBytes += bytes;
    },
  };
  const { merged } = env;
  const ofMap = merged && ((mapIndex: number) => merged(shuffleId, partition, mapIndex));
  const blocks = () => readBlocks(outputs, partition, tally, env.fetched, env.checksum, ofMap);
  return batchesOf(blocks, task.check, (n) => {
    task.metrics.shuffleRecordsRead += n;
  });
}

function openWholeFiles(files: readonly string[], task: Task): Rows {
  return new ConcatRows(files.map((file) => () => new ArrayRows([[file, wholeText(file, task)]], task.check)));
}

function openText(split: FileSplit, task: Task): Rows {
  const rows = new TextRows(split, task.check, (bytes, lines) => {
    task.metrics.inputBytes += bytes;
    task.metrics.inputRecords += lines;
  });
  task.cleanUp.push(() => rows.close());
  return rows;
}

function wholeText(file: string, task: Task): string {
  const bytes = unpackFile(file);
  task.metrics.inputBytes += bytes.length;
  return bytes.toString('utf8');
}

/**
 * The shuffle partitions that a task will read, through narrow dependencies: what must be fetched before it runs.
 */
export function shuffleReads(plan: StagePlan, partition: number): { readonly shuffleId: number; readonly partition: number }[] {
  const reads: { shuffleId: number; partition: number }[] = [];
  const visit = (index: number, p: number): void => {
    const node = plan.nodes[index]!;
    if (node.tag === 'union') {
      let rest = p;
      for (const parent of node.parents) {
        const n = plan.nodes[parent]!.partitions;
        if (rest < n) {
          visit(parent, rest);
          return;
        }
        rest -= n;
      }
      return;
    }
    for (const parent of node.parents) {
      if (parent < 0) reads.push({ shuffleId: plan.shuffles[-parent - 1]!.shuffleId, partition: p });
      else if (node.tag === 'coalesce') for (const member of node.groups![p]!) visit(parent, member);
      else visit(parent, p);
    }
  };
  visit(plan.nodes.length - 1, partition);
  return reads;
}
