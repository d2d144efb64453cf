// The number of the bucket that a row is in: the same as Spark's, so that it and others find a value's rows. Source: HashPartitioning.partitionIdExpression.
import { call } from '../logical/conjuncts.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { type DataType, INTEGER } from '../types/data-type.ts';

export const bucketNumber = (count: number, columns: readonly Expr[]): Expr =>
  call('pmod', call('hash', ...columns), literal(count, INTEGER));

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
