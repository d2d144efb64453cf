// A driver's loop with slots made by hand: launches are kept until a test answers them with status frames. No threads, no connections; time
// stands still until the test moves it.
import type { DagSettings } from '../../src/runtime/driver/core/dag-scheduler.ts';
import { SETTINGS } from '../unit/runtime/driver/core/dag-harness.ts';
import type { Logger } from '../../src/common/ports.ts';
import type { RareEvent, StatusListener, TaskEnd, TaskInfo } from '../../src/status/events.ts';
import { DriverLoop, type JobResult } from '../../src/runtime/driver/service/driver-loop.ts';
import { ListenerBus } from '../../src/runtime/driver/service/listener-bus.ts';
import type { SlotLink } from '../../src/runtime/driver/service/slot-link.ts';
import type { RddNode } from '../../src/runtime/plan/lineage.ts';
import { encodeTaskEnd, encodeTaskError, keptParts, type TaskEndBody } from '../../src/runtime/plan/task-end.ts';
import { ENDED_BYTES, ENDED_ERROR, GIVEN_BACK, LaunchReader, StatusWriter } from '../../src/runtime/plan/task-frames.ts';

export type Heard =
  | RareEvent
  | { readonly tag: 'taskStart'; readonly stageId: number; readonly attemptId: number; readonly task: TaskInfo }
  | { readonly tag: 'taskEnd'; readonly stageId: number; readonly attemptId: number; readonly task: TaskEnd };

export class Recorder implements StatusListener {
  readonly heard: Heard[] = [];

  on(event: RareEvent): void {
    this.heard.push(event);
  }

  taskStarted(stageId: number, attemptId: number, task: TaskInfo): void {
    this.heard.push({ tag: 'taskStart', stageId, attemptId, task });
  }

  taskEnded(stageId: number, attemptId: number, task: TaskEnd): void {
    this.heard.push({ tag: 'taskEnd', stageId, attemptId, task });
  }

  of<T extends Heard['tag']>(tag: T): Extract<Heard, { tag: T }>[] {
    return this.heard.filter((event): event is Extract<Heard, { tag: T }> => event.tag === tag);
  }
}

const ignore = (): void => {};
/** A log that nobody reads. */
export const silent: Logger = { debug: ignore, info: ignore, warn: ignore, error: ignore, named: () => silent };

export type Flying = { readonly slot: number; readonly key: number; readonly taskId: number; readonly partition: number };

export class DriverWorld {
  nowMs = 1_000;
  readonly log: string[] = [];
  readonly recorder = new Recorder();
  readonly bus: ListenerBus;
  readonly loop: DriverLoop;
  readonly flying: Flying[] = [];
  readonly timers: (() => void)[] = [];
  /** What runs at an interval. */
  readonly periodic: (() => void)[] = [];
  /** Results that the driver is fetching, by task; and those that it wants no more, in order. */
  readonly fetching = new Map<number, { came: (body: TaskEndBody) => void; lost: (error: Error) => void }>();
  readonly removed: number[] = [];
  /** Map outputs that slots were told to delete. */
  readonly discarded: string[] = [];
  readonly results: [number, JobResult][] = [];
  /** What executors answer when waiting tasks are asked back: the place of the first that does not begin. */
  recall: (slotId: number) => number | undefined = () => undefined;
  readonly #slots = new Map<number, SlotLink>();
  #deferred: (() => void)[] = [];

