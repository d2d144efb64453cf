// The loop's sense of time: what it could not hear is held against nobody.
import { describe, expect, it } from 'vitest';
import type { NodeId } from '../../../../src/common/ids.ts';
import type { TellEffect } from '../../../../src/resourcemanager/core/effects.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { EventLoop } from '../../../../src/resourcemanager/service/event-loop.ts';
import { FOUND, SETTINGS } from './core-parts.ts';

const N1 = 'h:n1' as NodeId;

/** A clock that can be set, timers that do not care. A jump is what a process sees that stood still. */
class World {
  nowMs = 1_700_000_000_000;
  #steadyMs = 0;
  readonly told: TellEffect[] = [];
  #timers: { atMs: number; everyMs: number; run: () => void }[] = [];
  readonly loop = new EventLoop({
    core: new RmCore(SETTINGS, FOUND, DEFAULT_QUEUES, this.nowMs),
    save: () => {},
    tell: (effects) => this.told.push(...effects),
    clock: { nowMs: () => this.nowMs },
    timers: { after: (ms, run) => this.#add(ms, 0, run), every: (ms, run) => this.#add(ms, ms, run) },
    onFatal: (error) => {
      throw error;
    },
  });

  state() {
    return this.loop.core.cluster.nodes.get(N1)?.state.tag;
  }

  async register(): Promise<void> {
    this.loop.start();
    await this.loop.handle({
      tag: 'nodeRegistered',
      nodeId: N1,
      host: 'h',
      rack: 'r',
      address: 'unix:/n1',
      capacity: { memoryMb: 1024, vcores: 1 },
      containers: [],
      version: '0',
      applications: [],
    });
  }

  jump(ms: number): void {
    this.nowMs += ms;
    this.#steadyMs += ms;
    // What was due while the process stood still runs at once, in its order, when it goes on.
    for (const timer of this.#timers.filter((t) => t.atMs <= this.#steadyMs).sort((a, b) => a.atMs - b.atMs)) this.#fire(timer);
  }

  async runFor(ms: number): Promise<void> {
    for (const until = this.#steadyMs + ms; this.#steadyMs < until; ) {
      this.jump(100);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #add(ms: number, everyMs: number, run: () => void): () => void {
    const timer = { atMs: this.#steadyMs + ms, everyMs, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((t) => t !== timer);
    };
  }

  #fire(timer: { atMs: number; everyMs: number; run: () => void }): void {
    if (!this.#timers.includes(timer)) return;
    if (timer.everyMs > 0) timer.atMs = this.#steadyMs + timer.everyMs;
    else this.#timers = this.#timers.filter((t) => t !== timer);
    timer.run();
  }
}

describe('event loop', () => {
  it('loses a node that is silent while it listens', async () => {
    const w = new World();
    await w.register();
    await w.runFor(9_500);
    expect(w.state()).toBe('RUNNING');
    await w.runFor(1_000);
    expect(w.state()).toBe('LOST');
  });

  it.each([15_000, 3_600_000])(
    'loses no node because it stood still itself for %i ms, and loses it when it stays silent after that',
    async (ms) => {
      const w = new World();
      await w.register();
      await w.runFor(2_000);
      w.jump(ms);
      await w.runFor(6_000);
      expect(w.state()).toBe('RUNNING');
      await w.runFor(3_000);
      expect(w.state()).toBe('LOST');
    },
  );

  it('holds a standstill against nobody when the first thing after it is an event and not a timer', async () => {
    const w = new World();
    await w.register();
    w.nowMs += 60_000;
    w.loop.feed({ tag: 'nodeDisconnected', nodeId: 'h:n2' as NodeId });
    expect(w.state()).toBe('RUNNING');
  });

  it.each([-3_600_000, 3_600_000])('loses a silent node in its time also when the clock was set by %i ms', async (ms) => {
    const w = new World();
    await w.register();
    await w.runFor(2_000);
    w.nowMs += ms;
    await w.runFor(6_000);
    expect(w.state()).toBe('RUNNING');
    await w.runFor(3_000);
    expect(w.state()).toBe('LOST');
    w.loop.stop();
  });
});
