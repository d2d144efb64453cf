import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { applicationId, attemptId } from '../../../src/common/ids.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { unrefTimers } from '../../../src/platform/system-clock.ts';
import { acceptChannel } from '../../../src/rpc/connect.ts';
import { driverAllocate, driverRegister, driverUnregister } from '../../../src/rpc/messages/driver.ts';
import { Peer } from '../../../src/rpc/peer.ts';
import { RmSession } from '../../../src/rpc/rm-session.ts';

const SECRET = 'a'.repeat(64);
const silent = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };
const folder = mkdtempSync(join(tmpdir(), 'el-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a ResourceManager that goes away while the driver registers again is tried by one connection at a time', async () => {
  const address = `unix:${join(folder, 'rm.sock')}`;
  const open = new Set<Peer>();
  let registrations = 0;
  let most = 0;
  let again = () => {};
  const steady = new Promise<void>((resolve) => {
    again = resolve;
  });
  const transport = new NetTransport();
  const listener = await transport.listen(address, (stream) =>
    acceptChannel(
      stream,
      'rm',
      () => SECRET,
      (channel, id) => {
        const peer = new Peer(channel, id);
        open.add(peer);
        most = Math.max(most, open.size);
        peer.onClose = () => open.delete(peer);
        peer.serve(driverAllocate, () => ({ seq: 1, waiting: '' }));
        peer.serve(driverRegister, () => {
          registrations++;
          if (registrations > 1 && registrations < 6) channel.destroy('restarting'); // after the proof, before the answer
          if (registrations === 6) again();
          return { epoch: 1, nmSecret: SECRET, maximumAllocation: { memoryMb: 1, vcores: 1 }, clusterNodes: 1, aliveEveryMs: 60_000 };
        });
      },
    ),
  );
  const session = new RmSession({
    transport,
    timers: unrefTimers,
    waits: unrefTimers,
    log: silent,
    rmAddress: address,
    attemptId: attemptId(applicationId(1_700_000_000_000, 1), 1),
    secret: SECRET,
    host: 'h',
  });
  await session.start();
  for (const peer of open) peer.channel.destroy('restarting');
  await steady;
  expect(most).toBe(1);
  expect(registrations).toBe(6);
  for (const peer of open) peer.channel.destroy('the end');
  await session.stop({ finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 });
  await listener.close();
});

/** Dies when it is first told of an end, before it has answered, and is started again. @returns what it was told of ends */
async function dyingResourceManager(name: string) {
  const goodbyes: string[] = [];
  const address = `unix:${join(folder, name)}`;
  const transport = new NetTransport();
  const listener = await transport.listen(address, (stream) =>
    acceptChannel(
      stream,
      'rm',
      () => SECRET,
      (channel, id) => {
        const peer = new Peer(channel, id);
        peer.serve(driverAllocate, () => ({ seq: 1, waiting: '' }));
        peer.serve(driverRegister, () => ({
          epoch: 1,
          nmSecret: SECRET,
          maximumAllocation: { memoryMb: 1, vcores: 1 },
          clusterNodes: 1,
          aliveEveryMs: 60_000,
        }));
        peer.serve(driverUnregister, ({ finalStatus }) => {
          goodbyes.push(finalStatus);
          if (goodbyes.length === 1) channel.destroy('killed');
          return {};
        });
      },
    ),
  );
  const warnings: string[] = [];
  const session = new RmSession({
    transport,
    timers: unrefTimers,
    waits: unrefTimers,
    log: { ...silent, warn: (text: string) => warnings.push(text) },
    rmAddress: address,
    attemptId: attemptId(applicationId(1_700_000_000_000, 1), 1),
    secret: SECRET,
    host: 'h',
  });
  await session.start();
  return { session, goodbyes, warnings, close: () => listener.close() };
}

test('a ResourceManager that dies before it has answered the good-bye hears it when it is there again: the work is done', async () => {
  const rm = await dyingResourceManager('dies.sock');
  await rm.session.stop({ finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 });
  expect(rm.goodbyes).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  expect(rm.warnings).toEqual([]);
  await rm.close();
});

test('a driver that was told to end waits for nobody', async () => {
  const rm = await dyingResourceManager('told.sock');
  await rm.session.stop({ finalStatus: 'KILLED', diagnostics: 'The driver got SIGTERM', exitCode: 143 });
  expect(rm.goodbyes).toEqual(['KILLED']);
  expect(rm.warnings).toEqual([expect.stringContaining('The ResourceManager did not hear of the end')]);
  await rm.close();
});