  constructor(slots: number, listen = true, settings: Partial<DagSettings> = {}) {
    const say = (text: string) => void this.log.push(text);
    const logger: Logger = { debug: say, info: say, warn: say, error: say, named: () => logger };
    this.bus = new ListenerBus(logger, (run) => void this.#deferred.push(run));
    if (listen) this.bus.add(this.recorder);
    this.loop = new DriverLoop(
      { ...SETTINGS, taskMaxFailures: 2, ...settings },
      {
        clock: { nowMs: () => this.nowMs },
        timers: {
          after: (_, run) => {
            this.timers.push(run);
            return () => {};
          },
          every: (_, run) => {
            this.periodic.push(run);
            return () => {};
          },
        },
        log: logger,
        prepare: () => ({ install: new Uint8Array(), cachedRdds: [], payload: () => undefined }),
        kill: () => {},
        recall: async (slot) => this.recall(slot.id),
        replaceExecutor: () => {},
        setEnded: () => {},
        accumulate: () => {},
        namedAccumulators: (updates) =>
          updates.map(([id, update]) => ({ id, name: `acc ${id}`, update, value: update, internal: false, countFailedValues: false })),
        blockAddress: () => '',
        hostOf: (executorId) => `host${executorId}`,
        results: {
          fetch: (_, taskId) =>
            new Promise((came, lost) => void this.fetching.set(taskId, { came: (body) => came(Buffer.concat(keptParts(body))), lost })),
          remove: (_, taskId) => void this.removed.push(taskId),
        },
        bus: this.bus,
      },
    );
    for (let id = 0; id < slots; id++) this.addSlot(id);
  }

  addSlot(id: number): void {
    const slot = {
      id,
      executorId: String(id + 1),
      number: 0,
      sent: 0,
      heard: 0,
      host: `host${id + 1}`,
      channel: { onBinary: (_: Buffer) => {}, destroy: () => {} },
      launch: (key: number, _install: Uint8Array, frame: Buffer) => {
        const tasks = new LaunchReader(frame);
        while (tasks.next()) this.flying.push({ slot: id, key, taskId: tasks.taskId, partition: tasks.partition });
      },
      drop: () => {},
      discardOutput: (file: string) => void this.discarded.push(file),
      addFile: () => {},
    } as unknown as SlotLink;
    this.#slots.set(id, slot);
    this.loop.addSlot(slot);
  }

  /** @returns the job's end: undefined, or its error */
  submit(jobId: number, root: RddNode, properties: readonly (readonly [string, string])[] = []): Promise<Error | undefined> {
    return this.loop
      .run({
        jobId,
        root,
        partitions: Array.from({ length: root.partitions }, (_, p) => p),
        callSite: `count at job.ts:${jobId}`,
        details: 'at main (job.ts:1:1)',
        properties: new Map(properties),
        action: undefined,
        onResult: (position, result) => void this.results.push([position, result]),
      })
      .then(
        () => undefined,
        (error: Error) => error,
      );
  }

  /** Takes what a slot has in flight, all of it or the first `count`. */
  take(slot: number, count = Number.POSITIVE_INFINITY): Flying[] {
    const mine = this.flying.filter((task) => task.slot === slot).slice(0, count);
    for (const task of mine) this.flying.splice(this.flying.indexOf(task), 1);
    return mine;
  }

  /** One frame in which each of these tasks ran so long. */
  answer(tasks: readonly Flying[], runMs: number, write: (frame: StatusWriter, task: Flying) => void): void {
    const frame = new StatusWriter(tasks[0]!.key, tasks.length);
    for (const task of tasks) write(frame, task);
    this.nowMs += runMs * tasks.length;
    this.#slots.get(tasks[0]!.slot)!.channel.onBinary(frame.finish());
    this.turn();
  }

  succeed(tasks: readonly Flying[], runMs = 5): void {
    this.answer(tasks, runMs, (frame, { taskId }) => frame.number(taskId, runMs, 1));
  }

  write(tasks: readonly Flying[], runMs = 5): void {
    this.answer(tasks, runMs, (frame, { taskId, partition }) =>
      frame.body(
        taskId,
        ENDED_BYTES,
        runMs,
        encodeTaskEnd({ s: { mapIndex: partition, mapTaskId: taskId, file: `/f${taskId}`, bytes: [1], records: 1 } }),
      ),
    );
  }

  /** Each of these tasks brought so many bytes, which its executor keeps. */
  keep(tasks: readonly Flying[], bytes: number, pieces = 1): void {
    this.answer(tasks, 5, (frame, { taskId }) => frame.body(taskId, ENDED_BYTES, 5, encodeTaskEnd({ i: [bytes, pieces] })));
  }

  fail(tasks: readonly Flying[], error: Error): void {
    this.answer(tasks, 5, (frame, { taskId }) => frame.body(taskId, ENDED_ERROR, 5, encodeTaskError(error)));
  }

  giveBack(tasks: readonly Flying[]): void {
    this.answer(tasks, 0, (frame, { taskId }) => frame.bare(taskId, GIVEN_BACK, 0));
  }

  loseSlot(slot: number, reason: string): void {
    this.take(slot);
    this.loop.slotLost(this.#slots.get(slot)!, { code: 'EXECUTOR_LOST', params: { executorId: String(slot + 1), reason } }, true);
    this.#slots.delete(slot);
    this.turn();
  }

  /** What waits for the end of a turn. */
  turn(): void {
    for (const run of this.#deferred.splice(0)) run();
  }
}
