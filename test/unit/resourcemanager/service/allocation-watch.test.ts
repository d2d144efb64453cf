// The allocations file that has changed is taken without anybody's asking; what is wrong with it is told once.
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../../src/common/errors.ts';
import type { Logger } from '../../../../src/common/ports.ts';
import { watchAllocations } from '../../../../src/resourcemanager/service/allocation-watch.ts';

function world() {
  const said: string[] = [];
  const note = (message: string) => said.push(message);
  const logger = { debug: note, info: note, warn: note, error: note, named: () => logger } as unknown as Logger;
  const at = { nowMs: 100_000, modified: 50_000 as number | undefined, active: true, fault: undefined as Error | undefined, reloads: 0 };
  let look = () => {};
  let every = 0;
  const stop = watchAllocations({
    clock: { nowMs: () => at.nowMs },
    timers: {
      after: () => () => {},
      every: (ms, run) => {
        [every, look] = [ms, run];
        return () => (look = () => {});
      },
    },
    logger,
    modifiedMs: () => at.modified,
    isActive: () => at.active,
    reload: () => {
      at.reloads++;
      return at.fault === undefined ? Promise.resolve() : Promise.reject(at.fault);
    },
  });
  const tick = async () => {
    at.nowMs += every;
    look();
    await new Promise(setImmediate);
  };
  return { at, said, tick, stop, every: () => every };
}
const bad = () => new AppError('QUEUE_CONFIG_INVALID', { file: 'fair-scheduler.xml', line: 3, detail: 'unknown element <wieght>' });

describe('the allocations file', () => {
  it('is read again once when it has changed, and nobody has written to it for five seconds', async () => {
    const { at, tick, every, said } = world();
    expect(every()).toBe(10_000);
    await tick();
    expect(at.reloads).toBe(0);
    at.modified = at.nowMs + 8_000; // two seconds before the next look
    await tick();
    expect(at.reloads).toBe(0);
    await tick();
    await tick();
    expect(at.reloads).toBe(1);
    expect(said).toEqual(['The allocations file has changed: the queues were refreshed']);
  });

  it('with a mistake leaves the queues, says so once, and is tried until it is right', async () => {
    const { at, tick, said } = world();
    at.fault = bad();
    at.modified = at.nowMs;
    for (let i = 0; i < 4; i++) await tick();
    expect(at.reloads).toBe(4);
    expect(said).toEqual([expect.stringMatching(/fair-scheduler.xml:3: unknown element <wieght>.* The queues stay as they are\./)]);
    at.fault = undefined;
    at.modified = at.nowMs;
    await tick();
    expect(said).toHaveLength(2);
  });

  it('that is gone is told once; a standby takes none, and takes it when it is active', async () => {
    const { at, tick, said, stop } = world();
    at.modified = undefined;
    for (let i = 0; i < 3; i++) await tick();
    expect(said).toEqual(['The allocations file is gone; the queues stay as they are.']);
    [at.active, at.modified] = [false, at.nowMs];
    for (let i = 0; i < 3; i++) await tick();
    expect(at.reloads).toBe(0);
    at.active = true;
    await tick();
    expect(at.reloads).toBe(1);
    stop();
    at.modified = at.nowMs;
    await tick();
    await tick();
    expect(at.reloads).toBe(1);
  });
});
