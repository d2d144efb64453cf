// The shuffle service of a real NodeManager, on real sockets and folders: who may register and read what, and what survives a restart.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applicationId } from '../../../src/common/ids.ts';
import type { Logger } from '../../../src/common/ports.ts';
import { Settings } from '../../../src/common/settings.ts';
import { startNodeManager, type StartedNodeManager } from '../../../src/nodemanager/main.ts';
import { Log4jLogger } from '../../../src/platform/log4j-logger.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { connectPeer } from '../../../src/rpc/connect.ts';
import { containerLaunch } from '../../../src/rpc/messages/driver.ts';
import { blockFetch, blockFetchBatch, FETCH_BYTES, shuffleRegister } from '../../../src/rpc/messages/shuffle.ts';
import type { Peer } from '../../../src/rpc/peer.ts';
import { removeFromServices } from '../../../src/runtime/driver/service/shuffle-services.ts';
import { eventually } from '../../helpers/eventually.ts';
import { APP, command, containerOf, FakeResourceManager } from '../../helpers/fake-resource-manager.ts';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };
const SECRET = 'a'.repeat(64);
let dataDir: string;
let shuffle: string;
let rm: FakeResourceManager;
let nm: StartedNodeManager;
let address: string;
let peers: Peer[] = [];

async function start(values: Record<string, string> = {}): Promise<void> {
  const entries = Object.entries({ 'emberloom.executor.prestart': '0', ...values });
  const settings = new Settings(entries.map(([name, value]) => ({ name, value, where: 'test', line: 1 })));
  const logger = new Log4jLogger({ write: () => {} }, 'NodeManager');
  nm = await startNodeManager({ dataDir, name: 'n1', settings, logger, distDir: join(dataDir, 'dist') });
  await nm.registered;
  address = `unix:${join(dataDir, 'run', 'nm-n1-s.sock')}`;
}

/** Launches an executor's container; what it runs does not matter here: the service hears of the application. */
async function launch(seq: number, app = APP, secret = SECRET, services = 'spark_shuffle'): Promise<void> {
  const driver = await rm.driver(nm.address, app);
  const id = containerOf(seq, app);
  await driver.call(containerLaunch, {
    token: rm.token(id, nm.nodeId),
    launch: {
      ...command(),
      kind: 'executor',
      env: { EMBERLOOM_AUX_SERVICES: services },
      secretEnv: { EMBERLOOM_APP_SECRET: secret },
    },
  });
  await rm.reported(id, 'COMPLETED');
}

async function executor(id = `${APP}/1`, secret = SECRET): Promise<Peer> {
  const peer = await connectPeer(new NetTransport(), address, 'the service', { id: `block:${id}`, secret });
  peers.push(peer);
  return peer;
}
const read = async (peer: Peer, file: string, offset = 0, lengthBytes = 5) =>
  Buffer.from((await peer.call(blockFetch, { file, offset, lengthBytes })).data).toString();

