// A row as a line of text, as Scala's toString has it where there is a counterpart: tuples in parentheses, Some and None left out.

export function textOf(row: unknown): string {
  if (typeof row === 'string') return row;
  if (typeof row !== 'object' || row === null) return String(row);
  if (Array.isArray(row)) return `(${row.map(textOf).join(',')})`;
  if (row instanceof Map || row instanceof Set) return `${row instanceof Map ? 'Map' : 'Set'}(${[...row].map(textOf).join(', ')})`;
  const own = (row as { toString?: unknown }).toString;
  return typeof own === 'function' && own !== Object.prototype.toString ? String(row) : JSON.stringify(row);
}
