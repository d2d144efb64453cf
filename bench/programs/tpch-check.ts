/** An answer of TPC-H in a few characters, the same for every engine: rows, and the sum of their numbers to six digits. */
export function checkOf(rows: readonly (readonly unknown[])[]): string {
  let sum = 0;
  let text = 0;
  for (const value of rows.flat()) {
    const number = typeof value === 'number' ? value : typeof value === 'bigint' ? Number(value) : numberOf(value);
    if (number === undefined) text += value instanceof Date ? 10 : String(value ?? '').length;
    else sum += number;
  }
  return `${rows.length} rows, ${sum.toExponential(5)}, ${text} characters`;
}

/** Decimals are objects or text here, numbers there; dates count as nothing but their ten characters. */
function numberOf(value: unknown): number | undefined {
  if (value === null || value === undefined || value instanceof Date) return undefined;
  if (typeof value === 'object' && 'toNumber' in value) return (value as { toNumber(): number }).toNumber();
  return undefined;
}
