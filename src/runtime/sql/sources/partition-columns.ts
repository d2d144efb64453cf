// Types of partition columns from the texts in folders' names. Source: PartitioningUtils.inferPartitionColumnValue and resolvePartitions of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { tightestCommonType } from '../functions/coercion.ts';
import * as T from '../types/data-type.ts';
import type { ListedFile } from './list-files.ts';

/** Columns by what the folders are called, types by their values. @throws AnalysisException CONFLICTING_PARTITION_COLUMN_NAMES */
export function partitionColumnsOf(files: readonly ListedFile[], inferTypes: boolean): readonly T.StructField[] {
  const names = [...new Map(files.map((f) => [f.partition.map((p) => p.column).join('\0'), f.partition.map((p) => p.column)])).values()];
  if (names.length > 1)
    throw new AnalysisException('CONFLICTING_PARTITION_COLUMN_NAMES', {
      distinctPartColLists: names.map((list, i) => `\n\tPartition column name list #${i}: ${list.join(', ')}`).join(''),
      suspiciousPaths: '',
    });
  return (names[0] ?? []).map((name, i) => T.structField(name, typeOfAll(new Set(files.map((f) => f.partition[i]!.value)), inferTypes)));
}

function typeOfAll(values: Iterable<string | null>, inferTypes: boolean): T.DataType {
  let type: T.DataType = T.NULL;
  for (const value of values) type = common(type, inferTypes || value === null ? typeOfValue(value) : T.STRING);
  return type.tag === 'null' ? T.STRING : type;
}

function common(a: T.DataType, b: T.DataType): T.DataType {
  const tags = [a.tag, b.tag];
  // A double would lose digits of these.
  if (tags.includes('double') && (tags.includes('long') || tags.includes('decimal'))) return T.STRING;
  return tightestCommonType(a, b) ?? T.STRING;
}

export function typeOfValue(value: string | null): T.DataType {
  if (value === null) return T.NULL;
  if (/^[+-]?\d+$/.test(value)) {
    const n = BigInt(value.replace('+', ''));
    if (n === BigInt.asIntN(32, n)) return T.INTEGER;
    if (n === BigInt.asIntN(64, n)) return T.LONG;
    const digits = String(n < 0n ? -n : n).length;
    return digits <= T.MAX_DECIMAL_PRECISION ? T.decimalType(digits, 0) : T.DOUBLE;
  }
  if (/^\s*[+-]?(NaN|Infinity|(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?)[fFdD]?\s*$/.test(value)) return T.DOUBLE;
  if (/^\d{4}-\d{2}-\d{2}$/.test(value) && isDate(value)) return T.DATE;
  // More digits than one, which Spark's pattern (`[.S]`) has not, are a text.
  if (/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d)?$/.test(value) && isDate(value.slice(0, 10))) return T.TIMESTAMP;
  return T.STRING;
}

const isDate = (text: string): boolean => {
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
};
