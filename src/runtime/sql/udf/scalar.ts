// Functions of the program that give a value for each row: called row by row, or once for each vector with whole columns.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { UserCall } from '../plan/user-function.ts';
import { columnReader, type Compute, typedResult, valueWriter } from './border.ts';
import { argumentsText, failed } from './failure.ts';

type Plain = (...args: unknown[]) => unknown;

export function byRow(call: UserCall, f: Plain): Compute {
  const readers = call.types.map(columnReader);
  const back = valueWriter(call.returnType, `result of ${call.name}`);
  return (columns, count) => {
    const given = columns.map((c, i) => readers[i]!(c, count));
    const argsAt = (r: number) => given.map((c) => c[r]);
    let typed = typedResult(call.returnType, count);
    let out: KernelValue[] | undefined;
    let r = 0;
    const [a, b] = given;
    try {
      for (; r < count; r++) {
        const result = given.length === 1 ? f(a![r]) : given.length === 2 ? f(a![r], b![r]) : f(...argsAt(r));
        const value = back(result);
        if (typed !== undefined && value !== null) typed[r] = value as never;
        else {
          out ??= typed === undefined ? new Array<KernelValue>(count) : [...(typed as Iterable<KernelValue>)];
          typed = undefined;
          out[r] = value;
        }
      }
    } catch (error) {
      throw failed(call, error, argumentsText(argsAt(r)));
    }
    return out ?? typed ?? [];
  };
}

export function byBatch(call: UserCall, f: Plain): Compute {
  const readers = call.types.map(columnReader);
  const back = valueWriter(call.returnType, `result of ${call.name}`);
  return (columns, count) => {
    const given = columns.map((c, i) => Array.from(readers[i]!(c, count)));
    try {
      return checkedBatch(f(...given), count, back);
    } catch (error) {
      throw failed(call, error, batchText(count, given));
    }
  };
}

/** @throws Error when there are more or fewer results than rows */
export function checkedBatch(results: unknown, count: number, back: (value: unknown) => KernelValue): KernelValue[] {
  const list = results as ArrayLike<unknown> | null;
  if (typeof list !== 'object' || list === null || list.length !== count)
    throw new TypeError(`it must give as many results as there are rows, which are ${count}`);
  return Array.from(list, back);
}

export const batchText = (count: number, given: readonly (readonly unknown[])[]): string =>
  `it had a batch of ${count} rows, of which the first ${argumentsText(given.map((c) => c[0])).replace(/^the arguments were/, 'was')}`;
