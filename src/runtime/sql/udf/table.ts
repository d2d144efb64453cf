// Table functions of the program. With the columns of rows (FROM f(1), LATERAL f(t.a)) an object of the class sees the rows of one vector, at most
// 2,048 of the kernel's, as PySpark's sees those of a partition: what `terminate` gives stands beside the last of them. With a TABLE argument it sees the
// rows of one partition, and nothing stands beside its rows. What has given enough throws SkipRestOfInputTableException. Source: read_udtf of PySpark 4.2's worker.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { kernelValue, rowValues } from '../api/kernel-values.ts';
import { converterOf } from '../api/values.ts';
import { kernelForm } from '../kernel/kernel-form.ts';
import type { UserCall } from '../plan/user-function.ts';
import type { ArrayType, StructType } from '../types/data-type.ts';
import { columnReader, type Compute } from './border.ts';
import { argumentsText, failed } from './failure.ts';

type Handler = { eval(...args: readonly unknown[]): unknown; terminate?(): unknown; cleanup?(): unknown };
type Made = (new (analyzed?: unknown) => Handler) | ((...args: readonly unknown[]) => unknown);
/** With what `analyze` gave, where the class has one. */
export type TableBody = Made | { readonly handler: Made; readonly analyzed: unknown };

export function ofRows(call: UserCall, body: TableBody): Compute {
  const readers = call.types.map(columnReader);
  const made = objects(call, body);
  return (columns, count) => {
    const given = columns.map((c, i) => readers[i]!(c, count));
    const object = made();
    try {
      const out = Array.from({ length: count }, (_, r) => object.evaluated(given.map((c) => c[r])));
      out.at(-1)?.push(...object.terminated());
      return out;
    } finally {
      object.cleaned();
    }
  };
}

export function ofPartitions(call: UserCall, body: TableBody): Compute {
  const at = call.tableAt!;
  const row = converterOf((call.types[at] as ArrayType).elementType) ?? ((value: KernelValue) => value as unknown);
  const readers = call.types.map((type, i) => (i === at ? undefined : columnReader(type)));
  const made = objects(call, body);
  return (columns, count) => {
    const given = columns.map((c, i) => readers[i]?.(c, count));
    return Array.from({ length: count }, (_, r) => {
      if (columns[at]![r] === null) return []; // no rows at all: there is no partition
      const object = made();
      const rows: KernelValue[] = [];
      try {
        for (const value of columns[at]![r] as readonly KernelValue[]) {
          for (const one of object.evaluated(given.map((c, i) => (i === at ? row(value) : c![r])))) rows.push(one);
          if (object.isSatisfied) break;
        }
        for (const one of object.terminated()) rows.push(one);
      } finally {
        object.cleaned();
      }
      return rows;
    });
  };
}

/** @returns what makes an object and its ways to rows of the kernel */
function objects(call: UserCall, body: TableBody) {
  const columns = (call.returnType as ArrayType).elementType as StructType;
  const { handler, analyzed } = 'handler' in body ? body : { handler: body, analyzed: undefined };
  const isClass = typeof handler.prototype?.eval === 'function';
  const guarded = <T>(given: () => string, f: () => T): T => {
    try {
      return f();
    } catch (error) {
      throw failed(call, error, given());
    }
  };
  return () => {
    const made = guarded(
      () => 'it was making its object',
      (): Handler => (isClass ? new (handler as new (a?: unknown) => Handler)(analyzed) : { eval: handler as Handler['eval'] }),
    );
    let isSatisfied = false;
    return {
      /** No more rows are wanted. */
      get isSatisfied() {
        return isSatisfied;
      },
      evaluated: (args: readonly unknown[]): KernelValue[] => {
        if (isSatisfied) return [];
        const rows: KernelValue[] = [];
        return guarded(
          () => argumentsText(args),
          () => {
            try {
              addRows(made.eval(...args), columns, rows);
            } catch (error) {
              if ((error as Error | undefined)?.name !== 'SkipRestOfInputTableException') throw error;
              isSatisfied = true;
              return []; // PySpark loses the rows of this call, too
            }
            return rows;
          },
        );
      },
      terminated: () =>
        guarded(
          () => 'it was in terminate',
          () => addRows(made.terminate?.(), columns, []),
        ),
      cleaned: () =>
        guarded(
          () => 'it was in cleanup',
          () => void made.cleanup?.(),
        ),
    };
  };
}

/** @throws TypeError for what are no rows, Error for values of other types */
function addRows(given: unknown, columns: StructType, rows: KernelValue[]): KernelValue[] {
  if (given === null || given === undefined) return rows;
  if (typeof (given as Promise<unknown>).then === 'function') throw new TypeError('it gave a Promise: rows must be there when it returns');
  if (typeof given === 'string' || typeof (given as Iterable<unknown>)[Symbol.iterator] !== 'function')
    throw new TypeError(
      '[UDTF_RETURN_NOT_ITERABLE] The return value of the function is not iterable: give an array of rows, or yield them',
    );
  for (const row of given as Iterable<unknown>) rows.push(oneRow(row, columns));
  return rows;
}

function oneRow(row: unknown, columns: StructType): KernelValue {
  const { fields } = columns;
  if (Array.isArray(row) && row.length !== fields.length)
    throw new TypeError(
      `[UDTF_RETURN_SCHEMA_MISMATCH] The number of columns in the result does not match the specified schema. Expected column count: ${fields.length}, Actual column count: ${row.length}`,
    );
  const isRow = typeof row === 'object' && row !== null && !(row instanceof Date);
  const form = kernelForm(columns);
  if (isRow) return form(rowValues(row, columns));
  if (fields.length === 1) return form([kernelValue(row, fields[0]!.dataType, fields[0]!.name)]);
  throw new TypeError(`[UDTF_INVALID_OUTPUT_ROW_TYPE] A row is an array or an object, and not ${row === null ? 'null' : typeof row}`);
}
