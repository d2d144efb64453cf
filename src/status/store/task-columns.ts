// The tasks of one stage attempt as columns that grow, one row a task, so that 100,000 tasks are some megabytes and no object. A metric that is
// 0 for all tasks has no column. Here rows are stored and found; what is asked of them is task-rows.ts and quantiles.ts, and the door is
// live-task-table.ts.
import type { AccumulableInfo, Locality, TaskInfo } from '../events.ts';
import type { TaskStatus } from './api-types.ts';
import { METRIC_COUNT } from './metric-columns.ts';
import { RowIndex } from './row-index.ts';

const FIRST_CAPACITY = 64;
export const STATUSES: readonly TaskStatus[] = ['RUNNING', 'GET RESULT', 'SUCCESS', 'FAILED', 'KILLED', 'UNKNOWN'];
export const RUNNING = 0;
export const GET_RESULT = 1;
export const SUCCESS = 2;
export const LOCALITIES: readonly Locality[] = ['PROCESS_LOCAL', 'NODE_LOCAL', 'NO_PREF', 'RACK_LOCAL', 'ANY'];
/** Texts that many rows share, by number. */
export class Names {
  readonly list: string[] = [];
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    let number = this.#numbers.get(name);
    if (number === undefined) {
      number = this.list.push(name) - 1;
      this.#numbers.set(name, number);
    }
    return number;
  }
}

export class TaskColumns {
  size = 0;
  successes = 0;
  /** Raised with every change: what was computed from the rows is stale. */
  version = 0;
  taskId = new Float64Array(FIRST_CAPACITY);
  index = new Int32Array(FIRST_CAPACITY);
  attempt = new Uint16Array(FIRST_CAPACITY);
  partition = new Int32Array(FIRST_CAPACITY);
  launch = new Float64Array(FIRST_CAPACITY);
  /** ms; running: 0 */
  duration = new Float64Array(FIRST_CAPACITY);
  fetchStart = new Float64Array(FIRST_CAPACITY);
  place = new Uint16Array(FIRST_CAPACITY);
  status = new Uint8Array(FIRST_CAPACITY);
  /** 1: speculative, 2: has metrics, 4 …: locality */
  flags = new Uint8Array(FIRST_CAPACITY);
  readonly metrics: (Float64Array | undefined)[] = new Array(METRIC_COUNT).fill(undefined);
  readonly errors = new Map<number, string>();
  readonly accumulables = new Map<number, readonly AccumulableInfo[]>();
  /** `executor\nhost`: rows have the number. */
  readonly places = new Names();
  readonly stageId: number;
  readonly attemptId: number;
  readonly #mostRows: number;
  readonly #rows = new RowIndex();
  #lastPlace = '';
  #lastHost = '';
  #lastPlaceNumber = 0;

  constructor(stageId: number, attemptId: number, mostRows: number) {
    this.stageId = stageId;
    this.attemptId = attemptId;
    this.#mostRows = mostRows;
  }

  /** -1: not here */
  rowOf(taskId: number): number {
    return this.#rows.get(taskId);
  }

  addRow(task: TaskInfo): number {
    if (this.size >= this.#mostRows + Math.max(1, Math.floor(this.#mostRows / 10))) this.#forgetOldest();
    const row = this.size;
    if (row === this.taskId.length) this.#resize(row * 2);
    this.size++;
    this.#rows.set(task.taskId, row);
    this.taskId[row] = task.taskId;
    this.index[row] = task.index;
    this.attempt[row] = task.attempt;
    this.partition[row] = task.partition;
    this.launch[row] = task.launchedAtMs;
    this.place[row] = this.#placeOf(task);
    this.flags[row] = (task.speculative ? 1 : 0) | (Math.max(0, LOCALITIES.indexOf(task.locality)) << 2);
    this.version++;
    return row;
  }

  #placeOf(task: TaskInfo): number {
    if (task.executorId === this.#lastPlace && task.host === this.#lastHost) return this.#lastPlaceNumber;
    this.#lastPlace = task.executorId;
    this.#lastHost = task.host;
    this.#lastPlaceNumber = this.places.of(`${task.executorId}\n${task.host}`);
    return this.#lastPlaceNumber;
  }

  column(i: number): Float64Array {
    this.metrics[i] ??= new Float64Array(this.taskId.length);
    return this.metrics[i]!;
  }

  #resize(capacity: number): void {
    const grown = <T extends Float64Array | Int32Array | Uint16Array | Uint8Array>(old: T): T => {
      const wider = new (old.constructor as new (n: number) => T)(capacity);
      wider.set(old.subarray(0, this.size));
      return wider;
    };
    this.taskId = grown(this.taskId);
    this.index = grown(this.index);
    this.attempt = grown(this.attempt);
    this.partition = grown(this.partition);
    this.launch = grown(this.launch);
    this.duration = grown(this.duration);
    this.fetchStart = grown(this.fetchStart);
    this.place = grown(this.place);
    this.status = grown(this.status);
    this.flags = grown(this.flags);
    for (let i = 0; i < METRIC_COUNT; i++) if (this.metrics[i] !== undefined) this.metrics[i] = grown(this.metrics[i]!);
  }

  /** Ended tasks go first, the oldest first; running ones only when they alone are too many. Source: AppStatusListener.cleanupTasks. */
  #forgetOldest(): void {
    let surplus = this.size - this.#mostRows;
    const kept: number[] = [];
    for (let row = 0; row < this.size; row++) {
      if (surplus > 0 && this.status[row]! > GET_RESULT) surplus--;
      else kept.push(row);
    }
    if (surplus > 0) kept.splice(0, surplus);
    const columns = [this.taskId, this.index, this.attempt, this.partition, this.launch, this.duration, this.fetchStart, this.place];
    for (const column of [...columns, this.status, this.flags, ...this.metrics]) {
      if (column === undefined) continue;
      kept.forEach((row, i) => {
        column[i] = column[row]!;
      });
      column.fill(0, kept.length, this.size);
    }
    this.#renumber(this.errors, kept);
    this.#renumber(this.accumulables, kept);
    this.size = kept.length;
    this.#rows.clear();
    for (let row = 0; row < this.size; row++) this.#rows.set(this.taskId[row]!, row);
    this.successes = 0;
    for (let row = 0; row < this.size; row++) if (this.status[row] === SUCCESS) this.successes++;
  }

  #renumber<T>(map: Map<number, T>, kept: readonly number[]): void {
    if (map.size === 0) return;
    const old = new Map(map);
    map.clear();
    kept.forEach((row, i) => {
      const value = old.get(row);
      if (value !== undefined) map.set(i, value);
    });
  }
}
