/**
 * Large tables for bench/sql-scale.ts, made by DuckDB and the same on every machine: rows of 10 M groups, a join where one key has half of the rows,
 * text files. A phase is one query over them, in words that Spark, DuckDB and we share; the programs read phases from one JSON file.
 */
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { WORK } from './paths.ts';

export type ScaleTable = {
  readonly name: string;
  readonly format: 'parquet' | 'csv' | 'json';
  readonly path: string;
  /** In DDL form, for text files: nobody infers. */
  readonly schema: string;
};
export type ScalePhase = { readonly name: string; readonly sql: string; readonly tables: readonly ScaleTable[] };

export type ScaleSizes = {
  /** Groups of the aggregation; there are twice as many rows. */
  readonly groups: number;
  /** Rows of the skewed side; the other has a twentieth. */
  readonly skewed: number;
  /** Of each text file, about. */
  readonly megabytes: number;
};

const LINE = 'id BIGINT, k INT, name STRING, price DECIMAL(9,2), day DATE';
/** Bytes of one line, about. */
const CSV_LINE = 42;
const JSON_LINE = 84;

/** @returns the JSON file of the phases */
export async function scaleData({ groups, skewed, megabytes }: ScaleSizes): Promise<string> {
  const folder = join(WORK, `scale-${groups}-${skewed}-${megabytes}`);
  const file = join(folder, 'phases.json');
  if (existsSync(file)) return file;
  console.error(`making ${folder}`);
  const making = `${folder}.making-${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const write = (name: string, sql: string, how = 'FORMAT parquet') => connection.run(`COPY (${sql}) TO '${join(making, name)}' (${how})`);
  const random = (salt: number, below: number) => `(hash(i * 8 + ${salt}) % ${below})`;
  await write('facts.parquet', `SELECT ${random(0, groups)}::BIGINT AS k, ${random(1, 1000)}::INTEGER AS v FROM range(${groups * 2}) t(i)`);
  const keys = Math.max(1, Math.floor(skewed / 20));
  await write(
    'skewed.parquet',
    `SELECT CASE WHEN i % 2 = 0 THEN 0 ELSE ${random(2, keys)} END::BIGINT AS k, ${random(3, 1000)}::INTEGER AS v FROM range(${skewed}) t(i)`,
  );
  await write('keys.parquet', `SELECT i AS k, (i % 100)::INTEGER AS g, ${random(4, 10)}::INTEGER AS w FROM range(${keys}) t(i)`);
  const lines = (bytes: number) =>
    `SELECT i AS id, ${random(5, 1000)}::INTEGER AS k, 'name ' || ${random(6, 100_000)} AS name, (${random(7, 9_999_999)} * 0.01)::DECIMAL(9,2) AS price, DATE '2020-01-01' + (i % 2000)::INTEGER AS day FROM range(${Math.ceil((megabytes * 1e6) / bytes)}) t(i)`;
  await write('lines.csv', lines(CSV_LINE), 'FORMAT csv, HEADER');
  await write('lines.json', lines(JSON_LINE), 'FORMAT json');
  connection.closeSync();
  const table = (name: string, format: ScaleTable['format'], file: string, schema = ''): ScaleTable => ({
    name,
    format,
    path: join(folder, file),
    schema,
  });
  const summary = (from: string) =>
    `SELECT k, count(*) AS n, sum(price) AS s, max(day) AS d, max(length(name)) AS l FROM ${from} GROUP BY k ORDER BY k`;
  const phases: ScalePhase[] = [
    {
      name: 'groups',
      sql: 'SELECT count(*) AS g, sum(n) AS n, max(s) AS most, min(s) AS least FROM (SELECT k, count(*) AS n, sum(v) AS s FROM facts GROUP BY k) t',
      tables: [table('facts', 'parquet', 'facts.parquet')],
    },
    {
      name: 'skewed join',
      sql: 'SELECT d.g, count(*) AS n, sum(f.v * d.w) AS s FROM skewed f JOIN keys d ON f.k = d.k GROUP BY d.g ORDER BY d.g',
      tables: [table('skewed', 'parquet', 'skewed.parquet'), table('keys', 'parquet', 'keys.parquet')],
    },
    { name: 'CSV', sql: summary('lines'), tables: [table('lines', 'csv', 'lines.csv', LINE)] },
    { name: 'JSON', sql: summary('lines'), tables: [table('lines', 'json', 'lines.json', LINE)] },
  ];
  writeFileSync(join(making, 'phases.json'), JSON.stringify(phases, undefined, 1));
  renameSync(making, folder);
  return file;
}
