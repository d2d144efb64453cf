// Dynamic allocation against load traces: bursts, waves, steps, long tails, stragglers, with executors that come late, die, and hold cached
// blocks or shuffle files. The policy and the bookkeeping of containers are the real ones; cluster and tasks are a model. Whatever the load:
// within the limits, never a busy executor, doubling only while tasks wait, no coming and going without new work, and nothing left in the end.
import { expect, test } from 'vitest';
import type { ContainerId } from '../../src/common/ids.ts';
import { Prng } from '../../src/common/prng.ts';
import { AllocationPolicy, type AllocationLimits, type Decision } from '../../src/runtime/driver/core/allocation-policy.ts';
import { ExecutorAllocation } from '../../src/runtime/driver/core/executor-allocation.ts';
import { ExecutorMonitor, type IdleTimeouts } from '../../src/runtime/driver/core/executor-monitor.ts';
import { simSeeds } from '../helpers/sim-seeds.ts';
import { VirtualTime } from './virtual-time.ts';

/** Tasks arrive in the first minute; then everything comes to rest, soon or (with few executors for much work) late. */
const LOAD_MS = 60_000;
const MOST_MS = 3_600_000;

type Trace = 'bursts' | 'sine' | 'steps' | 'longTail' | 'straggler';
const TRACES: readonly Trace[] = ['bursts', 'sine', 'steps', 'longTail', 'straggler'];

/** [at, how many tasks, how long each takes], in order of time. */
function arrivals(trace: Trace, random: Prng): { atMs: number; tasks: number[] }[] {
  const list: { atMs: number; tasks: number[] }[] = [];
  const add = (atMs: number, count: number, takes: () => number) =>
    list.push({ atMs, tasks: Array.from({ length: count }, () => Math.max(1, Math.round(takes()))) });
  const about = (ms: number) => () => ms * (0.5 + random.next());
  switch (trace) {
    case 'bursts':
      for (let at = random.int(2_000); at < LOAD_MS; at += 500 + random.int(12_000))
        add(at, 1 + random.int(200), about(20 + random.int(2_000)));
      break;
    case 'sine':
      for (let at = 0; at < LOAD_MS; at += 200) add(at, Math.round(6 * (1 + Math.sin(at / 5_000))), about(400));
      break;
    case 'steps':
      for (let at = 0; at < LOAD_MS; at += 300) add(at, 2 * (1 + (Math.floor(at / 15_000) % 4)), about(500));
      break;
    case 'longTail':
      for (let at = 0; at < LOAD_MS; at += 10_000) add(at, 40, () => 50 / (0.002 + random.next()));
      break;
    case 'straggler':
      for (let at = 0; at < LOAD_MS; at += 15_000) {
        add(at, 60, about(200));
        add(at, 1, () => 12_000);
      }
      break;
    default:
      trace satisfies never;
  }
  return list;
}

type Executor = {
  readonly id: string;
  readonly container: ContainerId;
  running: number;
  launches: number;
  cached: boolean;
  shuffle: boolean;
};

class World {
  readonly time = new VirtualTime(0);
  readonly random: Prng;
  readonly limits: AllocationLimits;
  readonly timeouts: IdleTimeouts;
  readonly slots: number;
  readonly monitor: ExecutorMonitor;
  readonly policy: AllocationPolicy;
  readonly containers = new ExecutorAllocation({ maxFailures: Number.POSITIVE_INFINITY });
  readonly executors = new Map<string, Executor>();
  readonly waiting: number[] = [];
  readonly deadly: boolean;
  readonly capacity: number;
  /** Containers that the cluster has given and that have not ended, and grants under way. */
  granted = 0;
  onTheWay = 0;
  lastArrivalMs = -1;
  lastRemovalMs = Number.NEGATIVE_INFINITY;
  adding = 1;
  backlogSinceMs: number | undefined;
  additions = 0;
  #nextContainer = 1;
  #wake = 0;

