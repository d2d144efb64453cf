// A list of files in DuckDB's words. It expands globs in them, so what looks like one in a name is put in brackets.
import { quoteText } from '../emit/duckdb-types.ts';

export const kernelPath = (path: string): string => quoteText(path.replace(/[*?[]/g, '[$&]'));
export const kernelPaths = (paths: readonly string[]): string => `[${paths.map(kernelPath).join(', ')}]`;
