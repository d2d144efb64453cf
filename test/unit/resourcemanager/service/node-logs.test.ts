// Logs of containers through the ResourceManager: over HTTP and to `yarn logs`, from a node that only the ResourceManager reaches, and from what a node
// that is gone has packed. Who may not see the application gets nothing.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { findLogs, readLog } from '../../../../src/cli/read-logs.ts';
import { AppError } from '../../../../src/common/errors.ts';
import { applicationOfContainer, type ContainerId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { writeArchive } from '../../../../src/logs/write-archive.ts';
import { archiveName } from '../../../../src/logs/archive-format.ts';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { acceptChannel } from '../../../../src/rpc/connect.ts';
import { applicationNew, applicationSubmit } from '../../../../src/rpc/messages/client.ts';
import { logsList, logsRead } from '../../../../src/rpc/messages/driver.ts';
import { Peer } from '../../../../src/rpc/peer.ts';
import type { Listener } from '../../../../src/rpc/transport.ts';
import { httpToken } from '../../../../src/rpc/user-secret.ts';
import { asClient, FakeNode } from './fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const settings = new Settings([{ name: 'yarn.resourcemanager.webapp.address', value: 'localhost:0', where: 'test', line: 1 }]);
const me = userInfo().username;
const TEXT = 'first line\nsecond line\n';
let dataDir: string;
let secret: string;
let rm: StartedResourceManager;
let node: FakeNode;
let door: Listener | undefined;
let client: Peer;
let container: ContainerId;
const asked: string[] = [];

/** A node's door that lets in nobody but the ResourceManager: to others it is not there. */
async function openDoor(): Promise<void> {
  const transport = new NetTransport();
  const secretOf = (id: string) => {
    asked.push(id);
    return id === 'client:resourcemanager' ? secret : undefined;
  };
  door = await transport.listen(`unix:/tmp/${node.id}.sock`, (stream) =>
    acceptChannel(stream, 'node', secretOf, (channel, id) => {
      const peer = new Peer(channel, id);
      peer.serve(logsList, () => ({
        nodeId: node.id,
        files: [{ containerId: container, name: 'stdout', sizeBytes: TEXT.length, modifiedAtMs: 1_764_400_000_000 }],
      }));
      peer.serve(logsRead, ({ name, offset, lengthBytes }) => {
        if (name !== 'stdout') throw new AppError('LOG_NOT_FOUND', { what: name });
        const from = offset < 0 ? Math.max(0, TEXT.length + offset) : offset;
        const part = Buffer.from(TEXT).subarray(from, from + lengthBytes);
        return { base64: part.toString('base64'), offset: from, sizeBytes: TEXT.length, running: 1 };
      });
    }),
  );
}

const http = (path: string, user = me) => fetch(rm.url + path, { headers: { authorization: `Bearer ${user}:${httpToken(secret, user)}` } });

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'logs-'));
  const onFatal = (error: Error) => {
    throw error;
  };
  rm = await startResourceManager({ dataDir, settings, logger: quiet, http: true, onFatal });
  secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  node = new FakeNode(`localhost:logs${process.pid}`);
  await node.connect(rm.address, secret);
  client = await asClient(rm.address, secret);
  const { applicationId } = await client.call(applicationNew, {});
  await client.call(applicationSubmit, {
    applicationId,
    name: 'says something',
    type: 'SPARK',
    user: me,
    queue: 'default',
    tags: [],
    priority: 0,
    unmanaged: false,
    maxAttempts: 1,
    am: { kind: 'driver', args: ['{}'], env: {}, secretEnv: {}, resources: [], user: me },
    amResource: { memoryMb: 1024, vcores: 1 },
  });
  await node.until(() => node.orders.some((o) => o.order === 'launch'));
  container = node.orders.find((o) => o.order === 'launch')!.token!.containerId;
  await node.run(container);
  await openDoor();
});
afterAll(async () => {
  client.close();
  await rm.stop();
  await door?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('over HTTP, whole or a part, and as the page asks for it', async () => {
  const { containerLogsInfo } = (await (await http(`/ws/v1/cluster/containers/${container}/logs`)).json()) as never;
  expect(containerLogsInfo).toMatchObject({ nodeId: node.id, containerLogInfo: [{ fileName: 'stdout', fileSize: '23' }] });
  expect(await (await http(`/ws/v1/cluster/containerlogs/${container}/stdout?raw=true`)).text()).toBe(TEXT);
  expect(await (await http(`/ws/v1/cluster/containers/${container}/logs/stdout?size=-12&raw=true`)).text()).toBe('second line\n');
  expect((await http(`/ws/v1/cluster/containerlogs/${container}/other`)).status).toBe(404);
  expect(await (await http(`/ui-api/logs/${container}`)).json()).toMatchObject([{ name: 'stdout', sizeBytes: 23 }]);
  expect(await (await http(`/ui-api/logs/${container}/part?file=stdout&offset=-12`)).json()).toMatchObject({
    text: 'second line\n',
    running: true,
  });
  expect(await (await http(`/ui-api/logs/${container}/search?file=stdout&text=FIRST`)).json()).toMatchObject({
    matches: [{ line: 'first line' }],
  });
});

it('to yarn logs of somebody who does not reach the node', async () => {
  const cluster = { settings, dataDir, tls: undefined } as never;
  const found = await findLogs(client, cluster, me, applicationOfContainer(container));
  try {
    expect(found.unreachable).toEqual([]);
    let text = '';
    await readLog(found.files[0]!, 0, 1_000, (bytes) => (text += bytes.toString()));
    expect(text).toBe(TEXT);
    expect(asked.some((id) => id.startsWith('log:'))).toBe(true); // he has tried it himself
  } finally {
    found.close();
  }
});

it('not to who may not see the application', async () => {
  for (const path of [
    `/ws/v1/cluster/containers/${container}/logs`,
    `/ws/v1/cluster/containerlogs/${container}/stdout`,
    `/ui-api/logs/${container}`,
  ])
    expect([path, (await http(path, 'mallory')).status]).toEqual([path, 403]);
});

it('from its packed file when the node is gone; without one the reason is told', async () => {
  await door!.close();
  door = undefined;
  await vi.waitFor(async () => expect((await http(`/ws/v1/cluster/containers/${container}/logs`)).status).toBe(503), 15_000);
  const loose = join(dataDir, 'loose');
  mkdirSync(join(loose, container), { recursive: true });
  writeFileSync(join(loose, container, 'stdout'), 'packed line\n');
  const applicationId = applicationOfContainer(container);
  const path = join(dataDir, 'app-logs', applicationId, archiveName(node.id));
  await writeArchive(path, { applicationId, nodeId: node.id, nowMs: 1 }, [loose]);
  expect(await (await http(`/ws/v1/cluster/containerlogs/${container}/stdout?raw=true`)).text()).toBe('packed line\n');
});
