import { expect, test } from 'vitest';
import { AllocationPolicy, type AllocationLimits, type Decision } from '../../../../../src/runtime/driver/core/allocation-policy.ts';
import { ExecutorMonitor, type Holding } from '../../../../../src/runtime/driver/core/executor-monitor.ts';

const NOTHING: Holding = { cached: false, shuffle: 'none' };
const LIMITS: AllocationLimits = {
  minExecutors: 0,
  maxExecutors: Number.POSITIVE_INFINITY,
  initialExecutors: 0,
  ratio: 1,
  backlogMs: 1_000,
  sustainedBacklogMs: 500,
};
const TIMEOUTS = { idleMs: 60_000, cachedIdleMs: Number.POSITIVE_INFINITY, shuffleMs: Number.POSITIVE_INFINITY };

function rig(limits: Partial<AllocationLimits> = {}, timeouts: Partial<typeof TIMEOUTS> = {}) {
  const monitor = new ExecutorMonitor({ ...TIMEOUTS, ...timeouts });
  const policy = new AllocationPolicy({ ...LIMITS, ...limits }, monitor);
  const holdings = new Map<string, Holding>();
  const decide = (pending: number, running: number, nowMs: number, slots = 1): Decision =>
    policy.decide([{ profileId: 0, pending, running, slotsPerExecutor: slots }], (id) => holdings.get(id) ?? NOTHING, nowMs);
  return { monitor, policy, holdings, decide };
}
const targets = ({ changes }: Decision) => changes.map((c) => c.target);

test('tasks that wait for the backlog timeout bring executors: 1, 3, 7, 15 … and no more than tasks', () => {
  const { decide } = rig();
  expect(decide(20, 0, 0)).toEqual({ changes: [], remove: [], wakeAtMs: 1_000 });
  expect(targets(decide(20, 0, 999))).toEqual([]);
  expect(decide(20, 0, 1_000)).toEqual({ changes: [{ profileId: 0, target: 1, delta: 1 }], remove: [], wakeAtMs: 1_500 });
  expect(targets(decide(20, 0, 1_400))).toEqual([]);
  expect([1_500, 2_000, 2_500, 3_000].flatMap((at) => targets(decide(20, 0, at)))).toEqual([3, 7, 15, 20]);
  expect(targets(decide(20, 0, 10_000))).toEqual([]);
});

test('an empty queue begins anew: the wait, and with one', () => {
  const { decide, policy } = rig();
  decide(50, 0, 0);
  decide(50, 0, 1_000);
  expect(targets(decide(50, 0, 1_500))).toEqual([3]);
  policy.queueEmptied();
  expect(decide(50, 0, 1_600).wakeAtMs).toBe(2_600);
  expect(targets(decide(50, 0, 2_600))).toEqual([4]);
});

test('several slots an executor, and the ratio, ask for fewer; never for less than what runs needs', () => {
  const ramp = (r: ReturnType<typeof rig>, slots: number) => {
    let last = 0;
    for (let at = 0; at < 20_000; at += 500) last = targets(r.decide(40, 0, at, slots))[0] ?? last;
    return last;
  };
  expect(ramp(rig(), 4)).toBe(10);
  expect(ramp(rig({ ratio: 0.5 }), 4)).toBe(5);
  const { decide, monitor, policy } = rig({ ratio: 0.1, initialExecutors: 8 });
  for (let i = 1; i <= 8; i++) monitor.added(String(i), 0, 0);
  decide(0, 8, 0);
  expect(policy.target(0)).toBe(8);
});

test('the target stays between minimum and maximum', () => {
  const { decide, policy } = rig({ minExecutors: 2, initialExecutors: 2, maxExecutors: 4 });
  for (let at = 0; at < 20_000; at += 500) decide(100, 0, at);
  expect(policy.target(0)).toBe(4);
  expect(targets(decide(0, 0, 20_000))).toEqual([2]);
});

test('the initial executors stay until there is work, or until they have been idle for too long', () => {
  const { decide, monitor, policy } = rig({ initialExecutors: 3 });
  expect(decide(0, 0, 0).changes).toEqual([]);
  for (const id of ['1', '2', '3']) monitor.added(id, 0, 100);
  expect(decide(0, 0, 200)).toEqual({ changes: [], remove: [], wakeAtMs: 60_100 });
  expect(decide(0, 0, 60_100).remove).toEqual(['1', '2', '3']);
  expect(policy.target(0)).toBe(0);
});

