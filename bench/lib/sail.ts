/** The peer Sail (PyPI's pysail): a Spark Connect server in Rust, and PySpark's client, in a venv of their own. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { Context } from './bench.ts';
import { type Finished, runCommand } from './command.ts';
import { startDaemon, waitUntil } from './daemon.ts';
import { BENCH, WORK } from './paths.ts';

const PACKAGES = ['pysail==0.7.2', 'pyspark[connect]==4.0.1'];
const PORT = 17_051;

export type Sail = { readonly run: (program: string, args: readonly (string | number)[]) => Promise<Finished> };

/** Listens when this returns; ends with the bench. Making the venv takes about two minutes the first time. */
export async function startSail({ options, atEnd }: Context): Promise<Sail> {
  const venv = join(WORK, 'sail');
  if (!existsSync(join(venv, 'bin/sail'))) {
    execFileSync('python3', ['-m', 'venv', venv], { stdio: 'inherit' });
    execFileSync(join(venv, 'bin/pip'), ['install', '-q', '--disable-pip-version-check', ...PACKAGES], { stdio: 'inherit' });
  }
  const argv = [join(venv, 'bin/sail'), 'spark', 'server', '--ip', '127.0.0.1', '--port', String(PORT)];
  const daemon = startDaemon(argv, { env: {}, logPath: join(WORK, 'sail.log') });
  atEnd(daemon.stop);
  await waitUntil('Sail', 60_000, () => listens(PORT));
  const env = { SPARK_REMOTE: `sc://127.0.0.1:${PORT}` };
  return {
    run: (program, args) =>
      runCommand({
        argv: [join(venv, 'bin/python'), join(BENCH, 'peer', program), ...args.map(String)],
        env,
        timeoutMs: options.timeoutMs,
      }),
  };
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('close', () => {});
    socket.once('connect', () => socket.destroy());
  });
}
