// Names, texts and paths as the SQL kernel (DuckDB) reads them.

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
/** A path as the kernel says it: Hadoop's s3a: is s3: there. */
export const kernelName = (path: string): string => path.replace(/^s3[an]:\/\//, 's3://');
/** One file or folder, to be read. The kernel expands globs, so what looks like one in a name is put in brackets. */
export const kernelPath = (path: string): string => quoteText(kernelName(path).replace(/[*?[]/g, '[$&]'));
export const kernelPaths = (paths: readonly string[]): string => `[${paths.map(kernelPath).join(', ')}]`;
