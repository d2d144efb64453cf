/** Our side: programs of bench/programs through bin/spark-submit, and a cluster of one ResourceManager and one NodeManager. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Context } from './bench.ts';
import { runCommand, type Finished } from './command.ts';
import { BENCH, ROOT } from './paths.ts';

export type Submission = {
  readonly flags: readonly string[];
  readonly program: string;
  readonly arguments: readonly (string | number)[];
  readonly env?: NodeJS.ProcessEnv;
};

/** Runs one of bench/programs to its end. */
export function submitOurs({ options }: Context, { flags, program, arguments: args, env }: Submission): Promise<Finished> {
  const conf = options.conf.flatMap((pair) => ['--conf', pair]);
  const argv = [join(ROOT, 'bin/spark-submit'), ...flags, ...conf, join(BENCH, 'programs', program), ...args.map(String)];
  return runCommand({ argv, timeoutMs: options.timeoutMs, ...(env && { env }) });
}

export type Cluster = { readonly env: NodeJS.ProcessEnv; readonly pids: () => number[] };

/** Ready when this returns, in a data folder of its own; stopped and removed with the bench. */
export async function startCluster({ options, atEnd }: Context): Promise<Cluster> {
  const data = mkdtempSync(join(tmpdir(), 'emberloom-bench-'));
  const env = { EMBERLOOM_DATA: data };
  const script = (name: string) => runCommand({ argv: [join(ROOT, 'bin', name)], env, timeoutMs: options.timeoutMs });
  atEnd(async () => rmSync(data, { recursive: true, force: true }));
  atEnd(async () => void (await script('stop-all.sh')));
  await script('start-all.sh');
  return { env, pids: () => pidFiles(data).map((path) => Number(readFileSync(path, 'utf8').trim())) };
}

const pidFiles = (data: string): string[] =>
  readdirSync(data, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.pid'))
    .map((name) => join(data, name));
