// Logs of long runs are rolled without the container's help; logs of ended applications are packed once, and go when they are old.
import {
  appendFileSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplicationId, ContainerId, NodeId } from '../../../src/common/ids.ts';
import type { Logger } from '../../../src/common/ports.ts';
import { Settings } from '../../../src/common/settings.ts';
import { LogArchives } from '../../../src/nodemanager/service/log-archives.ts';
import { LogKeeper } from '../../../src/nodemanager/service/log-keeper.ts';
import { LogsService } from '../../../src/nodemanager/service/logs-service.ts';
import { rollLogs } from '../../../src/nodemanager/service/roll-logs.ts';

const APP = 'application_1700000000000_0001' as ApplicationId;
const CONTAINER = 'container_1700000000000_0001_01_000001';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'el-roll-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('rollLogs', () => {
  it('moves on what was written, keeps so many, and the writer goes on at the beginning', async () => {
    const fd = openSync(join(dir, 'stdout'), 'a');
    for (let n = 1; n <= 4; n++) {
      writeSync(fd, `round ${n} ${'x'.repeat(100)}\n`);
      expect(await rollLogs(dir, { maxBytes: 50, keep: 2 })).toEqual(['stdout']);
    }
    writeSync(fd, 'now\n');
    closeSync(fd);
    expect(readFileSync(join(dir, 'stdout'), 'utf8')).toBe('now\n');
    expect(readFileSync(join(dir, 'stdout.1'), 'utf8')).toMatch(/^round 4 x+\n$/);
    expect(readFileSync(join(dir, 'stdout.2'), 'utf8')).toMatch(/^round 3 /);
    expect(existsSync(join(dir, 'stdout.3'))).toBe(false);
    expect(await rollLogs(dir, { maxBytes: 50, keep: 2 })).toEqual([]);
  });

  it('keeps nothing when nothing is to be kept, and leaves other files alone', async () => {
    writeFileSync(join(dir, 'stderr'), 'e'.repeat(100));
    writeFileSync(join(dir, 'own.log'), 'o'.repeat(100));
    expect(await rollLogs(dir, { maxBytes: 50, keep: 0 })).toEqual(['stderr']);
    expect(readFileSync(join(dir, 'stderr'), 'utf8')).toBe('');
    expect(existsSync(join(dir, 'stderr.1'))).toBe(false);
    expect(readFileSync(join(dir, 'own.log'), 'utf8')).toHaveLength(100);
  });
});

