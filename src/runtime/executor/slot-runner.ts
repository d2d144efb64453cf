// A worker's queue of tasks: installs stages, runs launch frames in order, sends statuses back in batches. One task at a time.
// It knows the connection and the frames, not what a stage computes (compile-stage.ts). The other end is driver/service/slot-link.ts.
import type { Channel } from '../../rpc/channel.ts';
import type { StageInstall } from '../plan/stage-install.ts';
import { decodeStageInstall } from '../plan/stage-install.ts';
import { MOST_FRAME_BYTES, OP_PART, PART_BYTES, PartJoiner, partsOf } from '../plan/frame-parts.ts';
import { encodeFigures, noFigures, type TaskFigures } from '../plan/status-metrics.ts';
import { encodeTaskError, type TaskEndBody } from '../plan/task-end.ts';
import { ENDED_BYTES, ENDED_ERROR, ENDED_NOTHING, GIVEN_BACK, LaunchReader, opOf, StatusWriter } from '../plan/task-frames.ts';
import { leaveWhenLarge, type ResultKeeper } from './result-keeper.ts';
import { TaskClaims } from './task-claims.ts';
import { FrameMeter, ThreadMeter } from './thread-meter.ts';
import { EXECUTION_KB, RUNNING_STAGE, RUNNING_TASK, STOP_STAGE } from './worker-flags.ts';

/** What a task brought; see compile-stage.ts. */
export type TaskEnd = {
  result: number | Uint8Array | undefined;
  accumulators?: readonly (readonly [number, unknown])[] | undefined;
  metrics?: TaskFigures | undefined;
  cached?: readonly { rddId: number; partition: number; bytes: number }[] | undefined;
  mapOutput?: TaskEndBody['s'] | undefined;
};
export type Task = { taskId: number; partition: number; attempt: number; payload: Uint8Array | undefined };
export interface CompiledStage {
  run(task: Task): TaskEnd | Promise<TaskEnd>;
  dispose(): void;
}
export type Compile = (install: StageInstall) => Promise<CompiledStage>;

/** Statuses wait at most about so long for company, ms; never when nothing follows them in their frame. */
const FLUSH_MS = 8;
/** After a task of this length the rest of the queue goes back, so that an idle slot can have it, ms. */
const LONG_TASK_MS = 10;

export class SlotRunner {
  readonly #channel: Channel;
  readonly #compile: Compile;
  readonly #flags: Uint32Array;
  readonly #claims: TaskClaims;
  readonly #stages = new Map<number, Promise<CompiledStage>>();
  /** What it took to make a stage ready: told with the first task of it. */
  readonly #readied = new Map<number, { ms: number; cpuNs: number }>();
  /** undefined: tasks are not measured. */
  readonly #meter: ThreadMeter | undefined;
  readonly #publish: () => void;
  readonly #nowMs: () => number;
  readonly #results: ResultKeeper | undefined;
  readonly #queue: Buffer[] = [];
  #pumping = false;

