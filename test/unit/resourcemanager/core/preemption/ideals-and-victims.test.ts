// What each queue should have, and which containers go for it: numbers in, numbers out. Cases named after YARN's are of
// TestProportionalCapacityPreemptionPolicy.
import { describe, expect, it } from 'vitest';
import type { Resource } from '../../../../../src/common/resource.ts';
import { idealAllocations, inDeadZone, type QueueNeed } from '../../../../../src/resourcemanager/core/preemption/capacity-ideals.ts';
import { chooseVictims } from '../../../../../src/resourcemanager/core/preemption/choose-victims.ts';
import type { Candidate, Claim, Holder } from '../../../../../src/resourcemanager/core/preemption/ground.ts';

const of = (n: number): Resource => ({ memoryMb: n, vcores: n });

/** path: guaranteed, maximum, used, pending, and whether nothing may be taken from it. */
const tree = (queues: Record<string, readonly [number, number, number, number, boolean?]>): QueueNeed[] =>
  Object.entries(queues).map(([path, [guaranteed, maximum, used, pending, disabled = false]]) => ({
    path,
    parent: path.includes('.') ? path.slice(0, path.lastIndexOf('.')) : '',
    leaf: !Object.keys(queues).some((other) => other.startsWith(`${path}.`)),
    guaranteed: of(guaranteed),
    maximum: of(maximum),
    used: of(used),
    pending: of(pending),
    disabled,
  }));
const ideals = (queues: Parameters<typeof tree>[0], total = 100) =>
  Object.fromEntries([...idealAllocations(tree(queues), of(total))].map(([path, { memoryMb }]) => [path, memoryMb]));

describe('the ideal allocation of queues', () => {
  it.each([
    // testProportionalPreemption: 45 of A's are too much, B and C are below.
    [
      { r: [100, 100, 100, 0], 'r.a': [10, 100, 30, 0], 'r.b': [40, 100, 0, 20], 'r.c': [20, 100, 60, 10], 'r.d': [30, 100, 10, 20] },
      { 'r.b': 20, 'r.d': 30 },
    ],
    // testIgnore: nobody waits, nobody loses.
    [
      { r: [100, 100, 60, 0], 'r.a': [40, 100, 60, 0], 'r.b': [60, 100, 0, 0] },
      { 'r.a': 60, 'r.b': 0 },
    ],
    // testOverCapacityImbalance: what is over is shared by guarantees.
    [
      { r: [100, 100, 100, 10], 'r.a': [40, 100, 55, 0], 'r.b': [40, 100, 45, 10], 'r.c': [20, 100, 0, 0] },
      { 'r.a': 50, 'r.b': 50 },
    ],
    // testMaxCap: a maximum is not exceeded for anybody's sake.
    [
      { r: [100, 100, 100, 90], 'r.a': [40, 100, 55, 0], 'r.b': [40, 45, 45, 90], 'r.c': [20, 100, 0, 0] },
      { 'r.a': 55, 'r.b': 45 },
    ],
    // testPerQueueDisablePreemption: what may not be taken stays.
    [
      { r: [100, 100, 100, 55], 'r.a': [50, 100, 0, 55], 'r.b': [25, 100, 54, 0, true], 'r.c': [25, 100, 46, 0] },
      { 'r.b': 54, 'r.a': 21, 'r.c': 25 },
    ],
    // testHierarchical: a side above its guarantee gives, in it the child that is above its own.
    [
      {
        r: [200, 200, 200, 10],
        'r.a': [100, 200, 110, 0],
        'r.a.b': [50, 200, 60, 0],
        'r.a.c': [50, 200, 50, 0],
        'r.d': [100, 200, 90, 10],
        'r.d.e': [10, 200, 90, 10],
        'r.d.f': [90, 200, 0, 0],
      },
      { 'r.a': 100, 'r.a.b': 50, 'r.a.c': 50, 'r.d.e': 100 },
    ],
    // testZeroGuar: without a guarantee it comes last.
    [
      { r: [100, 100, 100, 60], 'r.a': [0, 100, 80, 0], 'r.b': [100, 100, 20, 60] },
      { 'r.a': 20, 'r.b': 80 },
    ],
  ] as const)('%j', (queues, expected) => {
    const found = ideals(queues as never, queues.r[0]);
    for (const [path, ideal] of Object.entries(expected)) expect([path, found[path]]).toEqual([path, ideal]);
  });

  it('leaves a queue alone that is a little above', () => {
    expect(inDeadZone({ used: of(109), guaranteed: of(100) }, 0.1)).toBe(true);
    expect(inDeadZone({ used: of(111), guaranteed: of(100) }, 0.1)).toBe(false);
    expect(
      inDeadZone({ used: { memoryMb: 1, vcores: 1, others: { gpu: 2 } }, guaranteed: { memoryMb: 9, vcores: 9, others: { gpu: 1 } } }, 0.1),
    ).toBe(false);
  });
});

