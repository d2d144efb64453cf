// The ResourceManager on real sockets and a real store, with a node and a driver that only speak the protocol.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { attemptId, type ContainerId } from '../../../../src/common/ids.ts';
import type { Logger, Timers } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import {
  applicationChanged,
  applicationKill,
  applicationList,
  applicationNew,
  applicationReport,
  applicationSubmit,
  applicationWatch,
  clusterInfo,
  containerList,
  nodeDecommission,
  nodeList,
  queueList,
  queuesRefresh,
} from '../../../../src/rpc/messages/client.ts';
import { driverLeftNode, driverUnregister } from '../../../../src/rpc/messages/driver.ts';
import type { ApplicationReport } from '../../../../src/rpc/messages/shapes.ts';
import { callPatiently } from '../../../../src/rpc/call-patiently.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { eventually } from '../../../helpers/eventually.ts';
import { ask, asClient, FakeDriver, FakeNode } from './fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
let dataDir: string;
let rm: StartedResourceManager;
let client: Peer;
const secret = () => readFileSync(join(dataDir, 'secret'), 'utf8').trim();
/** Time passes as a test says: what nobody says in 400 ms of a busy machine is no sign of death. */
let nowMs: number;
/** 100 ms pass, again and again, until it has come. */
async function whileTimePasses<T>(coming: Promise<T>): Promise<T> {
  const passing = setInterval(() => {
    nowMs += 100;
  }, 10);
  return coming.finally(() => clearInterval(passing));
}
const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });

async function start(): Promise<void> {
  const settings = new Settings([
    { name: 'yarn.admin.acl', value: 'ada,eve', where: 'test', line: 1 },
    setting('yarn.nm.liveness-monitor.expiry-interval-ms', '400'),
    setting('yarn.am.liveness-monitor.expiry-interval-ms', '400'),
  ]);
  rm = await startResourceManager({
    dataDir,
    settings,
    logger: quiet,
    clock: { nowMs: () => nowMs },
    onFatal: (error) => {
      throw error;
    },
  });
  client = await asClient(rm.address, secret());
}

async function submit(more: Partial<Parameters<typeof client.call<typeof applicationSubmit>>[1]> = {}) {
  const { applicationId } = await client.call(applicationNew, {});
  const reply = await client.call(applicationSubmit, {
    applicationId,
    name: 'pi',
    type: 'SPARK',
    user: 'ada',
    queue: 'default',
    tags: [],
    priority: 0,
    unmanaged: true,
    maxAttempts: 1,
    ...more,
  });
  return { applicationId, driver: new FakeDriver(attemptId(applicationId, 1), reply.secret) };
}

const am = {
  am: { kind: 'driver' as const, args: ['{}'], env: {}, secretEnv: {}, resources: [], user: 'ada' },
  amResource: { memoryMb: 512, vcores: 1 },
  unmanaged: false,
};
const report = (applicationId: ApplicationReport['applicationId']) => client.call(applicationReport, { applicationId });

async function ended(applicationId: ApplicationReport['applicationId']): Promise<ApplicationReport> {
  const final = new Promise<ApplicationReport>((resolve) =>
    client.on(applicationChanged, (r) => {
      if (r.applicationId === applicationId && ['FINISHED', 'FAILED', 'KILLED'].includes(r.state)) resolve(r);
    }),
  );
  const now = await client.call(applicationWatch, { applicationId });
  return ['FINISHED', 'FAILED', 'KILLED'].includes(now.state) ? now : final;
}

