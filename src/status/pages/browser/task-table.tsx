// A stage's tasks, a page at a time: sorted, searched and counted by the server, so that 100,000 are no burden. `?task=` marks one.
import { useState } from 'preact/hooks';
import type { TaskTable as Page } from '../page-routes.ts';
import { useUi } from './application.tsx';
import { cellLine } from './error-lines.ts';
import { ErrorText } from './error-text.tsx';
import { count, duration, moment, when } from '../../../browser/format.ts';
import { Loading, Status } from '../../../browser/parts.tsx';
import type { Stage, Task } from './rest.ts';
import { queryText, useSetParams } from '../../../browser/router.tsx';
import { useRoute } from './page-links.tsx';
import { useChosenFigures } from './summary-metrics.tsx';
import { LogLinks } from './log-links.tsx';
import { type Column, TableView, useTableState } from '../../../browser/table.tsx';
import { figureText, shownFigures } from './task-figures.ts';

const STATES = ['RUNNING', 'SUCCESS', 'FAILED', 'KILLED'] as const;

export function TaskTable({ stage }: { stage: Stage }) {
  const { params } = useRoute();
  const set = useSetParams();
  const [state, change] = useTableState('tasks', 'index');
  const chosen = useChosenFigures();
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set());
  const status = params.get('status') ?? '';
  const marked = Number(params.get('task') ?? '-1');
  const figures = shownFigures(stage, chosen);
  const sortBy = figures.find((f) => f.key === state.sort)?.sortBy ?? state.sort;
  const { data, error } = useUi<Page<Task>>(
    `stages/${stage.stageId}/${stage.attemptId}/tasks${queryText({
      offset: (state.page - 1) * state.size,
      length: state.size,
      sortBy,
      descending: String(state.descending),
      status,
      search: state.search,
    })}`,
  );
  const columns: readonly (Column<Task> | false)[] = [
    { key: 'index', title: 'Index', cell: (t) => count(t.index) },
    { key: 'taskId', title: 'Task', cell: (t) => count(t.taskId) },
    { key: 'attempt', title: 'Attempt', cell: (t) => `${t.attempt}${t.speculative ? ' (speculative)' : ''}` },
    { key: 'status', title: 'Status', cell: (t) => <Status of={t.status} /> },
    { key: 'taskLocality', title: 'Locality', cell: (t) => <small>{t.taskLocality.toLowerCase().replaceAll('_', ' ')}</small> },
    {
      key: 'executorId',
      title: 'Executor',
      cell: (t) => (
        <>
          {t.executorId} <small>{t.host}</small> <LogLinks logs={t.executorLogs} />
        </>
      ),
    },
    { key: 'launchTime', title: 'Launched', cell: (t) => <time>{moment(when(t.launchTime))}</time> },
    { key: 'duration', title: 'Duration', numeric: true, cell: (t) => duration(t.duration) },
    ...figures.map(
      (f): Column<Task> => ({
        key: f.key,
        title: f.title,
        hint: f.hint,
        numeric: true,
        cell: (t) => (t.taskMetrics === undefined ? '' : figureText(f, f.ofTask(t.taskMetrics, t), f.records?.ofTask(t.taskMetrics))),
      }),
    ),
    stage.accumulatorUpdates.length > 0 && {
      key: 'accumulators',
      title: 'Accumulators',
      by: false,
      cell: (t) =>
        t.accumulatorUpdates.map((a) => (
          <div key={a.id}>
            {a.name}: {a.update ?? a.value}
          </div>
        )),
    },
    (stage.numFailedTasks > 0 || stage.numKilledTasks > 0 || data?.tasks.some((t) => t.errorMessage !== undefined) === true) && {
      key: 'errorMessage',
      title: 'Error',
      wide: true,
      cell: (t) =>
        t.errorMessage !== undefined && (
          <button
            type="button"
            class="error-button"
            aria-expanded={open.has(t.taskId)}
            onClick={() => {
              const next = new Set(open);
              if (!next.delete(t.taskId)) next.add(t.taskId);
              setOpen(next);
            }}
          >
            {cellLine(t.errorMessage)}
          </button>
        ),
    },
  ];
  if (data === undefined && error !== undefined) return <Loading error={error} />;
  return (
    <TableView
      id="tasks"
      label="tasks"
      columns={columns.filter((c) => c !== false)}
      rows={data?.tasks ?? []}
      rowKey={(t) => t.taskId}
      total={data?.total ?? 0}
      state={state}
      change={change}
      sortable={(c) => c.by !== false}
      searchHint="Search executor, host, error"
      empty={data === undefined ? 'Loading …' : 'No tasks.'}
      marked={(t) => t.taskId === marked}
      below={(t) => open.has(t.taskId) && <ErrorText text={t.errorMessage} />}
      tools={
        <fieldset class="choice states">
          <legend class="unseen">status of tasks</legend>
          {['', ...STATES].map((s) => (
            <label key={s} class={status === s ? 'chosen' : ''}>
              <input type="radio" name="status" checked={status === s} onChange={() => set({ status: s, 'tasks.page': '' })} />
              {s === '' ? 'all' : s.toLowerCase()}
            </label>
          ))}
        </fieldset>
      }
    />
  );
}