beforeEach(async () => {
  dataDir = realpathSync(mkdtempSync(join(tmpdir(), 'nm-')));
  shuffle = join(dataDir, 'local/n1/usercache/ann/appcache', APP, 'shuffle');
  mkdirSync(shuffle, { recursive: true });
  writeFileSync(join(shuffle, 'shuffle_0_0_0.data'), 'hello world');
  rm = await new FakeResourceManager(dataDir).start();
});
afterEach(async () => {
  for (const peer of peers) peer.close();
  peers = [];
  await nm.stop();
  await rm.stop();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('the shuffle service', () => {
  it('serves what an executor registered, to any executor of the application, also after a restart', async () => {
    await start();
    await launch(1);
    await (await executor()).call(shuffleRegister, { shuffleDirs: [shuffle] });
    const file = join(shuffle, 'shuffle_0_0_0.data');
    expect(await read(await executor(`${APP}/2`), file, 6)).toBe('world');
    await nm.stop();
    await start();
    expect(await read(await executor(`${APP}/2`), file)).toBe('hello');
  });

  it('answers a batch range by range', async () => {
    await start();
    await launch(1);
    const peer = await executor();
    await peer.call(shuffleRegister, { shuffleDirs: [shuffle] });
    const file = join(shuffle, 'shuffle_0_0_0.data');
    const range = (of: string, offset: number, lengthBytes: number) => ({ file: of, offset, lengthBytes });
    const { parts } = await peer.call(blockFetchBatch, {
      ranges: [range(file, 0, 5), range(`${file}x`, 0, 5), range(file, 8, 9), range(file, 6, 5)],
    });
    expect(parts.map(({ data, fault }) => (data ? Buffer.from(data).toString() : fault))).toEqual([
      'hello',
      `${file}x is corrupt: ENOENT`,
      `${file} is corrupt: it ends at 11; 17 bytes were expected`,
      'world',
    ]);
    await expect(peer.call(blockFetchBatch, { ranges: [range(file, 0, FETCH_BYTES), range(file, 0, 1)] })).rejects.toMatchObject({
      code: 'BAD_MESSAGE',
    });
  });

  it('takes nobody without the proof of the secret of its application', async () => {
    await start();
    const other = applicationId(1_700_000_000_000 + process.pid, 2);
    await expect(executor()).rejects.toMatchObject({ code: 'AUTH_REFUSED' }); // not known yet
    await launch(1);
    await launch(1, other, 'b'.repeat(64));
    await expect(executor(`${APP}/1`, 'b'.repeat(64))).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await expect(executor(`${other}/1`, SECRET)).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await expect(executor('1', SECRET)).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await expect(executor(`${APP}/1/../2`, SECRET)).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await (await executor()).call(shuffleRegister, { shuffleDirs: [shuffle] });
    const stranger = await executor(`${other}/1`, 'b'.repeat(64));
    await expect(read(stranger, join(shuffle, 'shuffle_0_0_0.data'))).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' });
    await expect(stranger.call(shuffleRegister, { shuffleDirs: [shuffle] })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
  });

  it('serves no path that leads out of the folders, and registers none', async () => {
    await start();
    await launch(1);
    const peer = await executor();
    const outside = join(dataDir, 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'f'), 'secret');
    symlinkSync(join(dataDir, 'secret'), join(shuffle, 'link'));
    symlinkSync(outside, join(shuffle, 'deep'));
    for (const dir of [
      outside,
      join(shuffle, 'deep'),
      join(shuffle, '..'),
      `${shuffle}/../../..`,
      '/',
      '',
      'relative',
      join(shuffle, 'absent'),
    ])
      await expect(peer.call(shuffleRegister, { shuffleDirs: [dir] })).rejects.toMatchObject({ code: 'BAD_ARGUMENT' });
    await peer.call(shuffleRegister, { shuffleDirs: [shuffle] });
    const evil = [
      join(dataDir, 'secret'),
      join(shuffle, 'link'),
      join(shuffle, 'deep', 'f'),
      `${shuffle}/../../../../../../../secret`,
      `${shuffle}-other/x`,
      shuffle,
      '/proc/self/environ',
      '/etc/passwd',
      `${shuffle}/shuffle_0_0_0.data\0`,
      '',
    ];
    for (const file of evil) await expect(read(peer, file)).rejects.toMatchObject({ code: 'BLOCK_CORRUPT' });
    expect(await read(peer, `${shuffle}/./shuffle_0_0_0.data`)).toBe('hello');
  });

  it('removes the files of shuffles on request, and everything with the application', async () => {
    await start();
    await launch(1);
    const peer = await executor();
    await peer.call(shuffleRegister, { shuffleDirs: [shuffle] });
    for (const name of ['shuffle_0_1_1.data', 'shuffle_0_1_1.data.index', 'shuffle_10_0_2.data', 'spill_1'])
      writeFileSync(join(shuffle, name), '');
    const driver = removeFromServices(new NetTransport(), { applicationId: APP, secret: SECRET }, silent);
    await driver(7, [address]);
    await driver(0, [address, address, `unix:${join(dataDir, 'run', 'nobody.sock')}`]);
    expect(readdirSync(shuffle).sort()).toEqual(['shuffle_10_0_2.data', 'spill_1']);
    rm.order({ order: 'cleanupApplication', applicationId: APP });
    await eventually(() => existsSync(shuffle)).toBe(false);
    await eventually(() => peer.channel.closed).toBe(true);
    await expect(executor()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    expect(readdirSync(join(dataDir, 'state/nm-n1/shuffle'))).toEqual([]);
  });

  it('goes on without a registration that is damaged', async () => {
    const state = join(dataDir, 'state/nm-n1/shuffle');
    mkdirSync(state, { recursive: true });
    writeFileSync(join(state, `${APP}.json`), '{"user":');
    writeFileSync(join(state, `${APP}.json.new`), '{');
    await start();
    await expect(executor()).rejects.toMatchObject({ code: 'AUTH_REFUSED' });
    await launch(1);
    await (await executor()).call(shuffleRegister, { shuffleDirs: [shuffle] });
  });

  it('is absent where it is switched off: a container that needs it is not launched', async () => {
    await start({ 'yarn.nodemanager.aux-services': '' });
    expect(existsSync(join(dataDir, 'run', 'nm-n1-s.sock'))).toBe(false);
    await expect(launch(1)).rejects.toMatchObject({
      code: 'LAUNCH_FAILED',
      message: expect.stringContaining('auxService:spark_shuffle does not exist'),
    });
    await launch(2, APP, SECRET, '');
  });
});