  /**
   * @param publish called with every frame of statuses: figures that others of the process read
   * @param nowMs tells how long tasks ran, and so which are long ones
   * @param measures whether tasks have figures (spark.emberloom.taskMetrics.enabled); how long they ran is always known
   * @param results undefined: whatever tasks bring goes to the driver directly
   */
  constructor(
    channel: Channel,
    flags: Uint32Array,
    compile: Compile,
    publish: () => void = () => {},
    nowMs: () => number = ownNowMs,
    measures = true,
    results?: ResultKeeper,
  ) {
    this.#nowMs = nowMs;
    this.#results = results;
    this.#meter = measures ? new ThreadMeter(flags) : undefined;
    this.#publish = publish;
    this.#channel = channel;
    this.#flags = flags;
    this.#claims = new TaskClaims(flags);
    this.#compile = compile;
    const parts = new PartJoiner(MOST_FRAME_BYTES);
    channel.onBinary = (frame) => {
      const joined = opOf(frame) === OP_PART ? parts.add(frame) : undefined;
      if (joined !== undefined && joined.tag !== 'whole') return;
      this.#queue.push(joined?.frame ?? frame);
      if (!this.#pumping) void this.#pump();
    };
  }

  install(key: number, stage: Uint8Array): void {
    const compiled = Promise.resolve().then(() => this.#readyMeasured(key, stage));
    compiled.catch(() => {}); // told by the first task that needs it
    this.#stages.set(key, compiled);
  }

  async #readyMeasured(key: number, stage: Uint8Array): Promise<CompiledStage> {
    const began = this.#nowMs();
    this.#meter?.cpuNs();
    const compiled = await this.#compile(decodeStageInstall(stage));
    const ms = this.#nowMs() - began;
    if (this.#meter !== undefined && this.#stages.has(key)) this.#readied.set(key, { ms, cpuNs: Math.min(this.#meter.cpuNs(), ms * 1e6) });
    return compiled;
  }

  /** Nobody wants the stage any more: what is queued of it is forgotten; what runs is interrupted by the flag. */
  drop(key: number): void {
    const compiled = this.#stages.get(key);
    this.#stages.delete(key);
    this.#readied.delete(key);
    void compiled?.then(
      (stage) => stage.dispose(),
      () => {},
    );
  }

  async #pump(): Promise<void> {
    this.#pumping = true;
    for (let frame = this.#queue.shift(); frame !== undefined; frame = this.#queue.shift()) {
      await this.#runFrame(new LaunchReader(frame));
    }
    this.#pumping = false;
  }

  async #runFrame(tasks: LaunchReader): Promise<void> {
    const key = tasks.stageKey;
    let stage: CompiledStage | undefined;
    let failure: unknown;
    try {
      stage = await this.#stages.get(key);
    } catch (error) {
      failure = error;
    }
    let statuses = new StatusWriter(key, tasks.count);
    let meter = this.#meter && new FrameMeter(this.#meter);
    let began = this.#nowMs();
    let last = began;
    Atomics.store(this.#flags, RUNNING_STAGE, key);
    while (tasks.next()) {
      const mine = this.#claims.begin();
      if (stage === undefined || !mine) {
        if (failure === undefined || !mine)
          statuses.bare(tasks.taskId, GIVEN_BACK, 0); // dropped meanwhile, or taken back
        else statuses.body(tasks.taskId, ENDED_ERROR, 0, encodeTaskError(failure));
        continue;
      }
      Atomics.store(this.#flags, RUNNING_TASK, tasks.taskId + 1);
      try {
        const running = stage.run({ taskId: tasks.taskId, partition: tasks.partition, attempt: tasks.attempt, payload: tasks.payload });
        const end = running instanceof Promise ? await running : running;
        const runMs = this.#nowMs() - last;
        if (runMs >= LONG_TASK_MS) await nextTurn(); // V8 tells of its pauses then
        const peakKb = (end.metrics?.peakExecutionMemory ?? 0) / 1024;
        if (peakKb > Atomics.load(this.#flags, EXECUTION_KB)) Atomics.store(this.#flags, EXECUTION_KB, peakKb);
        const kept = this.#writeEnd(statuses, tasks.taskId, runMs, end, this.#withReady(key, meter?.ran(runMs, end.metrics)));
        if (kept !== undefined) await kept;
      } catch (error) {
        const runMs = this.#nowMs() - last;
        const figures = this.#withReady(key, meter?.ran(runMs, undefined));
        statuses.body(tasks.taskId, ENDED_ERROR, runMs, encodeTaskError(error), figures && encodeFigures(figures));
      }
      last = this.#nowMs();
      Atomics.store(this.#flags, RUNNING_TASK, 0);
      if (last - began < FLUSH_MS || tasks.index + 1 >= tasks.count) continue;
      const long = last - began >= LONG_TASK_MS;
      if (long) this.#giveBack(tasks, statuses);
      const slow = this.#send(statuses, meter);
      if (slow !== undefined) await slow;
      if (long) this.#giveBackQueue();
      else if (Atomics.load(this.#flags, STOP_STAGE) === key) await nextTurn(); // the order to drop it may be waiting to be read
      if (!this.#stages.has(key)) stage = undefined;
      statuses = new StatusWriter(key, tasks.count - tasks.index - 1);
      meter = this.#meter && new FrameMeter(this.#meter);
      began = last;
    }
    Atomics.store(this.#flags, RUNNING_STAGE, 0);
    await this.#send(statuses, meter);
  }

  /** @returns when the result was too large and is being left with the executor: what to await */
  #writeEnd(statuses: StatusWriter, taskId: number, runMs: number, end: TaskEnd, all: TaskFigures | undefined): Promise<void> | undefined {
    const { result, accumulators, cached, mapOutput } = end;
    const figures = all && encodeFigures(all);
    if (accumulators === undefined && cached === undefined && mapOutput === undefined && !(result instanceof Uint8Array)) {
      if (result === undefined) statuses.bare(taskId, ENDED_NOTHING, runMs, figures);
      else statuses.number(taskId, runMs, result, figures);
      return undefined;
    }
    const body: TaskEndBody = {};
    if (result !== undefined) body.r = result;
    if (accumulators !== undefined && accumulators.length > 0) body.a = accumulators;
    if (cached !== undefined && cached.length > 0) body.c = cached.map((c) => [c.rddId, c.partition, c.bytes] as const);
    if (mapOutput !== undefined) body.s = mapOutput;
    const told = leaveWhenLarge(taskId, body, this.#results);
    if (!(told instanceof Promise)) {
      statuses.body(taskId, ENDED_BYTES, runMs, told, figures);
      return undefined;
    }
    return told.then((bytes) => statuses.body(taskId, ENDED_BYTES, runMs, bytes, figures));
  }

  #withReady(key: number, figures: TaskFigures | undefined): TaskFigures | undefined {
    const readied = this.#readied.get(key);
    if (readied === undefined) return figures;
    this.#readied.delete(key);
    return { ...(figures ?? noFigures()), executorDeserializeTime: readied.ms, executorDeserializeCpuTimeNs: readied.cpuNs };
  }

  #giveBack(tasks: LaunchReader, statuses: StatusWriter): void {
    while (tasks.next()) {
      this.#claims.begin(); // whoever's it is now: it does not run here
      statuses.bare(tasks.taskId, GIVEN_BACK, 0);
    }
  }

  #giveBackQueue(): void {
    for (const frame of this.#queue.splice(0)) {
      const tasks = new LaunchReader(frame);
      const statuses = new StatusWriter(tasks.stageKey, tasks.count);
      this.#giveBack(tasks, statuses);
      void this.#send(statuses);
    }
  }

  /** @returns when the driver is behind, or the frame is large: what to await before more is sent */
  #send(statuses: StatusWriter, meter?: FrameMeter): Promise<void> | undefined {
    if (statuses.count === 0) return undefined;
    const rates = meter?.rates();
    this.#publish();
    const frame = statuses.finish(rates?.cpuNsPerMs, rates?.gcMsPerMs);
    if (frame.length > PART_BYTES) return this.#sendParts(frame);
    const ahead = this.#channel.sendBinary(frame);
    this.#channel.flush();
    return ahead ? undefined : this.#channel.drained();
  }

  async #sendParts(frame: Buffer): Promise<void> {
    for (const part of partsOf(frame)) if (!this.#channel.sendBinary(part)) await this.#channel.drained();
    this.#channel.flush();
  }
}

const ownNowMs = () => performance.now();
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));
