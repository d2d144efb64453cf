// Rows of cells as lines of text, for tables in a terminal. YARN's tables, which have widths of their own, are cli/render/yarn-tables.ts.

/** @param isNumeric whether a column stands to the right @returns a line a row; columns are as wide as their widest cell, two spaces between them */
export function textColumns(rows: readonly (readonly string[])[], isNumeric: (column: number) => boolean): string[] {
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => (isNumeric(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}
