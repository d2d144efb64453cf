import { expect, it } from 'vitest';
import { type Cleanable, ContextCleaner } from '../../../../../src/runtime/driver/service/context-cleaner.ts';
import { exposedCollector } from '../../../../../src/runtime/storage/heap-guard.ts';

const collect = exposedCollector();
const nextTurn = () => new Promise<void>((resolve) => setImmediate(resolve));

function cleanerOf(options: Partial<ConstructorParameters<typeof ContextCleaner>[0]> = {}) {
  const cleaned: string[] = [];
  const note = (what: Cleanable) => async (id: unknown) => void cleaned.push(`${what} ${id}`);
  const log = { debug() {}, info() {}, warn() {}, error() {}, named: () => log };
  const timers = { after: () => () => {}, every: () => () => {} };
  const cleaner = new ContextCleaner({
    enabled: true,
    blocking: true,
    cleanCheckpoints: false,
    periodicGcMs: 0,
    collect,
    clean: { RDD: note('RDD'), shuffle: note('shuffle'), broadcast: note('broadcast'), checkpoint: note('checkpoint') },
    timers,
    log,
    ...options,
  });
  return { cleaner, cleaned };
}

/** Registers an object that nobody holds. */
const forget = (cleaner: ContextCleaner, what: Cleanable, id: number | string) => cleaner.register({ what }, what, id);
async function untilCleaned(cleaned: string[], count: number): Promise<void> {
  while (cleaned.length < count) {
    collect();
    await nextTurn();
  }
}

it('cleans what is collected, and not what is reachable through another', async () => {
  const { cleaner, cleaned } = cleanerOf();
  const parent = { of: 'a later RDD' };
  cleaner.register(parent, 'RDD', 1);
  const child = { parent };
  forget(cleaner, 'RDD', 2);
  forget(cleaner, 'shuffle', 3);
  forget(cleaner, 'broadcast', 4);
  await untilCleaned(cleaned, 3);
  expect(cleaned.sort()).toEqual(['RDD 2', 'broadcast 4', 'shuffle 3']);
  expect(child.parent.of).toBe('a later RDD');
});

it('deletes checkpoints only when told to', async () => {
  const kept = cleanerOf();
  const deleting = cleanerOf({ cleanCheckpoints: true });
  forget(kept.cleaner, 'checkpoint', '/c/rdd-1');
  forget(kept.cleaner, 'RDD', 1);
  forget(deleting.cleaner, 'checkpoint', '/c/rdd-1');
  await untilCleaned(kept.cleaned, 1);
  await untilCleaned(deleting.cleaned, 1);
  expect(kept.cleaned).toEqual(['RDD 1']);
  expect(deleting.cleaned).toEqual(['checkpoint /c/rdd-1']);
});

it('is silent when it is off or stopped, and goes on after a failure', async () => {
  const off = cleanerOf({ enabled: false });
  forget(off.cleaner, 'RDD', 1);
  const stopped = cleanerOf();
  forget(stopped.cleaner, 'RDD', 1);
  stopped.cleaner.stop();
  const failing = cleanerOf();
  const { cleaned } = failing;
  const clean = { RDD: async () => Promise.reject(new Error('no')), shuffle: async (id: number) => void cleaned.push(`shuffle ${id}`) };
  const cleaner = cleanerOf({ clean: { ...clean, broadcast: clean.RDD, checkpoint: clean.RDD } as never }).cleaner;
  forget(cleaner, 'RDD', 1);
  forget(cleaner, 'shuffle', 2);
  await untilCleaned(cleaned, 1);
  expect(cleaned).toEqual(['shuffle 2']);
  expect([off.cleaned, stopped.cleaned]).toEqual([[], []]);
});