type OnNode = Candidate & { readonly node: string };
const candidate = (id: string, more: Partial<OnNode> = {}): OnNode => ({
  id,
  holder: 'a',
  node: 'n1',
  resource: of(10),
  startedAtMs: Number(/\d+/.exec(id)?.[0] ?? 0),
  priority: 1,
  isDriver: false,
  askedBack: false,
  ...more,
});
const holder = (used: number, ideal: number, floor = ideal): Holder => ({ used: of(used), ideal: of(ideal), floor: of(floor) });
const choose = (more: {
  holders?: Record<string, Holder>;
  claims?: Claim[];
  candidates: OnNode[];
  free?: Record<string, number>;
  kept?: Record<string, { holder: string | undefined; size: Resource }>;
  budget?: number;
}) => {
  const free = more.free ?? { n1: 0 };
  return chooseVictims({
    holders: new Map(Object.entries(more.holders ?? { a: holder(100, 50), b: holder(0, 50) })),
    claims: more.claims ?? [{ holder: 'b', size: of(10), count: 1, by: '' }],
    places: {
      nodes: Object.keys(free),
      first: 0,
      freeOn: (node) => of(free[node]!),
      candidatesOn: (on) => more.candidates.filter(({ node }) => node === on),
      keptOn: (node) => more.kept?.[node],
    },
    total: of(100),
    budget: more.budget ?? 1,
    looks: { left: 1_000, each: 1_000 },
  }).flatMap(({ victims }) => victims.map(({ id }) => id));
};

