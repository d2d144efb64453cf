// Queues that are made for applications, with the whole core around them: placement, rights, lifetimes, a restart, REST.
import { describe, expect, it } from 'vitest';
import { accessList } from '../../../../src/common/access-list.ts';
import type { ApplicationId } from '../../../../src/common/ids.ts';
import { takeQueueAcls } from '../../../../src/resourcemanager/core/acls/queue-acls.ts';
import { policiesFrom, withoutPolicies } from '../../../../src/resourcemanager/core/queue-policies.ts';
import type { Recovered } from '../../../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { queuesFrom } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { capacitySchedulerInfo } from '../../../../src/resourcemanager/http/render-queues.ts';
import type { RmHttpParts } from '../../../../src/resourcemanager/http/rm-app.ts';
import { queueTree } from '../../../../src/resourcemanager/pages/queue-views.ts';
import { CORE_SETTINGS, NOTHING_FOUND } from '../../../helpers/core-settings.ts';

const C = 'yarn.scheduler.capacity.';
const V2 = `${C}root.users.auto-queue-creation-v2`;
const FILE = {
  [`${C}root.queues`]: 'default,users',
  [`${C}root.default.capacity`]: '1w',
  [`${C}root.users.capacity`]: '3w',
  [`${V2}.enabled`]: true,
  [`${V2}.leaf-template.capacity`]: '2w',
  [`${V2}.leaf-template.maximum-application-lifetime`]: 600,
  [`${C}root.users.default-application-lifetime`]: 100,
  [`${C}auto-queue-creation-v2.queue-expiration-time`]: 10,
  [`${C}queue-mappings`]: 'u:%user:users.%user',
};

class World {
  nowMs = 100_000;
  core!: RmCore;
  readonly #file: readonly { name: string; value: unknown; line: number }[];
  readonly #saved = new Map<string, unknown>();

  constructor(more: Readonly<Record<string, unknown>> = {}) {
    this.#file = Object.entries({ ...FILE, ...more })
      .filter(([, value]) => value !== undefined)
      .map(([name, value], i) => ({ name, value, line: i + 1 }));
    this.start();
  }

