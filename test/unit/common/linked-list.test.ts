// Members that leave from the beginning, the middle and the end, come again, and go while somebody walks over them.
import { describe, expect, it } from 'vitest';
import { LinkedList } from '../../../src/common/linked-list.ts';
import { Prng } from '../../../src/common/prng.ts';

type Member = { readonly name: number; before: Member | undefined; after: Member | undefined };
const member = (name: number): Member => ({ name, before: undefined, after: undefined });
const names = (list: LinkedList<Member>) => [...list].map(({ name }) => name);

describe('a linked list', () => {
  it('has the order of a Map in which who comes again is deleted first', () => {
    const random = new Prng(3);
    const members = Array.from({ length: 8 }, (_, i) => member(i));
    const [list, expected] = [new LinkedList<Member>(), new Map<number, true>()];
    for (let i = 0; i < 2_000; i++) {
      const one = members[random.int(members.length)]!;
      expected.delete(one.name);
      if (random.chance(0.6)) {
        list.push(one);
        expected.set(one.name, true);
      } else list.delete(one);
      expect(names(list)).toEqual([...expected.keys()]);
      expect([list.size, list.has(one), list.first?.name, list.last?.name]).toEqual([
        expected.size,
        expected.has(one.name),
        [...expected.keys()][0],
        [...expected.keys()].at(-1),
      ]);
    }
  });

  it('lets the one in hand leave while it is walked over', () => {
    const list = new LinkedList<Member>();
    for (let i = 0; i < 4; i++) list.push(member(i));
    for (const one of list) if (one.name % 2 === 0) list.delete(one);
    expect(names(list)).toEqual([1, 3]);
  });
});
