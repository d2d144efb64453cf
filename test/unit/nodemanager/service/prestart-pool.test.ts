// Whom a claim gets, held instant by instant: a launcher that only notes what it would start. Real processes: ../prestart.test.ts.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ContainerFolders } from '../../../../src/nodemanager/service/container-folders.ts';
import { PrestartPool } from '../../../../src/nodemanager/service/prestart-pool.ts';
import { Log4jLogger } from '../../../../src/platform/log4j-logger.ts';

let dir: string;
/** The control folders of the wrappers that were started, in order. */
let started: string[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'pool-'));
  started = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function poolOf(count: number): PrestartPool {
  const usable = { local: () => [dir], logs: () => [dir] };
  return new PrestartPool(
    {
      folders: new ContainerFolders({ stateDir: dir, localDirs: [dir], logDirs: [dir] }, usable),
      launcher: {
        async launch({ args }) {
          started.push(args[3]!);
          return { pid: 2 ** 30, ended: new Promise(() => {}), control: undefined };
        },
      },
      timers: { after: () => () => {}, every: () => () => {} },
      logger: new Log4jLogger({ write: () => {} }, 'NodeManager'),
    },
    { count, user: 'ann', argv: ['true'], program: join(dir, 'executor.cjs'), cwd: dir, env: {} },
  );
}
/** What the wrapper does in its first instant. */
const begin = (controlDir: string) => writeFileSync(join(controlDir, 'exitcode'), '');

describe('a claim', () => {
  it('passes over a process whose wrapper has not begun: the folder it is about to write in would be gone', async () => {
    const pool = poolOf(1);
    pool.fill();
    await turn();
    expect(pool.claim('1', 'ann')).toBeUndefined();
    expect(existsSync(started[0]!)).toBe(true); // it stays, for the next one
    begin(started[0]!);
    expect(pool.claim('1', 'ann')?.controlDir).toBe(started[0]);
    expect(pool.claim('1', 'ann')).toBeUndefined();
  });

  it('gets the one that has begun, whichever was started first', async () => {
    const pool = poolOf(2);
    pool.fill();
    await turn();
    begin(started[1]!);
    expect(pool.claim('1', 'ann')?.controlDir).toBe(started[1]);
  });

  it('by another user ends one that stood there for the user before', async () => {
    const pool = poolOf(1);
    pool.fill();
    await turn();
    begin(started[0]!);
    expect(pool.claim('1', 'ben')).toBeUndefined();
    expect(existsSync(started[0]!)).toBe(false);
  });
});