test('an idle executor goes after its timeout, a busy one never; work between two looks counts', () => {
  const { decide, monitor } = rig({}, { idleMs: 1_000 });
  for (const id of ['1', '2', '3']) monitor.added(id, 0, 0);
  monitor.seen('1', true, 1, 10);
  monitor.seen('3', false, 0, 10);
  monitor.seen('3', false, 7, 900); // seven tasks came and went
  const decision = decide(0, 1, 1_000);
  expect(decision.remove).toEqual(['2']);
  expect(decision.wakeAtMs).toBe(1_900);
  monitor.removed('2');
  expect(decide(0, 1, 1_900).remove).toEqual(['3']);
  monitor.seen('1', false, 1, 5_000);
  expect(decide(0, 0, 5_999).remove).toEqual([]);
  expect(decide(0, 0, 6_000).remove).toEqual(['1']);
});

test('the minimum stays, the longest idle goes first', () => {
  const { decide, monitor } = rig({ minExecutors: 1, initialExecutors: 1 }, { idleMs: 1_000 });
  for (const [id, atMs] of [
    ['1', 300],
    ['2', 100],
    ['3', 200],
  ] as const)
    monitor.added(id, 0, atMs); // prettier-ignore
  const decision = decide(0, 0, 10_000);
  expect(decision.remove).toEqual(['2', '3']);
  expect(decision.wakeAtMs).toBe(Number.POSITIVE_INFINITY);
});

test('cached blocks and shuffle files hold an executor as long as their timeouts say; the longer one counts', () => {
  const { decide, monitor, holdings } = rig({}, { idleMs: 1_000, cachedIdleMs: 5_000, shuffleMs: 9_000 });
  for (const id of ['1', '2', '3', '4']) monitor.added(id, 0, 0);
  holdings.set('1', { cached: true, shuffle: 'none' });
  holdings.set('2', { cached: false, shuffle: 'kept' });
  holdings.set('3', { cached: true, shuffle: 'kept' });
  holdings.set('4', { cached: false, shuffle: 'needed' });
  const gone = (at: number) => decide(0, 0, at).remove;
  expect([1_000, 4_999, 5_000, 8_999, 9_000, 100_000].map(gone)).toEqual([[], [], ['1'], [], ['2', '3'], []]);
});

test('what is held may go without a word: a held executor is looked at again, and goes when it holds nothing any more', () => {
  const { decide, monitor, holdings } = rig({}, { idleMs: 1_000 });
  monitor.added('1', 0, 0);
  holdings.set('1', { cached: true, shuffle: 'none' });
  const { remove, wakeAtMs } = decide(0, 0, 1_000);
  expect(remove).toEqual([]);
  expect(wakeAtMs).toBe(2_000);
  expect(decide(0, 0, 200_000).wakeAtMs).toBe(230_000); // not too often
  holdings.clear();
  expect(decide(0, 0, 200_001).remove).toEqual(['1']);
});

test('the last executor that can serve the files of a host stays when the others of that host go', () => {
  const { policy, monitor } = rig({}, { idleMs: 1_000 });
  for (const id of ['1', '2', '3']) monitor.added(id, 0, Number(id));
  const all = new Set(['1', '2', '3']);
  const { remove } = policy.decide(
    [],
    (id, leaving) => ({ cached: false, shuffle: [...all].every((other) => other === id || leaving.has(other)) ? 'kept' : 'none' }),
    5_000,
  );
  expect(remove).toEqual(['1', '2']);
});

test('an executor that is leaving counts no more', () => {
  const { decide, monitor } = rig({ minExecutors: 1, initialExecutors: 1 }, { idleMs: 1_000 });
  monitor.added('1', 0, 0);
  monitor.added('2', 0, 0);
  monitor.leaves('1');
  expect(monitor.count(0)).toBe(1);
  expect(decide(0, 0, 5_000).remove).toEqual([]);
});

test('each profile has a target of its own, which begins as the first one did', () => {
  const monitor = new ExecutorMonitor(TIMEOUTS);
  const policy = new AllocationPolicy({ ...LIMITS, minExecutors: 1, initialExecutors: 1 }, monitor);
  const load = (profileId: number, pending: number) => ({ profileId, pending, running: 0, slotsPerExecutor: 1 });
  const decide = (nowMs: number) => policy.decide([load(0, 1), load(3, 5)], () => NOTHING, nowMs);
  expect(decide(0).changes).toEqual([{ profileId: 3, target: 1, delta: 1 }]);
  decide(1_000);
  decide(2_000);
  expect([policy.target(0), policy.target(3)]).toEqual([1, 4]);
});
