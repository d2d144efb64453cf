import { expect, it } from 'vitest';
import { layoutDag } from '../../../../src/status/pages/browser/dag-layout.ts';
import type { StageGraph } from '../../../../src/status/store/status-view.ts';

const rdd = (id: number, scope: string, parentIds: number[]): StageGraph['rdds'][number] => ({
  id,
  name: `Rdd${id}`,
  callSite: '',
  scope,
  scopeId: scope,
  cached: false,
  barrier: false,
  parentIds,
});
const graphs: StageGraph[] = [
  { stageId: 0, rdds: [rdd(0, 'a', []), rdd(1, 'a', [0]), rdd(2, 'b', [1])], parentStageIds: [] },
  { stageId: 1, rdds: [rdd(3, 'c', [2]), rdd(4, 'c', [3])], parentStageIds: [0] },
];
const inside = (inner: { x: number; y: number; width: number; height: number }, outer: typeof inner): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;

it('every RDD stands in its stage and its operation, parents above children, stages left to right', () => {
  const dag = layoutDag(graphs, new Map([[0, 'Stage 0']]));
  const stage = (id: number) => dag.stages.find((s) => s.stageId === id)!;
  for (const r of dag.rdds) {
    expect(inside(r, stage(r.stageId)), `rdd ${r.rdd.id}`).toBe(true);
    expect(inside(r, dag.scopes.find((s) => s.key === `${r.stageId} ${r.rdd.scopeId}`)!)).toBe(true);
    for (const p of dag.rdds) if (p.stageId === r.stageId && r.rdd.parentIds.includes(p.rdd.id)) expect(p.y).toBeLessThan(r.y);
  }
  expect(stage(0).x + stage(0).width).toBeLessThan(stage(1).x);
  expect(dag.edges.filter((e) => e.shuffle).map((e) => e.key)).toEqual(['0>1 2 3']);
  expect(dag.edges.length).toBe(4);
});

it('nothing is drawn out of nothing', () => {
  expect(layoutDag([], new Map()).rdds).toEqual([]);
  expect(layoutDag([{ stageId: 3, rdds: [], parentStageIds: [9] }], new Map()).stages.length).toBe(1);
});
