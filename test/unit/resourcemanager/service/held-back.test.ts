// A store that can't be written for a while: nothing is told that is not remembered, nothing is forgotten, new work is refused with the reason.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import { type ApplicationId, applicationId, type NodeId } from '../../../../src/common/ids.ts';
import type { SaveEffect, TellEffect } from '../../../../src/resourcemanager/core/effects.ts';
import { RmCore } from '../../../../src/resourcemanager/core/rm-core.ts';
import { DEFAULT_QUEUES } from '../../../../src/resourcemanager/core/scheduler/queue-config.ts';
import { EventLoop } from '../../../../src/resourcemanager/service/event-loop.ts';
import { type Reserve, StoreGuard } from '../../../../src/resourcemanager/service/store-guard.ts';
import type { RmStore } from '../../../../src/resourcemanager/store/rm-store.ts';
import { FOUND, SETTINGS } from './core-parts.ts';

const full = () => new AppError('STORE_UNWRITABLE', { path: '/s', detail: 'SQLITE_FULL: database or disk is full' });
const logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => logger };
const submission = {
  name: 'x',
  type: 'SPARK',
  user: 'ada',
  queue: 'default',
  tags: [],
  priority: 0,
  unmanaged: true,
  maxAttempts: 1,
};

class World {
  saved: SaveEffect[] = [];
  told: TellEffect[] = [];
  troubles: (string | undefined)[] = [];
  fatal: Error[] = [];
  fault: Error | undefined;
  #later: (() => void)[] = [];
  readonly loop = new EventLoop({
    core: new RmCore(SETTINGS, FOUND, DEFAULT_QUEUES, 1_000_000),
    save: (effects) => {
      if (this.fault !== undefined) throw this.fault;
      this.saved.push(...effects);
    },
    tell: (effects) => this.told.push(...effects),
    clock: { nowMs: () => 1_000_000 },
    timers: {
      after: (_, run) => {
        this.#later.push(run);
        return () => {};
      },
      every: () => () => {},
    },
    onTrouble: (trouble) => this.troubles.push(trouble?.code),
    onFatal: (error) => this.fatal.push(error),
  });

  /** What waits for a moment later. */
  later(): void {
    for (const run of this.#later.splice(0)) run();
  }

  async submit(known?: ApplicationId): Promise<ApplicationId> {
    const id = known ?? (await this.loop.newApplicationId());
    await this.loop.handle({ tag: 'applicationSubmitted', id, submission, secret: 's', groups: [] } as never);
    return id;
  }
}

describe('a store that can not be written', () => {
  it('holds back the answer and all that follows, in order, and tells it when it can be written again', async () => {
    const w = new World();
    const id = await w.submit();
    w.told = [];
    w.saved = [];
    w.fault = full();
    let answered = false;
    const killed = w.loop.handle({ tag: 'applicationKill', id, user: 'ada', diagnostics: '' } as never).then(() => {
      answered = true;
    });
    await new Promise(setImmediate);
    w.later();
    await new Promise(setImmediate);
    expect([answered, w.told, w.saved, w.troubles]).toEqual([false, [], [], ['STORE_UNWRITABLE']]);
    await expect(w.loop.newApplicationId()).rejects.toMatchObject({ code: 'STORE_UNWRITABLE' });
    // The same submission again is no new work.
    const again = w.submit(id);
    w.fault = undefined;
    w.later();
    await Promise.all([killed, again]);
    expect(w.saved.filter((s) => s.tag === 'saveApplication').map((s) => (s as { record: { state: string } }).record.state)).toEqual([
      'KILLED',
    ]);
    expect(w.told.map((t) => t.tag)).toContain('applicationChanged');
    expect(w.troubles).toEqual(['STORE_UNWRITABLE', undefined]);
    expect(w.fatal).toEqual([]);
    expect(applicationId(FOUND.clusterStartMs, 1)).toBe(id);
  });

  it('still hears nodes, so that none is lost for it', async () => {
    const w = new World();
    w.fault = full();
    w.loop.feed({ tag: 'queuesRefreshed', queues: DEFAULT_QUEUES } as never);
    void w.loop.handle({
      tag: 'nodeRegistered',
      nodeId: 'h:n1' as NodeId,
      host: 'h',
      rack: 'r',
      address: 'unix:/n1',
      capacity: { memoryMb: 1024, vcores: 1 },
      containers: [],
      version: '0',
      applications: [],
    });
    expect(w.loop.core.cluster.nodes.get('h:n1' as NodeId)?.state.tag).toBe('RUNNING');
  });

  it('that is damaged, or another one’s, ends it: nothing is told', async () => {
    const w = new World();
    const id = await w.submit();
    w.told = [];
    w.fault = new AppError('LEASE_LOST', { by: 'rm2', epoch: 1, own: 0 });
    await expect(w.loop.handle({ tag: 'applicationKill', id, user: 'ada', diagnostics: '' } as never)).rejects.toMatchObject({
      code: 'LEASE_LOST',
    });
    expect([w.told, w.fatal.length]).toEqual([[], 1]);
  });
});

describe('room that is kept', () => {
  let look = () => {};
  const timers = {
    after: () => () => {},
    every: (_: number, run: () => void) => {
      look = run;
      return () => {};
    },
  };

  it('is given free for a commit that finds none; new work is refused until it can be kept again', () => {
    let room = false;
    let kept: string | undefined;
    const calls: string[] = [];
    const reserve: Reserve = {
      keep: () => kept,
      free: () => {
        calls.push('free');
        room = true;
        return true;
      },
    };
    const store = {
      save: () => {
        calls.push('save');
        if (!room) throw full();
      },
    } as unknown as RmStore;
    const guard = new StoreGuard(store, { reserve, path: '/s', timers, logger });
    look();
    expect(guard.refusesNew).toBeUndefined();
    guard.save([]);
    expect(calls).toEqual(['save', 'free', 'save']);
    expect(guard.refusesNew?.code).toBe('STORE_UNWRITABLE');
    kept = '12 KB are free';
    look();
    expect(guard.refusesNew?.code).toBe('STORE_UNWRITABLE');
    kept = undefined;
    look();
    expect(guard.refusesNew).toBeUndefined();
  });
});
