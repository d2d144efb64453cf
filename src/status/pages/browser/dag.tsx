// The graph of a job's or stage's RDDs as SVG: stages as boxes with their operations, cached RDDs marked, skipped stages grey; a click opens the
// stage, a search lights up what it finds. Where things stand is dag-layout.ts.
import { ParamSearch } from '../../../browser/param-search.tsx';
import { useEffect, useMemo, useState } from 'preact/hooks';
import type { StageGraph } from '../../store/status-view.ts';
import { useApp } from './application.tsx';
import { type Edge, layoutDag, rddLabel } from './dag-layout.ts';
import { duration, plural } from '../../../browser/format.ts';
import { onChange } from '../../../browser/live.ts';
import type { Stage } from './rest.ts';
import { useHref, useRoute } from './page-links.tsx';
import { stageMs } from './stage-table.tsx';
import { ask } from '../../../browser/use-data.ts';

/** Beyond that a picture tells nobody anything, and the layout takes seconds. */
const MOST_STAGES = 120;

/** Graphs of several stages. A stage that the server does not know is left out. */
export function useGraphs(stageIds: readonly number[]): readonly StageGraph[] | undefined {
  const { ui } = useApp();
  const [graphs, setGraphs] = useState<readonly StageGraph[]>();
  const key = stageIds.join(',');
  useEffect(() => {
    let ended = false;
    const load = async (): Promise<void> => {
      const made = await Promise.all(
        stageIds.map((id) =>
          ask(`${ui}/stages/${id}/graph`)
            .then((text) => JSON.parse(text) as StageGraph)
            .catch(() => undefined),
        ),
      );
      if (!ended) setGraphs(made.filter((g) => g !== undefined));
    };
    void load();
    // What is cached shows only while the stage runs; the shape never changes, so a quiet second look is enough.
    let looked = false;
    const deaf = onChange(() => {
      if (looked) return;
      looked = true;
      void load();
    });
    return () => {
      ended = true;
      deaf();
    };
  }, [ui, key]);
  return graphs;
}

const curve = ({ points, shuffle }: Edge): string => {
  const [a, ...rest] = points;
  const b = points.at(-1);
  if (!a || !b) return '';
  if (shuffle) {
    const bend = Math.max(24, Math.abs(b.x - a.x) / 2);
    return `M${a.x},${a.y} C${a.x + bend},${a.y} ${b.x - bend},${b.y} ${b.x - 5},${b.y}`;
  }
  return `M${a.x},${a.y} ${rest.map((p, i) => `L${p.x},${i === rest.length - 1 ? p.y - 4 : p.y}`).join(' ')}`;
};
const cut = (text: string, pixels: number): string => {
  const fits = Math.floor((pixels - 14) / 6.6);
  return text.length > fits ? `${text.slice(0, Math.max(1, fits - 1))}…` : text;
};

type Props = { readonly stageIds: readonly number[]; readonly stages: readonly Stage[] };

