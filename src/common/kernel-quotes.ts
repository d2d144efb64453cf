// Names, texts and paths as the SQL kernel (DuckDB) reads them.

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** One file or folder, to be read. The kernel expands globs, so what looks like one in a name is put in brackets. */
export const kernelPath = (path: string): string => quoteText(path.replace(/[*?[]/g, '[$&]'));
export const kernelPaths = (paths: readonly string[]): string => `[${paths.map(kernelPath).join(', ')}]`;
