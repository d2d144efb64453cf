// The bodies of task statuses (task-frames.ts): what a task brought besides a plain number, and errors as data.
import { Packr } from 'msgpackr';
import { type ErrorCode, errorFromWire, errorToWire } from '../../common/errors.ts';

/** Parts that are absent are left out. */
export type TaskEndBody = {
  /** The result. */
  r?: number | Uint8Array;
  /** Accumulator updates: [id, value] each; merged once per task. */
  a?: readonly (readonly [number, unknown])[];
  /** Partitions that this worker now holds: [rddId, partition, bytes] each; bytes -1: no longer. */
  c?: readonly (readonly [number, number, number])[];
  /** Map output without what only the driver knows of the executor. */
  s?: MapStatus;
  /**
   * All of this is kept by the executor as the block of this task, [bytes, pieces]: the driver fetches it (driver/service/indirect-results.ts).
   * No pieces: it is larger than any job may have, and was not kept. Beside it only `c` is said.
   */
  i?: readonly [number, number];
};
export type MapStatus = { mapIndex: number; mapTaskId: number; file: string; bytes: Float64Array | readonly number[]; records: number };
export type TaskErrorBody = { code: ErrorCode; params: unknown };

const codec = new Packr({ useRecords: false, moreTypes: true, mapsAsObjects: true });

export const encodeTaskEnd = (body: TaskEndBody): Buffer => Buffer.from(codec.pack(body));
export const decodeTaskEnd = (bytes: Uint8Array): TaskEndBody => codec.unpack(bytes) as TaskEndBody;

/**
 * A body as the executor keeps it for the driver: u32 length of the rest | the rest, packed | the result's bytes as they are. So the result is
 * copied neither here nor when it is read: it may be as large as the memory of its executor allows.
 */
export function keptParts({ r, ...rest }: TaskEndBody): Uint8Array[] {
  const isBytes = r instanceof Uint8Array;
  const packed = encodeTaskEnd(isBytes || r === undefined ? rest : { ...rest, r });
  const head = Buffer.allocUnsafeSlow(4 + packed.length);
  head.writeUInt32LE(packed.length, 0);
  head.set(packed, 4);
  return isBytes ? [head, r] : [head];
}

/** The parts, put together again. @throws Error when they are no such body */
export function readKept(whole: Buffer): TaskEndBody {
  const end = 4 + whole.readUInt32LE(0);
  const rest = decodeTaskEnd(whole.subarray(4, end));
  return end === whole.length ? rest : { ...rest, r: whole.subarray(end) };
}

/** An error from another version stays readable as PEER_FAILED. */
export function decodeTaskError(bytes: Uint8Array): TaskErrorBody {
  const { code, params } = codec.unpack(bytes) as { code: string; params: unknown };
  const error = errorFromWire(code, params);
  return { code: error.code, params: error.params };
}

/** Longest stack and message that travel: a user's error may hold megabytes. */
const MAX_TEXT = 20_000;
const cut = (text: string) => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}… (${text.length} characters)` : text);

export function encodeTaskError(error: unknown): Buffer {
  const wire = isAppError(error) ? errorToWire(error) : { code: 'TASK_FAILED' as const, params: describe(error) };
  return Buffer.from(codec.pack(wire));
}

const isAppError = (error: unknown) => error instanceof Error && error.name === 'AppError' && 'code' in error;

/** Anything can be thrown, also strings, undefined and objects with hostile getters. */
export function describe(error: unknown): { name: string; message: string; stack: string } {
  try {
    if (error instanceof Error || (typeof error === 'object' && error !== null && 'stack' in error && 'message' in error)) {
      const { name, message, stack } = error as Error;
      const causes = error instanceof Error && error.cause !== undefined ? `\nCaused by: ${describe(error.cause).stack}` : '';
      return { name: String(name), message: cut(String(message)), stack: cut(String(stack ?? `${name}: ${message}`) + causes) };
    }
    const text = typeof error === 'string' ? error : (JSON.stringify(error) ?? String(error));
    return { name: 'Error', message: cut(text), stack: cut(`A task threw ${text}`) };
  } catch (worse) {
    return {
      name: 'Error',
      message: 'a value that cannot be described',
      stack: `A task threw a value that cannot be described: ${String(worse)}`,
    };
  }
}