export function Dag({ stageIds, stages }: Props) {
  const { params, go } = useRoute();
  const href = useHref();
  const [anyway, setAnyway] = useState(false);
  const tooMany = stageIds.length > MOST_STAGES && !anyway;
  const graphs = useGraphs(tooMany ? [] : stageIds);
  const byId = new Map(stages.map((s) => [s.stageId, s] as const));
  const labels = new Map(stageIds.map((id) => [id, headOf(id, byId.get(id))] as const));
  const dag = useMemo(() => graphs && layoutDag(graphs, labels), [graphs, [...labels.values()].join()]);
  const wanted = (params.get('dag') ?? '').toLowerCase();
  if (tooMany) {
    return (
      <p class="empty">
        {plural(stageIds.length, 'stage')} make a large picture.{' '}
        <button type="button" onClick={() => setAnyway(true)}>
          Draw it
        </button>
      </p>
    );
  }
  if (dag === undefined) return <p class="empty">Loading …</p>;
  if (dag.rdds.length === 0) return <p class="empty">Nothing is known of these RDDs.</p>;
  const lit = (texts: readonly (string | undefined)[]): boolean => wanted !== '' && texts.some((t) => t?.toLowerCase().includes(wanted));
  return (
    <div class="dag">
      <div class="timetools">
        <ParamSearch param="dag" hint="Find an RDD or operation" label="find in the graph" />
        <ul class="legend">
          <li>
            <i class="swatch cached" /> cached
          </li>
          <li>
            <i class="swatch shuffled" /> shuffle
          </li>
        </ul>
      </div>
      <div class="dagscroll">
        <svg
          width={dag.width}
          height={dag.height}
          viewBox={`0 0 ${dag.width} ${dag.height}`}
          role="img"
          aria-label={`graph of ${plural(dag.stages.length, 'stage')} and ${plural(dag.rdds.length, 'RDD')}`}
          class={wanted === '' ? '' : 'searching'}
        >
          <title>Stages and their RDDs</title>
          <defs>
            <marker
              id="arrow"
              viewBox="0 0 8 8"
              refX="7"
              refY="4"
              markerUnits="userSpaceOnUse"
              markerWidth="8"
              markerHeight="8"
              orient="auto"
            >
              <path d="M0,0 L8,4 L0,8 z" class="arrowhead" />
            </marker>
          </defs>
          {dag.stages.map((s) => {
            const stage = byId.get(s.stageId);
            const to = href('/stages/stage/', { id: s.stageId, attempt: stage?.attemptId ?? 0 });
            return (
              <g key={s.stageId} class={`dag-stage ${stage?.status.toLowerCase() ?? ''}`} data-stage={s.stageId}>
                <rect x={s.x} y={s.y} width={s.width} height={s.height} rx={8} />
                <a
                  href={to}
                  onClick={(e) => {
                    e.preventDefault();
                    go(to);
                  }}
                >
                  <text x={s.x + 12} y={s.y + 20}>
                    {labels.get(s.stageId)}
                  </text>
                </a>
              </g>
            );
          })}
          {dag.scopes.map((s) => (
            <g key={s.key} class={`dag-scope${lit([s.name]) ? ' lit' : ''}`}>
              <rect x={s.x} y={s.y} width={s.width} height={s.height} rx={6} />
              <text x={s.x + 8} y={s.y + 13}>
                {cut(s.name, s.width)}
              </text>
            </g>
          ))}
          {dag.edges.map((e) => (
            <path key={e.key} d={curve(e)} class={e.shuffle ? 'dag-edge shuffle' : 'dag-edge'} marker-end="url(#arrow)" />
          ))}
          {dag.rdds.map((r) => (
            <g
              key={`${r.stageId} ${r.rdd.id}`}
              class={`dag-rdd${r.rdd.cached ? ' cached' : ''}${lit([rddLabel(r.rdd), r.rdd.callSite]) ? ' lit' : ''}`}
            >
              <title>{`${rddLabel(r.rdd)}${r.rdd.cached ? ', cached' : ''}${r.rdd.barrier ? ', barrier' : ''}\n${r.rdd.callSite}`}</title>
              <rect x={r.x} y={r.y} width={r.width} height={r.height} rx={5} />
              <text x={r.x + r.width / 2} y={r.y + r.height / 2 + 4} text-anchor="middle">
                {cut(rddLabel(r.rdd), r.width)}
              </text>
            </g>
          ))}
        </svg>
      </div>
    </div>
  );
}

function headOf(id: number, stage: Stage | undefined): string {
  if (stage === undefined || stage.status === 'PENDING') return `Stage ${id}`;
  if (stage.status === 'SKIPPED') return `Stage ${id} · skipped`;
  const ms = stage.status === 'ACTIVE' ? undefined : stageMs(stage, 0);
  return `Stage ${id} · ${plural(stage.numTasks, 'task')}${ms === undefined ? ' · running' : ` · ${duration(ms)}`}`;
}
