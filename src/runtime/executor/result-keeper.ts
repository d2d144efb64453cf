// A slot's way to leave what a task brought with its executor when it is too large to be told directly: handed over to the main
// thread, where it does not count in the slot's heap. Kept there by result-blocks.ts. Source: Executor.TaskRunner.run.
import { settingOf } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';
import { PIECE_BYTES } from '../storage/block-pieces.ts';
import { encodeTaskEnd, keptParts, type TaskEndBody } from '../plan/task-end.ts';

export type ResultKeeper = {
  /** What is larger is left with the executor. */
  readonly directBytes: number;
  /** A result that alone is above what a job may have is not kept: the driver would refuse it. 0: no limit. */
  readonly mostBytes: number;
  /** Takes the parts over: they are gone from this thread. */
  readonly keep: (taskId: number, parts: readonly Uint8Array[]) => Promise<void>;
};

export function resultKeeper(conf: ReadonlyMap<string, string>, keep: ResultKeeper['keep']): ResultKeeper {
  return { directBytes: settingOf(conf, SPARK_KEYS.maxDirectResultSize), mostBytes: settingOf(conf, SPARK_KEYS.maxResultSize), keep };
}

/** @returns the body to send: itself, or where it is kept. @throws AppError LOCAL_DISK: the executor has no room for it */
export function leaveWhenLarge(taskId: number, body: TaskEndBody, keeper: ResultKeeper | undefined): Buffer | Promise<Buffer> {
  if (keeper !== undefined && body.r instanceof Uint8Array && body.r.length > keeper.directBytes) return leave(taskId, body, keeper);
  const encoded = encodeTaskEnd(body);
  return keeper === undefined || encoded.length <= keeper.directBytes ? encoded : leave(taskId, body, keeper);
}

async function leave(taskId: number, body: TaskEndBody, { mostBytes, keep }: ResultKeeper): Promise<Buffer> {
  const told: TaskEndBody = body.c === undefined ? {} : { c: body.c };
  const parts = keptParts(body);
  const bytes = parts.reduce((sum, part) => sum + part.length, 0);
  const isMap = body.s !== undefined;
  if (mostBytes > 0 && bytes > mostBytes && !isMap) return encodeTaskEnd({ ...told, i: [bytes, 0] });
  const pieces = parts.reduce((sum, part) => sum + Math.ceil(part.length / PIECE_BYTES), 0);
  await keep(taskId, parts.map(ownBuffer));
  return encodeTaskEnd({ ...told, i: [bytes, pieces] });
}

/** What can be handed to another thread as it is: nothing else is in its ArrayBuffer. */
const ownBuffer = (bytes: Uint8Array): Uint8Array => (bytes.length === bytes.buffer.byteLength ? bytes : new Uint8Array(bytes));
