// Which of a Parquet file's columns are read as which types: the same, wider numbers, and what both forms of the value allow; anything else is an error
// as soon as the column is asked for. Source: ParquetVectorUpdaterFactory of Spark 4.2.
import type { DataType, DecimalType, StructType } from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';

/** Of a column: what is asked for, and what a file has. */
export type TypeMismatch = { readonly expectedType: string; readonly actualType: string };

/** By the wanted columns' names. */
export function typeMismatches(wanted: StructType, file: StructType): ReadonlyMap<string, TypeMismatch> {
  const found = new Map<string, TypeMismatch>();
  const columns = new Map(file.fields.map((f) => [f.name.toLowerCase(), f.dataType]));
  for (const { name, dataType } of wanted.fields) {
    const from = columns.get(name.toLowerCase());
    if (from !== undefined && !isReadAs(from, dataType))
      found.set(name, { expectedType: simpleString(dataType), actualType: simpleString(from) });
  }
  return found;
}

const INTEGERS: readonly DataType['tag'][] = ['byte', 'short', 'integer'];
const TEXTS: readonly DataType['tag'][] = ['string', 'char', 'varchar', 'binary'];
/** What is read beside itself. */
const WIDER: Partial<Record<DataType['tag'], readonly DataType['tag'][]>> = {
  byte: [...INTEGERS, 'long', 'double', 'yearMonthInterval'],
  short: [...INTEGERS, 'long', 'double', 'yearMonthInterval'],
  integer: [...INTEGERS, 'long', 'double', 'yearMonthInterval'],
  long: ['dayTimeInterval', 'time'],
  float: ['double'],
  date: ['timestamp_ntz', 'integer'],
  timestamp: ['timestamp_ntz', 'long'],
  timestamp_ntz: ['timestamp', 'long'],
  decimal: [...INTEGERS, 'long', 'float', 'double'],
  string: TEXTS,
  binary: TEXTS,
  variant: ['struct'],
  struct: ['variant'],
};
/** Digits before the point that every value of the type fits into. */
const DIGITS: Partial<Record<DataType['tag'], number>> = { byte: 10, short: 10, integer: 10, long: 20 };

function isReadAs(from: DataType, to: DataType): boolean {
  if (from.tag === 'null') return true;
  if (from.tag === 'decimal' && to.tag === 'decimal') return isWider(from, to);
  if (from.tag === 'array' && to.tag === 'array') return isReadAs(from.elementType, to.elementType);
  if (from.tag === 'map' && to.tag === 'map') return isReadAs(from.keyType, to.keyType) && isReadAs(from.valueType, to.valueType);
  if (from.tag === 'struct' && to.tag === 'struct') return typeMismatches(to, from).size === 0;
  if (to.tag === 'decimal' && DIGITS[from.tag] !== undefined) return to.precision - to.scale >= DIGITS[from.tag]!;
  return from.tag === to.tag || (WIDER[from.tag]?.includes(to.tag) ?? false);
}

const isWider = (from: DecimalType, to: DecimalType): boolean =>
  to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale;