describe('LogArchives', () => {
  const said: string[] = [];
  const logger = {
    info: (t: string) => said.push(t),
    warn: (t: string) => said.push(`WARN ${t}`),
    error() {},
    debug() {},
    named: () => logger,
  } as unknown as Logger;
  const make = (root: string | undefined) =>
    new LogArchives({
      nodeId: 'h:1' as NodeId,
      root,
      clock: { nowMs: () => 1_000_000 },
      logger,
      logDirsOf: (id) => [join(dir, 'userlogs', id)],
      settled: async () => {},
    });
  const loose = () => {
    mkdirSync(join(dir, 'userlogs', APP, CONTAINER), { recursive: true });
    writeFileSync(join(dir, 'userlogs', APP, CONTAINER, 'stdout'), 'hello\n');
  };

  it('packs what lay loose and removes it; what lies there again after a crash does not replace the archive', async () => {
    const archives = make(join(dir, 'app-logs'));
    loose();
    expect(await archives.index(APP)).toBeUndefined();
    await archives.pack(APP);
    expect(existsSync(join(dir, 'userlogs', APP))).toBe(false);
    expect((await archives.index(APP))!.files).toMatchObject([{ containerId: CONTAINER, name: 'stdout', sizeBytes: 6 }]);
    const before = readFileSync(archives.path(APP)!);
    loose();
    appendFileSync(join(dir, 'userlogs', APP, CONTAINER, 'stdout'), 'half\n');
    await archives.pack(APP);
    expect(readFileSync(archives.path(APP)!).equals(before)).toBe(true);
    expect(existsSync(join(dir, 'userlogs', APP))).toBe(false);
  });

  it('packs once, however often it is asked at once', async () => {
    const archives = make(join(dir, 'app-logs'));
    loose();
    said.length = 0;
    await Promise.all([archives.pack(APP), archives.pack(APP), archives.pack(APP)]);
    expect((await archives.index(APP))!.files).toMatchObject([{ containerId: CONTAINER, name: 'stdout', sizeBytes: 6 }]);
    expect(said).toEqual([expect.stringMatching(/^Logs of application_\S+: 1 files, /)]);
  });

  it('packs what is being rolled when that is done: no file gets another name between the listing and its turn', async () => {
    const logDir = join(dir, 'userlogs', APP, CONTAINER);
    // Its turn comes when packing that did not wait would long be over.
    const busy = Array.from({ length: 200 }, (_, i) => ({ id: `busy-${i}` as ContainerId, applicationId: APP }));
    const live = [...busy, { id: CONTAINER as ContainerId, applicationId: APP }];
    for (const { id } of busy) {
      mkdirSync(join(dir, id));
      writeFileSync(join(dir, id, 'stdout'), 'x'.repeat(2_000));
    }
    const keeper = new LogKeeper({
      nodeId: 'h:1' as NodeId,
      dataDir: dir,
      settings: new Settings([{ name: 'emberloom.container.log.roll-bytes', value: '1k', where: 'test', line: 1 }]),
      folders: {
        logDir: ({ id }: { id: string }) => (id === CONTAINER ? logDir : join(dir, id)),
        applicationLogDirs: (id: string) => [join(dir, 'userlogs', id)],
      } as never,
      clock: { nowMs: () => 1_000_000 },
      timers: { after: () => () => {}, every: () => () => {} },
      logger,
      live: () => live,
    });
    mkdirSync(logDir, { recursive: true });
    writeFileSync(join(logDir, 'stdout.1'), 'first\n');
    writeFileSync(join(logDir, 'stdout'), `${'second'.repeat(10_000)}\n`);
    const rolling = keeper.roll(); // it copies; the container ends, and its application
    await keeper.archives.pack(APP);
    await rolling;
    expect((await keeper.archives.index(APP))!.files.map((f) => [f.name, f.sizeBytes])).toEqual([
      ['stdout', 0],
      ['stdout.1', 60_001],
      ['stdout.2', 6],
    ]);
  });

  it('leaves loose logs where they are when they can not be packed, or are not to be', async () => {
    loose();
    writeFileSync(join(dir, 'app-logs'), 'a file');
    await make(join(dir, 'app-logs')).pack(APP);
    expect(said.at(-1)).toMatch(/^WARN The logs of application_\S+ could not be packed and stay as they are: /);
    await make(undefined).pack(APP);
    expect(readFileSync(join(dir, 'userlogs', APP, CONTAINER, 'stdout'), 'utf8')).toBe('hello\n');
  });

  it('removes archives that are old', async () => {
    const archives = make(join(dir, 'app-logs'));
    loose();
    await archives.pack(APP);
    expect(await archives.removeOlder(1_000)).toEqual([]);
    utimesSync(archives.path(APP)!, 5, 5);
    expect(await archives.removeOlder(6_000)).toEqual([APP]);
    expect(existsSync(join(dir, 'app-logs', APP))).toBe(false);
    expect(await archives.index(APP)).toBeUndefined();
  });

  it('a listing that meets the packing has every file: from the archive, when the loose ones are going', async () => {
    const archives = make(join(dir, 'app-logs'));
    loose();
    let asked = 0;
    const service = new LogsService({
      nodeId: 'h:1' as NodeId,
      folders: { applicationLogDirs: (id: string) => [join(dir, 'userlogs', id)] } as never,
      archives: {
        // Not there at the first look; before the loose files are looked at it is, and they are not.
        index: async (id: ApplicationId) => {
          if (asked++ > 0) return await archives.index(id);
          const none = await archives.index(id);
          await archives.pack(id);
          return none;
        },
      } as never,
      isRunning: () => false,
    });
    expect(await service.list(APP)).toMatchObject({ aggregated: true, files: [{ containerId: CONTAINER, name: 'stdout', sizeBytes: 6 }] });
    expect(asked).toBe(2);
  });
});
