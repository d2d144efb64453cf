// What a NodeManager tells its pages, and whom: containers with their memory, log files in parts, nobody else's logs.
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationId, attemptId, containerId } from '../../../../src/common/ids.ts';
import { AppError } from '../../../../src/common/errors.ts';
import { Settings } from '../../../../src/common/settings.ts';
import type { Container } from '../../../../src/nodemanager/core/container-machine.ts';
import { nmPageSource } from '../../../../src/nodemanager/pages/nm-source.ts';
import type { RightsQuestion } from '../../../../src/nodemanager/service/ask-rights.ts';
import type { NodeView } from '../../../../src/nodemanager/service/node-view.ts';
import type { WebUser } from '../../../../src/web/authenticate.ts';

const APP = applicationId(1_700_000_000_000, 1);
const ID = containerId(attemptId(APP, 1), 0, 2);
const LOG = Buffer.from('first\nzweite Zeile mit €\nlast\n');
const container: Container = {
  tag: 'RUNNING',
  id: ID,
  applicationId: APP,
  user: 'ann',
  resource: { memoryMb: 1024, vcores: 1 },
  process: { pid: 4711, startTicks: 1 },
  startedAtMs: 5,
};
const who = (user: string, more: Partial<WebUser> = {}): WebUser => ({ user, real: user, trusted: false, ip: 'local', ...more });
let rmIsAway = false;
const asked: RightsQuestion[] = [];
let rss = 100 * 1024 ** 2;
const view = {
  nodeId: 'host:nm1',
  host: 'host',
  version: '0.1.0',
  capacity: { memoryMb: 8192, vcores: 8 },
  checksMemory: true,
  nowMs: () => 1_000_000,
  health: () => ({ healthy: true, healthReport: '' }),
  containers: () => [container],
  rssBytes: () => rss,
  rights: async (question: RightsQuestion) => {
    if (rmIsAway) throw new AppError('RM_UNREACHABLE', { address: 'rm', detail: 'this node has no connection to it' });
    asked.push(question);
    const may = ['ann', 'vera', 'root2'].includes(question.user);
    const refused = (what: string) => ({ what, operation: 'VIEW_APP', target: what, grants: [] });
    return may ? [] : [...question.applicationIds, ...(question.administer === undefined ? [] : [question.administer])].map(refused);
  },
  logs: {
    ofContainer: async () => [{ name: 'stdout', sizeBytes: LOG.length, modifiedAtMs: 1, aggregated: false }],
    read: async ({ offset, lengthBytes }: { offset: number; lengthBytes: number }) => {
      const from = offset < 0 ? Math.max(0, LOG.length + offset) : Math.min(offset, LOG.length);
      const part = LOG.subarray(from, from + lengthBytes);
      return { base64: part.toString('base64'), offset: from, sizeBytes: LOG.length, running: 1 };
    },
  },
} as unknown as NodeView;
const set = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });
let dataDir: string;
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'em-nm-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));
const source = (...settings: ReturnType<typeof set>[]) => nmPageSource({ view, dataDir, settings: new Settings(settings) });

describe('what a NodeManager tells its pages', () => {
  it('containers with their resident memory and process; a change of it is a change', async () => {
    const nm = source();
    expect((await nm.page(who('ann'))).containers).toMatchObject([
      { id: ID, user: 'ann', state: 'RUNNING', rssBytes: rss, pid: 4711, memoryMb: 1024 },
    ]);
    const before = nm.versions();
    expect(nm.versions()).toEqual(before);
    rss += 50 * 1024 ** 2;
    expect(nm.versions()).not.toEqual(before);
  });
  it('where the ResourceManager’s pages are: its own word on this host, the settings’ on another, nothing of loopback', async () => {
    const page = (...settings: ReturnType<typeof set>[]) => source(...settings).page(who('ann'));
    expect((await page()).node.rmHttp).toBe('');
    expect((await page(set('yarn.resourcemanager.webapp.address', 'rm.example:8088'))).node.rmHttp).toBe('http://rm.example:8088');
    mkdirSync(join(dataDir, 'run'));
    writeFileSync(join(dataDir, 'run', 'rm-http'), 'http://127.0.0.1:40123\n');
    expect((await page()).node.rmHttp).toBe('http://127.0.0.1:40123');
  });
  it('a log in parts that are whole letters, and searched', async () => {
    const nm = source();
    expect(await nm.logFiles(ID, who('ann'))).toMatchObject([{ name: 'stdout', sizeBytes: LOG.length }]);
    const within = LOG.indexOf('€') + 1;
    expect(await nm.logPart({ containerId: ID, file: 'stdout', offset: 0, length: within }, who('ann'))).toMatchObject({
      text: 'first\nzweite Zeile mit ',
      end: within - 1,
      running: true,
    });
    const { matches } = await nm.logSearch({ containerId: ID, file: 'stdout', text: 'ZEILE', from: 0 }, who('ann'));
    expect(matches).toEqual([{ offset: 6, line: 'zweite Zeile mit €' }]);
  });
  it.each([
    ['its user', who('ann'), true],
    ['another', who('eve'), false],
    ['another in whose name somebody trusted asks', who('eve', { trusted: true }), false],
    ['who may look and not touch', who('dr.who', { readOnly: true }), true],
    ['whom only the application’s list names', who('vera'), true],
    ['an administrator', who('root2'), true],
    ['who runs the node', who(userInfo().username), true],
  ])('logs are read by: %s', async (_, user, may) => {
    const nm = source(set('yarn.admin.acl', 'root2'));
    const asking = nm.logFiles(ID, user);
    await (may ? expect(asking).resolves.toHaveLength(1) : expect(asking).rejects.toMatchObject({ code: 'ACCESS_DENIED' }));
  });
  it('while the ResourceManager is away: its owner’s, and administrators by name', async () => {
    rmIsAway = true;
    try {
      const nm = source(set('yarn.admin.acl', 'root2'));
      for (const user of ['ann', 'root2']) expect(await nm.logFiles(ID, who(user))).toHaveLength(1);
      for (const user of ['eve', 'vera']) await expect(nm.logFiles(ID, who(user))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      await expect(nm.settings(who('ann'))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
      expect(await nm.settings(who('root2'))).not.toBeUndefined();
    } finally {
      rmIsAway = false;
    }
  });
  it('the reading of a log is asked with its name, for the audit log; a page’s containers quietly, and who may not view them sees that they are there', async () => {
    asked.length = 0;
    const nm = source();
    await nm.logFiles(ID, who('ann'));
    const { containers } = await nm.page(who('eve'));
    expect(asked.map(({ operation }) => operation)).toEqual(['Get Container Logs Request', undefined]);
    expect(containers).toMatchObject([{ id: ID, user: 'ann' }]);
    expect((await source(set('yarn.webapp.filter-entity-list-by-user', 'true')).page(who('eve'))).containers).toEqual([]);
  });
  it('what is no container’s id has no logs; settings are for administrators', async () => {
    await expect(source().logFiles('../../etc/passwd', who('ann'))).rejects.toMatchObject({ code: 'LOG_NOT_FOUND' });
    await expect(source().settings(who('eve'))).rejects.toMatchObject({ code: 'ACCESS_DENIED' });
    expect(await source(set('yarn.acl.enable', 'false')).settings(who('eve'))).not.toBeUndefined();
  });
});
