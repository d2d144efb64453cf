/**
 * The peer: Apache Spark from PyPI in bench/.venv, and our Scala programs for it in bench/.work/peer.jar.
 * The wheel carries the Scala compiler (spark-shell needs it), so the yardstick is Spark's own engine without Python in between.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Context } from './bench.ts';
import { runCommand, type Finished } from './command.ts';
import { startDaemon, waitUntil, type Daemon } from './daemon.ts';
import { BENCH, VENV, WORK } from './paths.ts';

/** Exact, so that two runs of a bench compare with the same Spark. */
const PYSPARK = 'pyspark==4.0.1';
/** Plenty for a bench of 10 M pairs: with Spark's 1 GB default the figure would be the garbage collector's. */
export const DRIVER_MEMORY = '4g';

export type Peer = {
  /** Runs one of bench/peer to its end; `arguments` are the program's own. */
  readonly submit: (submission: {
    flags: readonly string[];
    program: string;
    arguments: readonly (string | number)[];
  }) => Promise<Finished>;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
};

/** Makes the venv and the jar when they are missing or older than their sources (about 1 minute the first time). */
export function peerSpark({ options, atEnd }: Context): Peer {
  if (!existsSync(join(VENV, 'bin/spark-submit'))) {
    console.error(`making ${VENV} with ${PYSPARK}`);
    execFileSync('python3', ['-m', 'venv', VENV], { stdio: 'inherit' });
    execFileSync(join(VENV, 'bin/pip'), ['install', '-q', PYSPARK], { stdio: 'inherit' });
  }
  const home = globSync(join(VENV, 'lib/python3*/site-packages/pyspark'))[0];
  if (home === undefined) throw new Error(`no pyspark in ${VENV}; remove the folder to have it made again`);
  const jar = compileScala(home);
  const scratch = mkdtempSync(join(WORK, 'spark-'));
  atEnd(async () => rmSync(scratch, { recursive: true, force: true }));
  const env = {
    SPARK_HOME: home,
    SPARK_LOCAL_IP: '127.0.0.1',
    SPARK_LOCAL_DIRS: scratch,
    SPARK_LOG_DIR: scratch,
    SPARK_PID_DIR: scratch,
    PYSPARK_PYTHON: join(VENV, 'bin/python'),
    PYSPARK_DRIVER_PYTHON: join(VENV, 'bin/python'),
  };
  return {
    env,
    home,
    submit: ({ flags, program, arguments: args }) => {
      const what = program.endsWith('.py') ? [join(BENCH, 'peer', program)] : ['--class', program, jar];
      return runCommand({
        argv: [join(home, 'bin/spark-submit'), ...flags, ...what, ...args.map(String)],
        env,
        timeoutMs: options.timeoutMs,
      });
    },
  };
}

function compileScala(home: string): string {
  const jar = join(WORK, 'peer.jar');
  const sources = readdirSync(join(BENCH, 'peer'))
    .filter((f) => f.endsWith('.scala'))
    .map((f) => join(BENCH, 'peer', f));
  if (existsSync(jar) && sources.every((f) => statSync(f).mtimeMs < statSync(jar).mtimeMs)) return jar;
  const classes = join(WORK, 'classes');
  rmSync(classes, { recursive: true, force: true });
  mkdirSync(classes, { recursive: true });
  execFileSync('java', ['-cp', join(home, 'jars/*'), 'scala.tools.nsc.Main', '-usejavacp', '-d', classes, ...sources], {
    stdio: 'inherit',
  });
  execFileSync('jar', ['cf', jar, '-C', classes, '.'], { stdio: 'inherit' });
  return jar;
}

export type Standalone = {
  readonly url: string;
  readonly master: Daemon;
  readonly worker: Daemon;
  /** How many drivers of cluster mode the Master has seen end well. */
  readonly finishedDrivers: () => Promise<number>;
};

type MasterStatus = { workers: unknown[]; completeddrivers: { state: string }[] };

/** A Master and one Worker on loopback, warm when this returns; they end with the bench. */
export async function startStandalone(peer: Peer, { atEnd }: Context, { cores }: { cores: number }): Promise<Standalone> {
  const [port, webPort] = [17_077, 17_080];
  const url = `spark://127.0.0.1:${port}`;
  const folder = mkdtempSync(join(WORK, 'standalone-'));
  const start = (name: string, type: string, args: readonly (string | number)[]): Daemon => {
    const argv = [join(peer.home, 'bin/spark-class'), type, ...args.map(String)];
    const daemon = startDaemon(argv, { env: peer.env, logPath: join(folder, `${name}.log`) });
    atEnd(daemon.stop);
    return daemon;
  };
  atEnd(async () => rmSync(folder, { recursive: true, force: true }));
  const status = async () => (await (await fetch(`http://127.0.0.1:${webPort}/json/`)).json()) as MasterStatus;
  const master = start('master', 'org.apache.spark.deploy.master.Master', ['--host', '127.0.0.1', '--port', port, '--webui-port', webPort]);
  await waitUntil('Spark Master', 60_000, async () => Array.isArray((await status()).workers));
  const worker = start('worker', 'org.apache.spark.deploy.worker.Worker', [
    '--host',
    '127.0.0.1',
    '--webui-port',
    webPort + 1,
    '--cores',
    cores,
    '--memory',
    '8g',
    '--work-dir',
    join(folder, 'work'),
    url,
  ]);
  await waitUntil('Spark Worker', 60_000, async () => (await status()).workers.length === 1);
  const finishedDrivers = async () => (await status()).completeddrivers.filter(({ state }) => state === 'FINISHED').length;
  return { url, master, worker, finishedDrivers };
}
