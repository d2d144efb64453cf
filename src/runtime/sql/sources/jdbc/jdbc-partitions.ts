// Partitions of a JDBC source: what each of them adds to WHERE. Bounds only say where the strides lie: rows below the lower and above the upper one,
// and those without a value, are in the first and the last partition. Source: JDBCRelation.columnPartition of Spark 4.2.
import type { DataType, StructType } from '../../types/data-type.ts';
import { dateText, localTimestampText } from '../../types/value-text.ts';
import { simpleString } from '../../types/type-names.ts';
import { type Partitioning, refused } from './jdbc-options.ts';

/** @param quote the column's name as the database has it. @returns undefined for all rows */
export function partitionClauses(
  { column: name, lower, upper, count }: Partitioning,
  schema: StructType,
  quote: (name: string) => string,
): readonly (string | undefined)[] {
  const field = schema.fields.find((f) => f.name === name) ?? schema.fields.find((f) => f.name.toLowerCase() === name.toLowerCase());
  if (field === undefined) throw refused(`User-defined partition column ${name} not found in the JDBC relation: ${simpleString(schema)}.`);
  const { tag } = field.dataType;
  if (!/^(byte|short|integer|long|float|double|decimal|date|timestamp|timestamp_ntz)$/.test(tag))
    throw refused(`Partition column type should be numeric, date, or timestamp, but ${simpleString(field.dataType)} found.`);
  const [from, to] = [boundOf(lower, field.dataType), boundOf(upper, field.dataType)];
  if (count <= 1 || from === to) return [undefined];
  if (from > to)
    throw refused(
      `Operation not allowed: the lower bound of partitioning column is larger than the upper bound. Lower bound: ${lower}; Upper bound: ${upper}`,
    );
  const n = to - from >= BigInt(count) ? BigInt(count) : to - from;
  const { first, stride } = strides(from, to, n);
  const column = quote(field.name);
  return Array.from({ length: Number(n) }, (_, i) => {
    const at = (k: number) => boundText(first + stride * BigInt(k), field.dataType);
    const [above, below] = [`${column} >= ${at(i)}`, `${column} < ${at(i + 1)}`];
    if (i === 0) return Number(n) === 1 ? undefined : `${below} or ${column} is null`;
    return i === Number(n) - 1 ? above : `${above} AND ${below}`;
  });
}

/** Digits after the point that strides are computed with. */
const SCALE = 10n ** 18n;

/** What the last stride would fall short of is shared by the first and the last partition. */
function strides(from: bigint, to: bigint, n: bigint): { readonly first: bigint; readonly stride: bigint } {
  const precise = halfEven(to * SCALE, n) - halfEven(from * SCALE, n);
  const stride = precise / SCALE;
  // lost strides = (precise - stride) * n / stride; half of them, in values: the stride cancels out.
  const lost = (precise - stride * SCALE) * n;
  return { first: from + (lost + SCALE) / (2n * SCALE), stride };
}

function halfEven(value: bigint, by: bigint): bigint {
  const [whole, rest] = [value / by, value % by];
  const twice = (rest < 0n ? -rest : rest) * 2n;
  const isUp = twice > by || (twice === by && whole % 2n !== 0n);
  return isUp ? whole + (value < 0n ? -1n : 1n) : whole;
}

const MS_OF_DAY = 86_400_000;

/** Whole numbers, days since 1970, or µs since 1970 in the session's text without a zone. */
function boundOf(text: string, type: DataType): bigint {
  if (type.tag !== 'date' && !type.tag.startsWith('timestamp')) {
    if (!/^\s*[+-]?\d+\s*$/.test(text)) throw refused(`The bound ${text} is no whole number.`);
    return BigInt(text.trim().replace('+', ''));
  }
  const [, day, time] = /^\s*(\d{4}-\d{1,2}-\d{1,2})(?:[T ](\d{1,2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?))?\s*$/.exec(text) ?? [];
  const ms = day === undefined ? Number.NaN : Date.parse(`${day.replace(/-(\d)(?=-|$)/g, '-0$1')}T00:00:00Z`);
  if (Number.isNaN(ms)) throw refused(`Cannot parse the bound value ${text} as ${type.tag === 'date' ? 'date' : 'timestamp'}`);
  if (type.tag === 'date') return BigInt(ms / MS_OF_DAY);
  const [hours = '0', minutes = '0', seconds = '0'] = (time ?? '').split(':').map((part) => part || '0');
  const micros = BigInt(Math.round(Number(seconds) * 1e6));
  return BigInt(ms) * 1000n + (BigInt(hours) * 3600n + BigInt(minutes) * 60n) * 1_000_000n + micros;
}

function boundText(value: bigint, { tag }: DataType): string {
  if (tag === 'date') return `'${dateText(Number(value))}'`;
  return tag.startsWith('timestamp') ? `'${localTimestampText(value)}'` : String(value);
}