beforeEach(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rm-'));
  nowMs = Date.now();
  await start();
});
afterEach(async () => {
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('ResourceManager over sockets', () => {
  it('takes an application in client mode from submission to its final report', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { applicationId, driver } = await submit();
    expect((await report(applicationId)).diagnostics).toContain('Waiting for the driver');
    await driver.connect(rm.address, [], [ask(2)]);
    await driver.until(() => driver.granted.length === 2);
    expect((await report(applicationId)).state).toBe('RUNNING');
    const [first] = driver.granted;
    expect(first!.token).toMatchObject({ nodeId: 'h:n1', applicationId, user: 'ada', resource: { memoryMb: 1024, vcores: 1 } });
    expect(first!.nodeAddress).toBe('unix:/tmp/h:n1.sock');
    await node.run(first!.token.containerId);
    await driver.allocate([]);
    await node.end(first!.token.containerId, 3, 'it fell');
    await driver.until(() => driver.completed.length === 1);
    expect(driver.completed[0]).toEqual({ containerId: first!.token.containerId, exitStatus: 3, diagnostics: 'it fell' });
    const end = ended(applicationId);
    await driver.peer!.call(driverUnregister, { attemptId: driver.attemptId, finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 });
    expect(await end).toMatchObject({ state: 'FINISHED', finalStatus: 'SUCCEEDED', usedMemoryMb: 0 });
    await node.until(() => node.orders.some((o) => o.order === 'cleanupApplication'));
    expect(node.orders.filter((o) => o.order === 'kill').map((o) => o.containerId)).toEqual([driver.granted[1]!.token.containerId]);
  });

  it('launches the driver in the first container in cluster mode, and again when it dies', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { applicationId } = await submit({ ...am, maxAttempts: 2 });
    await node.until(() => node.orders.length === 1);
    const [order] = node.orders;
    expect(order!.launch!.env).toMatchObject({ EMBERLOOM_ATTEMPT_ID: attemptId(applicationId, 1), EMBERLOOM_RM_ADDRESS: rm.address });
    await node.run(order!.token!.containerId, am.amResource);
    await node.end(order!.token!.containerId, 15, 'user exception');
    await node.until(() => node.orders.filter((o) => o.order === 'launch').length === 2);
    const second = node.orders.filter((o) => o.order === 'launch')[1]!;
    await node.run(second.token!.containerId, am.amResource);
    const driver = new FakeDriver(attemptId(applicationId, 2), second.launch!.secretEnv.EMBERLOOM_APP_SECRET!);
    await driver.connect(rm.address);
    expect((await report(applicationId)).state).toBe('RUNNING');
    const end = ended(applicationId);
    await node.end(second.token!.containerId, 15, 'user exception');
    const final = await end;
    expect(final.state).toBe('FAILED');
    expect(final.diagnostics).toContain('failed 2 times');
    expect(final.diagnostics).toContain('exitCode: 15');
  });

  it('kills an application: the driver is told, its containers are ended', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { applicationId, driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    await node.run(driver.granted[0]!.token.containerId);
    expect((await client.call(applicationKill, { applicationId, user: 'eve', diagnostics: '' })).state).toBe('RUNNING');
    await driver.until(() => driver.shutdown !== undefined);
    expect(driver.shutdown).toContain('killed by user eve');
    expect(await report(applicationId)).toMatchObject({ state: 'KILLED', finalStatus: 'KILLED' });
    await node.until(() => node.orders.some((o) => o.order === 'kill'));
  });

  it('says why an application waits, with numbers', async () => {
    const { applicationId, driver } = await submit();
    await driver.connect(rm.address);
    expect((await driver.allocate([ask(3)])).waiting).toContain('no node has registered');
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret(), { memoryMb: 2048, vcores: 4 });
    await driver.until(() => driver.granted.length === 2);
    expect((await driver.allocate([])).waiting).toBe(
      'Waiting for 1 container of 1024 MB and 1 vcore: no node has room; the most that one node has free is 0 MB and 2 vcores (2048 of 2048 MB and 2 of 4 vcores of the cluster are in use). It fits when 1024 MB more become free on that node, or when another joins.',
    );
    expect((await report(applicationId)).diagnostics).toContain('no node has room');
    await expect(driver.allocate([ask(1, 4096, 1, 2)])).rejects.toThrow('the largest container of this cluster is 2048 MB');
  });

  it('loses nothing when it ends in the middle and starts again', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { applicationId, driver } = await submit();
    await driver.connect(rm.address, [], [ask(2)]);
    await driver.until(() => driver.granted.length === 2);
    const held = driver.granted.map((g) => g.token.containerId);
    for (const id of held) await node.run(id);
    await driver.allocate([]);
    await rm.stop();
    await start();
    expect((await client.call(clusterInfo, {})).epoch).toBe(1);
    expect((await report(applicationId)).state).toBe('ACCEPTED');
    await node.connect(rm.address, secret());
    expect(node.registered!.kill).toEqual([]);
    await driver.connect(rm.address, held, [ask(1)]);
    await driver.until(() => driver.granted.length === 3);
    expect(driver.granted[2]!.token.containerId).toMatch(/^container_e01_/);
    expect(driver.completed).toEqual([]);
    const { containers } = await client.call(containerList, { attemptId: driver.attemptId });
    expect(containers.map((c) => c.containerId).sort()).toEqual([...held, driver.granted[2]!.token.containerId].sort());
    expect(await report(applicationId)).toMatchObject({ state: 'RUNNING', usedMemoryMb: 3072 });
  });

  it('ends what belongs to nobody when a node brings it along', async () => {
    const { applicationId } = await submit();
    await client.call(applicationKill, { applicationId, user: 'ada', diagnostics: '' });
    const node = new FakeNode('h:n1');
    const orphan = `container_${applicationId.slice('application_'.length)}_01_000007` as ContainerId;
    node.containers.set(orphan, {
      containerId: orphan,
      resource: { memoryMb: 1, vcores: 1 },
      user: 'ada',
      state: 'RUNNING',
      exitStatus: 0,
      diagnostics: '',
      startedAtMs: 1,
      finishedAtMs: 0,
    });
    await node.connect(rm.address, secret());
    expect(node.registered!.kill).toEqual([orphan]);
  });

  it('fails an attempt whose driver does not come back, and a node that stays silent is LOST', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { applicationId, driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const end = ended(applicationId);
    driver.peer!.close();
    node.peer!.close();
    const final = await whileTimePasses(end);
    expect(final).toMatchObject({ state: 'FAILED', finalStatus: 'FAILED' });
    expect(final.diagnostics).toContain('did not come back within 400 ms');
    const nodeIsLost = async () => {
      while ((await client.call(nodeList, {})).nodes[0]!.state !== 'LOST');
    };
    await whileTimePasses(nodeIsLost());
  });

  it('turns away who can not prove who he is, or speaks for another', async () => {
    await expect(asClient(rm.address, 'f'.repeat(64))).rejects.toThrow(AppError);
    const { driver } = await submit();
    await expect(new FakeDriver(driver.attemptId, 'f'.repeat(64)).connect(rm.address)).rejects.toThrow('refused the proof');
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    await expect(
      client.call(driverUnregister, { attemptId: driver.attemptId, finalStatus: 'FAILED', diagnostics: '', exitCode: 1 }),
    ).rejects.toMatchObject({ code: 'UNKNOWN_MESSAGE' });
  });

  it('refuses an unknown queue and names those that there are', async () => {
    await expect(submit({ queue: 'nope' })).rejects.toMatchObject({
      code: 'QUEUE_UNKNOWN',
      hint: 'The queues that take applications are: root.default.',
    });
    expect((await client.call(queueList, {})).queues.map((q) => q.path)).toEqual(['root', 'root.default']);
  });

  it('answers a submit that comes twice the same, over a restart too, and refuses the id with other content', async () => {
    const { applicationId } = await client.call(applicationNew, {});
    const tags = ['a', 'b'];
    const request = { applicationId, name: 'pi', type: 'SPARK', user: 'ada', queue: 'default', tags, priority: 0, maxAttempts: 2, ...am };
    const first = await client.call(applicationSubmit, request);
    expect(await client.call(applicationSubmit, request)).toEqual(first);
    await rm.stop();
    await start();
    expect(await client.call(applicationSubmit, request)).toEqual(first);
    await expect(client.call(applicationSubmit, { ...request, name: 'e' })).rejects.toMatchObject({ code: 'SUBMIT_REFUSED' });
    expect((await client.call(applicationList, { states: [], types: [], tags: [] })).applications).toHaveLength(1);
  });

  it('takes a submit from who was cut off between his id and his submit, by a restart', async () => {
    const { applicationId } = await client.call(applicationNew, {});
    const lines: string[] = [];
    const log: Logger = { ...quiet, warn: (line) => lines.push(line) };
    const before = client;
    const closed = new Promise((resolve) => {
      before.onClose = resolve;
    });
    before.channel.destroy('cut');
    await rm.stop();
    await closed;
    const request = {
      applicationId,
      name: 'pi',
      type: 'SPARK',
      user: 'ada',
      queue: 'default',
      tags: [],
      priority: 0,
      unmanaged: true,
      maxAttempts: 1,
    };
    const waits: (() => void)[] = [];
    let submitted: ReturnType<typeof callPatiently<typeof applicationSubmit>> | undefined;
    const away = new Promise<void>((resolve) => {
      const after: Timers['after'] = (_, run) => {
        waits.push(run);
        resolve();
        return () => {};
      };
      const timers: Timers = { every: () => () => {}, after };
      submitted = callPatiently(before, applicationSubmit, request, {
        connect: () => asClient(rm.address, secret()),
        timers,
        log,
        patienceMs: 60_000,
      });
    });
    await away;
    await start();
    waits[0]!();
    expect((await submitted!).reply.applicationId).toBe(applicationId);
    expect(lines.join()).toMatch(/Waiting for the ResourceManager, for up to 60 s/);
    expect((await report(applicationId)).state).toBe('ACCEPTED');
  });

  it('does not start beside a live one, and says so', async () => {
    await expect(startResourceManager({ dataDir, settings: new Settings(), logger: quiet })).rejects.toMatchObject({
      code: 'SOCKET_IN_USE',
    });
  });
});

