// What an operator orders of a running ResourceManager: another attempt of an application, and settings that are read again without a restart.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { attemptId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { Settings } from '../../../../src/common/settings.ts';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import { connectPeer } from '../../../../src/rpc/connect.ts';
import { startResourceManager, type StartedResourceManager } from '../../../../src/resourcemanager/main.ts';
import { applicationNew, applicationReport, applicationSubmit, attemptList } from '../../../../src/rpc/messages/client.ts';
import { attemptFail, settingsRefresh } from '../../../../src/rpc/messages/operators.ts';
import type { Peer } from '../../../../src/rpc/peer.ts';
import { httpToken } from '../../../../src/rpc/user-secret.ts';
import { FakeNode } from './fakes.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const me = userInfo().username;
const lines = (more: Record<string, string>) =>
  new Settings(
    Object.entries({ 'yarn.resourcemanager.webapp.address': 'localhost:0', ...more }).map(([name, value]) => ({
      name,
      value,
      where: 'test',
      line: 1,
    })),
  );
let file: () => Settings = () => lines({});
let dataDir: string;
let secret: string;
let rm: StartedResourceManager;
let node: FakeNode;
let client: Peer;

beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'orders-'));
  const onFatal = (error: Error) => {
    throw error;
  };
  rm = await startResourceManager({ dataDir, settings: lines({}), readSettings: async () => file(), logger: quiet, http: true, onFatal });
  secret = readFileSync(join(dataDir, 'secret'), 'utf8').trim();
  node = new FakeNode('localhost:orders');
  await node.connect(rm.address, secret);
  client = await connectPeer(new NetTransport(), rm.address, 'the ResourceManager', { id: `client:${me}`, secret });
});
afterAll(async () => {
  client.close();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

it('a failed attempt is followed by another one; the last that may fail ends the application, with who wanted it', async () => {
  const { applicationId } = await client.call(applicationNew, {});
  await client.call(applicationSubmit, {
    applicationId,
    name: 'stuck',
    type: 'SPARK',
    user: me,
    queue: 'default',
    tags: [],
    priority: 0,
    unmanaged: false,
    maxAttempts: 2,
    am: { kind: 'driver', args: ['{}'], env: {}, secretEnv: {}, resources: [], user: me },
    amResource: { memoryMb: 512, vcores: 1 },
  });
  const launches = () => node.orders.filter((o) => o.order === 'launch' && o.token!.applicationId === applicationId);
  const states = async () => (await client.call(attemptList, { applicationId })).attempts.map((a) => a.state);
  const fail = (n: number) => client.call(attemptFail, { attemptId: attemptId(applicationId, n), user: me });
  await node.until(() => launches().length === 1);
  await node.run(launches()[0]!.token!.containerId);
  expect((await fail(1)).state).toBe('FAILED');
  await node.until(() => launches().length === 2);
  expect(node.orders.some((o) => o.order === 'kill' && o.containerId === launches()[0]!.token!.containerId)).toBe(true);
  expect((await fail(1)).state).toBe('FAILED'); // once more changes nothing
  expect((await states())[0]).toBe('FAILED');
  expect(await states()).toHaveLength(2);
  await fail(2);
  const report = await client.call(applicationReport, { applicationId });
  expect(report).toMatchObject({ state: 'FAILED', finalStatus: 'FAILED' });
  expect(report.diagnostics).toContain(`Attempt failed by user ${me}.`);
  await expect(fail(9)).rejects.toMatchObject({ code: 'ATTEMPT_UNKNOWN' });
});

it('administrators and who may act for whom are read again by order, not before; a bad file changes nothing', async () => {
  const conf = async (user: string) =>
    (await fetch(`${rm.url}/conf`, { headers: { authorization: `Bearer ${user}:${httpToken(secret, user)}` } })).status;
  file = () => lines({ 'yarn.admin.acl': 'bob', 'hadoop.proxyuser.hue.hosts': '*', 'hadoop.proxyuser.hue.users': '*' });
  expect(await conf('bob')).toBe(403);
  await client.call(settingsRefresh, { what: 'adminAcls' });
  expect(await conf('bob')).toBe(200);
  expect(rm.running.active!.access.proxies.size).toBe(0);
  await client.call(settingsRefresh, { what: 'superUserGroups' });
  expect(rm.running.active!.access.proxies.size).toBe(1);
  file = () => {
    throw new AppError('CONFIG_BAD_FILE', { file: 'emberloom.yaml', detail: 'line 3' });
  };
  await expect(client.call(settingsRefresh, { what: 'adminAcls' })).rejects.toMatchObject({ code: 'CONFIG_BAD_FILE' });
  expect(await conf('bob')).toBe(200);
  await client.call(settingsRefresh, { what: 'userToGroups' });
});
