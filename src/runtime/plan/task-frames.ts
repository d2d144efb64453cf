// The binary frames of a slot connection: tasks that go to a worker in batches, and how they ended. Fixed layouts, little endian,
// no object per task; measured 20 million statuses a second against 2 million as msgpack maps (docs/adr/0003).
//
//   launch (driver → slot)   u32 op=1 | u32 stageKey | u32 count | count × {u32 taskId, u32 partition, u32 attempt, u32 payloadBytes} | payloads
//   status (slot → driver)   u32 op=2 | u32 stageKey | u32 count | count × {u32 taskId, u32 kind, f32 runMs, 8 B value} | bodies | f64 cpuNs | f64 gcMs  per ms
//
// A status's value: f64 for a number; u32 body length for bytes and errors. What the bodies mean is said in task-end.ts. A kind with the bit
// HAS_FIGURES has a record of status-metrics.ts before its body. cpuNs and gcMs, per ms of run time, are those of the tasks whose record says no thread time.
import { figuresLength, noFigures, readFigures, WholeMs } from './status-metrics.ts';
import type { TaskMetrics } from '../../status/task-metrics.ts';

export const OP_LAUNCH = 1;
export const OP_STATUS = 2;
/** payloadBytes of a task that has none. */
const NO_PAYLOAD = 0xffffffff;
const HEAD = 12;
const LAUNCH_RECORD = 16;
const STATUS_RECORD = 20;
const TRAILER = 16;
const HAS_FIGURES = 0x100;
/** Of a result that travels as a number. */
const NUMBER_BYTES = 8;

/** How a task ended: with a number (the fast path), with bytes, with an error, with nothing; or it was never begun and comes back. */
export const ENDED_NUMBER = 0;
export const ENDED_BYTES = 1;
export const ENDED_ERROR = 2;
export const GIVEN_BACK = 3;
export const ENDED_NOTHING = 4;
export type StatusKind = typeof ENDED_NUMBER | typeof ENDED_BYTES | typeof ENDED_ERROR | typeof GIVEN_BACK | typeof ENDED_NOTHING;

export const opOf = (frame: Uint8Array): number => frame[0]! | (frame[1]! << 8) | (frame[2]! << 16) | (frame[3]! << 24);

const asBuffer = (bytes: Uint8Array): Buffer =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Gathers the tasks of one launch frame. */
export class LaunchWriter {
  readonly #stageKey: number;
  #records: Buffer;
  #count = 0;
  #payloads: Uint8Array[] = [];
  #payloadBytes = 0;

  constructor(stageKey: number, expected: number) {
    this.#stageKey = stageKey;
    this.#records = Buffer.allocUnsafe(HEAD + expected * LAUNCH_RECORD);
  }

  get count(): number {
    return this.#count;
  }

