// What ends or changes an application from outside: lifetimes, the longest wait in a queue, another queue, another priority, and where
// placement rules put it. The core alone, with its time in hand.
import { describe, expect, it } from 'vitest';
import { attemptId, type ApplicationId, type NodeId } from '../../../../src/common/ids.ts';
import { NO_POLICIES, policiesFrom, type QueuePolicies, withoutPolicies } from '../../../../src/resourcemanager/core/queue-policies.ts';
import type { Recovered, Submission } from '../../../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { queuesFrom } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const SETTINGS = { ...CORE_SETTINGS, amExpiryMs: 1e9, amSilenceMs: 1e9, grantExpiryMs: 1e9, maxAppAttempts: 4, maxApplicationPriority: 9 };
const AM = { kind: 'driver' as const, args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };
const C = 'yarn.scheduler.capacity.';
const FILE = Object.entries({
  [`${C}root.queues`]: 'etl,adhoc,shut',
  [`${C}root.etl.capacity`]: 50,
  [`${C}root.adhoc.capacity`]: 40,
  [`${C}root.shut.capacity`]: 10,
  [`${C}root.shut.state`]: 'STOPPED',
  [`${C}root.maximum-application-lifetime`]: 3600,
  [`${C}root.adhoc.maximum-application-lifetime`]: 600,
  [`${C}root.adhoc.default-application-lifetime`]: '5min',
  'emberloom.scheduler.root.adhoc.maximum-queue-wait': 60,
  [`${C}queue-mappings`]: 't:batch:etl,g:hurried:adhoc',
}).map(([name, value], i) => ({ name, value, line: i + 1 }));
const QUEUES = queuesFrom('f', withoutPolicies(FILE));
const POLICIES = policiesFrom('f', FILE, QUEUES.root);
const NOTHING: Recovered = NOTHING_FOUND;

class World {
  nowMs = 100_000;
  core: RmCore;
  readonly saved = { applications: new Map<string, unknown>(), attempts: new Map<string, unknown>() };

  constructor({ node = true, policies = POLICIES as QueuePolicies } = {}) {
    this.core = new RmCore(SETTINGS, NOTHING, QUEUES, this.nowMs, policies);
    if (node) this.node('n1');
  }

  node(name: string): void {
    const [nodeId, address] = [`h:${name}` as NodeId, `unix:/${name}`];
    const capacity = { memoryMb: 4096, vcores: 4 };
    this.handle({
      tag: 'nodeRegistered',
      nodeId,
      host: 'h',
      rack: '/r',
      address,
      capacity,
      containers: [],
      version: '1',
      applications: [],
    });
  }

  submit(more: Partial<Submission> = {}, groups: string[] = []): ApplicationId {
    const id = this.core.newApplicationId();
    const managed = { am: AM, amResource: { memoryMb: 512, vcores: 1 }, unmanaged: false };
    const base = { name: 'x', type: 'SPARK', user: 'ada', queue: 'etl', tags: [], priority: 0, maxAttempts: 1 };
    this.handle({ tag: 'applicationSubmitted', id, submission: { ...base, ...managed, ...more }, secret: 's', groups });
    return id;
  }

  handle(event: Record<string, unknown>): void {
    this.core.handle({ ...event, atMs: this.nowMs } as never);
    this.core.schedule(100);
    for (const save of this.core.takeEffects().saves) {
      if (save.tag === 'saveApplication') this.saved.applications.set(save.record.id, JSON.parse(JSON.stringify(save.record)));
      if (save.tag === 'saveAttempt') this.saved.attempts.set(save.record.id, JSON.parse(JSON.stringify(save.record)));
    }
  }

  after(ms: number): void {
    this.nowMs += ms;
    this.handle({ tag: 'timePassed' });
  }

  restart(): void {
    const { applications, attempts } = this.saved;
    const found = { ...NOTHING, epoch: 1, applicationSeq: 20, applications: [...applications.values()], attempts: [...attempts.values()] };
    this.core = new RmCore(SETTINGS, found as Recovered, QUEUES, this.nowMs, POLICIES);
  }

  of(id: ApplicationId) {
    return this.core.cluster.applications.get(id)!;
  }
  end(id: ApplicationId) {
    const { state } = this.of(id);
    return 'ending' in state ? { tag: state.tag, diagnostics: state.ending.diagnostics } : { tag: state.tag };
  }
}

const EXPIRED = 'Application is killed by ResourceManager as it has exceeded the lifetime period.';

