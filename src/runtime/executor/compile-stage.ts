// A stage as a worker runs it: the plan decoded once, user functions compiled once, broadcasts fetched ahead; then task by task, synchronous
// unless user code is not. The driver's half is plan/stage-plan.ts; the worker's loop is worker-main.ts.
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Captured, decodeCaptured } from '../closure/captured.ts';
import { preload, rebuild, type RebuildContext } from '../closure/rebuild.ts';
import { packagesUrlOf } from '../closure/submitted-packages.ts';
import type { Logger } from '../../common/ports.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import type { StageInstall } from '../plan/stage-install.ts';
import { decodeStagePlan, decodeTaskInputs, type StagePlan } from '../plan/stage-plan.ts';
import { type AccumulatorUpdate, makeAccumulator } from '../rdd/accumulators.ts';
import type { Broadcast } from '../rdd/broadcast.ts';
import type { PartitionResult } from '../rdd/context.ts';
import { type ClassNotice, registerRecordClass } from '../rdd/record-classes.ts';
import { decodeRows } from '../rdd/row-codec.ts';
import type { BarrierOfTask, TaskMetrics } from '../rdd/task-context.ts';
import type { BlockClient } from '../shuffle/remote-blocks.ts';
import { type ShuffleSettings, shuffleSettings } from '../shuffle/shuffle-settings.ts';
import type { BlockNews, PartitionStore } from '../storage/partition-store.ts';
import { combinerOf, type Functions, lookUpAll, partitionerOf } from './compute/functions.ts';
import { openPipeline, shuffleReads } from './compute/pipeline.ts';
import { RESULT_ACTIONS } from './compute/result-actions.ts';
import type { Rows } from './compute/rows.ts';
import { Task } from './compute/running-task.ts';
import type { SqlThread } from './compute/sql-thread.ts';
import type { StoredBlocks } from './compute/stored-rows.ts';
import { ShuffleInputs, TaskInputs } from './compute/shuffle-inputs.ts';
import { writeShuffle, type WrittenMapOutput } from './compute/shuffle-write.ts';
import { type SpillEnv, spillEnv } from './compute/spill-place.ts';
import type { LocateOutputs } from './moved-outputs.ts';
import type { MapOutputNews } from './worker-settings.ts';
import { broadcastOf } from './worker-broadcasts.ts';
import { placesOf, taskError } from './compute/task-error.ts';

export type WorkerEnv = {
  readonly executorId: string;
  readonly host: string;
  readonly slot: number;
  /** Folders for shuffle and spill files; made when they are missing. */
  readonly shuffleDirs: readonly string[];
  /** Folder from which the application's packages resolve. */
  readonly appDir: string;
  readonly conf: ReadonlyMap<string, string>;
  interrupted(): boolean;
  /** Told between chunks of rows how many records a task has read so far. */
  readonly progress?: ((taskId: number, recordsRead: number) => void) | undefined;
  readonly blocks: PartitionStore;
  readonly stored: StoredBlocks;
  readonly sql: SqlThread;
  broadcast(id: number): Promise<Uint8Array>;
  /** Shuffle blocks that other executors wrote. */
  readonly remote: BlockClient;
  /** Where they lie now, when they are not where the stage was told. */
  readonly locate?: LocateOutputs | undefined;
  readonly log: Logger;
  /** Push-based shuffle: told of each map output but those of barrier stages. */
  readonly onMapOutput?: ((output: MapOutputNews) => void) | undefined;
  /** For tasks of barrier stages. */
  readonly joinBarrier?: ((stageKey: number, taskId: number) => Promise<BarrierOfTask>) | undefined;
  /** What `import … from 'emberloom'` gives in user functions, by specifier. */
  readonly engine?: Readonly<Record<string, object>> | undefined;
  /** Bytes that each sort or table may hold before it spills, instead of what the memory pool gives: for tests. */
  readonly shuffleBudgetBytes?: number | undefined;
};

export type TaskRequest = {
  readonly taskId: number;
  readonly partition: number;
  readonly attempt: number;
  readonly payload: Uint8Array | undefined;
};

/** Absent parts are undefined: a number and nothing else is the fast path. */
export type TaskEnd = {
  readonly result: PartitionResult;
  readonly accumulators?: readonly AccumulatorUpdate[] | undefined;
  readonly metrics?: TaskMetrics | undefined;
  readonly cached?: readonly BlockNews[] | undefined;
  readonly mapOutput?: WrittenMapOutput | undefined;
};

