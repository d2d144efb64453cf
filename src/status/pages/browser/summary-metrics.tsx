// Quantiles of a stage's successful tasks, with check boxes for the figures that few people need; and the same sums by executor.
// Source: Spark's stagepage.js, ExecutorTable.
import type { ExecutorStageSummary } from '../../store/api-types.ts';
import { useApi } from './application.tsx';
import { bytes, count, duration, sizeAndRecords } from './format.ts';
import type { Executor, Stage, TaskSummary } from './rest.ts';
import { useRoute, useSetParams } from './router.tsx';
import { type Column, DataTable } from './table.tsx';
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

type Row = ExecutorStageSummary & { readonly id: string; readonly host: string; readonly logs: Readonly<Record<string, string>> };

export function ByExecutor({ stage }: { stage: Stage }) {
  const executors = useApi<readonly Executor[]>('/allexecutors').data;
  const known = new Map((executors ?? []).map((e) => [e.id, e] as const));
  const rows: readonly Row[] = Object.entries(stage.executorSummary ?? {}).map(([id, s]) => ({
    ...s,
    id,
    host: known.get(id)?.hostPort ?? '',
    logs: known.get(id)?.executorLogs ?? {},
  }));
  const has = (of: (r: Row) => number): boolean => rows.some((r) => of(r) > 0);
  const columns: readonly (Column<Row> | false)[] = [
    { key: 'id', title: 'Executor', by: (r) => r.id, cell: (r) => <span class="strong">{r.id}</span> },
    { key: 'host', title: 'Address', by: (r) => r.host, cell: (r) => r.host },
    { key: 'taskTime', title: 'Task time', numeric: true, by: (r) => r.taskTime, cell: (r) => duration(r.taskTime) },
    {
      key: 'tasks',
      title: 'Tasks',
      numeric: true,
      by: (r) => r.succeededTasks + r.failedTasks + r.killedTasks,
      cell: (r) => count(r.succeededTasks + r.failedTasks + r.killedTasks),
    },
    has((r) => r.failedTasks) && {
      key: 'failed',
      title: 'Failed',
      numeric: true,
      by: (r) => r.failedTasks,
      cell: (r) => (r.failedTasks > 0 ? <span class="bad-text">{count(r.failedTasks)}</span> : ''),
    },
    has((r) => r.killedTasks) && {
      key: 'killed',
      title: 'Killed',
      numeric: true,
      by: (r) => r.killedTasks,
      cell: (r) => count(r.killedTasks),
    },
    { key: 'ok', title: 'Succeeded', numeric: true, by: (r) => r.succeededTasks, cell: (r) => count(r.succeededTasks) },
    rows.some((r) => r.isExcludedForStage) && {
      key: 'excluded',
      title: 'Excluded',
      by: (r) => (r.isExcludedForStage ? 1 : 0),
      cell: (r) => (r.isExcludedForStage ? <span class="badge warn">excluded</span> : ''),
    },
    has((r) => r.inputRecords + r.inputBytes) && {
      key: 'input',
      title: 'Input',
      numeric: true,
      by: (r) => r.inputBytes,
      cell: (r) => sizeAndRecords(r.inputBytes, r.inputRecords),
    },
    has((r) => r.outputRecords + r.outputBytes) && {
      key: 'output',
      title: 'Output',
      numeric: true,
      by: (r) => r.outputBytes,
      cell: (r) => sizeAndRecords(r.outputBytes, r.outputRecords),
    },
    has((r) => r.shuffleRead) && {
      key: 'shuffleRead',
      title: 'Shuffle read',
      numeric: true,
      by: (r) => r.shuffleRead,
      cell: (r) => sizeAndRecords(r.shuffleRead, r.shuffleReadRecords),
    },
    has((r) => r.shuffleWrite) && {
      key: 'shuffleWrite',
      title: 'Shuffle write',
      numeric: true,
      by: (r) => r.shuffleWrite,
      cell: (r) => sizeAndRecords(r.shuffleWrite, r.shuffleWriteRecords),
    },
    has((r) => r.memoryBytesSpilled) && {
      key: 'memorySpill',
      title: 'Spill (memory)',
      numeric: true,
      by: (r) => r.memoryBytesSpilled,
      cell: (r) => bytes(r.memoryBytesSpilled),
    },
    has((r) => r.diskBytesSpilled) && {
      key: 'diskSpill',
      title: 'Spill (disk)',
      numeric: true,
      by: (r) => r.diskBytesSpilled,
      cell: (r) => bytes(r.diskBytesSpilled),
    },
    rows.some((r) => Object.keys(r.logs).length > 0) && {
      key: 'logs',
      title: 'Logs',
      cell: (r) => <LogLinks logs={r.logs} />,
    },
  ];
  return (
    <DataTable
      id="byExecutor"
      label="by executor"
      columns={columns.filter((c) => c !== false)}
      rows={rows}
      rowKey={(r) => r.id}
      usual="id"
    />
  );
}

/** Only addresses of the web: a log link comes from outside. */
export function LogLinks({ logs }: { logs: Readonly<Record<string, string>> }) {
  return (
    <>
      {Object.entries(logs)
        .filter(([, url]) => /^(https?:\/\/|\/(?!\/))/.test(url))
        .map(([name, url]) => (
          <a key={name} href={url} class="log" rel="noreferrer">
            {name}
          </a>
        ))}
    </>
  );
}