  constructor(seed: number) {
    this.random = new Prng(seed);
    const minExecutors = this.random.int(3);
    this.limits = {
      minExecutors,
      maxExecutors: this.random.chance(0.3) ? Number.POSITIVE_INFINITY : minExecutors + 1 + this.random.int(20),
      initialExecutors: minExecutors + this.random.int(2),
      ratio: this.random.chance(0.7) ? 1 : 0.25 + this.random.next() / 2,
      backlogMs: this.random.pick([50, 200, 1_000]),
      sustainedBacklogMs: this.random.pick([50, 200, 1_000]),
    };
    this.timeouts = {
      idleMs: this.random.pick([500, 2_000, 5_000]),
      cachedIdleMs: this.random.pick([8_000, Number.POSITIVE_INFINITY]),
      shuffleMs: this.random.pick([6_000, Number.POSITIVE_INFINITY]),
    };
    this.slots = 1 + this.random.int(3);
    this.capacity = this.random.chance(0.3) ? 3 : 1_000;
    this.deadly = this.random.chance(0.3);
    this.monitor = new ExecutorMonitor(this.timeouts);
    this.policy = new AllocationPolicy(this.limits, this.monitor);
    this.containers.setTarget(0, this.limits.initialExecutors);
    this.grant();
    for (const { atMs, tasks } of arrivals(this.random.pick(TRACES), this.random))
      this.time.after(atMs, () => {
        this.waiting.push(...tasks);
        this.lastArrivalMs = this.time.nowMs;
        this.turn();
      });
    if (this.deadly) for (let at = 0; at < LOAD_MS; at += 4_000) this.time.after(at + this.random.int(4_000), () => this.kill());
    this.time.after(LOAD_MS, () => this.forget());
    this.turn();
  }

  /** The cluster answers the ask when it pleases; what was asked for may not be wanted any more by then. */
  grant(): void {
    while (this.onTheWay < this.containers.wanted(0) && this.granted + this.onTheWay < this.capacity) {
      this.onTheWay++;
      this.time.after(5 + this.random.int(300), () => {
        this.onTheWay--;
        const container = `container_1_0001_01_${String(this.#nextContainer++).padStart(6, '0')}` as ContainerId;
        const launch = this.containers.granted(container, 0);
        if (launch === undefined) return this.grant(); // given back: fewer are wanted now
        this.granted++;
        this.time.after(40 + this.random.int(200), () => this.register(launch.executorId, container));
      });
    }
  }

  register(id: string, container: ContainerId): void {
    if (this.containers.executorOf(container) === undefined) return; // it was ended before it came up
    this.executors.set(id, { id, container, running: 0, launches: 0, cached: false, shuffle: false });
    this.monitor.added(id, 0, this.time.nowMs);
    this.turn();
  }

  /** kill -9: its tasks run again elsewhere, and another takes its place if it is needed. */
  kill(): void {
    if (this.executors.size === 0) return;
    const victim = this.random.pick([...this.executors.values()]);
    this.executors.delete(victim.id);
    this.monitor.removed(victim.id);
    for (; victim.running > 0; victim.running--) this.waiting.push(100);
    this.lastArrivalMs = this.time.nowMs; // what ran there is new work
    expect(this.containers.ended({ containerId: victim.container, exitStatus: 137, diagnostics: '' })?.executorId).toBe(victim.id);
    this.granted--;
    this.grant();
    this.turn();
  }

  /** Nobody wants what is held any more: unpersist, and shuffles cleaned. Nobody tells the policy either. */
  forget(): void {
    for (const [, e] of this.executors) e.cached = e.shuffle = false;
    if (!this.rests) this.time.after(30_000, () => this.forget());
  }

  get rests(): boolean {
    return this.waiting.length === 0 && this.executors.size === Math.min(this.limits.minExecutors, this.capacity);
  }

