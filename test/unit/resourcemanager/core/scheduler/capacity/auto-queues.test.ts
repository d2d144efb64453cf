import { describe, expect, it } from 'vitest';
import { capacityQueues } from '../../../../../helpers/capacity-queues.ts';
import { World } from './harness.ts';

const V2 = 'root.users.auto-queue-creation-v2';
const USERS = { 'root.queues': 'default,users', 'root.default.capacity': '1w', 'root.users.capacity': '3w', [`${V2}.enabled`]: true };
const paths = (w: World) => w.s.queues().map(({ path }) => path);
const view = (w: World, path: string) => w.s.queues().find((queue) => queue.path === path)!;

describe('queues that are made for applications', () => {
  it('are there with the first application, of the template, and share as those of the file do', () => {
    const w = new World({
      ...USERS,
      'root.users.static.capacity': '2w',
      'root.users.queues': 'static',
      [`${V2}.leaf-template.capacity`]: '2w',
    });
    w.node({ mb: 16 * 1024 });
    expect(view(w, 'root.users').leaf).toBe(false);
    const ada = w.app('root.users.ada');
    expect(paths(w)).toEqual(['root', 'root.default', 'root.users', 'root.users.static', 'root.users.ada']);
    w.ask(ada, 2);
    w.run();
    const bob = w.app('users.bob', { user: 'bob' });
    expect(ada.queue).toBe('root.users.ada');
    w.ask(bob, 20);
    w.run();
    expect([w.of(ada).length, w.of(bob).length]).toEqual([2, 14]);
    // Of 12 GB for users a third each.
    expect(view(w, 'root.users.bob')).toMatchObject({
      leaf: true,
      dynamic: true,
      partitions: [{ weight: 2, guaranteed: { memoryMb: 4096 } }],
    });
    expect(w.app('bob', { user: 'bob' }).queue).toBe('root.users.bob');
  });

  it('take what runs and waits with them when another one is made', () => {
    const w = new World(USERS);
    w.node({ mb: 4 * 1024 });
    const ada = w.app('root.users.ada');
    w.ask(ada, 3);
    w.ask(ada, 5, { id: 2, mb: 2048 });
    w.run();
    expect(w.of(ada)).toHaveLength(3);
    w.app('root.users.bob', { user: 'bob' });
    w.check();
    expect([...ada.asks.values()].map(({ count }) => count)).toEqual([5]);
    w.end(w.of(ada)[0]!);
    w.run();
    expect(w.of(ada)).toHaveLength(3);
  });

  it('have others between them and those of the file, to a depth, with what templates for those say', () => {
    const w = new World({
      ...USERS,
      [`${V2}.template.capacity`]: '5w',
      [`${V2}.template.ordering-policy`]: 'fair',
      [`${V2}.parent-template.ordering-policy`]: 'priority-utilization',
      'root.users.*.auto-queue-creation-v2.leaf-template.maximum-capacity': 50,
      'root.*.auto-queue-creation-v2.leaf-template.user-limit-factor': 7,
    });
    w.app('root.users.staff.ada');
    w.app('root.users.bob', { user: 'bob' });
    expect(view(w, 'root.users.staff')).toMatchObject({
      leaf: false,
      dynamic: true,
      orderingPolicy: 'priority-utilization',
      partitions: [{ weight: 5 }],
    });
    expect(view(w, 'root.users.staff.ada')).toMatchObject({
      leaf: true,
      userLimitFactor: -1,
      orderingPolicy: 'fifo',
      partitions: [{ weight: 1, maximumPercent: 50 }],
    });
    expect(view(w, 'root.users.bob')).toMatchObject({
      userLimitFactor: 7,
      orderingPolicy: 'fair',
      partitions: [{ weight: 5, maximumPercent: 100 }],
    });
    expect(() => w.app('root.users.a.b.c')).toThrow(/maximum-queue-depth/);
  });

  it('are made only where the file says so, up to max-queues, and nobody who is refused leaves one behind', () => {
    const w = new World({ ...USERS, [`${V2}.max-queues`]: 1, [`${V2}.leaf-template.maximum-allocation-mb`]: 2048 });
    const before = paths(w);
    expect(() => w.app('root.other.ada')).toThrow(/root.other.ada/);
    expect(() => w.app('root.default.ada')).toThrow(/root.default.ada/);
    expect(() => w.app('root.users')).toThrow(/root.users/);
    expect(() => w.app('root.users.a b')).toThrow(/no name for a queue/);
    const large = { queue: 'root.users.ada', user: 'ada', create: true, amResource: { memoryMb: 4096, vcores: 1 } };
    expect(() => w.s.admit(large)).toThrow(/allows 2048 MB/);
    expect(() => w.s.admit({ ...large, amResource: undefined, create: false })).toThrow(/root.users.ada/);
    expect(() => w.s.admit({ ...large, amResource: undefined, label: 'gpu' })).toThrow(/no node label gpu/);
    expect(paths(w)).toEqual(before);
    w.app('root.users.ada');
    expect(() => w.app('root.users.bob')).toThrow(/has 1 queues already.*max-queues: 1/);
    expect([w.s.mayCreate('root.users.bob'), w.s.leafAfterRestart('root.users.bob')]).toEqual([false, 'root.users.bob']);
  });

  it('go away some time after their last application, with those between, and are made anew for another', () => {
    const w = new World({ ...USERS, 'auto-queue-creation-v2.queue-expiration-time': 10 });
    w.node({ mb: 4096 });
    const [ada, bob] = [w.app('root.users.staff.ada'), w.app('root.users.bob', { user: 'bob' })];
    w.ask(bob, 1);
    w.run();
    w.s.removeApp(ada);
    w.nowMs = 1000;
    w.run();
    w.nowMs = 10_999;
    w.run();
    expect(paths(w)).toContain('root.users.staff.ada');
    w.nowMs = 11_000;
    w.run();
    expect(paths(w)).toEqual(['root', 'root.default', 'root.users', 'root.users.bob']);
    expect(w.app('root.users.staff.ada').queue).toBe('root.users.staff.ada');
    w.end(w.of(bob)[0]!);
    w.s.removeApp(bob);
    w.run();
    w.app('root.users.bob', { user: 'bob' });
    w.nowMs = 60_000;
    w.run();
    expect(paths(w)).toContain('root.users.bob');
  });

  it('go away also when the clock was set back', () => {
    const w = new World({ ...USERS, 'auto-queue-creation-v2.queue-expiration-time': 10 });
    const apps = ['ada', 'bob'].map((user) => w.app(`root.users.${user}`, { user }));
    w.nowMs = 1e9;
    for (const app of apps) w.s.removeApp(app);
    w.run();
    for (const nowMs of [1000, 11_000]) {
      w.nowMs = nowMs;
      w.run();
    }
    expect(paths(w)).toEqual(['root', 'root.default', 'root.users']);
  });

  it('stay where queue-auto-removal is off, until the file says otherwise', () => {
    const off = { ...USERS, [`${V2}.queue-auto-removal.enable`]: false, 'auto-queue-creation-v2.queue-expiration-time': 1 };
    const w = new World(off);
    w.s.removeApp(w.app('root.users.ada'));
    for (w.nowMs = 0; w.nowMs < 10_000; w.nowMs += 2500) w.run();
    expect(paths(w)).toContain('root.users.ada');
    w.s.replaceQueues(capacityQueues({ ...off, [`${V2}.queue-auto-removal.enable`]: true }));
    for (; w.nowMs < 20_000; w.nowMs += 2500) w.run();
    expect(paths(w)).not.toContain('root.users.ada');
  });

  it('outlive a refresh, with the new template; one with applications can not lose what makes it', () => {
    const w = new World(USERS);
    const [ada, cid] = [w.app('root.users.ada'), w.app('root.users.cid', { user: 'cid' })];
    w.s.removeApp(cid);
    w.s.replaceQueues(capacityQueues({ ...USERS, [`${V2}.leaf-template.capacity`]: '4w' }));
    expect(view(w, 'root.users.ada').partitions[0]!.weight).toBe(4);
    expect(paths(w)).toContain('root.users.cid');
    expect(() => w.s.replaceQueues(capacityQueues({ ...USERS, [`${V2}.enabled`]: false }))).toThrow(
      /root.users.ada has applications.*auto-queue-creation-v2.enabled/,
    );
    expect(ada.queue).toBe('root.users.ada');
    w.s.setLabels([{ name: 'gpu', exclusive: true }]);
    expect(paths(w)).toContain('root.users.ada');
    w.s.removeApp(ada);
    w.s.replaceQueues(capacityQueues({ ...USERS, [`${V2}.enabled`]: false }));
    expect(paths(w)).toEqual(['root', 'root.default', 'root.users']);
  });

  it('are made for one that is moved there, and after a restart whatever the file says of their number', () => {
    const w = new World(USERS);
    const app = w.app('default');
    w.s.moveApp(app, { queue: w.s.admit({ queue: 'root.users.ada', user: 'ada', create: true }).queue });
    expect([app.queue, w.s.leaves.get('default')!.applicationCount]).toEqual(['root.users.ada', 0]);
    w.s.moveApp(app, { queue: 'root.default' });
    w.run();
    w.nowMs = 300_000;
    w.run();
    expect(paths(w)).not.toContain('root.users.ada');
    const only = new World({ 'root.queues': 'users', 'root.users.capacity': '1w', [`${V2}.enabled`]: true });
    expect([only.s.leafAfterRestart('root.users.ada'), only.s.leafAfterRestart('root.gone')]).toEqual([
      'root.users.ada',
      'root.users.default',
    ]);
    expect(only.app('root.users.default').queue).toBe('root.users.default');
  });

  it('are refused with their line where they could not share', () => {
    const refused = (more: object, what: RegExp) => expect(() => new World({ ...USERS, ...more })).toThrow(what);
    refused({ [`${V2}.leaf-template.capacity`]: 50 }, /:5.*have weights, such as 1w/);
    refused({ 'root.users.queues': 'a', 'root.users.a.capacity': 100 }, /:4.*its child a has none/);
    refused({ [`${V2}.leaf-template.capacitty`]: '1w' }, /:5.*unknown property/);
    refused({ [`${V2}.leaf-template.ordering-policy`]: 'utilization' }, /:5.*fifo or fair/);
    refused({ [`${V2}.maximum-queue-depth`]: 0 }, /:5.*from 1 to 16/);
    refused({ [`${V2}.maximum-queue-depth`]: 1, [`${V2}.parent-template.capacity`]: '1w' }, /:6.*unknown property/);
    refused({ [`${V2}.enabled`]: false, [`${V2}.template.capacity`]: 'x' }, /:5.*weight/);
    refused({ [`${V2}.enabled`]: 'maybe' }, /:4.*true or false/);
  });
});
