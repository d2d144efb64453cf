// Values of literals as the kernel has them in tables (../../../common/sql-kernel.ts), and back: the same but for times of day, which literals count
// in nanoseconds and the kernel in microseconds.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { Value } from '../logical/expressions.ts';
import type { DataType } from '../types/data-type.ts';

/** What brings literals of a type to the kernel's form. */
export function kernelForm(type: DataType): (value: Value) => KernelValue {
  if (!hasTime(type)) return (value) => value as KernelValue;
  return (value) => withTimes(value, type, (nanos) => nanos / 1000n) as KernelValue;
}

/** A value of a result as a literal has it. */
export const valueOfKernel = (value: KernelValue, type: DataType): Value =>
  hasTime(type) ? withTimes(value as Value, type, (micros) => micros * 1000n) : (value as Value);

function withTimes(value: Value, type: DataType, convert: (time: bigint) => bigint): Value {
  if (value === null) return null;
  if (type.tag === 'time') return convert(value as bigint);
  const parts = value as readonly Value[];
  if (type.tag === 'array') return parts.map((v) => withTimes(v, type.elementType, convert));
  if (type.tag === 'struct') return parts.map((v, i) => withTimes(v, type.fields[i]!.dataType, convert));
  if (type.tag === 'map')
    return (value as readonly [Value, Value][]).map(([k, v]) => [
      withTimes(k, type.keyType, convert),
      withTimes(v, type.valueType, convert),
    ]);
  return value;
}

const hasTime = (type: DataType): boolean =>
  type.tag === 'time' || (['array', 'struct', 'map'].includes(type.tag) && JSON.stringify(type).includes('"time"'));
