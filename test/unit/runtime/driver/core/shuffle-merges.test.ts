// When the merge of a shuffle ends: everything is pushed, or its time is up; once, whatever comes late. And which services merge it.
import { expect, test } from 'vitest';
import { type MergeEffect, ShuffleMerges } from '../../../../../src/runtime/driver/core/shuffle-merges.ts';

const RULES = {
  finalizeMs: 10_000,
  minBytesToWait: 500,
  minCompletedRatio: 1,
  mergersMinRatio: 0.05,
  mergersMinStatic: 2,
  maxRetainedMergers: 3,
  maxExecutors: 10,
  tasksPerExecutor: 1,
};
function world(rules: Partial<typeof RULES> = {}, services = ['a', 'b']) {
  const merges = new ShuffleMerges({ ...RULES, ...rules });
  for (const service of services) merges.serviceSeen(service, `host-${service}`);
  return { merges, effects: [] as MergeEffect[] };
}
const finalize = (awaited: boolean): MergeEffect => ({ tag: 'finalizeMerge', shuffleId: 0, mergers: ['a', 'b'], awaited });
const timer: MergeEffect = { tag: 'mergeTimer', shuffleId: 0, afterMs: 10_000 };

test('the stage waits until every map output is pushed, and the time that ends then changes nothing', () => {
  const { merges, effects } = world();
  expect(merges.mergersFor(0, 6)).toEqual(['a', 'b']);
  merges.pushed(0, 0, effects);
  expect(merges.hold(0, 2, 500, effects)).toBe(true);
  expect(effects).toEqual([timer]);
  merges.pushed(0, 0, effects); // told twice
  expect(effects).toEqual([timer]);
  merges.pushed(0, 1, effects);
  expect(effects).toEqual([timer, finalize(true)]);
  merges.timeUp(0, effects);
  merges.pushed(0, 1, effects);
  expect(effects).toHaveLength(2);
  expect(merges.mergersFor(0, 6)).toEqual([]);
  expect([merges.finalized(0), merges.finalized(0)]).toEqual([true, false]);
});

test('pushes that never end: the merge is over when its time is up, once', () => {
  const { merges, effects } = world();
  merges.mergersFor(0, 6);
  merges.hold(0, 2, 500, effects);
  merges.timeUp(0, effects);
  merges.timeUp(0, effects);
  expect(effects).toEqual([timer, finalize(true)]);
});

test('a part of the map outputs is enough where spark.shuffle.push.minCompletedPushRatio says so', () => {
  const { merges, effects } = world({ minCompletedRatio: 0.5 });
  merges.mergersFor(0, 6);
  merges.pushed(0, 3, effects);
  merges.hold(0, 2, 500, effects);
  expect(effects).toEqual([finalize(true)]);
});

test('nobody waits for a small shuffle, and nobody reads what was merged of it', () => {
  const { merges, effects } = world();
  merges.mergersFor(0, 6);
  expect(merges.hold(0, 2, 499, effects)).toBe(false);
  expect(effects).toEqual([finalize(false)]);
  expect(merges.finalized(0)).toBe(false);
});

test('too few services: not pushed until there are enough; then fixed', () => {
  const { merges, effects } = world({}, ['a']);
  expect(merges.mergersFor(0, 6)).toEqual([]);
  merges.serviceSeen('b', 'host-b');
  expect(merges.mergersFor(0, 6)).toEqual(['a', 'b']);
  merges.serviceSeen('c', 'host-c');
  expect(merges.mergersFor(0, 6)).toEqual(['a', 'b']);
  expect(merges.mergersFor(1, 6)).toEqual(['b', 'c', 'a']);
  expect(merges.hold(7, 2, 500, effects)).toBe(false);
});

test('a service that did not answer is not chosen until it is seen again; of too many the oldest is forgotten', () => {
  const { merges } = world({}, ['a', 'b', 'c']);
  merges.serviceLost('b');
  expect(merges.mergersFor(0, 6)).toEqual(['a', 'c']);
  merges.serviceSeen('b', 'host-b');
  merges.serviceSeen('d', 'host-d');
  expect(merges.mergersFor(3, 6)).toEqual(['c', 'b', 'd']);
  expect(merges.hostOf('a')).toBe('');
});
