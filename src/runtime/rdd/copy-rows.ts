// Rows of a kernel's text → files below one path: a file of that name, or a folder for each combination of the values of `by`.
// Called by a task of a staged query (executor/compute/sql-write.ts) and by the driver for what it computes itself.
import { kernelPath, quoteText } from '../../common/kernel-quotes.ts';
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, unlinkSync } from 'node:fs';
import path from 'node:path';
import type { KernelChunk, SqlKernel } from '../../common/sql-kernel.ts';
import { finishArrow } from './finish-arrow.ts';
import { finishText } from './finish-text.ts';
import type { FragmentWrite } from './sql-fragment.ts';

/** With more values than this a file is closed before its value's last row, and another one begun. */
const OPEN_FILES = 1000;

type Query = (sql: string) => AsyncIterable<KernelChunk>;
/** A kernel, and how it is asked for what is few rows. */
type Source = { readonly query: Query; readonly kernel: Pick<SqlKernel, 'query' | 'arrow'> };

/** @param target a path that is not there yet; @param isFirst of the job's tasks. @returns how many rows there were */
export async function copyRows(from: Source, sql: string, write: FragmentWrite, target: string, isFirst: boolean): Promise<number> {
  const rows = await copied(from.query, sql, write, target, isFirst);
  if (write.finish === undefined || !existsSync(target)) return rows;
  const files = statSync(target).isFile() ? [target] : filesBelow(target, target).map(([name]) => path.join(target, name));
  const { finish } = write;
  for (const file of files) await (finish.kind === 'arrow' ? finishArrow(file, finish, from.kernel) : finishText(file, finish));
  return rows;
}

async function copied(query: Query, sql: string, write: FragmentWrite, target: string, isFirst: boolean): Promise<number> {
  const { options, by, neverEmpty } = write;
  const needsFile = isFirst && neverEmpty;
  if (by.length === 0) {
    const rows = await counted(query(copyText(sql, target, options)));
    if (rows === 0 && !needsFile && existsSync(target)) unlinkSync(target);
    return rows;
  }
  await counted(query(`SET partitioned_write_max_open_files=${OPEN_FILES}`));
  const rows = write.isOrdered
    ? await copyInOrder(query, sql, write, target)
    : await counted(query(copyText(sql, target, [...options, `PARTITION_BY (${by.join(', ')})`, `FILENAME_PATTERN 'f{i}'`])));
  if (rows > 0) return rows;
  rmSync(target, { recursive: true, force: true });
  if (needsFile) await counted(query(copyText(`SELECT * EXCLUDE (${by.join(', ')}) FROM (${sql}) q LIMIT 0`, target, options)));
  return 0;
}

/** The kernel's PARTITION_BY mixes the rows of a file: so all go into one file in their order, and from there each file's into its own. */
async function copyInOrder(query: Query, sql: string, { options, by }: FragmentWrite, target: string): Promise<number> {
  const all = `${target}.all`;
  const rows = await counted(query(copyText(sql, all, ['FORMAT parquet', 'COMPRESSION uncompressed'])));
  const from = `read_parquet(${kernelPath(all)}, hive_partitioning=false)`;
  const groups: string[][] = [];
  for await (const chunk of query(`SELECT DISTINCT ${by.join(', ')} FROM ${from}`))
    for (let i = 0; i < chunk.rows; i++) groups.push(chunk.columns.map((column) => String(column[i])));
  for (const values of groups) {
    const folder = path.join(target, ...by.map((name, i) => `${name}=${values[i]}`));
    mkdirSync(folder, { recursive: true });
    const isOf = by.map((name, i) => `${name} = '${values[i]}'`).join(' AND ');
    await counted(query(copyText(`SELECT * EXCLUDE (${by.join(', ')}) FROM ${from} WHERE ${isOf}`, path.join(folder, 'f0'), options)));
  }
  unlinkSync(all);
  return rows;
}

const copyText = (sql: string, target: string, options: readonly string[]): string =>
  `COPY (${sql}) TO ${quoteText(target)} (${options.join(', ')})`;

async function counted(chunks: AsyncIterable<KernelChunk>): Promise<number> {
  let rows = 0;
  for await (const chunk of chunks) if (chunk.rows > 0) rows += Number(chunk.columns[0]![0]);
  return rows;
}

/** All files below, with paths relative to `root` and bytes. */
export function filesBelow(folder: string, root: string): (readonly [path: string, bytes: number])[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => [path.relative(root, file), statSync(file).size]);
}
