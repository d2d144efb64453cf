// A PostgreSQL server of a test's own, where the machine has one: a new cluster in a temporary folder, on a free port, gone with the test.
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extensionFile, extensionFolder } from '../../src/platform/kernel-extensions.ts';

export type PostgresServer = { readonly url: string; readonly ask: (sql: string) => string; readonly stop: () => void };

const bin = globSync('/usr/lib/postgresql/*/bin').at(-1);
export const hasPostgres = bin !== undefined && existsSync(extensionFile('postgres_scanner', extensionFolder()));
/** Why a test of it does not run. */
export const WITHOUT_POSTGRES = hasPostgres
  ? ''
  : ' (left out: it needs a PostgreSQL server and `emberloom extensions install postgres_scanner`)';

export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

/** The server refuses to run as root: then it is the user postgres'. */
export async function startPostgres(): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'emberloom-pg-'));
  chmodSync(folder, 0o777);
  const run = (program: string, args: readonly string[]): string => {
    const [file, all] =
      process.getuid!() === 0
        ? ['setpriv', ['--reuid=postgres', '--regid=postgres', '--clear-groups', join(bin!, program), ...args]]
        : [join(bin!, program), args];
    return execFileSync(file as string, all as string[], { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
  };
  const [data, port] = [join(folder, 'data'), await freePort()];
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync', '-E', 'UTF8', '--locale=C']);
  run('pg_ctl', [
    '-D',
    data,
    '-w',
    '-l',
    join(folder, 'log'),
    '-o',
    `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`,
    'start',
  ]);
  return {
    url: `jdbc:postgresql://127.0.0.1:${port}/postgres`,
    ask: (sql) => run('psql', ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres', '-At', '-v', 'ON_ERROR_STOP=1', '-c', sql]).trim(),
    stop: () => {
      run('pg_ctl', ['-D', data, '-m', 'immediate', 'stop']);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
