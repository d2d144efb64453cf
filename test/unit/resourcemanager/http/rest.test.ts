// YARN's REST API of the ResourceManager over real HTTP, held against answers of Hadoop YARN 3.5 (test/fixtures/golden/yarn-rest): shapes, statuses,
// error bodies; filters, changes, submissions; what else a ResourceManager answers. Nodes and drivers only speak the protocol.
import { createServer, type Server } from 'node:http';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { attemptId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { applicationNew, applicationSubmit } from '../../../../src/rpc/messages/client.ts';
import { driverPage } from '../../../../src/rpc/messages/driver.ts';
import { httpToken } from '../../../../src/rpc/user-secret.ts';
import { parsePrometheus } from '../../../helpers/parse-prometheus.ts';
import { expectSameShape } from '../../../helpers/same-shape.ts';
import { ask, asClient, FakeDriver, FakeNode } from '../service/fakes.ts';

type Golden = Record<string, { status: number; body: unknown }>;
const GOLDEN: Golden = JSON.parse(readFileSync(new URL('../../../fixtures/golden/yarn-rest/answers.json', import.meta.url), 'utf8'));
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const setting = (name: string, value: string) => ({ name, value, where: 'test', line: 1 });
const me = userInfo().username;

let dataDir: string;
let rm: StartedResourceManager;
let secret: string;
let node: FakeNode;
let driver: FakeDriver;
let running: string;
let page: Server;
const asked: { url: string; headers: Record<string, unknown> }[] = [];

type Asking = { method?: string; body?: unknown; as?: string | undefined; headers?: Record<string, string> };
async function http(path: string, { method = 'GET', body, as = me, headers = {} }: Asking = {}) {
  const response = await fetch(rm.url + path, {
    method,
    redirect: 'manual',
    headers: {
      ...(as === '' ? {} : { authorization: `Bearer ${as}:${httpToken(secret, as)}` }),
      ...(body === undefined || typeof body === 'string' ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : undefined;
  return { status: response.status, text, json, headers: response.headers };
}
const cluster = (path: string, more?: Asking) => http(`/ws/v1/cluster/${path}`, more);
const newId = async (): Promise<string> => (await cluster('apps/new-application', { method: 'POST' })).json['application-id'];
const context = (id: string, more: object = {}) => ({
  'application-id': id,
  'application-name': 'rest-sleep',
  'am-container-spec': {
    commands: { command: 'cat hello.txt; sleep 40 1><LOG_DIR>/stdout' },
    environment: { entry: [{ key: 'FOO', value: 'bar' }] },
  },
  'application-type': 'REST',
  'application-tags': { tag: ['a', 'b'] },
  resource: { memory: 512, vCores: 1 },
  queue: 'default',
  priority: 0,
  ...more,
});

/** The driver tells where its page is; resolves when the ResourceManager knows. */
async function showPage(trackingUrl: string): Promise<void> {
  driver.peer!.push(driverPage, { trackingUrl });
  await vi.waitFor(() => expect(rm.running.loop.core.cluster.applications.get(running as never)!.trackingUrl).toBe(trackingUrl), 15_000);
}

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'rest-'));
  page = createServer((request, response) => {
    asked.push({ url: request.url ?? '', headers: request.headers });
    if (request.url === '/moved') return response.writeHead(302, { location: '/jobs/' }).end();
    response.writeHead(200, { 'content-type': 'text/plain', 'set-cookie': 'a=b' }).end(`driver ${request.method} ${request.url}`);
  });
  await new Promise<void>((resolve) => page.listen(0, '127.0.0.1', resolve));
  const settings = new Settings([setting('yarn.resourcemanager.webapp.address', 'localhost:0')]);
  rm = await startResourceManager({
    dataDir,
    settings,
    logger: quiet,
    http: true,
    onFatal: (error) => {
      throw error;
    },
  });
  secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  node = new FakeNode('localhost:n1');
  await node.connect(rm.address, secret);
  const client = await asClient(rm.address, secret);
  const { applicationId } = await client.call(applicationNew, {});
  running = applicationId;
  const reply = await client.call(applicationSubmit, {
    applicationId,
    name: 'hang-app',
    type: 'SPARK',
    user: me,
    queue: 'default',
    tags: ['etl', 'nightly'],
    priority: 0,
    unmanaged: false,
    maxAttempts: 1,
    am: { kind: 'driver', args: ['{}'], env: {}, secretEnv: {}, resources: [], user: me },
    amResource: { memoryMb: 1024, vcores: 1 },
  });
  await node.until(() => node.orders.some((o) => o.order === 'launch'));
  await node.run(node.orders.find((o) => o.order === 'launch')!.token!.containerId);
  driver = new FakeDriver(attemptId(applicationId, 1), reply.secret);
  await driver.connect(rm.address, [], [ask(1)]);
  await driver.until(() => driver.granted.length === 1);
  await showPage(`http://127.0.0.1:${(page.address() as AddressInfo).port}`);
});
afterAll(async () => {
  await rm.stop();
  await new Promise((resolve) => page.close(resolve));
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the same shapes as YARN', () => {
  it('a key too few or too many, another type, and a difference that is none are told', () => {
    for (const [golden, ours, accepted] of [
      [{ a: 1 }, {}, {}],
      [{}, { a: 1 }, {}],
      [{ a: [{ b: 1 }] }, { a: [{ b: '1' }] }, {}],
      [{ a: null }, { a: {} }, {}],
      [{ a: 1 }, { a: 2 }, { a: 'no reason' }],
    ] as const)
      expect(() => expectSameShape(golden, ours, accepted)).toThrow();
  });
  const same = async (name: string, path: string, accepted = {}, more?: Asking) => {
    const { status, json } = await cluster(path, more);
    expect(status).toBe(GOLDEN[name]!.status);
    expectSameShape(GOLDEN[name]!.body, json, accepted);
    return json;
  };
  it('info, metrics, statistics', async () => {
    await same('cluster-info', 'info');
    await same('cluster-info', '');
    await same('cluster-metrics', 'metrics');
    await same('cluster-appstatistics', 'appstatistics');
    await same('cluster-userinfo', 'userinfo');
  });
  it('applications, attempts, containers', async () => {
    await same('cluster-app', `apps/${running}`);
    await same('cluster-apps', 'apps?states=RUNNING');
    await same('cluster-apps-none', 'apps?states=FAILED&queue=default');
    await same('cluster-app-attempts', `apps/${running}/appattempts`, {
      'appAttempts.appAttempt[].trackingUrl': 'YARN leaves it out; the class has it',
    });
    const attempt = `apps/${running}/appattempts/${attemptId(running as never, 1)}`;
    const { json } = await cluster(`${attempt}/containers`);
    expectSameShape(GOLDEN['cluster-app-attempt-containers']!.body, json);
    await same('cluster-app-attempt-container', `${attempt}/containers/${json.container[0].containerId}`);
    expect((await cluster(attempt)).json.appAttempt).toMatchObject({ id: 1, appAttemptState: 'RUNNING' });
    for (const what of ['state', 'queue', 'priority', 'timeouts']) await same(`cluster-app-${what}`, `apps/${running}/${what}`);
  });
  it('nodes', async () => {
    await same('cluster-nodes', 'nodes');
    await same('cluster-node', 'nodes/localhost:n1');
    await same('cluster-nodes-states-LOST', 'nodes?states=LOST');
  });
  it('the scheduler, activities', async () => {
    const { json } = await cluster('scheduler');
    expectSameShape(GOLDEN['cluster-scheduler']!.body, json);
    const { health } = json.scheduler.schedulerInfo;
    expect(health.operationsInfo).toHaveLength(4);
    expect(health.operationsInfo[0]).toMatchObject({ operation: 'last-allocation', nodeId: 'localhost:n1', queue: 'root.default' });
    expect(health.operationsInfo[1]).toMatchObject({ operation: 'last-release', nodeId: 'N/A' });
    expect(health.lastRunDetails[1]).toMatchObject({ operation: 'allocations', count: 1, resources: { memory: 1024, vCores: 1 } });
    await same('cluster-scheduler-activities', 'scheduler/activities');
    await same('cluster-app-activities', `scheduler/app-activities/${running}`);
  });
  it('an overview of the scheduler, and no reservations, in the words of YARN without them', async () => {
    expect((await cluster('scheduler-overview')).json.scheduler).toMatchObject({
      schedulerType: 'Capacity Scheduler',
      maximumAllocation: { memory: 8192, vCores: 8 },
    });
    for (const [method, path] of [
      ['GET', 'list?queue=default'],
      ['POST', 'new-reservation'],
      ['POST', 'submit'],
      ['POST', 'update'],
      ['POST', 'delete'],
    ] as const) {
      const { status, json } = await cluster(`reservation/${path}`, { method, ...(method === 'POST' ? { body: {} } : {}) });
      expect([path, status, json.RemoteException.exception]).toEqual([path, 400, 'BadRequestException']);
      expect(json.RemoteException.message).toContain('Reservation is not enabled. Please enable & try again');
    }
  });
  it('refusals: status and body to the letter', async () => {
    const refused = async (name: string, path: string) => {
      const { status, json } = await cluster(path);
      expect({ status, json }).toEqual({ status: GOLDEN[name]!.status, json: GOLDEN[name]!.body });
    };
    await refused('cluster-app-404', 'apps/application_1000000000000_0001');
    await refused('cluster-app-badid', 'apps/foo');
    await refused('cluster-apps-bad-state', 'apps?states=BOGUS');
    await refused('cluster-node-404', 'nodes/nohost:1');
  });
  it('beans', async () => {
    const { json } = await http('/jmx?qry=Hadoop:service=ResourceManager,name=ClusterMetrics');
    const golden = GOLDEN['jmx-ClusterMetrics']!.body as { beans: Record<string, unknown>[] };
    for (const key of Object.keys(json.beans[0])) expect(Object.keys(golden.beans[0]!)).toContain(key);
    const queue = (await http('/jmx?qry=Hadoop:service=ResourceManager,name=QueueMetrics,q0=root,q1=default')).json.beans[0];
    for (const key of Object.keys(queue)) expect(Object.keys((GOLDEN['jmx-QueueMetrics']!.body as typeof golden).beans[0]!)).toContain(key);
    expect(queue).toMatchObject({ AppsRunning: 1, AllocatedContainers: 2, AllocatedMB: 2048 });
  });
});

describe('what a node is kept for', () => {
  it('is in the report of its application, in the metrics, and gone when nobody wants it any more', async () => {
    await new FakeNode('localhost:n2').connect(rm.address, secret, { memoryMb: 4096, vcores: 4 }); // the queue may have as much
    await driver.allocate([ask(1, 7000, 1, 2)]); // more than is free on a node
    await driver.allocate([ask(30, 512, 1, 3)]); // passes it, as far as there are vcores: 6 and 4
    await driver.until(() => driver.granted.length === 11);
    const kept = async () => {
      const { app } = (await cluster(`apps/${running}`)).json;
      const { clusterMetrics } = (await cluster('metrics')).json;
      return [app.reservedMB, app.reservedVCores, clusterMetrics.containersReserved, clusterMetrics.reservedMB];
    };
    expect(await kept()).toEqual([7000, 1, 1, 7000]);
    await driver.allocate(
      [ask(0, 7000, 1, 2), ask(0, 512, 1, 3)],
      driver.granted.slice(1).map((grant) => grant.token.containerId),
    );
    expect(await kept()).toEqual([0, 0, 0, 0]);
  });
});

describe('lists', () => {
  it('every filter keeps what fits and drops what does not', async () => {
    const found = async (query: string) =>
      ((await cluster(`apps?${query}`)).json.apps.app ?? []).map((a: { id: string }) => a.id).includes(running);
    const now = Date.now();
    for (const query of [
      'state=RUNNING',
      'states=running,FAILED',
      'finalStatus=UNDEFINED',
      `user=${me}`,
      'queue=default',
      'queue=root.default',
      'limit=1000',
      'applicationTypes=spark',
      'applicationTags=nightly',
      'name=hang-app',
      `startedTimeBegin=${now - 600_000}`,
      `startedTimeEnd=${now + 1000}`,
    ])
      expect([query, await found(query)]).toEqual([query, true]);
    for (const query of [
      'state=FAILED',
      'finalStatus=SUCCEEDED',
      'user=nobody',
      'queue=other',
      'applicationTypes=YARN',
      'applicationTags=x',
      'name=other',
      `startedTimeBegin=${now + 60_000}`,
      'startedTimeEnd=1',
      `finishedTimeBegin=${now - 600_000}`,
    ])
      expect([query, await found(query)]).toEqual([query, false]);
    for (const query of ['limit=0', 'limit=x', 'finalStatus=NO', 'startedTimeBegin=2&startedTimeEnd=1', 'states=NO'])
      expect([query, (await cluster(`apps?${query}`)).status]).toEqual([query, 400]);
    expect((await cluster(`apps/${running}?deSelects=resourceInfo,appTimeouts`)).json.app).not.toHaveProperty('resourceInfo');
  });
  it('XML to whoever asks for it, with what must be escaped escaped', async () => {
    const { text, headers } = await cluster(`apps/${running}/state`, { headers: { accept: 'application/xml' } });
    expect(headers.get('content-type')).toContain('application/xml');
    expect(text).toBe('<?xml version="1.0" encoding="UTF-8" standalone="yes"?><state>RUNNING</state>');
  });
});

describe('changes', () => {
  it("a submission runs, is moved, and is killed, in YARN's statuses", async () => {
    const id = await newId();
    const submitted = await cluster('apps', { method: 'POST', body: context(id) });
    expect([submitted.status, submitted.text, submitted.headers.get('location')]).toEqual([202, '', `${rm.url}/ws/v1/cluster/apps/${id}`]);
    const launched = () => node.orders.find((o) => o.order === 'launch' && o.token!.applicationId === id);
    await node.until(() => launched() !== undefined);
    expect(launched()!.launch!.args).toEqual(['/bin/bash', '-c', 'cat hello.txt; sleep 40 1>${LOG_DIRS}/stdout']);
    expect(launched()!.launch!.env).toMatchObject({ FOO: 'bar' });
    await node.run(launched()!.token!.containerId, { memoryMb: 512, vcores: 1 });
    expect((await cluster(`apps/${id}/state`)).json).toEqual({ state: 'RUNNING' });
    expect((await cluster(`apps/${id}/priority`, { method: 'PUT', body: { priority: 3 } })).json).toHaveProperty('priority');
    const timeout = { timeout: { type: 'LIFETIME', expiryTime: '2030-01-01T00:00:00.000+0000' } };
    const put = await cluster(`apps/${id}/timeout`, { method: 'PUT', body: timeout });
    expect(put.json.timeout).toMatchObject(timeout.timeout);
    expectSameShape(GOLDEN['put-timeout']!.body, put.json);
    const bad = await cluster(`apps/${id}/state`, { method: 'PUT', body: { state: 'RUNNING' } });
    expect([bad.status, bad.json]).toEqual([400, GOLDEN['put-state-bad']!.body]);
    const killed = await cluster(`apps/${id}/state`, { method: 'PUT', body: { state: 'KILLED', diagnostics: 'killed by golden test' } });
    expect([killed.status, killed.json]).toEqual([202, { state: 'KILLING' }]);
    const again = await cluster(`apps/${id}/state`, {
      method: 'PUT',
      body: '<appstate><state>KILLED</state></appstate>',
      headers: { 'content-type': 'application/xml' },
    });
    expect([again.status, again.json]).toEqual([200, { state: 'KILLED' }]);
    const { app } = (await cluster(`apps/${id}`)).json;
    expect(app.diagnostics).toBe(`Application ${id} was killed by user ${me} with diagnostic message: killed by golden test`);
    expectSameShape(GOLDEN['killed-app']!.body, { app });
  });
  it('a command that ends by itself: 0 is success, anything else is not', async () => {
    for (const [exitStatus, state, finalStatus] of [
      [0, 'FINISHED', 'SUCCEEDED'],
      [3, 'FAILED', 'FAILED'],
    ] as const) {
      const id = await newId();
      await cluster('apps', { method: 'POST', body: context(id, { 'max-app-attempts': 1 }) });
      const launched = () => node.orders.find((o) => o.order === 'launch' && o.token!.applicationId === id);
      await node.until(() => launched() !== undefined);
      await node.run(launched()!.token!.containerId, { memoryMb: 512, vcores: 1 });
      await node.end(launched()!.token!.containerId, exitStatus, 'it said so');
      expect((await cluster(`apps/${id}`)).json.app).toMatchObject({ state, finalStatus });
    }
  });
  it('refuses at once what YARN takes and fails later', async () => {
    const submit = (body: unknown) => cluster('apps', { method: 'POST', body });
    const id = await newId();
    const queue = await submit(context(id, { queue: 'nosuch' }));
    expect([queue.status, queue.json.RemoteException.message]).toEqual([400, expect.stringContaining('unknown queue: nosuch')]);
    const made = await submit(context(`${id.slice(0, -4)}9999`));
    expect([made.status, made.json.RemoteException.message]).toEqual([400, expect.stringContaining('was not handed out')]);
    const big = await submit(context(id, { resource: { memory: 99_999, vCores: 1 } }));
    expect([big.status, big.json]).toEqual([400, GOLDEN['submit-too-big']!.body]);
    const garbage = await cluster('apps', { method: 'POST', body: '{not json', headers: { 'content-type': 'application/json' } });
    expect([garbage.status, garbage.json.RemoteException.javaClassName]).toEqual([400, 'javax.ws.rs.WebApplicationException']);
    const spec = (local: object) => ({ commands: { command: 'true' }, 'local-resources': { entry: [{ key: 'f', value: local }] } });
    const file = join(tmpdir(), `rest-file-${process.pid}`);
    writeFileSync(file, 'hi');
    for (const [local, said, status] of [
      [{ resource: 'file:///no/such/file', type: 'FILE' }, 'is no file', 400],
      [{ resource: 'hdfs://n/a', type: 'FILE' }, 'no other file system', 400],
      [{ resource: `file://${file}`, type: 'FILE', size: 99 }, 'changed', 400],
      [{ resource: `file://${join(dataDir, 'secret')}`, type: 'FILE' }, "the cluster's own", 403],
    ] as const) {
      const answer = await submit(context(id, { 'am-container-spec': spec(local) }));
      expect([answer.status, answer.json.RemoteException.message]).toEqual([status, expect.stringContaining(said)]);
    }
    rmSync(file);
  });
  it('takes a label, attempts and a lifetime from a submission, and refuses what it would not keep', async () => {
    const submit = (body: unknown) => cluster('apps', { method: 'POST', body });
    const id = await newId();
    for (const [more, said] of [
      [{ 'reservation-id': 'reservation_1_1' }, 'Reservation is not enabled'],
      [{ 'log-aggregation-context': { 'log-include-pattern': 'std.*' } }, 'log-include-pattern is not known'],
      [{ 'am-container-node-label-expression': 'nosuch' }, 'nosuch'],
      [{ 'app-node-label-expression': 'nosuch' }, 'nosuch'],
    ] as const) {
      const refused = await submit(context(id, more));
      expect([refused.status, refused.json.RemoteException.message]).toEqual([400, expect.stringContaining(said)]);
    }
    const taken = await submit(
      context(id, {
        'app-node-label-expression': '',
        'log-aggregation-context': { 'log-include-pattern': '.*', 'log-exclude-pattern': '' },
        'keep-containers-across-application-attempts': true,
        'attempt-failures-validity-interval': 60_000,
        'application-timeouts': { entry: [{ key: 'LIFETIME', value: 600 }] },
        'max-app-attempts': 1,
      }),
    );
    expect(taken.status).toBe(202);
    const { submission } = rm.running.loop.core.cluster.applications.get(id as never)!;
    expect(submission).toMatchObject({ keepContainers: true, failuresValidityMs: 60_000, timeouts: { LIFETIME: 600 } });
    expect((await cluster(`apps/${id}/timeouts/LIFETIME`)).json.timeout.remainingTimeInSeconds).toBeGreaterThan(500);
    await cluster(`apps/${id}/state`, { method: 'PUT', body: { state: 'KILLED' } });
  });
  it('a node is resized, but not below what it holds', async () => {
    const resize = (memory: number, as?: string) =>
      cluster('nodes/localhost:n1/resource', { method: 'POST', body: { resource: { memory, vCores: 8 } }, as });
    expect((await resize(4096)).json.resourceInfo.memory).toBe(4096);
    expect((await resize(16)).json.RemoteException.message).toContain('hold');
    expect((await resize(8192)).status).toBe(200);
  });
  it('node labels are added, given to a node, shown and taken away', async () => {
    const post = (path: string, body?: object) => cluster(path, { method: 'POST', ...(body === undefined ? {} : { body }) });
    expect((await cluster('get-node-labels')).json).toEqual({});
    expect((await post('add-node-labels', { nodeLabelInfo: [{ name: 'gpu', exclusivity: true }] })).status).toBe(200);
    const nodeToLabels = { entry: [{ key: 'localhost:n9', value: { nodeLabelInfo: [{ name: 'gpu' }] } }] };
    expect((await post('replace-node-to-labels', { nodeToLabels })).status).toBe(200);
    expect((await cluster('get-node-labels')).json.nodeLabelInfo[0]).toMatchObject({ name: 'gpu', exclusivity: true });
    expect((await cluster('label-mappings')).json).toEqual({});
    const labelled = new FakeNode('localhost:n9');
    await labelled.connect(rm.address, secret, { memoryMb: 2048, vcores: 2 });
    const [mapping] = (await cluster('label-mappings?labels=gpu,other')).json.labelsToNodes.entry;
    expect(mapping).toMatchObject({ key: { name: 'gpu', exclusivity: true }, value: { nodes: ['localhost:n9'] } });
    expect(mapping.value.partitionInfo.resourceAvailable.memory).toBe(2048);
    expect((await cluster('label-mappings?labels=other')).json).toEqual({});
    expect((await post('remove-node-labels?labels=gpu')).status).toBe(400);
    expect((await post('nodes/localhost:n9/replace-labels')).status).toBe(200);
    expect((await post('remove-node-labels?labels=gpu')).status).toBe(200);
    expect((await post('remove-node-labels?labels=gpu')).status).toBe(400);
    expect((await cluster('get-node-labels')).json).toEqual({});
  });
  it('whoever has not proved who he is changes nothing', async () => {
    expect((await cluster(`apps/${running}/state`, { method: 'PUT', body: { state: 'KILLED' }, as: '' })).status).toBe(403);
    expect((await cluster('apps/new-application', { method: 'POST', as: '' })).status).toBe(403);
    expect((await http('/conf', { as: '' })).status).toBe(403);
  });
});

describe('/proxy', () => {
  it('leads to the page that the driver has registered, with no cookie and no token either way', async () => {
    const { status, text, headers } = await http(`/proxy/${running}/api/v1/applications?status=running&user.name=x`, {
      headers: { cookie: 'session=1' },
    });
    expect([status, text, headers.get('set-cookie')]).toEqual([200, 'driver GET /api/v1/applications?status=running', null]);
    const { headers: seen } = asked.at(-1)!;
    expect([seen['authorization'], seen['cookie'], seen['x-forwarded-context']]).toEqual([undefined, undefined, `/proxy/${running}`]);
    expect((await http(`/proxy/${running}/moved`)).headers.get('location')).toBe(`/proxy/${running}/jobs/`);
    expect((await http(`/proxy/${running}`)).headers.get('location')).toBe(`/proxy/${running}/`);
  });
  it("no open proxy: an address that is no driver's is refused, an unknown application is not found", async () => {
    const page = async (trackingUrl: string) => {
      await showPage(trackingUrl);
      return http(`/proxy/${running}/`);
    };
    for (const url of ['http://example.org:8080', 'http://127.0.0.1:22', 'https://127.0.0.1:4040', 'file:///etc/passwd', rm.url])
      expect([url, (await page(url)).status]).toEqual([url, 403]);
    expect((await http('/proxy/application_1000000000000_0001/')).status).toBe(404);
  });
});

describe('for monitoring', () => {
  it('/metrics is what Prometheus reads, with figures of now', async () => {
    const { text, headers } = await http('/metrics', { as: '' });
    expect(headers.get('content-type')).toContain('version=0.0.4');
    const families = parsePrometheus(text);
    for (const [name, { type, help }] of families) {
      expect(help.length, name).toBeGreaterThan(10);
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
    expect(families.get('yarn_nodes')!.samples.find((s) => s.labels['state'] === 'RUNNING')!.value).toBe(3);
    expect(families.get('yarn_applications')!.samples.find((s) => s.labels['state'] === 'RUNNING')!.value).toBe(1);
  });
  it("conf, stacks, isActive, a bean's attribute", async () => {
    expect((await http('/conf?format=json&name=yarn.resourcemanager.webapp.address')).json.property.value).toBe('localhost:0');
    expect((await http('/conf')).text).toContain('<configuration><property><name>');
    expect((await http('/stacks')).text).toContain('Thread 1 (main)');
    expect((await http('/isActive')).text).toBe('I am Active!');
    const { json } = await http('/jmx?get=Hadoop:service=ResourceManager,name=ClusterMetrics::NumActiveNMs');
    expect(json.beans[0].NumActiveNMs).toBe(3);
  });
});
