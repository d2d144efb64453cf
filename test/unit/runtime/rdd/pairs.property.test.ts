// Pair operations with random, odd data against a few lines of plain JavaScript, for many seeds; in memory, and with a budget so small that
// everything spills. Replay one with SEED=n.
import { afterEach, describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { sameKey, structureText } from '../../../../src/runtime/rdd/key-identity.ts';
import { naturalOrder } from '../../../../src/runtime/rdd/natural-order.ts';
import { HashPartitioner } from '../../../../src/runtime/rdd/partitioner.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

type Pair = [unknown, unknown];
const KEYS: readonly (readonly unknown[])[] = [
  [
    null,
    undefined,
    0,
    -0,
    Number.NaN,
    '',
    'a',
    'ä€',
    '🙂',
    true,
    false,
    1n,
    12345678901234567890n,
    [1, 'x'],
    ['1', 'x'],
    [null],
    [],
    { a: 1, b: [2] },
    new Date(5),
    'NaN',
    '0',
    1.5,
    Infinity,
  ],
  [0, -0, 1, -1, 2 ** 31, -(2 ** 40), 0.1, 1e300, 7, 8, 9],
  ['a', 'b', 'long enough to be a slice of its parent', 'x'.repeat(60), 'ß', '', '日本語'],
];
const VALUES = [1, 2, -0, 1.5, 'v', '', null, undefined, 10n, [1, [2]], { q: -0 }, Number.NaN];

function randomPairs(random: Prng, keys: readonly unknown[], values: readonly unknown[]): Pair[] {
  return Array.from({ length: random.pick([0, 1, 5, 40, 300]) }, () => [random.pick(keys), random.pick(values)]);
}

/** The plain way: a list of keys with their values, in order of appearance. */
function grouped(pairs: readonly Pair[]): [unknown, unknown[]][] {
  const groups = new Map<string, [unknown, unknown[]]>();
  for (const [key, value] of pairs) {
    const name = `${typeof key} ${structureText(key)}`;
    const group = groups.get(name) ?? [key, []];
    group[1].push(value);
    groups.set(name, group);
  }
  return [...groups.values()];
}

const keyText = (key: unknown) => `${typeof key} ${structureText(key)}`;
const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const byKey = (rows: readonly Pair[]): Pair[] => [...rows].sort((a, b) => byText(keyText(a[0]), keyText(b[0])));
const normal = (rows: readonly Pair[]) => byKey(rows).map(([key, value]) => [key === 0 ? 0 : key, value]);
const bag = (rows: readonly Pair[]) => rows.map(([key, value]) => `${keyText(key)} = ${structureText(value)}`).sort();

const seeds = process.env.SEED ? [Number(process.env.SEED)] : Array.from({ length: 30 }, (_, i) => i + 1);
let sc: InProcessContext;
afterEach(() => sc.close());

describe.each([
  ['in memory', 1 << 26],
  ['spilling', 500],
])('%s', (_, budgetBytes) => {
  it.each(seeds)('seed %i', async (seed) => {
    sc = new InProcessContext({ budgetBytes });
    const random = new Prng(seed);
    const keys = random.pick(KEYS);
    const [left, right] = [randomPairs(random, keys, VALUES), randomPairs(random, keys, VALUES)];
    const slices = 1 + random.int(5);
    const parts = 1 + random.int(4);
    const a = sc.parallelize(left, slices);
    const b = sc.parallelize(right, 1 + random.int(3));

    expect(normal(await a.groupByKey(parts).collect())).toEqual(normal(grouped(left)));
    expect(
      normal(
        await a
          .mapValues(() => 1)
          .reduceByKey((x, y) => x + y, parts)
          .collect(),
      ),
    ).toEqual(normal(grouped(left).map(([k, v]) => [k, v.length])));
    const lists = a.aggregateByKey(
      [] as unknown[],
      (acc, v) => {
        acc.push(v);
        return acc;
      },
      (x, y) => {
        x.push(...y);
        return x;
      },
      parts,
    );
    expect(normal(await lists.collect())).toEqual(normal(grouped(left)));
    expect((await a.countByKey()).size).toBe(grouped(left).length);

    const [of, other] = [grouped(left), grouped(right)];
    const match = (key: unknown) => other.find(([k]) => sameKey(k, key))?.[1] ?? [];
    const joined = of.flatMap(([k, vs]) => vs.flatMap((v) => match(k).map((w): Pair => [k, [v, w]])));
    expect(bag(await a.join(b, parts).collect())).toEqual(bag(joined));
    const leftJoined = of.flatMap(([k, vs]) =>
      vs.flatMap((v) => (match(k).length > 0 ? match(k) : [undefined]).map((w): Pair => [k, [v, w]])),
    );
    expect(bag(await a.leftOuterJoin(b, parts).collect())).toEqual(bag(leftJoined));
    expect(bag(await a.subtractByKey(b, parts).collect())).toEqual(bag(left.filter(([k]) => match(k).length === 0)));
    expect(await a.keys().distinct(parts).count()).toBe(of.length);

    const spread = await a.partitionBy(new HashPartitioner(parts)).glom().collect();
    expect(bag(spread.flat())).toEqual(bag(left));
    const hash = new HashPartitioner(parts);
    for (const [p, rows] of spread.entries()) for (const [key] of rows) expect(hash.getPartition(key)).toBe(p);

    const ascending = random.chance(0.5);
    const sorted = await a.sortByKey(ascending, parts).collect();
    expect(bag(sorted)).toEqual(bag(left));
    for (let i = 1; i < sorted.length; i++)
      expect(naturalOrder(sorted[i - 1]![0], sorted[i]![0]) * (ascending ? 1 : -1)).toBeLessThanOrEqual(0);
    for (const end of sc.ends) expect(end.metrics?.diskBytesSpilled ?? 0).toBeGreaterThanOrEqual(0);
  });
});
