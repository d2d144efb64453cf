// What the pages are told by a real ResourceManager with nodes and drivers that only speak the protocol: over HTTP, as a browser asks.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ApplicationView } from '../../../../src/cluster-pages/model/application.ts';
import type { AppTable } from '../../../../src/cluster-pages/model/applications.ts';
import type { NodeTable, NodeView } from '../../../../src/cluster-pages/model/nodes.ts';
import type { QueueTree } from '../../../../src/cluster-pages/model/queues.ts';
import type { SettingRow } from '../../../../src/cluster-pages/model/settings.ts';
import type { ClusterStrip, TimeLines } from '../../../../src/cluster-pages/model/strip.ts';
import { attemptId, type ApplicationId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { applicationNew, applicationSubmit } from '../../../../src/rpc/messages/client.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { ask, asClient, FakeDriver, FakeNode } from '../service/fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
let dataDir: string;
let rm: StartedResourceManager;
let client: Peer;
const secret = () => readFileSync(join(dataDir, 'secret'), 'utf8').trim();
const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'em-pages-'));
  const settings = new Settings([
    setting('yarn.admin.acl', 'ada'),
    setting('hadoop.http.authentication.type', 'simple'),
    setting('yarn.resourcemanager.webapp.address', '127.0.0.1:0'),
    setting('hadoop.user.group.static.mapping.overrides', 'ada=staff'),
  ]);
  rm = await startResourceManager({
    dataDir,
    settings,
    logger: quiet,
    http: true,
    onFatal: (error) => {
      throw error;
    },
  });
  client = await asClient(rm.address, secret());
});
afterEach(async () => {
  client.close();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

const get = async <T>(path: string, user = 'ada'): Promise<T> => {
  const answer = await fetch(`${rm.url}/ui-api/${path}${path.includes('?') ? '&' : '?'}user.name=${user}`);
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
};

async function submit(name: string): Promise<{ id: ApplicationId; driver: FakeDriver }> {
  const { applicationId: id } = await client.call(applicationNew, {});
  const { secret: own } = await client.call(applicationSubmit, {
    applicationId: id,
    name,
    type: 'SPARK',
    user: 'ada',
    queue: 'default',
    tags: ['nightly'],
    priority: 0,
    unmanaged: true,
    maxAttempts: 1,
  });
  return { id, driver: new FakeDriver(attemptId(id, 1), own) };
}

describe('what a ResourceManager tells its pages', () => {
  it('an empty cluster has a queue, no nodes, no applications, and a first point of its time lines', async () => {
    const strip = await get<ClusterStrip>('strip');
    expect(strip).toMatchObject({
      scheduler: 'capacity',
      memory: { used: 0, total: 0 },
      containers: 0,
      applications: {},
      nodes: {},
      others: {},
    });
    expect((await get<TimeLines>('lines')).atMs).toHaveLength(1);
    expect((await get<QueueTree>('queues')).root).toMatchObject({ path: 'root', usedShare: 0, children: [{ path: 'root.default' }] });
    expect(await get('apps')).toEqual({ total: 0, byState: {}, rows: [] });
    expect(await get('nodes')).toEqual({ total: 0, byState: {}, nodes: [] });
  });

  it('an application that waits says why and what would let it run; then its containers are everywhere they belong', async () => {
    const { id, driver } = await submit('<b>report</b>');
    await driver.connect(rm.address);
    await driver.allocate([ask(2)]);
    const waiting = await get<ApplicationView>(`apps/${id}`);
    expect(waiting.waits).toMatchObject([{ count: 2, memoryMb: 1024 }]);
    expect(waiting.waits[0]!.because).toContain('no node has registered');
    expect(waiting.waits[0]!.wouldLetItRun).toContain('It fits when');
    expect(waiting).toMatchObject({ name: '<b>report</b>', user: 'ada', queue: 'root.default', mayKill: true, unmanaged: true });
    expect((await get<ClusterStrip>('strip')).pendingContainers).toBe(2);

    const node = new FakeNode('localhost:one');
    await node.connect(rm.address, secret());
    await eventually(() => driver.granted.length).toBe(2);
    await node.run(driver.granted[0]!.token.containerId);
    const running = await get<ApplicationView>(`apps/${id}`);
    expect(running).toMatchObject({ waits: [], waiting: '', containers: 2, memoryMb: 2048, vcores: 2 });
    expect(running.attempts[0]!.containers.map((c) => [c.nodeId, c.memoryMb])).toEqual([
      ['localhost:one', 1024],
      ['localhost:one', 1024],
    ]);
    expect((await get<ApplicationView>(`apps/${id}?attempt=1`)).attempts[0]!.containers).toHaveLength(2);
    const nodes = await get<NodeTable>('nodes?state=RUNNING&search=localhost');
    expect(nodes.nodes[0]).toMatchObject({
      id: 'localhost:one',
      used: { memoryMb: 2048, vcores: 2 },
      capacity: { memoryMb: 8192, vcores: 8 },
    });
    expect(nodes.nodes[0]!.containers.map((c) => c.applicationName)).toEqual(['<b>report</b>', '<b>report</b>']);
    expect(await get<NodeView>('nodes/localhost%3Aone')).toMatchObject({ id: 'localhost:one', state: 'RUNNING' });
    const { root } = await get<QueueTree>('queues');
    expect(root.children[0]).toMatchObject({
      path: 'root.default',
      usedShare: 0.25,
      running: 1,
      users: [{ user: 'ada', used: { memoryMb: 2048 } }],
    });
    expect(await get<AppTable>('apps?search=tag:night user:ada&state=RUNNING')).toMatchObject({ total: 1, byState: { RUNNING: 1 } });
    expect(await get<ClusterStrip>('strip')).toMatchObject({ memory: { used: 2048, total: 8192 }, containers: 2, nodes: { RUNNING: 1 } });
    driver.peer?.close();
    node.peer?.close();
  });

  it('is killed by a button of ours, not by another site', async () => {
    const { id } = await submit('pi');
    const kill = (headers: Record<string, string>) => fetch(`${rm.url}/ui-api/apps/${id}/kill?user.name=ada`, { method: 'POST', headers });
    expect((await kill({})).status).toBe(403);
    await expect(get(`apps/${id}`, 'eve')).rejects.toThrow(/^403 .*eve/);
    expect((await kill({ 'x-xsrf-header': '1', origin: 'http://evil.example' })).status).toBe(403);
    const done = await kill({ 'x-xsrf-header': '1', origin: rm.url });
    expect([done.status, await done.json()]).toEqual([200, { killed: id }]);
    const view = await get<ApplicationView>(`apps/${id}`);
    expect([view.state, view.finalStatus, view.mayKill]).toEqual(['KILLED', 'KILLED', false]);
    expect(view.diagnostics).toContain("Killed by ada from the cluster's page");
    const missing = await fetch(`${rm.url}/ui-api/apps/application_1_0001/kill`, {
      method: 'POST',
      headers: { 'x-xsrf-header': '1' },
    });
    expect(missing.status).toBe(404);
  });

  it('whoever has not said who he is may look, and has no button', async () => {
    const { id } = await submit('pi');
    const seen = await fetch(`${rm.url}/ui-api/apps/${id}`);
    expect(await seen.json()).toMatchObject({ id, name: 'pi', mayKill: false });
    const refused = await fetch(`${rm.url}/ui-api/apps/${id}/kill`, { method: 'POST', headers: { 'x-xsrf-header': '1' } });
    expect([refused.status, (await get<ApplicationView>(`apps/${id}`)).state]).toEqual([403, 'ACCEPTED']);
  });

  it('others’ applications are in the list without what they say of themselves', async () => {
    await submit('pi');
    const { rows } = await get<AppTable>('apps', 'eve');
    expect(rows).toMatchObject([{ name: 'pi', tags: [], waiting: '', containers: 0 }]);
    expect((await get<AppTable>('apps?search=tag:nightly', 'eve')).total).toBe(0);
  });

  it('settings say where they come from', async () => {
    const rows = await get<SettingRow[]>('settings');
    expect(rows.find((r) => r.name === 'yarn.admin.acl')).toMatchObject({ value: 'ada', from: 'test:1' });
    expect(rows.length).toBeGreaterThan(40);
    await expect(get('settings', 'eve')).rejects.toThrow('403');
  });

  it('tools that ask with HEAD /cluster whether it is the active one hear yes; a browser is led on', async () => {
    expect((await fetch(`${rm.url}/cluster`, { method: 'HEAD', redirect: 'manual' })).status).toBe(200);
    const led = await fetch(`${rm.url}/cluster/app/application_1_0001`, { redirect: 'manual' });
    expect([led.status, led.headers.get('location')]).toEqual([302, '../../ui/apps/application_1_0001']);
  });
});
