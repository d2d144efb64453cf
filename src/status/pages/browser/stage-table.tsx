// Stages as rows, for the Stages page, a job and a pool. Source: Spark's StageTableBase.
import { useApp } from './application.tsx';
import { AlarmBadges, ofStage } from './alarms.tsx';
import { bytes, bytesOrNothing, duration, moment, when } from '../../../browser/format.ts';
import { KillButton } from '../../../browser/kill-button.tsx';
import { Progress } from '../../../browser/parts.tsx';
import type { Stage } from './rest.ts';
import { PageLink } from './page-links.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import { ErrorText } from './error-text.tsx';

export const stageMs = (s: Stage, now: number): number | undefined => {
  const from = when(s.firstTaskLaunchedTime) ?? when(s.submissionTime);
  if (from === undefined) return undefined;
  const end = when(s.completionTime) ?? (s.status === 'ACTIVE' ? now : undefined);
  return end === undefined ? undefined : Math.max(0, end - from);
};

type Props = { readonly id: string; readonly label: string; readonly stages: readonly Stage[]; readonly pools?: boolean };

export function StageTable({ id, label, stages, pools = false }: Props) {
  const { alarms, base, isLive, setting } = useApp();
  const now = Date.now();
  const canKill = isLive && setting('spark.ui.killEnabled', 'true') === 'true' && stages.some((s) => s.status === 'ACTIVE');
  const hasAttempts = stages.some((s) => s.attemptId > 0);
  const size = (key: string, title: string, hint: string, of: (s: Stage) => number): Column<Stage> => ({
    key,
    title,
    hint,
    numeric: true,
    by: of,
    cell: (s) => bytesOrNothing(of(s)),
  });
  const columns: readonly (Column<Stage> | false)[] = [
    {
      key: 'stageId',
      title: 'Stage',
      by: (s) => s.stageId + s.attemptId / 1000,
      cell: (s) => (
        <PageLink page="/stages/stage/" query={{ id: s.stageId, attempt: s.attemptId }}>
          {s.stageId}
          {hasAttempts && s.attemptId > 0 && <small> attempt {s.attemptId}</small>}
        </PageLink>
      ),
    },
    {
      key: 'name',
      title: 'Description',
      wide: true,
      by: (s) => s.description ?? s.name,
      cell: (s) => (
        <>
          <PageLink page="/stages/stage/" query={{ id: s.stageId, attempt: s.attemptId }} class="strong">
            {s.description ?? s.name}
          </PageLink>{' '}
          <AlarmBadges alarms={ofStage(alarms, s.stageId, s.attemptId)} />
          {s.description !== undefined && <div class="muted">{s.name}</div>}
        </>
      ),
    },
    pools && {
      key: 'pool',
      title: 'Pool',
      by: (s) => s.schedulingPool,
      cell: (s) => (
        <PageLink page="/stages/" query={{ pool: s.schedulingPool }}>
          {s.schedulingPool}
        </PageLink>
      ),
    },
    { key: 'submitted', title: 'Submitted', by: (s) => when(s.submissionTime), cell: (s) => <time>{moment(when(s.submissionTime))}</time> },
    { key: 'duration', title: 'Duration', numeric: true, by: (s) => stageMs(s, now), cell: (s) => duration(stageMs(s, now)) },
    {
      key: 'tasks',
      title: 'Tasks: succeeded / all',
      by: (s) => (s.numTasks === 0 ? 0 : s.numCompletedIndices / s.numTasks),
      cell: (s) => <Progress of={s} />,
    },
    size('input', 'Input', 'Bytes read from storage or cached partitions', (s) => s.inputBytes),
    size('output', 'Output', 'Bytes written to storage', (s) => s.outputBytes),
    size('shuffleRead', 'Shuffle read', 'Bytes read from other stages, local and remote', (s) => s.shuffleReadBytes),
    size('shuffleWrite', 'Shuffle write', 'Bytes written for later stages', (s) => s.shuffleWriteBytes),
    stages.some((s) => s.diskBytesSpilled > 0) && {
      key: 'spill',
      title: 'Spilled',
      hint: 'Bytes written to disk because memory was short',
      numeric: true,
      by: (s) => s.diskBytesSpilled,
      cell: (s) => (s.diskBytesSpilled === 0 ? '' : <span class="warn-text">{bytes(s.diskBytesSpilled)}</span>),
    },
    canKill && {
      key: 'kill',
      title: '',
      cell: (s) =>
        s.status === 'ACTIVE' && (
          <KillButton
            label="kill"
            question={`Kill stage ${s.stageId}?`}
            consequence={`Its running tasks are stopped, and every job that needs “${s.description ?? s.name}” fails.`}
            url={`${base}/stages/stage/kill/?id=${s.stageId}`}
          />
        ),
    },
  ];
  return (
    <DataTable
      id={id}
      label={label}
      columns={columns.filter((c) => c !== false)}
      rows={stages}
      rowKey={(s) => `${s.stageId}.${s.attemptId}`}
      usual="-stageId"
      text={(s) => `${s.stageId} ${s.name} ${s.description ?? ''} ${s.schedulingPool} ${s.failureReason ?? ''}`}
      searchHint="Search stages"
      below={(s) => s.failureReason !== undefined && <ErrorText text={s.failureReason} />}
    />
  );
}

const GROUPS = [
  ['active', 'Active stages', 'ACTIVE'],
  ['pending', 'Pending stages', 'PENDING'],
  ['failed', 'Failed stages', 'FAILED'],
  ['completed', 'Completed stages', 'COMPLETE'],
  ['skipped', 'Skipped stages', 'SKIPPED'],
] as const;
export const stageGroups = (stages: readonly Stage[]) =>
  GROUPS.map(([id, title, status]) => ({ id, title, stages: stages.filter((s) => s.status === status) })).filter(
    (g) => g.stages.length > 0,
  );
