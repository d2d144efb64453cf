/**
 * TPC-H for benches and tests: tables as Parquet by PyPI's tpchgen-cli, texts of the 22 queries from Spark's own tests artefact.
 * Both are made or fetched once and kept outside of git.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readArtefact } from '../../test/oracle/spark-sql-tests.ts';
import { WORK } from './paths.ts';

/** Exact, so that two runs compare the same rows. */
const GENERATOR = 'tpchgen-cli==4.0.0';
export const TPCH_TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'] as const;
export const TPCH_QUERIES = Array.from({ length: 22 }, (_, i) => `q${i + 1}`);

/** @returns the folder of <table>.parquet; SF1 takes about 10 s the first time and 350 MB */
export function tpchData(scale: number, work = WORK): string {
  const folder = join(work, `tpch-sf${scale}`);
  if (existsSync(folder)) return folder;
  const venv = join(work, 'tpchgen');
  const program = join(venv, 'bin/tpchgen-cli');
  mkdirSync(work, { recursive: true });
  if (!existsSync(program)) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(join(venv, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', GENERATOR], { stdio: 'inherit' });
  }
  const making = `${folder}.making-${process.pid}`;
  execFileSync(program, ['parquet', '-s', String(scale), `--output-dir=${making}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  renameSync(making, folder);
  return folder;
}

/** @returns the folder of q1.sql … q22.sql, as Spark's own benchmark has them */
export async function tpchQueries(work = WORK): Promise<string> {
  const folder = join(work, 'tpch-queries');
  if (existsSync(join(folder, 'q22.sql'))) return folder;
  mkdirSync(folder, { recursive: true });
  const texts = await readArtefact(['tpch/']);
  for (const query of TPCH_QUERIES) {
    const text = texts.get(`tpch/${query}.sql`);
    if (text === undefined) throw new Error(`the artefact has no tpch/${query}.sql`);
    writeFileSync(join(folder, `${query}.sql`), text);
  }
  return folder;
}
