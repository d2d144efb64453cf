// What programs give to methods, looked at where they give it: TypeScript's types end where `any` begins. Conditions are PySpark's.
// Source: PySparkTypeError and PySparkValueError of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';

/** As JavaScript calls it: `undefined`, `number`, `Date`. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value !== 'object') return typeof value;
  return (value as { constructor?: { name?: string } }).constructor?.name ?? 'object';
}

/** @param due what there should be, as words: `a Column or a text` */
export const wrongType = (condition: string, argument: string, due: string, value: unknown): SparkIllegalArgumentException =>
  new SparkIllegalArgumentException(condition, '42K09', `Argument \`${argument}\` should be ${due}, got ${kindOf(value)}.`, {
    arg_name: argument,
    arg_type: kindOf(value),
  });

/** @throws SparkIllegalArgumentException NOT_INT */
export function wholeNumber(value: unknown, argument: string): number {
  const n = typeof value === 'bigint' ? Number(value) : value;
  if (typeof n === 'number' && Number.isSafeInteger(n)) return n;
  if (typeof n !== 'number') throw wrongType('NOT_INT', argument, 'a whole number', value);
  throw new SparkIllegalArgumentException('NOT_INT', '42K09', `Argument \`${argument}\` should be a whole number, got ${n}.`);
}

/** @throws SparkIllegalArgumentException NOT_STR */
export function text(value: unknown, argument: string): string {
  if (typeof value === 'string') return value;
  throw wrongType('NOT_STR', argument, 'a text', value);
}

/** @throws SparkIllegalArgumentException NOT_ITERABLE */
export function rowsGiven(value: unknown): Iterable<unknown> {
  if (typeof value === 'object' && value !== null && Symbol.iterator in value) return value as Iterable<unknown>;
  throw wrongType('NOT_ITERABLE', 'data', 'an array, another iterable, an RDD or a table of Arrow', value);
}

/** @throws SparkIllegalArgumentException NOT_INT */
export const bigWhole = (value: unknown, argument: string): bigint =>
  typeof value === 'bigint' ? value : BigInt(wholeNumber(value, argument));
