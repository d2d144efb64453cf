// A small world around the DAG scheduler for its tests: slots that run tasks when told, lineages by hand, effects carried out at once.
import { DagScheduler, type DagSettings } from '../../../../../src/runtime/driver/core/dag-scheduler.ts';
import type { TaskError } from '../../../../../src/runtime/driver/core/task-error.ts';
import type { DagEffect } from '../../../../../src/runtime/driver/core/stage.ts';
import type { TaskSet } from '../../../../../src/runtime/driver/core/task-set.ts';
import type { RddNode, ShuffleDependency } from '../../../../../src/runtime/plan/lineage.ts';
import type { MapOutput } from '../../../../../src/runtime/plan/stage-install.ts';

let nextRdd = 0;
export const source = (partitions: number): RddNode => node(partitions, []);
export const narrow = (parent: RddNode): RddNode => node(parent.partitions, [{ kind: 'narrow', parent }]);
export function shuffled(partitions: number, ...parents: [RddNode, shuffleId: number][]): RddNode {
  return node(
    partitions,
    parents.map(
      ([parent, shuffleId]): ShuffleDependency => ({ kind: 'shuffle', shuffleId, parent, reducePartitions: partitions, spec: undefined }),
    ),
  );
}
function node(partitions: number, dependencies: RddNode['dependencies']): RddNode {
  const id = nextRdd++;
  return {
    id,
    kind: 'TestRDD',
    name: undefined,
    callSite: `test at job.ts:${id}`,
    partitions,
    dependencies,
    op: undefined,
    storageLevel: undefined,
  };
}

/** Spark's defaults. */
export const SETTINGS: DagSettings = {
  taskMaxFailures: 4,
  stageMaxAttempts: 4,
  waits: { process: 3_000, node: 3_000, rack: 3_000 },
  mode: 'FIFO',
  taskCpus: 1,
  speculation: undefined,
  exclusion: undefined,
};

export type Launched = { key: number; taskId: number; partition: number; attempt: number; slot: number; stageId: number; set: TaskSet };

export class World {
  readonly core: DagScheduler;
  readonly launched: Launched[] = [];
  readonly log: string[] = [];
  readonly ended = new Map<number, Error | undefined>();
  readonly timers: { stageId: number }[] = [];
  readonly killed: { slot: number; taskId: number; key: number; reason: string }[] = [];
  nowMs = 0;
  readonly #noted: DagEffect[] = [];
  #reviewsAtMs: number[] = [];

  constructor(slots = 2, settings: Partial<DagSettings> = {}) {
    this.core = new DagScheduler({ ...SETTINGS, ...settings });
    for (let i = 0; i < slots; i++) this.core.tasks.addSlot(i, String(i + 1));
  }

  submit(
    jobId: number,
    root: RddNode,
    partitions = Array.from({ length: root.partitions }, (_, p) => p),
    properties: ReadonlyMap<string, string> = new Map(),
  ): void {
    this.core.submitJob({ jobId, root, partitions, callSite: `count at job.ts:${jobId}`, properties }, this.nowMs);
    this.settle();
  }

  settle(): void {
    for (let effects = this.core.drain(); effects.length > 0; effects = this.core.drain())
      for (const effect of effects) this.#carryOut(effect);
    const due = this.#reviewsAtMs.filter((atMs) => atMs <= this.nowMs);
    this.#reviewsAtMs = this.#reviewsAtMs.filter((atMs) => atMs > this.nowMs);
    if (due.length > 0) {
      this.core.review(this.nowMs);
      this.settle();
      return;
    }
    for (let more = true; more; ) {
      more = false;
      for (const slot of this.core.tasks.slots.keys()) {
        const taken = this.core.tasks.take(slot, this.nowMs);
        if (taken === undefined) continue;
        more = true;
        for (let i = 0; i < taken.count; i++) {
          const index = this.core.tasks.taken[i]!;
          const { set } = taken;
          this.launched.push({
            key: set.spec.key,
            taskId: this.core.tasks.takenIds[i]!,
            partition: set.spec.partitions[index]!,
            attempt: this.core.tasks.takenAttempts[i]!,
            slot,
            stageId: set.spec.stageId,
            set,
          });
        }
      }
    }
  }

  /** What was noted of a kind, oldest first. */
  effects<T extends DagEffect['tag']>(tag: T): Extract<DagEffect, { tag: T }>[] {
    return this.#noted.filter((effect) => effect.tag === tag) as Extract<DagEffect, { tag: T }>[];
  }

  #carryOut(effect: DagEffect): void {
    this.#noted.push(effect);
    if (effect.tag === 'reviewAfter') this.#reviewsAtMs.push(this.nowMs + effect.afterMs);
    if (effect.tag === 'prepareTaskSet') this.core.ready(effect.key);
    else if (effect.tag === 'jobEnded') this.ended.set(effect.jobId, effect.error);
    else if (effect.tag === 'resubmitAfter') this.timers.push({ stageId: effect.stageId });
    else if (effect.tag === 'killTask') this.killed.push(effect);
    else if (effect.tag === 'log') this.log.push(effect.text);
  }

  /** Takes the oldest launched task off its slot. */
  next(where: (task: Launched) => boolean = () => true): Launched {
    const at = this.launched.findIndex(where);
    if (at < 0) throw new Error('no such task is launched');
    return this.launched.splice(at, 1)[0]!;
  }

  output(task: Launched): MapOutput {
    return {
      mapIndex: task.partition,
      mapTaskId: task.taskId,
      executorId: String(task.slot + 1),
      host: 'h',
      blockAddress: '',
      file: `/f${task.taskId}`,
      bytes: [],
      records: 1,
    };
  }

  /** @returns the position that counted, -1 for a late one */
  succeed(task: Launched, isMap = this.core.stageOf(task.key)?.dependency !== undefined): number {
    const position = this.core.succeeded(task.key, task.taskId, isMap ? this.output(task) : undefined, this.nowMs);
    this.core.tasks.heard(task.slot, 1);
    this.settle();
    return position;
  }

  fail(
    task: Launched,
    error: TaskError = { code: 'TASK_FAILED', params: { name: 'Error', message: 'boo', stack: 'Error: boo\n    at job.ts:3' } },
  ): void {
    this.core.failed(task.key, task.taskId, error, `host executor ${task.slot + 1}`, this.nowMs);
    this.core.tasks.heard(task.slot, 1);
    this.settle();
  }

  fetchFailed(task: Launched, shuffleId: number, mapIndex: number): void {
    this.fail(task, {
      code: 'FETCH_FAILED',
      params: {
        shuffleId,
        mapIndex,
        mapTaskId: 0,
        reduceId: task.partition,
        executorId: '1',
        epoch: this.core.outputs.epoch,
        detail: 'gone',
      },
    });
  }

  fireTimers(): void {
    for (const { stageId } of this.timers.splice(0)) this.core.resubmit(stageId, this.nowMs);
    this.settle();
  }

  runAll(): void {
    while (this.launched.length > 0) this.succeed(this.next());
  }
}
