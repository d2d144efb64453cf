// Dates and times without what is below a unit, in the kernel's words: trunc, date_trunc. Source: DateTimeUtils.truncTimestamp of Spark 4.2.

/** By DuckDB's name, from the largest down. A level that is none gives NULL. */
export const LEVELS: readonly (readonly [string, readonly string[]])[] = [
  ['year', ['YEAR', 'YYYY', 'YY']],
  ['quarter', ['QUARTER']],
  ['month', ['MONTH', 'MM', 'MON']],
  ['week', ['WEEK']],
  ['day', ['DAY', 'DD']],
  ['hour', ['HOUR']],
  ['minute', ['MINUTE']],
  ['second', ['SECOND']],
  ['milliseconds', ['MILLISECOND']],
  ['microseconds', ['MICROSECOND']],
];
export function truncated(format: string, value: string, levels: typeof LEVELS, type: string): string {
  const each = levels.flatMap(([unit, names]) => names.map((n) => `WHEN '${n}' THEN ${truncatedTo(unit, value, type)}`));
  return `CASE upper(${format}) ${each.join(' ')} END`;
}

/** Of an hour that comes twice the kernel would make one: what the hour has of an instant is taken off, where that ends at a whole hour. */
function truncatedTo(unit: string, value: string, type: string): string {
  const text = `date_trunc('${unit}', ${value})::${type}`;
  if (type !== 'TIMESTAMPTZ' || unit !== 'hour') return text;
  const hour = `date_trunc('hour', (${value})::TIMESTAMP)`;
  const before = `((${value}) - ((${value})::TIMESTAMP - ${hour}))`;
  return `CASE WHEN ${before}::TIMESTAMP = ${hour} THEN ${before} ELSE ${text} END`;
}
