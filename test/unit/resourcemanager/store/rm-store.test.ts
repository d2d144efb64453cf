import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationId, attemptId } from '../../../../src/common/ids.ts';
import type { NodeId } from '../../../../src/common/ids.ts';
import { openDatabase } from '../../../../src/platform/database.ts';
import type { ApplicationRecord, AttemptRecord } from '../../../../src/resourcemanager/core/records.ts';
import { TABLES } from '../../../../src/resourcemanager/repair/main.ts';
import { RM_MIGRATIONS } from '../../../../src/resourcemanager/store/migrations.ts';
import { RmStore } from '../../../../src/resourcemanager/store/rm-store.ts';

let dir: string;
const path = () => join(dir, 'state', 'rm.sqlite');
const open = (migrations = RM_MIGRATIONS) => new RmStore(openDatabase(path(), { migrations, synchronous: 'FULL', exclusive: true }));
let keys = 0;
const newKey = () => String(++keys).padStart(64, '0');

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'rm-store-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const id = applicationId(1000, 1);
const application: ApplicationRecord = {
  id,
  seq: 1,
  submission: { name: 'x', type: 'SPARK', user: 'ada', queue: 'root.default', tags: ['t'], priority: 0, unmanaged: true, maxAttempts: 1 },
  secret: 's',
  submittedAtMs: 1,
  launchedAtMs: 0,
  state: 'ACCEPTED',
  finalStatus: 'UNDEFINED',
  diagnostics: '',
  finishedAtMs: 0,
  memoryMbSeconds: 0,
  vcoreSeconds: 0,
  trackingUrl: '',
};
const attempt: AttemptRecord = {
  id: attemptId(id, 1),
  applicationId: id,
  number: 1,
  state: 'LAUNCHED',
  amContainerId: undefined,
  amNodeId: undefined,
  counts: true,
  diagnostics: '',
  startedAtMs: 1,
  finishedAtMs: 0,
  host: '',
  trackingUrl: '',
};

describe('RmStore', () => {
  it('keeps what nodes were ordered to count with; a repair takes over every table', () => {
    const store = open();
    store.begin(1, newKey);
    const size = (id: string, memoryMb: number) => ({ id: id as NodeId, capacity: { memoryMb, vcores: 1 } });
    store.save([size('h:a', 1), size('h:a', 2), size('h:b', 3)].map((record) => ({ tag: 'saveNodeSize', record })));
    store.save([{ tag: 'forgetNodeSize', id: 'h:b' as NodeId }]);
    expect(store.begin(2, newKey).nodeSizes).toEqual([size('h:a', 2)]);
    store.close();
    const tables = openDatabase(path(), { migrations: RM_MIGRATIONS, synchronous: 'FULL' });
    const names = tables.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'").all() as { name: string }[];
    tables.close();
    expect([...TABLES, 'lease'].sort()).toEqual(names.map(({ name }) => name).sort());
  });

  it('counts epochs from 0 and keeps the start of the cluster and its keys', () => {
    const store = open();
    const first = store.begin(1000, newKey);
    store.close();
    const again = open();
    const second = again.begin(2000, newKey);
    again.close();
    expect([first.epoch, second.epoch]).toEqual([0, 1]);
    expect(second).toMatchObject({ clusterStartMs: 1000, containerKeys: first.containerKeys, nmKeys: first.nmKeys });
  });

  it('keeps the keys that were added and forgets those that were dropped', () => {
    const store = open();
    store.begin(1000, newKey);
    store.addKey('container', { keyId: 2, key: 'k2', madeAtMs: 2000 });
    store.addKey('container', { keyId: 3, key: 'k3', madeAtMs: 3000 });
    store.dropKey('container', 1);
    store.close();
    const again = open();
    const { containerKeys, nmKeys } = again.begin(4000, newKey);
    again.close();
    expect(containerKeys).toEqual([
      { keyId: 2, key: 'k2', madeAtMs: 2000 },
      { keyId: 3, key: 'k3', madeAtMs: 3000 },
    ]);
    expect(nmKeys.map((k) => k.keyId)).toEqual([1]);
  });

  it('gives back what it was given, the last word of each', () => {
    const store = open();
    store.begin(1000, newKey);
    store.save([
      { tag: 'saveApplication', record: application },
      { tag: 'saveAttempt', record: attempt },
      { tag: 'saveApplicationSeq', applicationSeq: 20 },
    ]);
    store.save([{ tag: 'saveApplication', record: { ...application, state: 'FINISHED' } }]);
    store.close();
    const again = open();
    expect(again.begin(2000, newKey)).toMatchObject({
      applicationSeq: 20,
      applications: [{ ...application, state: 'FINISHED' }],
      attempts: [{ id: attempt.id, state: 'LAUNCHED' }],
    });
    again.save([{ tag: 'forgetApplication', id }]);
    again.close();
    const third = open();
    expect(third.begin(3000, newKey)).toMatchObject({ applications: [], attempts: [] });
    third.close();
  });

  it('is for nobody else to read, and says what is wrong with a file that is none of ours', () => {
    open().close();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    expect(() => open([])).toThrow('written by a newer version');
    rmSync(path());
    writeFileSync(path(), 'this is no database, and long enough to be looked at as one'.repeat(20));
    expect(open).toThrow(expect.objectContaining({ code: 'DATA_DIR_UNUSABLE' }));
  });
});
