// Where the boxes of a stage graph go: inside a stage its RDDs from top to bottom, those of one operation (scope) in a cluster; the stages from left
// to right. Pure numbers from dagre; what draws them is dag.tsx. Source of the picture: Spark's spark-dag-viz.js.
import dagre from '@dagrejs/dagre';
import type { StageGraph } from '../../store/status-view.ts';

export type Box = { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
export type RddBox = Box & { readonly rdd: StageGraph['rdds'][number]; readonly stageId: number };
export type ScopeBox = Box & { readonly name: string; readonly key: string };
export type StageBox = Box & { readonly stageId: number };
export type Edge = {
  readonly key: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
  readonly shuffle: boolean;
};
export type Dag = {
  readonly width: number;
  readonly height: number;
  readonly stages: readonly StageBox[];
  readonly scopes: readonly ScopeBox[];
  readonly rdds: readonly RddBox[];
  readonly edges: readonly Edge[];
};

const HEAD = 38;
/** A cluster is this much taller than dagre makes it, for its name. */
const SCOPE_HEAD = 12;
const PAD = 14;
const NODE_HEIGHT = 26;
const LETTER = 6.6;
const textWidth = (text: string): number => Math.min(230, Math.max(70, text.length * LETTER + 22));
export const rddLabel = (rdd: StageGraph['rdds'][number]): string => `${rdd.name} [${rdd.id}]`;

type Inner = {
  readonly width: number;
  readonly height: number;
  readonly rdds: RddBox[];
  readonly scopes: ScopeBox[];
  readonly edges: Edge[];
};

function inside(graph: StageGraph, label: string): Inner {
  const g = new dagre.graphlib.Graph({ compound: true });
  g.setGraph({ rankdir: 'TB', nodesep: 18, ranksep: 30, marginx: PAD, marginy: PAD });
  g.setDefaultEdgeLabel(() => ({}));
  const here = new Set(graph.rdds.map((r) => r.id));
  for (const rdd of graph.rdds) {
    g.setNode(String(rdd.id), { width: textWidth(rddLabel(rdd)), height: NODE_HEIGHT });
    if (rdd.scopeId === undefined) continue;
    g.setNode(`scope ${rdd.scopeId}`, {});
    g.setParent(String(rdd.id), `scope ${rdd.scopeId}`);
  }
  for (const rdd of graph.rdds) for (const parent of rdd.parentIds) if (here.has(parent)) g.setEdge(String(parent), String(rdd.id));
  dagre.layout(g);
  const boxOf = (key: string): Box => {
    const n = g.node(key);
    return { x: n.x - n.width / 2, y: n.y - n.height / 2 + HEAD, width: n.width, height: n.height };
  };
  const names = new Map(graph.rdds.map((r) => [r.scopeId, r.scope] as const));
  const scopes = [...names]
    .filter(([id]) => id !== undefined)
    .map(([id, name]): ScopeBox => {
      const box = boxOf(`scope ${id}`);
      return { ...box, y: box.y - SCOPE_HEAD, height: box.height + SCOPE_HEAD, name: name ?? '', key: `${graph.stageId} ${id}` };
    });
  const edges = g.edges().map(
    (e: { v: string; w: string }): Edge => ({
      key: `${graph.stageId} ${e.v} ${e.w}`,
      points: (g.edge(e).points ?? []).map((p: { x: number; y: number }) => ({ x: p.x, y: p.y + HEAD })),
      shuffle: false,
    }),
  );
  const size = g.graph();
  const finite = (n: number | undefined): number => (n === undefined || !Number.isFinite(n) ? 0 : n);
  return {
    width: Math.max(finite(size.width), label.length * 7 + 40, 120),
    height: finite(size.height) + HEAD,
    rdds: graph.rdds.map((rdd) => ({ ...boxOf(String(rdd.id)), rdd, stageId: graph.stageId })),
    scopes,
    edges,
  };
}

/** @param labels what stands in each stage's head; its box is at least as wide */
export function layoutDag(graphs: readonly StageGraph[], labels: ReadonlyMap<number, string>): Dag {
  const inner = new Map(graphs.map((s) => [s.stageId, inside(s, labels.get(s.stageId) ?? '')] as const));
  const g = new dagre.graphlib.Graph();
  g.setGraph({ rankdir: 'LR', nodesep: 28, ranksep: 56, marginx: 4, marginy: 4 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const [id, { width, height }] of inner) g.setNode(String(id), { width, height });
  for (const s of graphs) for (const parent of s.parentStageIds) if (inner.has(parent)) g.setEdge(String(parent), String(s.stageId));
  dagre.layout(g);
  const stages: StageBox[] = [];
  const scopes: ScopeBox[] = [];
  const rdds: RddBox[] = [];
  const edges: Edge[] = [];
  for (const [stageId, made] of inner) {
    const n = g.node(String(stageId));
    const x = n.x - n.width / 2;
    const y = n.y - n.height / 2;
    const moved = <B extends Box>(b: B): B => ({ ...b, x: b.x + x, y: b.y + y });
    stages.push({ stageId, x, y, width: made.width, height: made.height });
    scopes.push(...made.scopes.map(moved));
    rdds.push(...made.rdds.map(moved));
    edges.push(...made.edges.map((e) => ({ ...e, points: e.points.map((p) => ({ x: p.x + x, y: p.y + y })) })));
  }
  // Across stages: from the RDD that the other stage reads, so one sees what is shuffled. An RDD may stand in several stages; its own stage is the nearest parent.
  for (const s of graphs) {
    const parents = new Set(s.parentStageIds);
    const here = new Set(s.rdds.map((r) => r.id));
    for (const rdd of s.rdds) {
      const to = rdds.find((r) => r.rdd.id === rdd.id && r.stageId === s.stageId);
      for (const parent of rdd.parentIds) {
        if (here.has(parent) || !to) continue;
        const from = rdds.find((r) => r.rdd.id === parent && parents.has(r.stageId)) ?? rdds.find((r) => r.rdd.id === parent);
        if (!from) continue;
        const start = { x: from.x + from.width, y: from.y + from.height / 2 };
        const end = { x: to.x, y: to.y + to.height / 2 };
        edges.push({ key: `${from.stageId}>${s.stageId} ${parent} ${rdd.id}`, points: [start, end], shuffle: true });
      }
    }
  }
  const size = g.graph();
  return { width: Math.max(1, size.width ?? 1), height: Math.max(1, size.height ?? 1), stages, scopes, rdds, edges };
}
