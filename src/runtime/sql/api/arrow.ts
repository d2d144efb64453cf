// df.toArrow and createDataFrame of Arrow tables; which types they have: ../types/arrow-types.ts. The tables are the adapter's
// (platform/arrow.ts), which the session loads when the first one is asked for.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { ArrowContent, ArrowTables } from '../../../common/arrow-column.ts';
import type { Value } from '../logical/expressions.ts';
import type { ProgramRows } from '../plan/program-rows.ts';
import { structField, structType } from '../types/data-type.ts';
import { sparkType } from '../types/arrow-types.ts';

let load: () => Promise<ArrowTables> = async () => {
  throw new SparkIllegalArgumentException(
    'NO_ACTIVE_SESSION',
    '08003',
    'Arrow tables can be made when there is a SparkSession: make one first (SparkSession.builder().getOrCreate()).',
  );
};
/** For src/runtime/session.ts, and for tests. */
export function setArrowTables(loader: () => Promise<ArrowTables>): void {
  load = loader;
}
export const arrowTables = (): Promise<ArrowTables> => load();

/** @param given what isArrow says is one. @throws Error UNSUPPORTED_ARROWTYPE */
export async function rowsOfArrow(given: unknown): Promise<ProgramRows> {
  const content = (await arrowTables()).read(given);
  if (content === undefined)
    throw new SparkIllegalArgumentException('NOT_ARROW', '42K09', 'This is no Table of Arrow and no bytes of its IPC format.');
  return programRowsOf(content);
}

/** Told by its looks, so that the package is loaded for nothing else: a Table, a RecordBatch, or IPC bytes. */
export function isArrow(given: unknown): boolean {
  if (given instanceof Uint8Array) return hasIpcHead(given);
  const table = given as { schema?: { fields?: unknown }; getChildAt?: unknown } | null;
  return typeof table === 'object' && table !== null && Array.isArray(table.schema?.fields) && typeof table.getChildAt === 'function';
}

/** A file begins with a word, a stream with the mark of a message. */
const hasIpcHead = (bytes: Uint8Array): boolean =>
  Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(6, bytes.length)).equals(Buffer.from('ARROW1')) ||
  (bytes.length >= 8 && bytes.subarray(0, 4).every((byte) => byte === 0xff));

function programRowsOf({ fields, columns, rows }: ArrowContent): ProgramRows {
  const schema = structType(fields.map((f) => structField(f.name, sparkType(f.type), f.nullable)));
  return { kind: 'programRows', schema, columns: columns as readonly (readonly Value[])[], rows };
}
