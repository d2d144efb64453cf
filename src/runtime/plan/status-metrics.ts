// What a task cost, as it travels in a status frame (task-frames.ts): only figures that are not zero. A record is u32 mask, one bit per name of
// TASK_METRICS in order, then an f64 for each bit; bit 31: all of PUSH_METRICS, f64 each, follow them. Thread time and garbage collection of tasks that are too short to be measured one by one
// come once for the frame, and are shared in proportion to run time. Driver and executor both read this file.
import { noPushFigures, PUSH_METRICS, TASK_METRICS, type TaskMetrics } from '../../status/task-metrics.ts';

/** A task's figures while it runs. */
export type TaskFigures = { -readonly [name in Exclude<keyof TaskMetrics, 'push'>]: number } & {
  push?: ReturnType<typeof noPushFigures> | undefined;
};

const PUSH_BIT = 1 << 31;
const PUSH_BYTES = PUSH_METRICS.length * 8;

export const noFigures = (): TaskFigures => ({
  executorDeserializeTime: 0,
  executorDeserializeCpuTimeNs: 0,
  executorRunTime: 0,
  executorCpuTimeNs: 0,
  resultSize: 0,
  gcTime: 0,
  resultSerializationTime: 0,
  memoryBytesSpilled: 0,
  diskBytesSpilled: 0,
  peakExecutionMemory: 0,
  inputBytes: 0,
  inputRecords: 0,
  outputBytes: 0,
  outputRecords: 0,
  shuffleRemoteBlocks: 0,
  shuffleLocalBlocks: 0,
  shuffleFetchWaitTime: 0,
  shuffleRemoteBytes: 0,
  shuffleRemoteBytesToDisk: 0,
  shuffleLocalBytes: 0,
  shuffleRecordsRead: 0,
  shuffleRemoteRequestsDuration: 0,
  shuffleBytesWritten: 0,
  shuffleWriteTimeNs: 0,
  shuffleRecordsWritten: 0,
});

/** @returns undefined when every figure is 0 */
export function encodeFigures(figures: TaskFigures): Buffer | undefined {
  let mask = 0;
  let count = 0;
  for (let i = 0; i < TASK_METRICS.length; i++) {
    if (figures[TASK_METRICS[i]!] === 0) continue;
    mask |= 1 << i;
    count++;
  }
  const { push } = figures;
  if (push !== undefined) mask |= PUSH_BIT;
  else if (count === 0) return undefined;
  const bytes = Buffer.allocUnsafe(4 + count * 8 + (push === undefined ? 0 : PUSH_BYTES));
  bytes.writeUInt32LE(mask >>> 0, 0);
  let at = 4;
  for (let i = 0; i < TASK_METRICS.length; i++) {
    if ((mask & (1 << i)) === 0) continue;
    bytes.writeDoubleLE(figures[TASK_METRICS[i]!], at);
    at += 8;
  }
  if (push !== undefined) for (const name of PUSH_METRICS) at = bytes.writeDoubleLE(push[name], at);
  return bytes;
}

/** @returns bytes of the record that begins here */
export function figuresLength(frame: Buffer, at: number): number {
  let count = 0;
  const all = frame.readUInt32LE(at);
  for (let mask = all & ~PUSH_BIT; mask !== 0; mask &= mask - 1) count++;
  return 4 + count * 8 + ((all & PUSH_BIT) === 0 ? 0 : PUSH_BYTES);
}

export function readFigures(frame: Buffer, at: number, into: TaskFigures): void {
  const mask = frame.readUInt32LE(at);
  let next = at + 4;
  for (let i = 0; i < TASK_METRICS.length; i++) {
    if ((mask & (1 << i)) === 0) continue;
    into[TASK_METRICS[i]!] = frame.readDoubleLE(next);
    next += 8;
  }
  if ((mask & PUSH_BIT) === 0) return;
  into.push = noPushFigures();
  for (const [i, name] of PUSH_METRICS.entries()) into.push[name] = frame.readDoubleLE(next + i * 8);
}

/** Whole ms out of fractions, so that their sum stays true: what was cut off is added to the next. */
export class WholeMs {
  #rest = 0;

  take(ms: number): number {
    const all = ms + this.#rest;
    const whole = Math.floor(all);
    this.#rest = all - whole;
    return whole;
  }
}
