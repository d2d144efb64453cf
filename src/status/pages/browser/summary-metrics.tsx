// Quantiles of a stage's successful tasks, with check boxes for the figures that few people need. Source: Spark's stagepage.js.
import { count, duration } from '../../../browser/format.ts';
import type { Stage, TaskSummary } from './rest.ts';
import { useRoute } from './page-links.tsx';
import { useSetParams } from '../../../browser/router.tsx';
import { FIGURES, figureText, shownFigures } from './task-figures.ts';

/** Optional figures that the address asks for. */
export function useChosenFigures(): ReadonlySet<string> {
  const { params } = useRoute();
  return new Set((params.get('metrics') ?? '').split(',').filter(Boolean));
}

export function FigureChoice({ stage }: { stage: Stage }) {
  const set = useSetParams();
  const chosen = useChosenFigures();
  const offered = FIGURES.filter((f) => f.optional && f.has(stage));
  const turn = (key: string): void => {
    const next = new Set(chosen);
    if (!next.delete(key)) next.add(key);
    set({ metrics: [...next].join(',') });
  };
  const all = offered.every((f) => chosen.has(f.key));
  return (
    <fieldset class="choice">
      <legend>More figures</legend>
      <label>
        <input type="checkbox" checked={all} onChange={() => set({ metrics: all ? '' : offered.map((f) => f.key).join(',') })} />
        all
      </label>
      {offered.map((f) => (
        <label key={f.key} title={f.hint}>
          <input type="checkbox" checked={chosen.has(f.key)} onChange={() => turn(f.key)} />
          {f.title}
        </label>
      ))}
    </fieldset>
  );
}

export function SummaryMetrics({ stage, summary, error }: { stage: Stage; summary: TaskSummary | undefined; error: string | undefined }) {
  const chosen = useChosenFigures();
  const done = stage.numCompleteTasks;
  if (summary === undefined) return <p class="empty">{error === undefined || done === 0 ? 'No task has succeeded yet.' : error}</p>;
  const five = [0, 1, 2, 3, 4];
  return (
    <div class="scroll">
      <table class="quantiles" aria-label="summary metrics">
        <thead>
          <tr>
            <th scope="col">{count(done)} succeeded tasks</th>
            {['Min', '25th', 'Median', '75th', 'Max'].map((name) => (
              <th key={name} scope="col" class="numeric">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row" title="From launch to end, as the driver saw it.">
              Duration
            </th>
            {five.map((i) => (
              <td key={i} class={`numeric${i === 2 ? ' strong' : ''}`}>
                {duration(summary.duration[i])}
              </td>
            ))}
          </tr>
          {shownFigures(stage, chosen).map((f) => (
            <tr key={f.key}>
              <th scope="row" title={f.hint}>
                {f.title}
              </th>
              {five.map((i) => (
                <td key={i} class={`numeric${i === 2 ? ' strong' : ''}`}>
                  {figureText(f, f.ofSummary(summary)[i], f.records?.ofSummary(summary)[i])}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
