// A MariaDB server of a test's own, where the machine has one: new data in a temporary folder, on a free port, gone with the test.
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { extensionFile, extensionFolder } from '../../src/platform/kernel-extensions.ts';
import { setTimeout as wait } from 'node:timers/promises';
import { freePort } from './postgres.ts';

export type MariaServer = { readonly url: string; readonly ask: (sql: string) => string; readonly stop: () => Promise<void> };

const server = ['/usr/sbin/mariadbd', '/usr/libexec/mariadbd'].find((file) => existsSync(file));
export const hasMaria = server !== undefined && existsSync(extensionFile('mysql_scanner', extensionFolder()));
/** Why a test of it does not run. */
export const WITHOUT_MARIA = hasMaria ? '' : ' (left out: it needs a MariaDB server and `emberloom extensions install mysql_scanner`)';

export async function startMaria(): Promise<MariaServer> {
  const folder = mkdtempSync(join(tmpdir(), 'emberloom-maria-'));
  chmodSync(folder, 0o777);
  const [user, data, socket, port] = [userInfo().username, join(folder, 'data'), join(folder, 's'), await freePort()];
  const ask = (sql: string): string =>
    execFileSync('mariadb', ['--no-defaults', '-S', socket, '-u', user, '-N', '-B', '--default-character-set=utf8mb4', '-e', sql, 'em'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    }).trim();
  // The user that starts it is its first user, by the socket alone.
  execFileSync(
    'mariadb-install-db',
    ['--no-defaults', `--datadir=${data}`, `--user=${user}`, `--auth-root-socket-user=${user}`, '--skip-test-db'],
    {
      stdio: 'ignore',
    },
  );
  const child = spawn(
    server!,
    [
      ...[
        '--no-defaults',
        `--datadir=${data}`,
        `--user=${user}`,
        `--socket=${socket}`,
        `--port=${port}`,
        `--pid-file=${join(folder, 'pid')}`,
      ],
      ...['--bind-address=127.0.0.1', '--character-set-server=utf8mb4', '--innodb-flush-log-at-trx-commit=0', '--default-time-zone=+00:00'],
    ],
    { stdio: 'ignore' },
  );
  const run = (sql: string) =>
    execFileSync('mariadb', ['--no-defaults', '-S', socket, '-u', user, '-e', sql], { stdio: ['ignore', 'ignore', 'pipe'] });
  for (let tries = 0; ; tries++)
    try {
      run('CREATE DATABASE em');
      break;
    } catch (error) {
      if (tries === 300) throw error;
      await wait(100);
    }
  return {
    url: `jdbc:mysql://127.0.0.1:${port}/em`,
    ask,
    stop: async () => {
      const ended = once(child, 'exit');
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
