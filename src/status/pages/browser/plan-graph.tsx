// A SQL plan as a graph: operators with their metrics, those of one generated function (whole-stage codegen) in a box. Source: Spark's
// SparkPlanGraph, spark-sql-viz.js.
import dagre from '@dagrejs/dagre';
import { useMemo } from 'preact/hooks';
import { codegenOf, rowsOf, shortValue, timeShares } from './plan-costs.ts';
import type { SqlExecution } from './rest.ts';

const LINE = 16;
const LETTER = 6.3;
const TITLE_LETTER = 7.4;
const MOST_LETTERS = 60;
const cut = (text: string): string => (text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text);
const textOf = (m: { readonly name: string; readonly value: string }): string => `${m.name}: ${shortValue(m.value)}`;

export function PlanGraph({ execution }: { execution: SqlExecution }) {
  const { g, boxes, clusters } = useMemo(() => layout(execution), [execution]);
  if (boxes.length === 0) return <p class="empty">This plan has no nodes.</p>;
  const size = g.graph();
  const boxOf = (key: string) => {
    const n = g.node(key);
    return { x: n.x - n.width / 2, y: n.y - n.height / 2, width: n.width, height: n.height, middle: n.x };
  };
  return (
    <div class="dagscroll dag plan-scroll">
      <svg width={size.width} height={size.height} role="img" aria-label={`plan of ${boxes.length} nodes`}>
        <title>Plan</title>
        {clusters.map((c) => {
          const { x, y, width, height } = boxOf(c.key);
          return (
            <g key={c.key} class="dag-scope">
              <rect x={x} y={y - 12} width={width} height={height + 12} rx={6} />
              <text x={x + 8} y={y + 2}>
                {c.title}
              </text>
            </g>
          );
        })}
        {g.edges().map((e: { v: string; w: string }) => (
          <polyline
            key={`${e.v}>${e.w}`}
            class="dag-edge"
            points={(g.edge(e).points ?? []).map((p: { x: number; y: number }) => `${p.x},${p.y}`).join(' ')}
          />
        ))}
        {g.edges().map((e: { v: string; w: string }) => {
          const { points = [], rows } = g.edge(e) as { points?: { x: number; y: number }[]; rows?: string };
          const middle = points[Math.floor(points.length / 2)];
          return rows === undefined || middle === undefined ? null : (
            <text key={`rows ${e.v}`} class="plan-rows" x={middle.x + 6} y={middle.y + 4}>
              {rows}
            </text>
          );
        })}
        {boxes.map((b) => {
          const { x, y, width, height, middle } = boxOf(b.key);
          return (
            <g key={b.key} class="dag-rdd">
              <title>{`${b.title}\n${b.full}`}</title>
              <rect x={x} y={y} width={width} height={height} rx={6} />
              {b.share > 0 && (
                <rect class="plan-heat" x={x} y={y} width={width} height={height} rx={6} style={{ fillOpacity: b.share * 0.75 }} />
              )}
              <text x={middle} y={y + 18} text-anchor="middle" class="plan-title">
                {b.title}
              </text>
              {b.lines.map((line, i) => (
                <text key={line} x={x + 12} y={y + 38 + i * LINE}>
                  {line}
                </text>
              ))}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

function layout({ nodes, edges }: SqlExecution) {
  const shares = timeShares(nodes);
  const g = new dagre.graphlib.Graph({ compound: true });
  g.setGraph({ rankdir: 'BT', nodesep: 24, ranksep: 34, marginx: 8, marginy: 18 });
  g.setDefaultEdgeLabel(() => ({}));
  const clusters = nodes.flatMap((n) => {
    const id = codegenOf(n.nodeName);
    if (id === undefined || !nodes.some((m) => m.wholeStageCodegenId === id && codegenOf(m.nodeName) === undefined)) return [];
    const time = n.metrics[0];
    g.setNode(`codegen ${id}`, {});
    return [{ key: `codegen ${id}`, id, title: cut(`codegen ${id}${time ? `, ${textOf(time)}` : ''}`) }];
  });
  const isCluster = new Set(clusters.map((c) => c.id));
  const boxes = nodes
    .filter((n) => !isCluster.has(codegenOf(n.nodeName) ?? -1))
    .map((n) => {
      const lines = n.metrics.map((m) => cut(textOf(m)));
      const share = shares.get(n.nodeId) ?? 0;
      const title = cut(n.nodeName) + (share >= 0.005 ? ` · ${Math.round(share * 100)} %` : '');
      const width = Math.max(110, title.length * TITLE_LETTER + 24, ...lines.map((l) => l.length * LETTER + 24));
      const key = String(n.nodeId);
      g.setNode(key, { width, height: 26 + lines.length * LINE + (lines.length > 0 ? 6 : 0) });
      if (n.wholeStageCodegenId !== undefined && isCluster.has(n.wholeStageCodegenId)) g.setParent(key, `codegen ${n.wholeStageCodegenId}`);
      return { key, title, share, lines, full: n.metrics.map((m) => `${m.name}: ${m.value}`).join('\n') };
    });
  const known = new Set(boxes.map((b) => b.key));
  for (const e of edges)
    if (known.has(String(e.fromId)) && known.has(String(e.toId))) {
      const from = nodes.find((n) => n.nodeId === e.fromId);
      g.setEdge(String(e.fromId), String(e.toId), { rows: from && rowsOf(from, { nodes, edges }) });
    }
  dagre.layout(g);
  return { g, boxes, clusters };
}
