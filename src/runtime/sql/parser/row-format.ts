// ROW FORMAT SERDE … and ROW FORMAT DELIMITED …: Hive's text formats, kept as options.
import type { RowFormat } from '../plan/sql-relations.ts';
import type { Cursor } from './cursor.ts';
import { propertyList } from './properties.ts';
import { stringLiteral } from './strings.ts';

const DELIMITERS = [
  ['field.delim', 'FIELDS', 'TERMINATED', 'BY'],
  ['escape.delim', 'ESCAPED', 'BY'],
  ['colelction.delim', 'COLLECTION', 'ITEMS', 'TERMINATED', 'BY'],
  ['mapkey.delim', 'MAP', 'KEYS', 'TERMINATED', 'BY'],
  ['line.delim', 'LINES', 'TERMINATED', 'BY'],
  ['serialization.null.format', 'NULL', 'DEFINED', 'AS'],
] as const;

/** @returns undefined when none comes next */
export function rowFormat(p: Cursor): RowFormat | undefined {
  if (!p.accept('ROW', 'FORMAT')) return undefined;
  if (p.accept('SERDE')) {
    const serde = stringLiteral(p);
    return { serde, options: p.accept('WITH', 'SERDEPROPERTIES') ? propertyList(p) : {} };
  }
  p.expect('DELIMITED');
  const options: { [key: string]: string } = {};
  for (const [key, ...words] of DELIMITERS) if (p.accept(...words)) options[key] = stringLiteral(p);
  const line = options['line.delim'] ?? '\n';
  if (line !== '\n') p.report('_LEGACY_ERROR_TEMP_0064', { msg: `LINES TERMINATED BY only supports newline '\\n' right now: ${line}` });
  return { options };
}