describe('operating a ResourceManager', () => {
  it('reads the queues again, and refuses a bad file whole', async () => {
    await rm.stop();
    const queuesFile = join(dataDir, 'queues.yaml');
    const root = 'yarn.scheduler.capacity.root';
    writeFileSync(queuesFile, `${root}.queues: a, b\n${root}.a.capacity: 50\n${root}.b.capacity: 50\n`);
    const settings = new Settings([{ name: 'yarn.admin.acl', value: 'ada', where: 'test', line: 1 }]);
    rm = await startResourceManager({ dataDir, settings, logger: quiet, queuesFile });
    client = await asClient(rm.address, secret());
    const { driver } = await submit({ queue: 'root.b' });
    await driver.connect(rm.address);
    writeFileSync(queuesFile, `${root}.queues: a, b\n${root}.a.capacity: 50\n${root}.b.capacity: 60\n`);
    await expect(client.call(queuesRefresh, {})).rejects.toMatchObject({ code: 'QUEUE_CONFIG_INVALID', params: { line: 1 } });
    writeFileSync(queuesFile, `${root}.queues: a\n${root}.a.capacity: 100\n`);
    await expect(client.call(queuesRefresh, {})).rejects.toThrow('queue root.b has applications');
    writeFileSync(queuesFile, `${root}.queues: a, b\n${root}.a.capacity: 90\n${root}.b.capacity: 10\n${root}.b.state: STOPPED\n`);
    const { queues } = await client.call(queuesRefresh, {});
    expect(queues.map((q) => [q.path, q.capacityPercent, q.state])).toEqual([
      ['root', 100, 'RUNNING'],
      ['root.a', 90, 'RUNNING'],
      ['root.b', 10, 'DRAINING'],
    ]);
    await expect(submit({ queue: 'b' })).rejects.toThrow('is STOPPED');
  });

  it('takes a node out gracefully: no new containers, then DECOMMISSIONED and told to end', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const id = driver.granted[0]!.token.containerId;
    await node.run(id);
    expect((await client.call(nodeDecommission, { nodeId: node.id, graceful: true, timeoutMs: 60_000 })).state).toBe('DECOMMISSIONING');
    expect((await driver.allocate([ask(1)])).waiting).toContain('no node takes containers now');
    await node.end(id, 0);
    // Files of the application may lie there: it stays until the driver says that it needs them no more.
    await driver.until(() => driver.leavingNodes.length === 1);
    await driver.until(() => driver.completed.length === 1);
    expect((await node.beat()).state).toBe('DECOMMISSIONING');
    driver.peer!.push(driverLeftNode, { nodeId: node.id });
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
    expect((await client.call(nodeList, {})).nodes[0]!.state).toBe('DECOMMISSIONED');
  });

  it('asks a driver that comes back once more, and goes with the end of the application when it never answers', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const id = driver.granted[0]!.token.containerId;
    await node.run(id);
    await client.call(nodeDecommission, { nodeId: node.id, graceful: true, timeoutMs: 60_000 });
    await driver.until(() => driver.leavingNodes.length === 1);
    driver.peer!.channel.destroy('cut');
    await driver.connect(rm.address, [id], []);
    await driver.until(() => driver.leavingNodes.length === 2);
    await node.end(id, 0);
    await driver.peer!.call(driverUnregister, { attemptId: driver.attemptId, finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 });
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
  });

  it('tells a node that was taken out while it was away to end, with what it has, and takes it again when somebody starts it', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const id = driver.granted[0]!.token.containerId;
    await node.run(id);
    node.peer!.channel.destroy('cut');
    await client.call(nodeDecommission, { nodeId: node.id, graceful: false, timeoutMs: 0 });
    await node.connect(rm.address, secret());
    expect(node.registered!.kill).toEqual([id]);
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
    expect((await node.beat()).state).toBe('DECOMMISSIONED');
    await node.connect(rm.address, secret());
    expect((await node.beat()).state).toBe('RUNNING');
    await driver.allocate([ask(1)]);
    await driver.until(() => driver.granted.length === 2);
  });

  it('remembers over a restart of its own who is out: the node hears that it is to end, and comes back when somebody starts it', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    node.peer!.channel.destroy('cut');
    await client.call(nodeDecommission, { nodeId: node.id, graceful: false, timeoutMs: 0 });
    await rm.stop();
    await start();
    expect((await client.call(nodeList, {})).nodes).toMatchObject([
      { nodeId: 'h:n1', state: 'DECOMMISSIONED', address: 'unix:/tmp/h:n1.sock' },
    ]);
    await node.connect(rm.address, secret());
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
    expect((await node.beat()).state).toBe('DECOMMISSIONED');
    await rm.stop();
    await start();
    expect((await client.call(nodeList, {})).nodes[0]!.state).toBe('DECOMMISSIONED');
    await node.connect(rm.address, secret());
    expect((await node.beat()).state).toBe('RUNNING');
    await rm.stop();
    await start();
    expect((await client.call(nodeList, {})).nodes).toEqual([]);
  });

  it('goes on draining a node over a restart of its own: no new containers, out when the last one has ended', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const id = driver.granted[0]!.token.containerId;
    await node.run(id);
    await driver.allocate([]);
    await client.call(nodeDecommission, { nodeId: node.id, graceful: true, timeoutMs: 60_000 });
    await rm.stop();
    await start();
    await node.connect(rm.address, secret());
    await driver.connect(rm.address, [id], [ask(1)]);
    expect((await driver.allocate([ask(1)])).waiting).toContain('no node takes containers now');
    expect((await node.beat()).state).toBe('DECOMMISSIONING');
    await node.end(id, 0);
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
    expect((await client.call(nodeList, {})).nodes[0]!.state).toBe('DECOMMISSIONED');
  });

  it('takes a draining node out that came back empty after its restart', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    await node.run(driver.granted[0]!.token.containerId);
    await client.call(nodeDecommission, { nodeId: node.id, graceful: true, timeoutMs: 60_000 });
    await rm.stop();
    node.containers.clear();
    await start();
    await node.connect(rm.address, secret());
    await node.until(() => node.orders.some((o) => o.order === 'shutdown'));
  });

  it('refuses an ask that grows beyond every node, as it refuses a new one', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address);
    await driver.allocate([ask(9, 8192)]);
    await expect(driver.allocate([ask(9, 16_384)])).rejects.toMatchObject({ code: 'RESOURCE_TOO_LARGE' });
    await driver.allocate([ask(8, 8192)]);
  });

  it('ends what a lost node brings back: its driver was told of the end, and that stands', async () => {
    const node = new FakeNode('h:n1');
    await node.connect(rm.address, secret());
    const { driver } = await submit();
    await driver.connect(rm.address, [], [ask(1)]);
    await driver.until(() => driver.granted.length === 1);
    const id = driver.granted[0]!.token.containerId;
    await node.run(id);
    await driver.allocate([]);
    await whileTimePasses(driver.until(() => driver.completed.length === 1)); // the node says nothing for longer than it may
    expect(driver.completed[0]).toMatchObject({ containerId: id, exitStatus: -100 });
    await node.connect(rm.address, secret());
    expect(node.registered!.kill).toEqual([id]);
    expect((await client.call(nodeList, {})).nodes[0]).toMatchObject({ state: 'RUNNING', runningContainers: 0 });
  });

  it('removes what an application that has ended staged, also when it was killed right after the end', async () => {
    const { applicationId, driver } = await submit();
    await driver.connect(rm.address);
    await driver.peer!.call(driverUnregister, { attemptId: driver.attemptId, finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 });
    const live = await submit();
    await rm.stop();
    const staged = [applicationId, live.applicationId].map((id) => join(dataDir, 'staging', id));
    for (const dir of staged) mkdirSync(dir, { recursive: true });
    await start();
    await eventually(() => existsSync(staged[0]!)).toBe(false);
    expect(existsSync(staged[1]!)).toBe(true);
  });

  it('survives kill -9: the next one on the same folder knows what was told', async () => {
    await rm.stop();
    const daemon = async () => {
      // The bundle: from the sources each start costs four times as much of a processor that others need too.
      const main = new URL('../../../../dist/resourcemanager.cjs', import.meta.url).pathname;
      writeFileSync(join(dataDir, 'emberloom.yaml'), 'yarn.resourcemanager.webapp.address: localhost:0\n');
      const child = spawn(process.execPath, [main, '--data', dataDir, '--conf', join(dataDir, 'emberloom.yaml')], {
        stdio: ['ignore', 'ignore', 'inherit', 'pipe'],
      });
      const line = await new Promise<string>((resolve, reject) => {
        child.stdio[3]!.once('data', (chunk) => resolve(String(chunk)));
        child.once('exit', (code) => reject(new Error(`ended with ${code}`)));
      });
      return { child, address: line.split(' ')[1]! };
    };
    const first = await daemon();
    client = await asClient(first.address, secret());
    const { applicationId, driver } = await submit();
    const gone = once(first.child, 'exit');
    first.child.kill('SIGKILL');
    await gone;
    const second = await daemon();
    client = await asClient(second.address, secret());
    expect(await report(applicationId)).toMatchObject({ state: 'ACCEPTED', name: 'pi' });
    await driver.connect(second.address);
    expect((await report(applicationId)).state).toBe('RUNNING');
    expect((await submit()).applicationId > applicationId).toBe(true);
    const ended = once(second.child, 'exit');
    second.child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    await start(); // for afterEach
  });
});
