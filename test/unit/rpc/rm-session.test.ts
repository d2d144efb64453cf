import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { applicationId, attemptId } from '../../../src/common/ids.ts';
import { NetTransport } from '../../../src/platform/net-transport.ts';
import { unrefTimers } from '../../../src/platform/system-clock.ts';
import { acceptChannel } from '../../../src/rpc/connect.ts';
import { driverAllocate, driverRegister } from '../../../src/rpc/messages/driver.ts';
import { Peer } from '../../../src/rpc/peer.ts';
import { RmSession } from '../../../src/rpc/rm-session.ts';

const SECRET = 'a'.repeat(64);
const silent = { debug() {}, info() {}, warn() {}, error() {}, named: () => silent };
const folder = mkdtempSync(join(tmpdir(), 'el-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

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