describe('the lifetime of an application', () => {
  it('ends it with words of YARN, neither earlier nor later', () => {
    const world = new World();
    const id = world.submit({ timeouts: { LIFETIME: 30 } });
    world.after(29_999);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
    world.after(1);
    expect(world.end(id)).toEqual({ tag: 'KILLED', diagnostics: EXPIRED });
  });

  it.each([
    ['etl', undefined, 3600],
    ['etl', 60, 60],
    ['etl', 7200, 3600],
    ['adhoc', undefined, 300],
    ['adhoc', 0, 300],
    ['adhoc', 900, 600],
  ])('in queue %s, %s s asked for: %i s', (queue, asked, seconds) => {
    const world = new World();
    const id = world.submit({ queue, ...(asked === undefined ? {} : { timeouts: { LIFETIME: asked } }) });
    expect(world.of(id).expiresAtMs).toBe(world.nowMs + seconds * 1000);
  });

  it('is for ever where nobody limits it', () => {
    const world = new World({ policies: NO_POLICIES });
    expect(world.of(world.submit()).expiresAtMs).toBeUndefined();
  });

  it('survives a restart: what was over meanwhile ends at once', () => {
    const world = new World();
    const [short, long] = [world.submit({ timeouts: { LIFETIME: 30 } }), world.submit({ timeouts: { LIFETIME: 100 } })];
    world.nowMs += 40_000;
    world.restart();
    world.after(0);
    expect(world.end(short).diagnostics).toBe(EXPIRED);
    expect(world.end(long)).toEqual({ tag: 'ACCEPTED' });
    world.after(60_000);
    expect(world.end(long).diagnostics).toBe(EXPIRED);
  });

  it('can be changed, also to an earlier end, within what the queue allows', () => {
    const world = new World();
    const id = world.submit({ queue: 'adhoc' });
    const set = (ms: number | undefined) =>
      world.handle({ tag: 'applicationTimeout', id, expiresAtMs: ms === undefined ? undefined : world.nowMs + ms, user: 'ada' });
    expect(() => set(0)).toThrow(`The lifetime of ${id} was not changed: its end would be in the past`);
    expect(() => set(601_000)).toThrow('queue root.adhoc allows 600 s');
    expect(() => set(undefined)).toThrow('queue root.adhoc allows 600 s');
    set(500_000);
    world.after(400_000);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
    set(1_000);
    world.after(1_000);
    expect(world.end(id).diagnostics).toBe(EXPIRED);
    expect(() => set(1_000)).toThrow('has already finished');
  });

  it('is an hour of the clock: a clock that was set does not move it', () => {
    const world = new World();
    const id = world.submit({ timeouts: { LIFETIME: 30 } });
    world.nowMs += 40_000;
    world.handle({ tag: 'clockMoved', byMs: 39_500 });
    world.after(0);
    expect(world.end(id).diagnostics).toBe(EXPIRED);
  });
});

describe('the longest wait for a first container', () => {
  it('of the application: it fails and says why it waited', () => {
    const world = new World({ node: false });
    const id = world.submit({ maxQueueWaitMs: 20_000 });
    world.after(19_999);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
    world.after(1);
    expect(world.end(id).tag).toBe('FAILED');
    expect(world.end(id).diagnostics).toMatch(
      /waited 20 s in queue root.etl for its first container and got none; its own limit is 20 s \(spark.emberloom.maxQueueWait\)\. .*no node has registered/,
    );
  });

  it('of its queue, when that is shorter', () => {
    const world = new World({ node: false });
    const id = world.submit({ queue: 'adhoc', maxQueueWaitMs: 90_000 });
    world.after(60_000);
    expect(world.end(id).diagnostics).toContain('queue root.adhoc allows 60 s (emberloom.scheduler.root.adhoc.maximum-queue-wait)');
  });

  it('is over with the first container, for good', () => {
    const world = new World();
    const id = world.submit({ maxQueueWaitMs: 20_000 });
    world.after(25_000);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
    world.restart();
    world.after(25_000);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
  });

  it('counts for client mode too: a driver that gets no executor', () => {
    const world = new World({ node: false });
    const id = world.submit({ unmanaged: true, am: undefined, amResource: undefined, maxQueueWaitMs: 20_000 });
    const none = {
      lastUpdateSeq: 0,
      epoch: 0,
      held: [],
      asks: [{ askId: 1, priority: 1, count: 1, resource: { memoryMb: 1024, vcores: 1 }, hosts: [] }],
    };
    world.handle({ tag: 'driverRegistered', attemptId: attemptId(id, 1), host: 'h', rpcPort: -1, trackingUrl: '', ...none });
    world.after(20_000);
    expect(world.end(id).diagnostics).toMatch(/^Application .* got none; .* 1 container of 1024 MB/);
  });

  it('goes on after a restart, with time for nodes to come back', () => {
    const world = new World({ node: false });
    const id = world.submit({ maxQueueWaitMs: 20_000 });
    world.nowMs += 19_000;
    world.restart();
    world.after(9_999);
    expect(world.end(id)).toEqual({ tag: 'ACCEPTED' });
    world.after(1);
    expect(world.end(id).tag).toBe('FAILED');
  });
});