export interface CompiledStage {
  /** @throws AppError TASK_FAILED (user code), FETCH_FAILED, LOCAL_DISK, TASK_KILLED, … */
  run(task: TaskRequest): TaskEnd | Promise<TaskEnd>;
  dispose(): void;
}

/** @throws AppError TASK_FAILED when a module or a broadcast is missing */
export async function compileStage(install: StageInstall, env: WorkerEnv): Promise<CompiledStage> {
  try {
    const captured = decodeCaptured(install.closure);
    const made = new Map<number, Broadcast<unknown>>();
    const packagesDir = env.conf.get(SPARK_KEYS.packagesDir.name);
    const context: RebuildContext = {
      baseUrl: pathToFileURL(`${path.resolve(env.appDir)}/`).href,
      engine: env.engine,
      packagesUrl: packagesDir ? packagesUrlOf(packagesDir) : undefined,
      classes,
      handlers: { broadcast: ({ id }: { id: number }) => made.get(id), accumulator: makeAccumulator },
    };
    await preload(captured, context);
    for (const { handler, data } of captured.handled) {
      if (handler !== 'broadcast') continue;
      const { id } = data as { id: number };
      made.set(id, await broadcastOf(id, env.broadcast, context));
    }
    noteClasses(captured, context);
    return stageWith(install, env, context, () => rebuild(captured, context), placesOf(captured));
  } catch (error) {
    throw taskError(error);
  }
}

/** Classes by content hash, for the life of this worker. */
const classes = new Map<string, unknown[]>();

/** Rebuilds once more than tasks do when a table has classes: records of them may be read before a task has. */
function noteClasses(captured: Captured, context: RebuildContext): void {
  const nodes = captured.nodes.filter((node) => node[0] === 'C');
  if (nodes.length === 0) return;
  rebuild(captured, context);
  for (const node of nodes) {
    const hash = node[8][0] as string;
    const owner = classes.get(hash)?.[0] as ClassNotice['owner'] | undefined;
    if (owner) registerRecordClass({ hash, textKey: captured.definitions[node[1]]!.key, owner, hasPrivates: node[6].length > 0 });
  }
}

/** A stage whose functions are at hand already: compileStage without the closure table. */
export function stageWith(...parts: ConstructorParameters<typeof Stage>): CompiledStage {
  return new Stage(...parts);
}

type Input = (node: number, partition: number) => unknown;

class Stage implements CompiledStage {
  readonly #install: StageInstall;
  readonly #plan: StagePlan;
  readonly #env: WorkerEnv;
  readonly #context: RebuildContext;
  readonly #functions: () => Functions;
  readonly #places: readonly string[];
  readonly #inputs: ShuffleInputs;
  readonly #settings: ShuffleSettings;
  readonly #spills: SpillEnv;

  constructor(install: StageInstall, env: WorkerEnv, context: RebuildContext, functions: () => Functions, places: readonly string[] = []) {
    this.#install = install;
    this.#plan = decodeStagePlan(install.plan);
    this.#env = env;
    this.#context = context;
    this.#functions = functions;
    this.#places = places;
    this.#inputs = new ShuffleInputs(install.mapOutputs, env);
    this.#settings = shuffleSettings(env.conf);
    this.#spills = spillEnv(env.shuffleDirs, this.#settings, env.blocks.pool, env.shuffleBudgetBytes);
  }

