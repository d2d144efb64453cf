// Values on their way between the kernel and functions of the program, a vector at a time. The values of each type are ../api/values.ts's and
// ../api/kernel-values.ts's.
import type { KernelColumn, KernelValue } from '../../../common/sql-kernel.ts';
import { kernelValue } from '../api/kernel-values.ts';
import { converterOf } from '../api/values.ts';
import { kernelForm } from '../kernel/kernel-form.ts';
import type { DataType } from '../types/data-type.ts';

export type Compute = (columns: readonly KernelColumn[], rows: number) => KernelColumn;

/** @returns what makes a column of the program's values of a column of the kernel's */
export function columnReader(type: DataType): (column: KernelColumn, rows: number) => ArrayLike<unknown> {
  const convert = converterOf(type);
  return convert === undefined ? (column) => column : (column, rows) => Array.from({ length: rows }, (_, i) => convert(column[i] as never));
}

/** @param path what is made, for messages: `result of f`. @returns what makes the kernel's value of the program's */
export function valueWriter(type: DataType, path: string): (value: unknown) => KernelValue {
  const form = kernelForm(type);
  return (value) => {
    if (type.tag === 'double' && typeof value === 'number') return value;
    if (typeof (value as Promise<unknown> | null | undefined)?.then === 'function')
      throw new TypeError(`it gave a Promise: declare the function async, or give it the option { async: true }`);
    return form(kernelValue(value, type, path));
  };
}

/** What the kernel takes without a look at each value; left when the first NULL comes. */
export function typedResult(type: DataType, count: number): Float64Array | Float32Array | Int32Array | BigInt64Array | undefined {
  switch (type.tag) {
    case 'double':
      return new Float64Array(count);
    case 'float':
      return new Float32Array(count);
    case 'integer':
      return new Int32Array(count);
    case 'long':
      return new BigInt64Array(count);
    default:
      return undefined;
  }
}
