// Runs RDD jobs in the test's own process: plans stages, compiles and runs them one task after another, shuffle files in a temporary folder.
// It is a driver without a scheduler. User functions are passed straight through, because vitest's modules don't go through the closure loader.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { type AnyAccumulator, CollectionAccumulator, LongAccumulator } from '../../src/runtime/rdd/accumulators.ts';
import { Broadcast } from '../../src/runtime/rdd/broadcast.ts';
import type { JobOptions, PartitionResult, RddContext } from '../../src/runtime/rdd/context.ts';
import type { ResultAction } from '../../src/runtime/rdd/ops.ts';
import type { RddNode, ShuffleDependency } from '../../src/runtime/plan/lineage.ts';
import { decodeStageInstall, encodeStageInstall, type MapOutput } from '../../src/runtime/plan/stage-install.ts';
import { planStage, type StageWork } from '../../src/runtime/plan/stage-plan.ts';
import { type CompiledStage, stageWith, type TaskEnd, type WorkerEnv } from '../../src/runtime/executor/compile-stage.ts';
import { SqlThread } from '../../src/runtime/executor/compute/sql-thread.ts';
import { duckdbKernels } from '../../src/platform/duckdb.ts';
import * as sqlFunctions from '../../src/runtime/sql/udf/for-executors.ts';
import { partitionToDisk, type StoredBlocks } from '../../src/runtime/executor/compute/stored-rows.ts';
import type { RDD } from '../../src/runtime/rdd/rdd.ts';
import { CachedPartitions } from '../../src/runtime/driver/core/cached-partitions.ts';
import { Checkpoints } from '../../src/runtime/driver/service/checkpoints.ts';
import { someCheckpointWaits } from '../../src/runtime/rdd/checkpoint.ts';
import { BlockManager } from '../../src/runtime/storage/block-manager.ts';
import { ByteBlocks } from '../../src/runtime/storage/byte-blocks.ts';
import type { BlockUpdate } from '../../src/runtime/storage/shared-blocks.ts';
import { MemoryPool } from '../../src/runtime/storage/memory-pool.ts';
import type { BlockPart, BlockRange } from '../../src/runtime/shuffle/remote-blocks.ts';
import { readRange } from '../../src/runtime/shuffle/segments.ts';
import { PartitionStore } from '../../src/runtime/storage/partition-store.ts';
import { emptyRDD, parallelize, range, textFile, wholeTextFiles } from '../../src/runtime/rdd/sources.ts';
import type { Row } from '../../src/runtime/rdd/inference.ts';
import '../../src/runtime/rdd/rdd.ts';

/** What a block server answers, without one. */
export const readParts = async (ranges: readonly BlockRange[]): Promise<BlockPart[]> =>
  ranges.map(({ file, offset, lengthBytes }) => {
    try {
      return { data: readRange(file, offset, offset + lengthBytes) };
    } catch (error) {
      return { fault: (error as Error).message };
    }
  });

const silent = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };

export type InProcessOptions = {
  readonly parallelism?: number;
  readonly budgetBytes?: number;
  readonly cacheBytes?: number;
  readonly byteCacheBytes?: number;
  readonly offHeapBytes?: number;
  readonly compressed?: boolean;
  readonly conf?: Record<string, string>;
  readonly remote?: boolean;
};

export class InProcessContext implements RddContext {
  readonly defaultParallelism: number;
  readonly folder = mkdtempSync(path.join(os.tmpdir(), 'emberloom-rdd-'));
  readonly ends: TaskEnd[] = [];
  /** `result 3`, `shuffleMap 7`: RDD ids of the stages that ran. */
  readonly stages: string[] = [];
  readonly store: PartitionStore;
  readonly cached = new CachedPartitions();
  readonly checkpoints: Checkpoints;
  readonly blocks: BlockManager;
  readonly stored: StoredBlocks;
  /** What the executor told of its blocks. */
  readonly updates: BlockUpdate[] = [];
  readonly warnings: string[] = [];
  interrupted = false;
  /** What tasks told while they ran: task id, records read so far. */
  readonly progress: [number, number][] = [];
  #rdds = 0;
  #shuffles = 0;
  #stageIds = 0;
  #taskIds = 0;
  #accumulators = new Map<number, AnyAccumulator>();
  readonly outputs = new Map<number, MapOutput[]>();
  readonly #options: InProcessOptions;
  readonly #sql: SqlThread;

