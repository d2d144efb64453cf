// Where the next driver goes after one has failed: the whole core, with three hosts, on both schedulers.
import { describe, expect, it } from 'vitest';
import type { ApplicationId, NodeId } from '../../../../src/common/ids.ts';
import { applicationReport } from '../../../../src/resourcemanager/core/reports.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { applicationRecord, attemptRecord } from '../../../../src/resourcemanager/core/to-record.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';
import { fairQueues } from '../../../helpers/fair-queues.ts';

const SETTINGS = { ...CORE_SETTINGS, nmExpiryMs: 1e9, amSilenceMs: 1e9, grantExpiryMs: 1e9, maxAppAttempts: 9, amExclusion: 0.8 };
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };

class World {
  core: RmCore;
  readonly id: ApplicationId;
  #seq = 0;

  constructor(queues: SchedulerConfig) {
    this.core = new RmCore(SETTINGS, NOTHING_FOUND, queues, 1_000);
    for (const host of ['h1', 'h2', 'h3']) this.node(host);
    this.id = this.core.newApplicationId();
    const submission = { name: 'x', type: 'SPARK', user: 'ada', queue: 'default', tags: [], priority: 0, maxAttempts: 9, unmanaged: false };
    this.handle({
      tag: 'applicationSubmitted',
      id: this.id,
      submission: { ...submission, am: AM, amResource: { memoryMb: 512, vcores: 1 } },
      secret: 's',
    });
  }

  handle(event: Record<string, unknown>): void {
    this.core.handle({ ...event, atMs: 1_000 } as never);
    this.core.schedule(100);
    this.core.takeEffects();
  }

  node(host: string, memoryMb = 2048): void {
    const about = { host, rack: '/r', address: `unix:/${host}`, containers: [], version: '1', applications: [] };
    this.handle({ tag: 'nodeRegistered', nodeId: `${host}:nm`, ...about, capacity: { memoryMb, vcores: 4 } });
  }

  get application() {
    return this.core.cluster.applications.get(this.id)!;
  }

  get attempt() {
    return this.application.attempts.at(-1)!;
  }

  /** Where the drivers were so far, the last one perhaps nowhere yet. */
  get hosts(): (string | undefined)[] {
    return this.application.attempts.map((a) => a.am?.nodeId.slice(0, 2));
  }

  /** Its driver ends with that. */
  fail(exitStatus = 1): void {
    const { containerId, nodeId } = this.attempt.am!;
    const report = { containerId, resource: { memoryMb: 512, vcores: 1 }, user: 'ada', state: 'COMPLETED', exitStatus, diagnostics: 'd' };
    const beat = { tag: 'nodeHeartbeat', nodeId, seq: ++this.#seq, ackedOrders: 0, healthy: true, healthReport: '' };
    this.handle({ ...beat, reports: [{ ...report, startedAtMs: 1, finishedAtMs: 2 }] });
  }
}

describe.each([
  ['capacity', DEFAULT_QUEUES],
  ['fair', fairQueues('<queue name="default"/>')],
])('with the %s scheduler a driver', (_name, queues) => {
  it('goes to another host after each failure, and anywhere when those are too many of all', () => {
    const w = new World(queues);
    w.fail();
    w.fail();
    expect(new Set(w.hosts).size).toBe(3);
    expect(w.attempt.avoids).toEqual(w.hosts.slice(0, 2));
    w.fail(); // three of three is more than 80 %
    expect(w.attempt.avoids).toEqual([]);
    expect(w.hosts[3]).toBeDefined();
  });

  it.each([-100, -101, -102, -103, -104, -105, -106, -107])('stays where it likes after exit status %i: not the host’s fault', (status) => {
    const w = new World(queues);
    w.fail(status);
    expect(w.application.attempts).toHaveLength(2);
    expect(w.attempt.avoids).toEqual([]);
  });

  it('waits for the others while they are full and says why, takes one that joins, and any when the others have left', () => {
    const w = new World(queues);
    const others = ['h1', 'h2', 'h3'].filter((host) => host !== w.hosts[0]);
    const shrink = (host: string) =>
      w.handle({ tag: 'nodeResized', nodeId: `${host}:nm` as NodeId, capacity: { memoryMb: 256, vcores: 1 } });
    for (const host of others) shrink(host);
    w.fail();
    expect(w.hosts[1]).toBeUndefined();
    expect(applicationReport(w.core.cluster, w.application).diagnostics).toContain(
      `It is not placed on ${w.hosts[0]}, where it failed before.`,
    );
    w.node('h4');
    expect(w.hosts[1]).toBe('h4');

    w.fail();
    expect(w.hosts[2]).toBeUndefined(); // two hosts with room, and it failed on both
    for (const host of others) w.handle({ tag: 'nodeDecommission', nodeId: `${host}:nm`, graceful: false, timeoutMs: 0 });
    expect(w.attempt.avoids).toEqual([]);
    expect(w.hosts[2]).toBeDefined();
  });

  it('avoids it after a restart of the ResourceManager too', () => {
    const w = new World(queues);
    const others = ['h1', 'h2', 'h3'].filter((host) => host !== w.hosts[0]);
    for (const host of others) w.handle({ tag: 'nodeDisconnected', nodeId: `${host}:nm` });
    w.fail();
    expect(w.hosts[1]).toBeUndefined();
    const records = { applications: [applicationRecord(w.application)], attempts: w.application.attempts.map(attemptRecord) };
    w.core = new RmCore(SETTINGS, { ...NOTHING_FOUND, epoch: 1, applicationSeq: 20, ...structuredClone(records) }, queues, 1_000);
    for (const host of others) w.node(host, 256);
    w.node(w.hosts[0]!);
    expect(w.attempt.avoids).toEqual([w.hosts[0]]);
    expect(w.hosts[1]).toBeUndefined();
    w.node(others[0]!);
    expect(w.hosts[1]).toBe(others[0]);
  });
});
