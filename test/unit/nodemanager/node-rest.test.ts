// YARN's REST API of a NodeManager over real HTTP, held against answers of Hadoop YARN 3.5: shapes, log files with size and offset, metrics.
import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Logger } from '../../../src/common/ports.ts';
import { Settings } from '../../../src/common/settings.ts';
import { nmHandler } from '../../../src/nodemanager/http/nm-app.ts';
import type { NodeView } from '../../../src/nodemanager/service/node-view.ts';
import type { WebUser } from '../../../src/web/authenticate.ts';
import { parsePrometheus } from '../../helpers/parse-prometheus.ts';
import { expectSameShape } from '../../helpers/same-shape.ts';

const GOLDEN: Record<string, { status: number; body: unknown }> = JSON.parse(
  readFileSync(new URL('../../fixtures/golden/yarn-rest/answers.json', import.meta.url), 'utf8'),
);
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const APP = 'application_1795352279007_0004';
const ID = 'container_1795352279007_0004_01_000002';
const TEXT = 'first line\nsecond line\n';
const resource = { memoryMb: 1024, vcores: 1 };
/** What the ResourceManager would say. */
const rights: NodeView['rights'] = async ({ user, applicationIds, administer }) => {
  const refused = { operation: 'VIEW_APP', target: 'x', grants: ['y'] };
  if (user === 'root') return [];
  if (user === 'ada' || user === 'vera') return administer === undefined ? [] : [{ ...refused, what: administer }];
  return [...applicationIds, ...(administer === undefined ? [] : [administer])].map((what) => ({ ...refused, what }));
};
const view = {
  nodeId: 'localhost:45451',
  host: 'localhost',
  version: '0.1.0',
  capacity: { memoryMb: 8192, vcores: 8 },
  checksMemory: true,
  auxServices: ['spark_shuffle'],
  nowMs: () => 1_795_353_218_441,
  health: () => ({ healthy: true, healthReport: '' }),
  containers: () => [
    { tag: 'RUNNING', id: ID, applicationId: APP, user: 'ada', resource, process: { pid: 1, startTicks: 1 }, startedAtMs: 1 },
  ],
  rssBytes: () => 0,
  rights,
  usage: () => ({ memoryBytes: 4096, virtualBytes: 8192, cores: 0.5 }),
  logs: {
    isRunning: () => true,
    ofContainer: async (id: string) =>
      id === ID ? [{ name: 'stdout', sizeBytes: TEXT.length, modifiedAtMs: 1_795_353_298_000, aggregated: false }] : [],
    read: async ({ offset, lengthBytes }: { offset: number; lengthBytes: number }) => ({
      base64: Buffer.from(TEXT.slice(offset, offset + lengthBytes)).toString('base64'),
      offset,
      sizeBytes: TEXT.length,
      running: 1,
    }),
  },
} as unknown as NodeView;

let server: Server;
let base: string;
let who: WebUser = { user: 'ada', real: 'ada', trusted: false, ip: 'local' };
beforeAll(async () => {
  const handler = await nmHandler({
    view,
    dataDir: '/nowhere',
    logger: quiet,
    hostPort: '127.0.0.1:8141',
    settings: new Settings([{ name: 'yarn.admin.acl', value: 'root', where: 'test', line: 1 }]),
    authenticate: () => who,
  });
  server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const get = async (path: string) => {
  const response = await fetch(base + path);
  const text = await response.text();
  return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
};

describe('a NodeManager over HTTP', () => {
  it('answers in the shapes of YARN', async () => {
    for (const [name, path] of [
      ['nm1-node-info', 'info'],
      ['nm1-apps', 'apps'],
      ['nm1-app', `apps/${APP}`],
      ['nm1-containers', 'containers'],
      ['nm1-container', `containers/${ID}`],
      ['nm1-container-logs', `containers/${ID}/logs`],
    ] as const) {
      const { status, json } = await get(`/ws/v1/node/${path}`);
      expect([path, status]).toEqual([path, GOLDEN[name]!.status]);
      expectSameShape(GOLDEN[name]!.body, json);
    }
    const missing = await get('/ws/v1/node/apps/application_1_0001');
    expect([missing.status, missing.json.RemoteException.exception]).toEqual([404, 'NotFoundException']);
    expect((await get('/ws/v1/node/auxiliaryservices')).json.services.service[0].name).toBe('spark_shuffle');
  });
  it('gives a log whole, its beginning, its end, a part, bare', async () => {
    const log = async (query: string) => (await get(`/ws/v1/node/containerlogs/${ID}/stdout${query}`)).text;
    const contents = (text: string) => /LogContents:\n([\s\S]*?)\n?End of LogType:stdout/.exec(text)![1];
    expect(await log('')).toMatch(
      /^Container: container_\S+ on localhost:45451\nLogAggregationType: LOCAL\n=+\nLogType:stdout\nLogLastModifiedTime:.*\nLogLength:23\n/,
    );
    expect(contents(await log(''))).toBe('first line\nsecond line');
    expect(contents(await log('?size=5'))).toBe('first');
    expect(contents(await log('?size=-6'))).toBe(' line');
    expect(await log('?start=6&end=10&raw=true')).toBe('line');
    expect(await log('?offset=-6&format=octet-stream')).toBe(' line\n');
    expect(await get(`/ws/v1/node/containerlogs/${ID}/nofile`)).toMatchObject({ status: 404, text: 'HTTP 404 Not Found' });
    expect((await get(`/ws/v1/node/containerlogs/${ID}/..%2Fsecret`)).status).toBe(404);
  });
  it("shows another user's log to nobody but administrators, and settings to them only", async () => {
    const status = async (path: string, by: string) => {
      who = { ...who, user: by, real: by };
      const found = (await get(path)).status;
      who = { ...who, user: 'ada', real: 'ada' };
      return found;
    };
    expect(await status(`/ws/v1/node/containerlogs/${ID}/stdout`, 'eve')).toBe(403);
    expect(await status(`/ws/v1/node/containerlogs/${ID}/stdout`, 'root')).toBe(200);
    expect(await status(`/ws/v1/node/containerlogs/${ID}/stdout`, 'vera')).toBe(200);
    expect([await status('/conf', 'eve'), await status('/stacks', 'root')]).toEqual([403, 200]);
  });
  it('/metrics and /jmx tell what runs', async () => {
    const families = parsePrometheus((await get('/metrics')).text);
    expect(families.get('yarn_node_containers')!.samples.find((s) => s.labels['state'] === 'RUNNING')!.value).toBe(1);
    expect(families.get('yarn_node_containers_cores')!.samples[0]!.value).toBe(0.5);
    expect((await get('/jmx?qry=Hadoop:service=NodeManager,name=NodeManagerMetrics')).json.beans[0]).toMatchObject({
      ContainersRunning: 1,
      AllocatedVCores: 1,
    });
  });
});
