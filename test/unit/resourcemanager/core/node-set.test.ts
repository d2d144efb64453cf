// A set of nodes by their numbers, beside a Set.
import { expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import type { Node } from '../../../../src/resourcemanager/core/entities.ts';
import { NodeSet } from '../../../../src/resourcemanager/core/node-set.ts';

it('has what was added, in the order of numbers, over many words and in the last bit of one', () => {
  const numbered = Array.from({ length: 200 }, (_, number) => ({ number }) as Node);
  const random = new Prng(5);
  const [set, expected] = [new NodeSet(), new Set<number>([31, 32, 63, 199])];
  for (let i = 0; i < 40; i++) expected.add(random.int(200));
  for (const number of [...expected, ...expected]) set.add({ number });
  expect([...set.of(numbered)].map(({ number }) => number)).toEqual([...expected].sort((a, b) => a - b));
  for (const node of numbered) expect(set.has(node)).toBe(expected.has(node.number));
  expect(set.has({ number: 5_000 })).toBe(false);
});
