// Rows that a program gave to parallelize, on their way to a task: as data where they are data (row-codec.ts), else by the rules of
// captured values (closure/), which also carry functions and instances of the program's classes.
import { capture, classesIn } from '../closure/capture.ts';
import { encodeCaptured } from '../closure/captured.ts';
import { registerRecordClass } from './record-classes.ts';
import { encodeRows } from './row-codec.ts';

export type LiteralRows = { readonly rows: Uint8Array } | { readonly captured: Uint8Array };

/** @throws TaskNotSerializableError naming the call site of parallelize */
export function encodeLiteral(rows: readonly unknown[], callSite: string): LiteralRows {
  if (rows.every((row) => isData(row, 0))) return { rows: encodeRows(rows) };
  const captured = capture([rows], callSite);
  for (const found of classesIn(captured)) registerRecordClass(found);
  return { captured: encodeCaptured(captured) };
}

const DEEPEST = 8;

/** Plain values only; what nests deeper is left to capture, which knows cycles. */
function isData(value: unknown, depth: number): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return false;
  if (typeof value === 'number') return depth === 0 || value !== 0 || 1 / value > 0;
  if (typeof value !== 'object' || value === null) return true;
  if (depth >= DEEPEST) return false;
  if (Array.isArray(value)) return Object.getPrototypeOf(value) === Array.prototype && value.every((x) => isData(x, depth + 1));
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Date.prototype || prototype === Uint8Array.prototype) return true;
  if (prototype !== Object.prototype) return false;
  const isDataField = (key: PropertyKey) =>
    typeof key === 'string' && key !== '__proto__' && isData((value as Record<string, unknown>)[key], depth + 1);
  return Reflect.ownKeys(value).every(isDataField);
}
