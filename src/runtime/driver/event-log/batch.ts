// What the driver's thread hands to the event log's thread: tasks as numbers, the rest as lines. Making JSON of a task costs as much as
// scheduling it, so the driver only puts its figures into a Float64Array, whose memory changes hands. Both threads read this file.
import type { Locality, TaskEnd, TaskInfo } from '../../../status/events.ts';
import { taskEndJson, taskStartJson } from '../../../status/event-json.ts';
import { noPushFigures, PUSH_METRICS, TASK_METRICS, type TaskMetricName, taskMetrics } from '../../../status/task-metrics.ts';

export type Batch = {
  readonly numbers: Float64Array;
  /** Numbers that are used. */
  readonly length: number;
  readonly lines: readonly string[];
  /** New texts that numbers refer to, by position, after those of earlier batches. */
  readonly texts: readonly string[];
};

const LINE = 0;
const START = 1;
const END = 2;
const INFO_WIDTH = 9;
const LOCALITIES: readonly Locality[] = ['PROCESS_LOCAL', 'NODE_LOCAL', 'NO_PREF', 'RACK_LOCAL', 'ANY'];
const SPECULATIVE = 1;
const MAP = 2;
/** Most that one entry takes. */
const WIDEST = 3 + INFO_WIDTH + 4 + TASK_METRICS.length + PUSH_METRICS.length;
/** In the mask of figures: all of PUSH_METRICS come behind the others. */
const PUSH_BIT = 1 << 31;

/** Executors and hosts: so many different ones are remembered by number. */
const MOST_TEXTS = 100_000;

export class BatchWriter {
  readonly #size: number;
  #numbers: Float64Array;
  #length = 0;
  #lines: string[] = [];
  #texts: string[] = [];
  readonly #numberOf = new Map<string, number>();

  constructor(size: number) {
    this.#size = Math.max(size, WIDEST);
    this.#numbers = new Float64Array(this.#size);
  }

  get isFull(): boolean {
    return this.#length + WIDEST > this.#size;
  }

  get isEmpty(): boolean {
    return this.#length === 0;
  }

  line(text: string): void {
    this.#numbers[this.#length++] = LINE;
    this.#lines.push(text);
  }

  started(stageId: number, attemptId: number, task: TaskInfo): void {
    this.#head(START, stageId, attemptId);
    this.#info(task, 0);
  }

  ended(stageId: number, attemptId: number, task: TaskEnd): void {
    const plain = task.reason.tag === 'Success' && task.accumulables.length === 0 && task.metrics !== undefined;
    if (!plain) return this.line(taskEndJson(stageId, attemptId, task));
    this.#head(END, stageId, attemptId);
    this.#info(task, task.taskType === 'ShuffleMapTask' ? MAP : 0);
    const numbers = this.#numbers;
    numbers[this.#length++] = task.finishedAtMs;
    numbers[this.#length++] = task.gettingResultAtMs;
    const maskAt = this.#length++;
    let mask = 0;
    for (let i = 0; i < TASK_METRICS.length; i++) {
      const figure = task.metrics[TASK_METRICS[i]!];
      if (figure === 0) continue;
      mask |= 1 << i;
      numbers[this.#length++] = figure;
    }
    const { push } = task.metrics;
    if (push !== undefined) {
      mask |= PUSH_BIT;
      for (const name of PUSH_METRICS) numbers[this.#length++] = push[name];
    }
    numbers[maskAt] = mask;
  }

  take(): Batch {
    const batch = { numbers: this.#numbers, length: this.#length, lines: this.#lines, texts: this.#texts };
    this.#numbers = new Float64Array(this.#size);
    this.#length = 0;
    this.#lines = [];
    this.#texts = [];
    return batch;
  }

  #head(kind: number, stageId: number, attemptId: number): void {
    this.#numbers[this.#length++] = kind;
    this.#numbers[this.#length++] = stageId;
    this.#numbers[this.#length++] = attemptId;
  }

  #info(task: TaskInfo, flags: number): void {
    const numbers = this.#numbers;
    numbers[this.#length++] = task.taskId;
    numbers[this.#length++] = task.index;
    numbers[this.#length++] = task.attempt;
    numbers[this.#length++] = task.partition;
    numbers[this.#length++] = task.launchedAtMs;
    numbers[this.#length++] = this.#text(task.executorId);
    numbers[this.#length++] = this.#text(task.host);
    numbers[this.#length++] = LOCALITIES.indexOf(task.locality);
    numbers[this.#length++] = flags | (task.speculative ? SPECULATIVE : 0);
  }

  #text(text: string): number {
    let number = this.#numberOf.get(text);
    if (number === undefined) {
      number = Math.min(this.#numberOf.size, MOST_TEXTS);
      if (number === MOST_TEXTS) return 0;
      this.#numberOf.set(text, number);
      this.#texts.push(text);
    }
    return number;
  }
}

export class BatchReader {
  readonly #texts: string[] = [];

  /** Lines without their ends, in order. */
  *lines({ numbers, length, lines, texts }: Batch): Generator<string> {
    for (const text of texts) this.#texts.push(text);
    let line = 0;
    for (let at = 0; at < length; ) {
      const kind = numbers[at]!;
      if (kind === LINE) {
        yield lines[line++]!;
        at++;
        continue;
      }
      const [stageId, attemptId] = [numbers[at + 1]!, numbers[at + 2]!];
      const info = this.#info(numbers, at + 3);
      const flags = numbers[at + 3 + INFO_WIDTH - 1]!;
      at += 3 + INFO_WIDTH;
      if (kind === START) {
        yield taskStartJson(stageId, attemptId, info);
        continue;
      }
      const [finishedAtMs, gettingResultAtMs, mask] = [numbers[at]!, numbers[at + 1]!, numbers[at + 2]!];
      at += 3;
      const figures: Partial<Record<TaskMetricName, number>> = {};
      for (let i = 0; i < TASK_METRICS.length; i++) if ((mask & (1 << i)) !== 0) figures[TASK_METRICS[i]!] = numbers[at++]!;
      const push = (mask & PUSH_BIT) === 0 ? undefined : noPushFigures();
      if (push !== undefined) for (const name of PUSH_METRICS) push[name] = numbers[at++]!;
      yield taskEndJson(stageId, attemptId, {
        ...info,
        finishedAtMs,
        gettingResultAtMs,
        taskType: (flags & MAP) !== 0 ? 'ShuffleMapTask' : 'ResultTask',
        reason: { tag: 'Success' },
        metrics: taskMetrics({ ...figures, push }),
        accumulables: [],
      });
    }
  }

  #info(numbers: Float64Array, at: number): TaskInfo {
    return {
      taskId: numbers[at]!,
      index: numbers[at + 1]!,
      attempt: numbers[at + 2]!,
      partition: numbers[at + 3]!,
      launchedAtMs: numbers[at + 4]!,
      executorId: this.#texts[numbers[at + 5]!]!,
      host: this.#texts[numbers[at + 6]!]!,
      locality: LOCALITIES[numbers[at + 7]!]!,
      speculative: (numbers[at + 8]! & SPECULATIVE) !== 0,
    };
  }
}