  run(request: TaskRequest): TaskEnd | Promise<TaskEnd> {
    const nodes = this.#plan.nodes;
    const { stageId, stageAttempt } = this.#install;
    const numPartitions = nodes[nodes.length - 1]!.partitions;
    const task = new Task({ ...request, stageId, stageAttempt, numPartitions }, () => this.#env.interrupted(), this.#env.progress);
    task.begin();
    let ended: TaskEnd | Promise<TaskEnd>;
    try {
      ended = this.#prepared(task, request);
    } catch (error) {
      throw failed(task, error, this.#places, this.#env.blocks);
    }
    if (!(ended instanceof Promise)) return succeeded(task, ended, this.#env.blocks);
    return ended.then(
      (end) => succeeded(task, end, this.#env.blocks),
      (error: unknown) => {
        throw failed(task, error, this.#places, this.#env.blocks);
      },
    );
  }

  #prepared(task: Task, request: TaskRequest): TaskEnd | Promise<TaskEnd> {
    const { barrierKey } = this.#install;
    if (barrierKey === undefined) return this.#begin(task, request);
    return this.#env.joinBarrier!(barrierKey, request.taskId).then((barrier) => {
      task.barrier = barrier;
      task.begin();
      return this.#begin(task, request);
    });
  }

  #begin(task: Task, request: TaskRequest): TaskEnd | Promise<TaskEnd> {
    const inputs = request.payload ? decodeTaskInputs(request.payload).map(([node, partition, input]) => ({ node, partition, input })) : [];
    const captured = inputs.filter(({ input }) => (input as { captured?: Uint8Array }).captured);
    const ahead = this.#inputs.ahead ? new TaskInputs(this.#inputs) : undefined;
    const input = (node: number, partition: number) => rowsOf(inputs.find((i) => i.node === node && i.partition === partition)!.input);
    if (captured.length === 0 && !ahead) return this.#start(task, input, ahead);
    return this.#fetchAhead(task, captured, ahead).then(() => {
      task.begin();
      return this.#start(task, input, ahead);
    });
  }

  async #fetchAhead(task: Task, captured: { input: unknown }[], ahead: TaskInputs | undefined): Promise<void> {
    for (const slot of captured) {
      const table = decodeCaptured((slot.input as { captured: Uint8Array }).captured);
      await preload(table, this.#context);
      slot.input = { values: rebuild(table, this.#context)[0] };
      noteClasses(table, this.#context);
    }
    await ahead?.fetch(task, shuffleReads(this.#plan, task.partition), this.#settings, this.#spills);
  }

  #start(task: Task, input: Input, ahead: TaskInputs | undefined): TaskEnd | Promise<TaskEnd> {
    const functions = this.#functions();
    const { blocks, stored } = this.#env;
    const source = openPipeline({
      plan: this.#plan,
      functions,
      task,
      blocks,
      stored,
      sql: this.#env.sql,
      shuffles: ahead?.shuffles ?? this.#inputs.shuffles,
      spills: this.#spills,
      fetched: ahead?.remote ?? (() => undefined),
      merged: ahead?.merged,
      checksum: this.#settings.checksum,
      input,
    });
    const { work } = this.#plan;
    if (work.kind === 'shuffleMap') return this.#write(source, functions, task);
    const answer = RESULT_ACTIONS[work.action.kind](source, work.action, lookUpAll(functions, work.refs), task);
    return answer instanceof Promise ? answer.then((result) => ({ result })) : { result: answer };
  }

  #write(source: Rows, functions: Functions, task: Task): TaskEnd | Promise<TaskEnd> {
    const { shuffle } = this.#plan.work as Extract<StagePlan['work'], { kind: 'shuffleMap' }>;
    const combiner = shuffle.mapSideCombine && shuffle.aggregator ? combinerOf(shuffle.aggregator, functions) : undefined;
    const partitioner = partitionerOf(shuffle.partitioner, functions);
    const target = { shuffleId: shuffle.shuffleId, partitioner, combiner, spills: this.#spills };
    const written = writeShuffle(source, target, task);
    const end = (mapOutput: WrittenMapOutput): TaskEnd => {
      const { mapIndex, file, bytes } = mapOutput;
      if (this.#install.barrierKey === undefined) this.#env.onMapOutput?.({ shuffleId: shuffle.shuffleId, mapIndex, file, bytes });
      return { result: undefined, mapOutput };
    };
    return written instanceof Promise ? written.then(end) : end(written);
  }

  dispose(): void {
    // Nothing outlives the stage: the compiled functions go with this object.
  }
}

const rowsOf = (input: unknown): unknown => {
  if (Array.isArray(input)) return input;
  const literal = input as { rows?: Uint8Array; values?: unknown[] };
  return literal.rows ? decodeRows(literal.rows) : (literal.values ?? input);
};

function succeeded(task: Task, end: TaskEnd, blocks: PartitionStore): TaskEnd {
  try {
    task.end(false);
  } catch (error) {
    throw taskError(error);
  } finally {
    const peakBytes = blocks.pool.taskEnded(task.taskId);
    if (peakBytes > 0) task.metrics.peakExecutionMemory = peakBytes;
  }
  const accumulators = task.updates;
  if (!accumulators && task.counted === undefined && !blocks.hasNews) return end;
  return {
    ...end,
    ...(accumulators && { accumulators }),
    ...(task.counted && { metrics: task.counted }),
    ...(blocks.hasNews && { cached: blocks.takeNews() }),
  };
}

function failed(task: Task, error: unknown, places: readonly string[], blocks: PartitionStore): Error {
  try {
    task.end(true, error);
  } catch {
    // a listener's error must not hide the task's
  }
  blocks.pool.taskEnded(task.taskId);
  return taskError(error, places);
}
