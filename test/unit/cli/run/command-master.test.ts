// The master of `emberloom run` against a ResourceManager and a NodeManager that only speak the protocol: what comes on two connections has no common
// order, and here it comes in the wrong one.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommandMaster } from '../../../../src/cli/run/command-master.ts';
import { ShowOutput } from '../../../../src/cli/run/show-output.ts';
import { type ApplicationId, attemptId, containerId, type NodeId } from '../../../../src/common/ids.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { NetTransport } from '../../../../src/platform/net-transport.ts';
import { systemTimers } from '../../../../src/platform/system-clock.ts';
import { acceptChannel } from '../../../../src/rpc/connect.ts';
import {
  allocateUpdate,
  containerLaunch,
  driverAllocate,
  driverRegister,
  driverUnregister,
  logsRead,
} from '../../../../src/rpc/messages/driver.ts';
import { Peer } from '../../../../src/rpc/peer.ts';
import type { Listener } from '../../../../src/rpc/transport.ts';

const APP = 'application_1700000000000_0001' as ApplicationId;
const ATTEMPT = attemptId(APP, 1);
const CONTAINER = containerId(ATTEMPT, 0, 1);
const SECRET = 'a'.repeat(64);
const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };
const transport = new NetTransport();

let dir: string;
let listeners: Listener[];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'el-run-'));
  listeners = [];
});
afterEach(async () => {
  for (const listener of listeners) await listener.close();
  rmSync(dir, { recursive: true, force: true });
});

async function daemon(name: string, serve: (peer: Peer) => void): Promise<Listener> {
  const listener = await transport.listen(`unix:${join(dir, name)}`, (stream) =>
    acceptChannel(
      stream,
      name,
      () => SECRET,
      (channel, id) => serve(new Peer(channel, id)),
    ),
  );
  listeners.push(listener);
  return listener;
}

/** Grants one container; says that it has ended, with 0, when `end` is called, which resolves when the master has heard that. */
async function resourceManager(nodeAddress: string) {
  let master: Peer | undefined;
  let granted = false;
  let heard: () => void = () => {};
  const token = {
    containerId: CONTAINER,
    nodeId: 'h:n1' as NodeId,
    applicationId: APP,
    user: 'ada',
    resource: { memoryMb: 64, vcores: 1 },
  };
  const update = (seq: number, more: object) =>
    master!.push(allocateUpdate, { seq, granted: [], completed: [], preempt: [], leavingNodes: [], ...more });
  const { address } = await daemon('rm.sock', (peer) => {
    master = peer;
    peer.serve(driverRegister, () => ({
      epoch: 0,
      maximumAllocation: { memoryMb: 1024, vcores: 1 },
      nmSecret: SECRET,
      clusterNodes: 1,
      aliveEveryMs: 60_000,
    }));
    peer.serve(driverAllocate, ({ seq, asks, ackedUpdateSeq }) => {
      if (!granted && asks.some(({ count }) => count > 0)) {
        granted = true;
        update(1, { granted: [{ askId: 1, token: { ...token, expiresAtMs: 1, keyId: 1, mac: '' }, nodeAddress, host: 'h' }] });
      }
      if (ackedUpdateSeq === 2) heard();
      return { seq, waiting: '' };
    });
    peer.serve(driverUnregister, () => ({}));
  });
  const end = () =>
    new Promise<void>((resolve) => {
      heard = resolve;
      update(2, { completed: [{ containerId: CONTAINER, exitStatus: 0, diagnostics: '' }] });
    });
  return { address, end };
}

const spec = {
  argv: ['true'],
  num: 1,
  memoryMb: 64,
  vcores: 1,
  priority: 0,
  restartPolicy: 'never' as const,
  maxRestarts: 0,
  env: {},
  resources: [],
  user: 'ada',
  prefix: false,
};

describe('CommandMaster', () => {
  it('hears of an end before the launch is answered: it has begun all the same, and what it wrote is shown', async () => {
    let rm: Awaited<ReturnType<typeof resourceManager>>;
    const node = await daemon('nm.sock', (peer) => {
      peer.serve(containerLaunch, async () => {
        await rm.end(); // the process was quick, and this answer is slow
        return { containerId: CONTAINER };
      });
    });
    rm = await resourceManager(node.address);
    const order: string[] = [];
    const master = new CommandMaster({
      spec,
      attemptId: ATTEMPT,
      secret: SECRET,
      rmAddress: rm.address,
      host: 'h',
      transport,
      timers: systemTimers,
      log: quiet,
      onStarted: ({ index }) => order.push(`started ${index}`),
      onEnded: (id) => order.push(`ended ${id}`),
      beforeEnd: async () => void order.push('the rest is shown'),
    });
    expect(await master.run()).toEqual({ exitCode: 0, diagnostics: '' });
    expect(order).toEqual(['started 0', `ended ${CONTAINER}`, 'the rest is shown']);
  });
});

describe('ShowOutput', () => {
  it('goes on where it was when the NodeManager was started again', async () => {
    const text = 'one\ntwo\n';
    const serve = (upTo: number, then: () => void) => (peer: Peer) =>
      peer.serve(logsRead, ({ name, offset }) => {
        const all = name === 'stdout' ? text.slice(0, upTo) : '';
        if (name === 'stderr') then();
        return { base64: Buffer.from(all.slice(offset)).toString('base64'), offset, sizeBytes: all.length, running: 1 };
      });
    const lines: string[] = [];
    const faults: string[] = [];
    let readOnce: () => void = () => {};
    const first = new Promise<void>((resolve) => {
      readOnce = resolve;
    });
    const before = await daemon(
      'nm.sock',
      serve(4, () => readOnce()),
    );
    const output = new ShowOutput({
      transport,
      identity: async () => ({ id: 'client:ada', secret: SECRET }),
      prefix: false,
      stdout: (line) => lines.push(line),
      stderr: (line) => lines.push(line),
      warn: (fault) => faults.push(fault),
    });
    output.started({ index: 0, containerId: CONTAINER, nodeAddress: before.address });
    await first;
    await before.close();
    await daemon(
      'nm.sock',
      serve(8, () => {}),
    );
    output.ended(CONTAINER);
    await output.finish();
    expect(faults).toEqual([]);
    expect(lines).toEqual(['one\n', 'two\n']);
  });
});
