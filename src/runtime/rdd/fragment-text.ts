// A fragment's text as the kernel runs it: over the files, or the texts, that came of each input. Tasks do so (executor/compute/sql-fragment-rows.ts),
// and the driver where a last stage is small (sql/engine/in-driver.ts).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { kernelPaths, quoteName } from '../../common/kernel-quotes.ts';
import type { FragmentInput } from './sql-fragment.ts';

/** Parquet files of rows, put where the kernel reads them. @param name before their numbers. @returns the paths */
export const writeRows = (folder: string, name: string, files: readonly Uint8Array[]): readonly string[] =>
  files.map((bytes, i) => {
    const path = join(folder, `${name}-${i}.parquet`);
    writeFileSync(path, bytes);
    return path;
  });

/** The rows of an input's files; without any there are none, of the right types. */
export function selectFiles({ columns }: FragmentInput, files: readonly string[]): string {
  if (files.length === 0) return `SELECT ${columns.map(([name, type]) => `NULL::${type} AS ${quoteName(name)}`).join(', ')} WHERE false`;
  return `SELECT * FROM read_parquet(${kernelPaths(files)}, hive_partitioning=false)`;
}

/** Put in the place of their names, like views, but looked up once: a view of a file costs 3 ms. */
export function overInputs(sql: string, inputs: readonly FragmentInput[], textOf: (input: FragmentInput) => string): string {
  const views = inputs.map((input) => `"${input.name}" AS NOT MATERIALIZED (${textOf(input)})`);
  return views.length === 0 ? sql : `WITH ${views.join(', ')} ${sql}`;
}
