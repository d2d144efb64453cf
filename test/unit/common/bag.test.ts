// Members that come and leave from anywhere.
import { expect, it } from 'vitest';
import { Bag } from '../../../src/common/bag.ts';
import { Prng } from '../../../src/common/prng.ts';

it('has just those that came and did not leave', () => {
  const random = new Prng(4);
  const members = Array.from({ length: 9 }, () => ({ bagAt: -1 }));
  const [bag, expected] = [new Bag<(typeof members)[number]>(), new Set<(typeof members)[number]>()];
  for (let i = 0; i < 1_000; i++) {
    const one = members[random.int(members.length)]!;
    if (expected.delete(one)) bag.delete(one);
    else {
      bag.add(one);
      expected.add(one);
    }
    expect(bag.size).toBe(expected.size);
    expect(new Set(bag.values())).toEqual(expected);
  }
});
