import { describe, expect, it } from 'vitest';
import { followApplication } from '../../../src/cli/follow-application.ts';
import type { ApplicationId } from '../../../src/common/ids.ts';
import type { Logger, Timers } from '../../../src/common/ports.ts';
import { Channel } from '../../../src/rpc/channel.ts';
import { applicationChanged, applicationWatch } from '../../../src/rpc/messages/client.ts';
import type { ApplicationReport } from '../../../src/rpc/messages/shapes.ts';
import { Peer } from '../../../src/rpc/peer.ts';
import { duplexPair } from 'node:stream';

const applicationId = 'application_1700000000000_0001' as ApplicationId;
const report = (state: ApplicationReport['state'], fields: Partial<ApplicationReport> = {}): ApplicationReport => ({
  applicationId,
  name: 'a',
  type: 'SPARK',
  user: 'u',
  queue: 'root.default',
  tags: [],
  priority: 0,
  state,
  finalStatus: 'UNDEFINED',
  progress: 0,
  diagnostics: '',
  trackingUrl: '',
  amHost: '',
  amRpcPort: -1,
  submittedAtMs: 1,
  launchedAtMs: 0,
  finishedAtMs: 0,
  unmanaged: false,
  usedMemoryMb: 0,
  usedVcores: 0,
  runningContainers: 0,
  memoryMbSeconds: 0,
  vcoreSeconds: 0,
  ...fields,
});

/** A ResourceManager's end of a connection that answers `watch` with `now`, and ours. */
function connection(now: ApplicationReport): { ours: Peer; theirs: Peer } {
  const [a, b] = duplexPair();
  const theirs = new Peer(new Channel(a), 'client').serve(applicationWatch, () => now);
  return { ours: new Peer(new Channel(b), 'the ResourceManager'), theirs };
}

function recorder(): { log: Logger; lines: string[] } {
  const lines: string[] = [];
  const log: Logger = { debug() {}, info: (m) => lines.push(m), warn: (m) => lines.push(m), error: (m) => lines.push(m), named: () => log };
  return { log, lines };
}
/** Timers that fire when the test says so. */
function handTimers(): Timers & { fire(): void } {
  const due: (() => void)[] = [];
  const take = (run: () => void) => {
    due.push(run);
    return () => {};
  };
  return {
    after: (_, run) => take(run),
    every: (_, run) => take(run),
    fire: () => due.splice(0).forEach((run) => run()),
  };
}
const states = (lines: string[]) => lines.flatMap((l) => /\(state: (\w+)\)/.exec(l)?.[1] ?? []);

describe('following an application', () => {
  it('prints state and block when something changes, the state alone when nothing does, and ends with the application', async () => {
    const { ours, theirs } = connection(report('ACCEPTED'));
    const { log, lines } = recorder();
    const timers = handTimers();
    const end = followApplication(ours, {
      applicationId,
      connect: () => Promise.reject(new Error('not asked')),
      timers,
      log,
      intervalMs: 1000,
      patienceMs: 1000,
    });
    await expect.poll(() => lines.length).toBe(2);
    expect(lines[1]).toContain('\n\t client token: N/A\n');
    timers.fire(); // thirty intervals later
    expect(lines).toHaveLength(3);
    theirs.push(applicationChanged, report('RUNNING'));
    theirs.push(applicationChanged, report('RUNNING'));
    theirs.push(applicationChanged, report('FINISHED', { finalStatus: 'SUCCEEDED' }));
    expect((await end).finalStatus).toBe('SUCCEEDED');
    expect(states(lines)).toEqual(['ACCEPTED', 'ACCEPTED', 'RUNNING', 'FINISHED']);
    expect(lines).toHaveLength(7);
  });

  it('says again why it waits when that has changed, though the state has not', async () => {
    let now = report('ACCEPTED', { diagnostics: 'no node has room' });
    const [a, b] = duplexPair();
    const theirs = new Peer(new Channel(a), 'client').serve(applicationWatch, () => now);
    const { log, lines } = recorder();
    const timers = handTimers();
    const how = { applicationId, connect: () => Promise.reject(new Error('not asked')), timers, log, intervalMs: 1000, patienceMs: 1000 };
    const end = followApplication(new Peer(new Channel(b), 'the ResourceManager'), how);
    await expect.poll(() => lines.length).toBe(2);
    now = report('ACCEPTED', { diagnostics: 'the queue is full' });
    timers.fire();
    await expect.poll(() => lines.length).toBe(4);
    expect(lines[3]).toContain('\t diagnostics: the queue is full\n');
    theirs.push(applicationChanged, report('FINISHED', { finalStatus: 'SUCCEEDED' }));
    await end;
  });

  it('goes back to ACCEPTED and RUNNING when the driver is started again', async () => {
    const { ours, theirs } = connection(report('RUNNING'));
    const { log, lines } = recorder();
    const end = followApplication(ours, {
      applicationId,
      connect: () => Promise.reject(new Error('not asked')),
      timers: handTimers(),
      log,
      intervalMs: 1000,
      patienceMs: 1000,
    });
    await expect.poll(() => lines.length).toBe(2);
    for (const state of ['ACCEPTED', 'RUNNING', 'FAILED'] as const) theirs.push(applicationChanged, report(state));
    await end;
    expect(states(lines)).toEqual(['RUNNING', 'ACCEPTED', 'RUNNING', 'FAILED']);
  });

  it('connects again when the ResourceManager went away, and takes up where it is then', async () => {
    const first = connection(report('RUNNING'));
    const second = connection(report('KILLED', { finalStatus: 'KILLED' }));
    const { log, lines } = recorder();
    const timers = handTimers();
    let asked = 0;
    const connect = () => (asked++ === 0 ? Promise.reject(new Error('still down')) : Promise.resolve(second.ours));
    const end = followApplication(first.ours, { applicationId, connect, timers, log, intervalMs: 1000, patienceMs: 60_000 });
    await expect.poll(() => lines.length).toBe(2);
    first.theirs.close();
    const fired = () => {
      timers.fire();
      return states(lines);
    };
    await expect.poll(fired).toContain('KILLED');
    expect((await end).state).toBe('KILLED');
    expect(asked).toBe(2);
  });

  it('stops as soon as it is enough (waitAppCompletion=false)', async () => {
    const { ours } = connection(report('ACCEPTED'));
    const end = await followApplication(ours, {
      applicationId,
      connect: () => Promise.reject(new Error()),
      timers: handTimers(),
      log: recorder().log,
      intervalMs: 1,
      patienceMs: 1,
      enough: (r) => r.state === 'ACCEPTED',
    });
    expect(end.state).toBe('ACCEPTED');
  });
});