  add(taskId: number, partition: number, attempt: number, payload: Uint8Array | undefined): void {
    const at = HEAD + this.#count * LAUNCH_RECORD;
    if (at + LAUNCH_RECORD > this.#records.length)
      this.#records = Buffer.concat([this.#records, Buffer.allocUnsafe(this.#records.length + LAUNCH_RECORD)]);
    this.#records.writeUInt32LE(taskId, at);
    this.#records.writeUInt32LE(partition, at + 4);
    this.#records.writeUInt32LE(attempt, at + 8);
    this.#records.writeUInt32LE(payload === undefined ? NO_PAYLOAD : payload.length, at + 12);
    if (payload !== undefined) {
      this.#payloads.push(payload);
      this.#payloadBytes += payload.length;
    }
    this.#count++;
  }

  finish(): Buffer {
    const records = this.#records.subarray(0, HEAD + this.#count * LAUNCH_RECORD);
    records.writeUInt32LE(OP_LAUNCH, 0);
    records.writeUInt32LE(this.#stageKey, 4);
    records.writeUInt32LE(this.#count, 8);
    return this.#payloads.length === 0 ? records : Buffer.concat([records, ...this.#payloads], records.length + this.#payloadBytes);
  }
}

/** Reads a launch frame in place; `next()` moves to the following task. */
export class LaunchReader {
  readonly stageKey: number;
  readonly count: number;
  /** Index of the current task; -1 before the first next(). */
  index = -1;
  taskId = 0;
  partition = 0;
  attempt = 0;
  payload: Uint8Array | undefined;
  readonly #frame: Buffer;
  #payloadAt: number;

  constructor(frame: Uint8Array) {
    this.#frame = asBuffer(frame);
    this.stageKey = this.#frame.readUInt32LE(4);
    this.count = this.#frame.readUInt32LE(8);
    this.#payloadAt = HEAD + this.count * LAUNCH_RECORD;
  }

  /** @returns false after the last task */
  next(): boolean {
    if (this.index + 1 >= this.count) return false;
    this.index++;
    const at = HEAD + this.index * LAUNCH_RECORD;
    this.taskId = this.#frame.readUInt32LE(at);
    this.partition = this.#frame.readUInt32LE(at + 4);
    this.attempt = this.#frame.readUInt32LE(at + 8);
    const length = this.#frame.readUInt32LE(at + 12);
    if (length === NO_PAYLOAD) this.payload = undefined;
    else {
      this.payload = this.#frame.subarray(this.#payloadAt, this.#payloadAt + length);
      this.#payloadAt += length;
    }
    return true;
  }
}

/** Gathers statuses of one stage until the caller takes the frame. */
export class StatusWriter {
  readonly stageKey: number;
  #records: Buffer;
  #count = 0;
  #bodies: Uint8Array[] = [];

  constructor(stageKey: number, expected: number) {
    this.stageKey = stageKey;
    this.#records = Buffer.allocUnsafe(HEAD + expected * STATUS_RECORD + TRAILER);
  }

  get count(): number {
    return this.#count;
  }

  number(taskId: number, runMs: number, value: number, figures?: Uint8Array): void {
    const at = this.#begin(taskId, ENDED_NUMBER, runMs, figures); // may replace #records
    this.#records.writeDoubleLE(value, at + 12);
  }

  /** For kinds without a value: GIVEN_BACK, ENDED_NOTHING. */
  bare(taskId: number, kind: StatusKind, runMs: number, figures?: Uint8Array): void {
    const at = this.#begin(taskId, kind, runMs, figures);
    this.#records.fill(0, at + 12, at + STATUS_RECORD);
  }

  body(taskId: number, kind: StatusKind, runMs: number, body: Uint8Array, figures?: Uint8Array): void {
    const at = this.#begin(taskId, kind, runMs, figures);
    this.#records.writeUInt32LE(body.length, at + 12);
    this.#records.writeUInt32LE(0, at + 16);
    this.#bodies.push(body);
  }

  /** @param cpuNsPerMs of the thread, and gcMsPerMs of its heap, for the tasks whose figures say no thread time */
  finish(cpuNsPerMs = 0, gcMsPerMs = 0): Buffer {
    const end = HEAD + this.#count * STATUS_RECORD;
    const records = this.#records.subarray(0, end);
    records.writeUInt32LE(OP_STATUS, 0);
    records.writeUInt32LE(this.stageKey, 4);
    records.writeUInt32LE(this.#count, 8);
    const trailer = this.#bodies.length === 0 ? this.#records.subarray(end, end + TRAILER) : Buffer.allocUnsafe(TRAILER);
    trailer.writeDoubleLE(cpuNsPerMs, 0);
    trailer.writeDoubleLE(gcMsPerMs, 8);
    return this.#bodies.length === 0 ? this.#records.subarray(0, end + TRAILER) : Buffer.concat([records, ...this.#bodies, trailer]);
  }

  #begin(taskId: number, kind: StatusKind, runMs: number, figures: Uint8Array | undefined): number {
    const at = HEAD + this.#count * STATUS_RECORD;
    if (at + STATUS_RECORD + TRAILER > this.#records.length)
      this.#records = Buffer.concat([this.#records, Buffer.allocUnsafe(this.#records.length + STATUS_RECORD)]);
    if (figures !== undefined) this.#bodies.push(figures);
    this.#records.writeUInt32LE(taskId, at);
    this.#records.writeUInt32LE(figures === undefined ? kind : kind | HAS_FIGURES, at + 4);
    this.#records.writeFloatLE(runMs, at + 8);
    this.#count++;
    return at;
  }
}

/** Reads a status frame in place. */
export class StatusReader {
  readonly stageKey: number;
  readonly count: number;
  index = -1;
  taskId = 0;
  kind = 0;
  runMs = 0;
  /** For ENDED_NUMBER, else 0. */
  value = 0;
  /** For ENDED_BYTES and ENDED_ERROR, else undefined. */
  body: Uint8Array | undefined;
  readonly #frame: Buffer;
  #bodyAt: number;
  #figuresAt = 0;
  #totalMs: number | undefined;
  readonly #wholeRun = new WholeMs();
  readonly #wholeGc = new WholeMs();

  constructor(frame: Uint8Array) {
    this.#frame = asBuffer(frame);
    this.stageKey = this.#frame.readUInt32LE(4);
    this.count = this.#frame.readUInt32LE(8);
    this.#bodyAt = HEAD + this.count * STATUS_RECORD;
  }

  /** Run time of all tasks of the frame, ms. */
  get totalMs(): number {
    if (this.#totalMs === undefined) {
      this.#totalMs = 0;
      for (let i = 0; i < this.count; i++) this.#totalMs += this.#frame.readFloatLE(HEAD + i * STATUS_RECORD + 8);
    }
    return this.#totalMs;
  }

  /** By the current task, from files and shuffles. */
  recordsRead(): number {
    if (this.#figuresAt === 0) return 0;
    const figures = noFigures();
    readFigures(this.#frame, this.#figuresAt, figures);
    return figures.inputRecords + figures.shuffleRecordsRead;
  }

  /** Of the current task: its own figures, and its share of what the frame's short tasks cost together. Call once for each. */
  metrics(): TaskMetrics {
    const figures = noFigures();
    if (this.#figuresAt > 0) readFigures(this.#frame, this.#figuresAt, figures);
    figures.executorRunTime = this.#wholeRun.take(Math.max(0, this.runMs - figures.resultSerializationTime));
    figures.executorDeserializeTime = Math.round(figures.executorDeserializeTime);
    figures.resultSerializationTime = Math.round(figures.resultSerializationTime);
    if (figures.executorCpuTimeNs === 0) {
      figures.executorCpuTimeNs = Math.round(this.#frame.readDoubleLE(this.#frame.length - TRAILER) * this.runMs);
      figures.gcTime = this.#wholeGc.take(this.#frame.readDoubleLE(this.#frame.length - 8) * this.runMs);
    }
    if (figures.resultSize === 0) figures.resultSize = this.kind === ENDED_NUMBER ? NUMBER_BYTES : (this.body?.length ?? 0);
    return figures;
  }

  next(): boolean {
    if (this.index + 1 >= this.count) return false;
    this.index++;
    const at = HEAD + this.index * STATUS_RECORD;
    this.taskId = this.#frame.readUInt32LE(at);
    const kind = this.#frame.readUInt32LE(at + 4);
    this.kind = kind & 0xff;
    this.#figuresAt = 0;
    if ((kind & HAS_FIGURES) !== 0) {
      this.#figuresAt = this.#bodyAt;
      this.#bodyAt += figuresLength(this.#frame, this.#bodyAt);
    }
    this.runMs = this.#frame.readFloatLE(at + 8);
    this.value = 0;
    this.body = undefined;
    if (this.kind === ENDED_NUMBER) this.value = this.#frame.readDoubleLE(at + 12);
    else if (this.kind === ENDED_BYTES || this.kind === ENDED_ERROR) {
      const length = this.#frame.readUInt32LE(at + 12);
      this.body = this.#frame.subarray(this.#bodyAt, this.#bodyAt + length);
      this.#bodyAt += length;
    }
    return true;
  }
}