describe('the containers that go', () => {
  it('are the youngest, of the least important, never a driver while there is anything else', () => {
    const candidates = [candidate('c1'), candidate('c3'), candidate('c2'), candidate('c9', { isDriver: true })];
    expect(choose({ candidates })).toEqual(['c3']);
    expect(choose({ candidates: [...candidates, candidate('c0', { priority: 7 })] })).toEqual(['c0']);
    expect(choose({ candidates: [candidate('c9', { isDriver: true })] })).toEqual(['c9']);
  });

  it('are those that were asked back before', () => {
    expect(choose({ candidates: [candidate('c1', { askedBack: true }), candidate('c3')] })).toEqual(['c1']);
    expect(choose({ candidates: [candidate('c3'), candidate('c1', { askedBack: true, node: 'n2' })], free: { n1: 0, n2: 0 } })).toEqual([
      'c1',
    ]);
  });

  it('make room for a whole container on one node, with what is free there, and as few of them as will do', () => {
    const small = (id: string, node: string) => candidate(id, { node, resource: of(4) });
    const candidates = [small('c1', 'n1'), small('c2', 'n1'), small('c3', 'n2'), small('c4', 'n2')];
    expect(choose({ candidates, free: { n1: 1, n2: 6 } })).toEqual(['c4']);
    expect(choose({ candidates, free: { n1: 0, n2: 0 } })).toEqual([]); // nowhere 10 of it
    expect(choose({ candidates: [small('c2', 'n1'), candidate('c1')], free: { n1: 0 } })).toEqual(['c1']);
  });

  it('are none where there is room already, or of a node that takes no containers', () => {
    expect(choose({ candidates: [candidate('c1')], free: { n1: 0, n2: 10 } })).toEqual([]);
    expect(choose({ candidates: [candidate('c1')], free: {} })).toEqual([]);
  });

  it('take nobody below his floor and give nobody more than his ideal', () => {
    const three = [candidate('c1'), candidate('c2'), candidate('c3')];
    const claims = [{ holder: 'b', size: of(10), count: 9, by: '' }];
    expect(choose({ candidates: three, claims, holders: { a: holder(30, 12), b: holder(0, 50) } })).toEqual(['c3']);
    expect(choose({ candidates: three, claims, holders: { a: holder(30, 0), b: holder(45, 65) } })).toEqual(['c3', 'c2']);
    expect(choose({ candidates: three, claims, holders: { a: holder(30, 30), b: holder(0, 50) } })).toEqual([]);
  });

  it('go only to somebody whom the scheduler serves before the loser', () => {
    const due = (used: number, guaranteed: number): Holder => ({ ...holder(used, 20, 0), due: of(guaranteed) });
    const take = (b: Holder) => choose({ candidates: [candidate('c1')], holders: { a: due(30, 20), b } });
    expect(take(due(0, 20))).toEqual(['c1']);
    expect(take({ ...due(20, 20), ideal: of(40) })).toEqual([]); // both would have all their due: it might come back to a
  });

  it('are no more than the budget of the round allows, and one claim always is', () => {
    const candidates = Array.from({ length: 8 }, (_, i) => candidate(`c${i}`));
    const claims = [{ holder: 'b', size: of(10), count: 9, by: '' }];
    expect(choose({ candidates, claims, budget: 0.2 })).toHaveLength(2);
    expect(choose({ candidates, claims, budget: 0.01 })).toHaveLength(1);
  });

  it('are not on a node that is kept for somebody, unless he would have more than his ideal with it', () => {
    const [c1, c2] = [candidate('c1'), candidate('c2', { node: 'n2' })];
    const holders = (keeper: number) => ({ a: holder(100, 50), b: holder(0, 50), c: holder(keeper, 30) });
    const free = { n1: 0, n2: 0 };
    const on = (used: number, kept: { holder: string | undefined; size: Resource }) =>
      choose({ candidates: [c1, c2], free, holders: holders(used), kept: { n1: kept } });
    expect(on(10, { holder: 'c', size: of(20) })).toEqual(['c2']);
    expect(on(20, { holder: 'c', size: of(20) })).toEqual(['c1']);
    expect(on(20, { holder: undefined, size: of(20) })).toEqual(['c2']);
    expect(on(20, { holder: 'b', size: of(20) })).toEqual(['c2']);
  });

  it('are found without a look at every node for every claim: 10,000 nodes, hundreds of claims', () => {
    const nodes = Array.from({ length: 10_000 }, (_, i) => `n${i}`);
    const looked: string[] = [];
    const candidatesOn = (node: string) => {
      looked.push(node);
      return [candidate(`c${node}`, { resource: of(1) })];
    };
    const claims = Array.from({ length: 300 }, (_, i) => ({ holder: `b${i % 30}`, size: of(i % 10 === 0 ? 2 : 1), count: 5, by: '' }));
    const claimers = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`b${i}`, holder(0, 1_000)]));
    const looks = { left: 5_000, each: 200 };
    const rooms = chooseVictims({
      holders: new Map(Object.entries({ a: holder(10_000, 10), ...claimers })),
      claims,
      places: { nodes, first: 0, freeOn: () => of(0), candidatesOn },
      total: of(10_000),
      budget: 1,
      looks,
    });
    expect(rooms.map(({ victims }) => victims.length)).toEqual(Array.from({ length: 500 }, () => 1)); // those of size 2 fit nowhere, and stop nobody
    expect(looks.left).toBeGreaterThanOrEqual(0);
    expect(new Set(looked).size).toBe(looked.length); // what is on a node is looked up once
    expect(looked.length).toBeLessThanOrEqual(5_000);
  });
});
