// What the compiler infers and refuses; the checks are made by tsc, running only shows that the calls are real.
import { afterAll, expect, it } from 'vitest';
import type { RDD } from '../../../../src/runtime/rdd/rdd.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

const sc = new InProcessContext();
afterAll(() => sc.close());

it('pairs are inferred as pairs, and only pairs have pair methods', async () => {
  const counts: RDD<[string, number]> = sc
    .parallelize(['a b', 'a'])
    .flatMap((line) => line.split(' '))
    .map((word) => [word, 1])
    .reduceByKey((a, b) => a + b);
  const joined: RDD<[string, [number, boolean | undefined]]> = counts.leftOuterJoin(sc.parallelize([['a', true]]));
  expect((await joined.collect()).sort()).toEqual([
    ['a', [2, true]],
    ['b', [1, undefined]],
  ]);
  // @ts-expect-error numbers are no pairs
  expect(() => sc.range(3).reduceByKey((a, b) => a + b)).not.toThrow();
  // @ts-expect-error texts have no sum
  const notNumbers = (): Promise<number> => counts.keys().sum();
  expect(notNumbers).toBeTypeOf('function');
});

it('rows of 0 and 1 add up to a number', async () => {
  const inside: number = await sc
    .range(4)
    .map((i) => (i % 2 === 0 ? 1 : 0))
    .reduce((a, b) => a + b);
  expect(inside).toBe(2);
});

it('a guard narrows, an annotated pair stays', async () => {
  const texts: RDD<string> = sc.parallelize<string | number>([1, 'a']).filter((x): x is string => typeof x === 'string');
  expect(await texts.collect()).toEqual(['a']);
  expect(
    await sc
      .range(2)
      .map((i): [number, string] => [i, 'x'])
      .mapValues((v) => v.length)
      .values()
      .sum(),
  ).toBe(2);
});
