// What each executor did for a stage, as a table. Source: Spark's ExecutorTable.
import type { ExecutorStageSummary } from '../../store/api-types.ts';
import { useApi } from './application.tsx';
import { bytes, count, duration, sizeAndRecords } from '../../../browser/format.ts';
import { LogLinks } from './log-links.tsx';
import type { Executor } from './rest.ts';
import { type Column, DataTable } from '../../../browser/table.tsx';

export type ExecutorSums = Readonly<Record<string, ExecutorStageSummary>>;
type Row = ExecutorStageSummary & { readonly id: string; readonly host: string; readonly logs: Readonly<Record<string, string>> };

export function ByExecutor({ sums }: { sums: ExecutorSums }) {
  const executors = useApi<readonly Executor[]>('/allexecutors').data;
  const known = new Map((executors ?? []).map((e) => [e.id, e] as const));
  const rows: readonly Row[] = Object.entries(sums).map(([id, s]) => ({
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