  turn(): void {
    const nowMs = this.time.nowMs;
    this.assign();
    let running = 0;
    for (const [id, e] of this.executors) {
      running += e.running;
      this.monitor.seen(id, e.running > 0, e.launches, nowMs);
    }
    if (this.waiting.length === 0) this.backlogSinceMs = undefined;
    else this.backlogSinceMs ??= nowMs;
    const before = this.policy.target(0);
    const decision = this.policy.decide(
      [{ profileId: 0, pending: this.waiting.length, running, slotsPerExecutor: this.slots }],
      (id) => ({ cached: this.executors.get(id)!.cached, shuffle: this.executors.get(id)!.shuffle ? 'kept' : 'none' }),
      nowMs,
    );
    this.check(decision, before, running);
    for (const { profileId, target } of decision.changes) this.containers.setTarget(profileId, target);
    for (const id of decision.remove) this.remove(id);
    this.grant();
    const wake = ++this.#wake;
    if (Number.isFinite(decision.wakeAtMs)) {
      expect(decision.wakeAtMs).toBeGreaterThan(nowMs); // or it would turn in a circle
      this.time.after(decision.wakeAtMs - nowMs, () => wake === this.#wake && this.turn());
    }
  }

  assign(): void {
    for (const [, e] of this.executors) {
      while (e.running < this.slots && this.waiting.length > 0) {
        const takesMs = this.waiting.shift()!;
        e.running++;
        e.launches++;
        if (this.random.chance(0.01)) e.cached = true;
        if (this.random.chance(0.02)) e.shuffle = true;
        this.time.after(takesMs, () => {
          if (this.executors.get(e.id) !== e) return; // it died
          e.running--;
          this.turn();
        });
      }
    }
  }

  check({ changes, remove }: Decision, before: number, running: number): void {
    const { minExecutors, maxExecutors, backlogMs, sustainedBacklogMs } = this.limits;
    const nowMs = this.time.nowMs;
    const target = this.policy.target(0);
    expect(target).toBeGreaterThanOrEqual(minExecutors);
    expect(target).toBeLessThanOrEqual(maxExecutors);
    if (before > minExecutors && target < before)
      expect(target * this.slots, 'below what runs').toBeGreaterThanOrEqual(Math.min(running, before * this.slots));
    for (const { delta } of changes) {
      if (delta <= 0) {
        this.adding = 1;
        continue;
      }
      this.additions++;
      expect(nowMs - this.backlogSinceMs!, 'added before tasks had waited').toBeGreaterThanOrEqual(Math.min(backlogMs, sustainedBacklogMs));
      // From what is there already, at most twice the last step.
      expect(target - Math.max(before, this.executors.size), 'more than doubled').toBeLessThanOrEqual(this.adding);
      this.adding = Math.max(2, this.adding * 2);
      if (nowMs - this.lastRemovalMs < this.timeouts.idleMs)
        expect(this.lastArrivalMs, 'oscillates').toBeGreaterThanOrEqual(this.lastRemovalMs);
    }
    if (this.waiting.length === 0) this.adding = 1;
    for (const id of remove) {
      expect(this.executors.get(id)?.running, 'a busy executor').toBe(0);
    }
    expect(this.executors.size - remove.length).toBeGreaterThanOrEqual(
      Math.min(this.executors.size, Math.max(minExecutors, Math.min(target, this.executors.size))),
    );
    if (remove.length > 0) this.lastRemovalMs = nowMs;
  }

  remove(id: string): void {
    expect(this.containers.givenBack(id)).toBe(this.executors.get(id)!.container);
    this.executors.delete(id);
    this.monitor.removed(id);
    this.granted--;
  }
}

test.each(simSeeds(100))('seed %i', (seed) => {
  const world = new World(seed);
  while (world.time.step(MOST_MS));
  expect(world.waiting, 'tasks that nobody ran').toHaveLength(0);
  expect(world.policy.target(0)).toBe(world.limits.minExecutors);
  expect(world.executors.size, 'executors at rest').toBe(Math.min(world.limits.minExecutors, world.capacity));
  expect(world.granted + world.onTheWay).toBe(world.executors.size);
  expect(world.containers.wanted(0) + world.executors.size).toBe(world.limits.minExecutors);
});
