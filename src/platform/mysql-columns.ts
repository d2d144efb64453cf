// What MySQL and MariaDB call the types of columns. The kernel's reader has fewer: all texts that compare as bytes are BLOBs to it, MEDIUMINT UNSIGNED
// is UINTEGER, DECIMAL UNSIGNED lacks a digit. A table's own words are in the database's catalogue; of a query's columns it tells the character set.
import { quoteText } from '../common/kernel-quotes.ts';
import type { RemoteColumn } from '../common/remote-database.ts';

export const MYSQL_QUOTED = /`(?:[^`]|``)*`/g;
export const withoutQuotes = (name: string): string => (name.startsWith('`') ? name.slice(1, -1).replaceAll('``', '`') : name);

type Ask = (sql: string) => Promise<readonly (readonly unknown[])[]>;
const NAME = String.raw`\s*(\`(?:[^\`]|\`\`)*\`|[^\s\`.()]+)\s*`;
const TABLE = new RegExp(`^${NAME}(?:\\.${NAME})?$`);

/** @param found as the kernel says them. @param ask runs the database's SQL */
export async function mysqlColumns(from: string, found: readonly RemoteColumn[], ask: Ask): Promise<readonly RemoteColumn[]> {
  const kernel = found.map(({ name, type }) => ({ name, type: '', kernelType: type }));
  const [, first, second] = TABLE.exec(from) ?? [];
  if (first !== undefined) {
    const [schema, table] = second === undefined ? [undefined, first] : [first, second];
    const where = `table_schema = ${schema === undefined ? 'DATABASE()' : text(withoutQuotes(schema))} AND table_name = ${text(withoutQuotes(table))}`;
    const own = await ask(
      `SELECT column_name AS n, CAST(column_type AS CHAR) AS t FROM information_schema.columns WHERE ${where} ORDER BY ordinal_position`,
    );
    if (own.length === kernel.length && own.every(([name], i) => name === kernel[i]!.name))
      return kernel.map((column, i) => ({ ...column, type: String(own[i]![1]).toLowerCase() }));
  }
  const bytes = kernel.filter(({ kernelType }) => kernelType === 'BLOB');
  if (bytes.length === 0) return kernel;
  const asked = bytes.map(({ name }, i) => `CHARSET(q.\`${name.replaceAll('`', '``')}\`) AS c${i}`);
  const [sets = []] = await ask(
    `SELECT ${asked.join(', ')} FROM (SELECT 1) AS one LEFT JOIN (SELECT * FROM ${from} WHERE 1=0) AS q ON true`,
  );
  const texts = new Set(bytes.filter((_, i) => sets[i] !== 'binary').map(({ name }) => name));
  return kernel.map((column) => (texts.has(column.name) ? { ...column, type: 'text' } : column));
}

const text = (value: string): string => quoteText(value.replaceAll('\\', '\\\\'));