  start(): void {
    const { rest, aclsFor } = takeQueueAcls('f', this.#file);
    const queues = queuesFrom('f', withoutPolicies(rest));
    const policies = { ...policiesFrom('f', rest, queues.root), acls: aclsFor(queues.root) };
    const found = { ...NOTHING_FOUND, epoch: 1, applicationSeq: 20, applications: [...this.#saved.values()] };
    this.core = new RmCore(CORE_SETTINGS, found as Recovered, queues, this.nowMs, policies);
  }

  submit(user: string, { queue = 'default', caller = undefined as string | undefined } = {}): ApplicationId {
    const id = this.core.newApplicationId();
    const submission = { name: 'x', type: 'SPARK', user, queue, tags: [], priority: 0, maxAttempts: 1, unmanaged: true };
    this.handle({ tag: 'applicationSubmitted', id, submission, secret: 's', groups: [], caller: caller && { user: caller, groups: [] } });
    return id;
  }

  handle(event: Record<string, unknown>): void {
    this.core.handle({ ...event, atMs: this.nowMs } as never);
    this.core.schedule(100);
    for (const save of this.core.takeEffects().saves)
      if (save.tag === 'saveApplication') this.#saved.set(save.record.id, JSON.parse(JSON.stringify(save.record)));
  }

  after(ms: number): void {
    this.nowMs += ms;
    this.handle({ tag: 'timePassed' });
  }

  of(id: ApplicationId) {
    return this.core.cluster.applications.get(id)!;
  }

  leaves(): string[] {
    return this.core.cluster
      .queueViews()
      .filter(({ leaf }) => leaf)
      .map(({ path }) => path);
  }
}

describe('queues that are made for applications', () => {
  it('are placed in by a mapping, or by their path, and not by a short name', () => {
    const w = new World();
    expect(w.of(w.submit('ada')).submission.queue).toBe('root.users.ada');
    expect(w.of(w.submit('first.last')).submission.queue).toBe('root.users.first_dot_last');
    expect(w.of(w.submit('ada', { queue: 'root.users.staff.ada' })).submission.queue).toBe('root.users.staff.ada');
    expect(() => w.submit('ada', { queue: 'nobody' })).toThrow(/nobody/);
    expect(w.leaves()).toEqual(['root.default', 'root.users.ada', 'root.users.first_dot_last', 'root.users.staff.ada']);
  });

  it('take a driver that the ResourceManager starts, in a container as large as the template allows', () => {
    const w = new World({ [`${V2}.leaf-template.maximum-allocation-mb`]: 1024 });
    const driver = (memoryMb: number) => {
      const id = w.core.newApplicationId();
      const am = { kind: 'driver', args: [], env: {}, secretEnv: {}, resources: [], user: 'ada' };
      const submission = {
        name: 'x',
        type: 'SPARK',
        user: 'ada',
        queue: 'root.users.ada',
        tags: [],
        priority: 0,
        maxAttempts: 1,
        unmanaged: false,
      };
      const managed = { ...submission, am, amResource: { memoryMb, vcores: 1 } };
      w.handle({ tag: 'applicationSubmitted', id, submission: managed, secret: 's', groups: [] });
      return w.of(id).submission.queue;
    };
    expect(() => driver(2048)).toThrow(/1024 MB/);
    expect(w.leaves()).toEqual(['root.default']);
    expect(driver(1024)).toBe('root.users.ada');
  });

  it.each([
    [true, 'root.users.ada'],
    [false, 'root.default'],
  ])('with JSON rules as create (%s) says', (create, queue) => {
    const rules = [{ type: 'user', matches: '*', policy: 'user', parentQueue: 'root.users', create, fallbackResult: 'skip' }];
    const w = new World({ [`${C}queue-mappings`]: undefined, [`${C}mapping-rule-format`]: 'json', [`${C}mapping-rule-json`]: { rules } });
    expect(w.of(w.submit('ada')).submission.queue).toBe(queue);
  });

  it('have the lifetimes of their template, else those of the queue above', () => {
    const w = new World();
    const seconds = (id: ApplicationId) => (w.of(id).expiresAtMs! - w.nowMs) / 1000;
    const asking = (queue: string) => w.core.cluster.queueTimeouts(queue);
    expect(seconds(w.submit('ada', { queue: 'root.users.ada' }))).toBe(100);
    expect(asking('root.users.ada')).toMatchObject({ maximumLifetimeSec: 600, defaultLifetimeSec: 100 });
    expect(asking('root.users.staff.ada')).toEqual({ defaultLifetimeSec: 100 });
    expect(asking('root.default')).toEqual({});
  });

  it('have the rights of the queue above, and whoever may not submit makes none', () => {
    const w = new World({ [`${C}root.acl_submit_applications`]: ' ', [`${C}root.users.acl_submit_applications`]: 'ada' });
    w.core.cluster.rights = { enabled: true, owner: 'root', admins: accessList('root'), adminText: 'root' } as never;
    expect(() => w.submit('bob', { queue: 'root.users.bob', caller: 'bob' })).toThrow(/root.users.bob/);
    expect(w.leaves()).toEqual(['root.default']);
    w.submit('ada', { queue: 'root.users.ada', caller: 'ada' });
    expect(w.leaves()).toEqual(['root.default', 'root.users.ada']);
  });

  it('are there again after a restart while an application is in them, and vanish after their time', () => {
    const w = new World();
    const [ada, bob] = [w.submit('ada', { queue: 'root.users.ada' }), w.submit('bob', { queue: 'root.users.bob' })];
    w.handle({ tag: 'applicationKill', id: bob, user: 'bob', diagnostics: '' });
    w.start();
    expect([w.leaves(), w.of(bob).submission.queue]).toEqual([['root.default', 'root.users.ada'], 'root.users.bob']);
    w.handle({ tag: 'applicationKill', id: ada, user: 'ada', diagnostics: '' });
    w.after(9_999);
    expect(w.leaves()).toContain('root.users.ada');
    w.after(1);
    expect(w.leaves()).toEqual(['root.default']);
  });

  it('say on the page what they are', () => {
    const w = new World({ [`${V2}.queue-auto-removal.enable`]: false });
    w.submit('ada', { queue: 'root.users.ada' });
    const [standard, users] = queueTree(w.core.cluster).root.children;
    const notes = (queue: typeof users) => Object.fromEntries(queue!.notes);
    expect(notes(users)['Queues below']).toContain('are made');
    expect(notes(users!.children[0])).toMatchObject({ Made: 'for an application', 'One user': '100 % at least, no limit but the maximum' });
    expect(notes(standard)).not.toHaveProperty('Made');
  });

  it('are shown as YARN shows them', () => {
    const w = new World();
    w.submit('ada', { queue: 'root.users.ada' });
    const info = capacitySchedulerInfo({ loop: { core: w.core } } as unknown as RmHttpParts);
    const [standard, users] = (JSON.parse(JSON.stringify(info)) as Info).queues.queue;
    expect(standard).toMatchObject({ creationMethod: 'static', autoCreationEligibility: 'off', queueType: 'leaf' });
    expect(users).toMatchObject({
      queueType: 'parent',
      creationMethod: 'static',
      autoCreationEligibility: 'flexible',
      autoQueueTemplateProperties: {},
      autoQueueLeafTemplateProperties: { property: [{ name: 'capacity', value: '2w' }] },
    });
    expect(users!.queues.queue[0]).toMatchObject({
      queuePath: 'root.users.ada',
      creationMethod: 'dynamicFlexible',
      autoCreationEligibility: 'off',
      mode: 'weight',
      weight: 2,
      isAutoCreatedLeafQueue: false,
      maxApplicationLifetime: 600,
    });
  });
});

type Info = { readonly queues: { readonly queue: readonly (Record<string, unknown> & Info)[] } };