  constructor(options: InProcessOptions = {}) {
    this.#options = options;
    this.#sql = new SqlThread({
      kernels: duckdbKernels,
      memoryLimitMb: undefined,
      cores: 1,
      dirs: [path.join(this.folder, 'shuffle')],
      functions: () => sqlFunctions,
    });
    this.defaultParallelism = options.parallelism ?? 2;
    const maxBytes = options.cacheBytes ?? 1 << 26;
    this.store = new PartitionStore(new MemoryPool({ maxBytes, storageRegionBytes: maxBytes / 2 }));
    const dirs = [path.join(this.folder, 'blocks')];
    const log = { ...silent, warn: (text: string) => this.warnings.push(text) };
    const pool = new MemoryPool({ maxBytes: options.byteCacheBytes ?? 1 << 26, storageRegionBytes: 0 });
    const offHeapPool = new MemoryPool({ maxBytes: options.offHeapBytes ?? 0, storageRegionBytes: 0 });
    const compressed = options.compressed ?? false;
    const bytes = new ByteBlocks({ dirs, pool, offHeapPool, compressed, log, onChange: (update) => this.updates.push(update) });
    const master = {
      report: async (updates: readonly BlockUpdate[]) => {
        this.updates.push(...updates);
        for (const u of updates) this.cached.executorHolds('1', u.rddId, u.partition, u.memoryBytes, u.diskBytes);
      },
      locate: async () => [],
      peers: async () => [],
    };
    this.checkpoints = new Checkpoints({ cached: this.cached, compress: compressed, log, onCut: () => {} });
    this.blocks = new BlockManager({ host: 'here', bytes, master, transfer: undefined, log });
    this.stored = { shared: this.blocks.slot('slot-0'), dirs, compressed, log };
    this.store.writeToDisk = partitionToDisk(this.stored);
  }

  parallelize = <T extends Row>(values: Iterable<T>, slices?: number) => parallelize<T>(this, values, slices);
  range = (start: number, end?: number, step?: number, slices?: number) => range(this, start, end, step, slices);
  textFile = (file: string, min?: number) => textFile(this, file, min);
  wholeTextFiles = (file: string, min?: number) => wholeTextFiles(this, file, min);
  emptyRDD = <T>() => emptyRDD<T>(this);
  broadcast = <T>(value: T) => new Broadcast<T>(0, value);
  longAccumulator = (name?: string) => this.#added(new LongAccumulator(this.#accumulators.size, name));
  collectionAccumulator = <T>(name?: string) => this.#added(new CollectionAccumulator<T>(this.#accumulators.size, name));

  accumulator = (id: number): AnyAccumulator | undefined => this.#accumulators.get(id);

  #added<A extends AnyAccumulator>(accumulator: A): A {
    this.#accumulators.set(accumulator.id, accumulator);
    return accumulator;
  }

  conf(key: string): string | undefined {
    return this.#options.conf?.[key];
  }

  nextRddId(): number {
    return this.#rdds++;
  }

  nextShuffleId(): number {
    return this.#shuffles++;
  }

  callSite(method: string): string {
    return `${method} at job.ts:1`;
  }

  checkSerializable(): void {}
  registerShuffle(): void {}
  addResourceProfile(): void {}

  persisted(rdd: RDD<unknown>): void {
    this.cached.persisted(rdd.id, rdd.getStorageLevel());
  }

  getCheckpointDir(): string | undefined {
    return this.checkpoints.dir;
  }

  async unpersist(rddId: number): Promise<void> {
    this.store.drop(rddId);
    this.blocks.removeRdd(rddId);
    this.cached.forget(rddId);
  }

  resolvePath(file: string): string {
    return path.resolve(this.folder, file.replace(/^file:(\/\/)?/, ''));
  }

  async runJob(
    root: RddNode,
    action: ResultAction,
    partitions: readonly number[] | undefined,
    onResult: (index: number, result: PartitionResult) => void,
    _: JobOptions,
  ): Promise<void> {
    await this.#shufflesOf(root);
    const wanted = partitions ?? Array.from({ length: root.partitions }, (__, p) => p);
    const stage = this.#stage(root, { kind: 'result', action });
    for (const [index, partition] of wanted.entries()) onResult(index, (await this.runTask(stage, partition)).result);
    if (!someCheckpointWaits()) return;
    await this.checkpoints.afterJob(
      root,
      () => this.#rdds++,
      (node, what, which, taken) => this.runJob(node, what, which, taken, _),
    );
  }

  async #shufflesOf(node: RddNode, seen = new Set<RddNode>()): Promise<void> {
    if (seen.has(node)) return;
    seen.add(node);
    for (const dependency of node.dependencies) {
      await this.#shufflesOf(dependency.parent, seen);
      if (dependency.kind === 'shuffle' && !this.outputs.has(dependency.shuffleId)) await this.#runShuffle(dependency);
    }
  }

  async #runShuffle(dependency: ShuffleDependency): Promise<void> {
    const stage = this.#stage(dependency.parent, { kind: 'shuffleMap', dependency });
    const outputs: MapOutput[] = [];
    for (let p = 0; p < dependency.parent.partitions; p++) {
      const { mapOutput } = await this.runTask(stage, p);
      outputs.push({ ...mapOutput!, executorId: '1', host: this.#options.remote ? 'other' : 'here', blockAddress: 'unix:none' });
    }
    this.outputs.set(dependency.shuffleId, outputs);
  }

  #stage(root: RddNode, work: StageWork): { run: CompiledStage; payload: (p: number) => Uint8Array | undefined } {
    this.stages.push(`${work.kind} ${root.id}`);
    const planned = planStage(root, work);
    const mapOutputs = planned.shufflesRead.map((shuffleId) => ({ shuffleId, epoch: 1, outputs: this.outputs.get(shuffleId) ?? [] }));
    const install = decodeStageInstall(
      encodeStageInstall({ stageId: this.#stageIds++, stageAttempt: 0, plan: planned.plan, closure: new Uint8Array(), mapOutputs }),
    );
    return { run: stageWith(install, this.env(), { baseUrl: 'file:///' }, () => planned.functions), payload: planned.payload };
  }

  env(): WorkerEnv {
    return {
      executorId: this.#options.remote ? '2' : '1',
      host: 'here',
      slot: 0,
      shuffleDirs: [path.join(this.folder, 'shuffle')],
      appDir: this.folder,
      conf: new Map(),
      blocks: this.store,
      stored: this.stored,
      sql: this.#sql,
      log: silent,
      interrupted: () => this.interrupted,
      progress: (taskId, recordsRead) => void this.progress.push([taskId, recordsRead]),
      broadcast: async () => new Uint8Array(),
      shuffleBudgetBytes: this.#options.budgetBytes,
      remote: {
        fetchRanges: async (_, ranges) => await readParts(ranges),
        diagnose: async (_, { file, offset, lengthBytes, checksumOffset }) => ({
          written: readRange(`${file}.index`, checksumOffset, checksumOffset + 4).readUInt32LE(0),
          now: crc32(readRange(file, offset, offset + lengthBytes)),
        }),
      },
    };
  }

  async runTask(
    { run, payload }: { run: CompiledStage; payload: (p: number) => Uint8Array | undefined },
    partition: number,
  ): Promise<TaskEnd> {
    const end = await run.run({ taskId: this.#taskIds++, partition, attempt: 0, payload: payload(partition) });
    for (const [id, update] of end.accumulators ?? []) this.#accumulators.get(id)!.merge(update);
    this.ends.push(end);
    return end;
  }

  close(): void {
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true, force: true });
  }
}
