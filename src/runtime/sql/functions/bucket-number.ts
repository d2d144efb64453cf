// The number of the bucket that a row is in: the same as Spark's, so that it and others find a value's rows. Source: HashPartitioning.partitionIdExpression.
import { type Expr, literal } from '../logical/expressions.ts';
import { type DataType, INTEGER } from '../types/data-type.ts';
import { makeCall } from './make-call.ts';
import type { SessionSettings } from './spec.ts';

/** Neither function asks a setting. */
const SETTINGS: SessionSettings = { ansi: true, timeZone: 'UTC', get: () => undefined };

export const bucketNumber = (count: number, columns: readonly Expr[]): Expr =>
  makeCall('pmod', [makeCall('hash', columns, SETTINGS), literal(count, INTEGER)], SETTINGS);

/** Types whose equal values have one hash: not those of texts that are compared by rules of a language, nor 0.0 and -0.0. */
export const hasStableHash = (type: DataType): boolean =>
  STABLE.has(type.tag) || (type.tag === 'string' && (type.collation === undefined || type.collation === 'UTF8_BINARY'));
const STABLE: ReadonlySet<string> = new Set([
  'boolean',
  'byte',
  'short',
  'integer',
  'long',
  'date',
  'timestamp',
  'timestamp_ntz',
  'decimal',
  'binary',
]);
