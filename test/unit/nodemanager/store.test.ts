// The journal, old logs and the key ring: small parts with files or keys.
import { spawnSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationId } from '../../../src/common/ids.ts';
import type { Container } from '../../../src/nodemanager/core/container-machine.ts';
import { adoptUnseen } from '../../../src/nodemanager/service/adopt.ts';
import { userFolder } from '../../../src/nodemanager/service/container-folders.ts';
import { KeyRing } from '../../../src/nodemanager/service/key-ring.ts';
import { removeOldLogs } from '../../../src/nodemanager/service/log-retention.ts';
import { ContainerJournal } from '../../../src/nodemanager/store/container-journal.ts';
import { APP, command, containerOf } from '../../helpers/fake-resource-manager.ts';

let dir: string;
let path: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'nmj-'));
  path = join(dir, 'containers.jsonl');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const facts = (seq: number) => ({ id: containerOf(seq), applicationId: APP, user: 'ann', resource: { memoryMb: 1, vcores: 1 } });
const localizing = (seq: number): Container => ({ ...facts(seq), tag: 'LOCALIZING', launch: command('/bin/true') });
const running = (seq: number): Container => ({ ...facts(seq), tag: 'RUNNING', process: { pid: 1, startTicks: 2 }, startedAtMs: 3 });
function opened(): ContainerJournal {
  const journal = new ContainerJournal(path);
  journal.open();
  return journal;
}

describe('the journal of containers', () => {
  it('has the latest of each container after a restart, and the ids of the past ones', () => {
    const journal = opened();
    journal.save(localizing(1));
    journal.save(running(1));
    journal.save(running(2));
    journal.forget(containerOf(2));
    journal.save(localizing(3));
    journal.close();
    expect(opened().read()).toEqual({ containers: [running(1), localizing(3)], past: [containerOf(2)] });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('drops a torn last line, and keeps what comes after a restart', () => {
    const journal = opened();
    journal.save(running(1));
    journal.close();
    appendFileSync(path, '{"k":"container","container":{"id":"conta');
    const next = opened();
    next.save(running(2));
    next.close();
    expect(opened().read().containers).toEqual([running(1), running(2)]);
  });

  it('has all that it took on a disk that fills up in the middle of a record', () => {
    const script = join(dir, 'fill.mts');
    const journal = new URL('../../../src/nodemanager/store/container-journal.ts', import.meta.url).pathname;
    writeFileSync(
      script,
      `import { ContainerJournal } from ${JSON.stringify(journal)};
      const journal = new ContainerJournal(${JSON.stringify(path)});
      journal.open();
      let taken = 0;
      try {
        for (;;) {
          journal.save({ ...${JSON.stringify(running(1))}, startedAtMs: taken });
          taken++;
        }
      } catch (error) {
        console.log(taken, error.code);
      }`,
    );
    // A file of at most 2 KiB: the kernel takes what still fits of a record, as a disk does that is nearly full.
    const shell = 'trap "" XFSZ; ulimit -f 2; exec "$0" "$1"';
    const run = spawnSync('/bin/bash', ['-c', shell, process.execPath, script], { encoding: 'utf8' });
    const [taken, code] = run.stdout.trim().split(' ');
    expect([run.stderr, code]).toEqual(['', 'EFBIG']);
    expect(opened().read().containers).toEqual([{ ...running(1), startedAtMs: Number(taken) - 1 }]);
  });

  it('forgets what belongs to an application that is gone', () => {
    const journal = opened();
    for (const seq of [1, 2]) {
      journal.save(running(seq));
      journal.forget(containerOf(seq));
    }
    journal.applicationGone(APP);
    expect(journal.read()).toEqual({ containers: [], past: [] });
    journal.close();
    opened().close();
    expect(readFileSync(path, 'utf8')).toBe('');
  });

  it('does not grow for ever', () => {
    const journal = opened();
    const fat = { ...localizing(1), launch: command('/bin/echo', 'x'.repeat(1_000_000)) } as Container;
    for (let i = 0; i < 20; i++) journal.save(fat);
    journal.close();
    expect(statSync(path).size).toBeLessThan(9_000_000);
    expect(opened().read().containers).toEqual([fat]);
  });

  it('puts down as running what was started in the instant of the crash, and only that', () => {
    const journal = opened();
    for (const c of [localizing(1), localizing(2), running(3)]) journal.save(c);
    const killing: Container = {
      ...facts(4),
      tag: 'KILLING',
      process: undefined,
      startedAtMs: 0,
      end: { exitStatus: -105, diagnostics: '' },
    };
    journal.save(killing);
    const process = { pid: 77, startTicks: 5 };
    adoptUnseen(journal, (id) => (id === containerOf(2) ? undefined : process), 9);
    expect(journal.read().containers).toEqual([
      { ...facts(1), tag: 'RUNNING', process, startedAtMs: 9 },
      localizing(2),
      running(3),
      { ...killing, process, startedAtMs: 9 },
    ]);
    journal.close();
  });
});

describe('old logs', () => {
  it('go when nobody has written for long and nothing runs', async () => {
    const [old, busy, young] = [1, 2, 3].map((seq) => applicationId(1_700_000_000_000, seq));
    for (const app of [old!, busy!, young!]) {
      mkdirSync(join(dir, app, 'c'), { recursive: true });
      const file = join(dir, app, 'c', 'stdout');
      writeFileSync(file, '');
      const at = app === young ? 5000 : 1000;
      for (const each of [file, join(dir, app, 'c'), join(dir, app)]) utimesSync(each, at, at);
    }
    mkdirSync(join(dir, 'not-ours'));
    expect(await removeOldLogs([dir, join(dir, 'nowhere')], (id) => id === busy, 4_000_000)).toEqual([old]);
    expect([old!, busy!, young!, 'not-ours'].map((name) => existsSync(join(dir, name)))).toEqual([false, true, true, true]);
  });
});

describe('the key ring', () => {
  it('knows an application by the current and the previous key, and nobody before the RM was reached', () => {
    const keys = new KeyRing('vm:n1');
    expect(keys.secretsOf(APP)).toEqual([]);
    keys.set({
      containerKeys: [],
      nmKeys: [
        { keyId: 1, key: 'old' },
        { keyId: 2, key: 'new' },
      ],
    });
    expect(keys.secretsOf(APP)).toEqual(['new', 'old'].map((key) => createHmac('sha256', key).update(APP).digest('hex')));
  });
});

describe("a user's folder", () => {
  it.each([
    ['ann', 'ann'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['.', '%2E'],
    ['a/b', 'a%2Fb'],
    ['', 'nobody'],
    ['user name', 'user%20name'],
  ])('%s is %s', (user, folder) => {
    expect(userFolder(user)).toBe(folder);
  });
});