it('queues are shown with their times', () => {
  const world = new World();
  const shown = world.core.cluster.queueViews().map((q) => [q.path, q.maximumLifetimeS, q.defaultLifetimeS]);
  expect(shown).toContainEqual(['root.adhoc', 600, 300]);
  expect(shown).toContainEqual(['root.etl', 3600, -1]);
});

describe('another queue', () => {
  it('takes what the application has and what it asks for along', () => {
    const world = new World();
    const id = world.submit();
    const inQueue = (path: string) => {
      const queue = world.core.cluster.scheduler.queues().find((q) => q.path === path)!;
      const { used, driverUsed } = queue.partitions[0]!;
      return [used.memoryMb, driverUsed.memoryMb, queue.runningApplications + queue.pendingApplications];
    };
    expect(inQueue('root.etl')).toEqual([512, 512, 1]);
    world.handle({ tag: 'applicationMove', id, queue: 'adhoc', user: 'root' });
    expect(world.of(id).submission.queue).toBe('root.adhoc');
    expect(inQueue('root.etl')).toEqual([0, 0, 0]);
    expect(inQueue('root.adhoc')).toEqual([512, 512, 1]);
    world.restart();
    expect(world.of(id).submission.queue).toBe('root.adhoc');
    expect(inQueue('root.adhoc')[2]).toBe(1);
  });

  it('is refused when it is not there, stopped, or the application is over', () => {
    const world = new World();
    const id = world.submit();
    const move = (queue: string) => world.handle({ tag: 'applicationMove', id, queue, user: 'root' });
    expect(() => move('adhok')).toThrow('unknown queue: adhok');
    expect(() => move('shut')).toThrow('STOPPED');
    world.handle({ tag: 'applicationKill', id, user: 'root', diagnostics: 'enough' });
    expect(() => move('adhoc')).toThrow('has already finished (KILLED)');
  });
});

describe('another priority', () => {
  it('puts the application before those that came earlier, at most the maximum of the cluster', () => {
    const world = new World({ node: false });
    const [first, second] = [
      world.submit({ amResource: { memoryMb: 2048, vcores: 1 } }),
      world.submit({ amResource: { memoryMb: 2048, vcores: 1 } }),
    ];
    world.handle({ tag: 'applicationPriority', id: second, priority: 100, user: 'root' });
    expect(world.of(second).submission.priority).toBe(9);
    expect(() => world.handle({ tag: 'applicationPriority', id: second, priority: -1, user: 'root' })).toThrow('-1 is no whole number');
    world.node('n1'); // 4096 MB: drivers of queue etl may have 1024 of it, and one may always run
    expect(world.of(second).attempts[0]!.state.tag).toBe('ALLOCATED');
    expect(world.of(first).attempts[0]!.state.tag).toBe('SCHEDULED');
  });

  it('does not make a repeated submission another one', () => {
    const world = new World();
    const id = world.core.newApplicationId();
    const submission = { name: 'x', type: 'S', user: 'ada', queue: 'etl', tags: [], priority: 3, maxAttempts: 1, unmanaged: true };
    const again = () => world.handle({ tag: 'applicationSubmitted', id, submission, secret: 's' });
    again();
    world.handle({ tag: 'applicationPriority', id, priority: 5, user: 'root' });
    world.handle({ tag: 'applicationMove', id, queue: 'adhoc', user: 'root' });
    again();
    expect([world.of(id).submission.priority, world.of(id).submission.queue]).toEqual([5, 'root.adhoc']);
  });
});

describe('placement at submission', () => {
  it('goes by tag and group; a queue that is not there is refused with those near it', () => {
    const world = new World();
    expect(world.of(world.submit({ queue: 'default', tags: ['batch'] })).submission.queue).toBe('root.etl');
    expect(world.of(world.submit({ queue: 'default' }, ['staff', 'hurried'])).submission.queue).toBe('root.adhoc');
    expect(() => world.submit({ queue: 'default' })).toThrow('Application submitted to unknown queue: default');
    try {
      world.submit({ queue: 'ethl' });
    } catch (error) {
      expect((error as { hint: string }).hint).toBe(
        'Did you mean etl? The queues that take applications are: root.etl, root.adhoc, root.shut.',
      );
    }
    expect.assertions(4);
  });

  it.each([
    [`${C}root.nightly.maximum-application-lifetime`, 60, 'f:99: there is no queue root.nightly'],
    [
      `${C}root.etl.default-application-lifetime`,
      7200,
      'f:99: queue root.etl: default-application-lifetime 7200 is above its maximum 3600',
    ],
    ['emberloom.scheduler.root.etl.maximum-queue-wait', 'long', 'f:99: emberloom.scheduler.root.etl.maximum-queue-wait is "long"'],
  ])('%s: %s is refused', (name, value, fault) =>
    expect(() => policiesFrom('f', [...FILE, { name, value, line: 99 }], QUEUES.root)).toThrow(fault),
  );
});
