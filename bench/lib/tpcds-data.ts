/**
 * TPC-DS for benches and tests: tables as Parquet by the kernel's own generator (its extension from PyPI), texts of the 99 queries from Spark's own
 * tests artefact. Both are made or fetched once and kept outside of git. Columns have the types of Spark's own runs (test/oracle/tpc-schemas.ts).
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { TPCDS_TABLES } from '../../test/oracle/tpc-schemas.ts';
import { readArtefact } from '../../test/oracle/spark-sql-tests.ts';
import { WORK } from './paths.ts';

/** Exact: extensions fit one version of the kernel only, and two runs compare the same rows. */
const GENERATOR = 'duckdb-extension-tpcds==1.5.5';
/** Both sets of texts that Spark runs; 2.7.0 has only those that differ. */
const TEXTS = { '1.4': 'tpcds/', '2.7': 'tpcds-v2.7.0/' } as const;

/** Spark's name of a column → the generator's. */
const NAMES: Readonly<Record<string, string>> = { c_last_review_date: 'c_last_review_date_sk' };

/** @returns the folder of <table>.parquet; SF0.1 takes about 10 s the first time and 30 MB */
export async function tpcdsData(scale: number, work = WORK): Promise<string> {
  const folder = join(work, `tpcds-sf${scale}`);
  if (existsSync(folder)) return folder;
  const making = `${folder}.making-${process.pid}`;
  mkdirSync(making, { recursive: true });
  const { DuckDBInstance } = await import('@duckdb/node-api');
  const connection = await (await DuckDBInstance.create(':memory:', { threads: '2' })).connect();
  await connection.run(`LOAD '${generator(work)}'`);
  await connection.run(`CALL dsdgen(sf = ${scale})`);
  for (const [table, ddl] of TPCDS_TABLES) {
    const columns = ddl.split(', ').map((column) => {
      const [name = '', type] = column.split(' ');
      return `CAST(${NAMES[name] ?? name} AS ${type}) AS ${name}`;
    });
    await connection.run(`COPY (SELECT ${columns.join(', ')} FROM ${table}) TO '${join(making, `${table}.parquet`)}' (FORMAT parquet)`);
  }
  connection.closeSync();
  renameSync(making, folder);
  return folder;
}

function generator(work: string): string {
  const folder = join(work, 'tpcds-extension');
  const file = join(folder, 'tpcds.duckdb_extension');
  if (existsSync(file)) return file;
  const wheels = join(work, `tpcds-wheels-${process.pid}`);
  mkdirSync(folder, { recursive: true });
  execFileSync('python3', [
    '-m',
    'pip',
    'install',
    '-q',
    '--root-user-action=ignore',
    '--disable-pip-version-check',
    '--no-deps',
    '--target',
    wheels,
    GENERATOR,
  ]);
  const name = readdirSync(wheels, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith('.duckdb_extension'));
  if (name === undefined) throw new Error(`${GENERATOR} has no extension in it`);
  renameSync(join(wheels, name), file);
  rmSync(wheels, { recursive: true });
  return file;
}

/** Query texts by name: `q1` … `q99` (14, 23, 24 and 39 in two parts), and `q5@2.7` where TPC-DS 2.7 says it otherwise. */
export async function tpcdsQueries(): Promise<Map<string, string>> {
  const queries = new Map<string, string>();
  for (const [version, folder] of Object.entries(TEXTS))
    for (const [path, text] of await readArtefact([folder])) {
      const name = path.slice(folder.length, -'.sql'.length);
      queries.set(version === '1.4' ? name : `${name}@${version}`, text);
    }
  const number = (name: string): number => Number(/\d+/.exec(name)![0]);
  return new Map([...queries].sort(([a], [b]) => number(a) - number(b) || (a < b ? -1 : 1)));
}
