// Jobs as rows, for the Jobs page and the SQL execution. Source: Spark's AllJobsPage.
import { useApp, useUi } from './application.tsx';
import { AlarmBadges, ofStage } from './alarms.tsx';
import { duration, moment, when } from '../../../browser/format.ts';
import { KillButton } from '../../../browser/kill-button.tsx';
import { Progress } from '../../../browser/parts.tsx';
import type { Job } from './rest.ts';
import { PageLink } from './page-links.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import { ErrorText } from './error-text.tsx';

export const jobMs = (job: Job, now: number): number | undefined => {
  const from = when(job.submissionTime);
  return from === undefined ? undefined : (when(job.completionTime) ?? (job.status === 'RUNNING' ? now : from)) - from;
};

/** Asked for only when there are failed jobs. @returns why, by job id */
export const useJobErrors = (jobs: readonly Job[]): Readonly<Record<number, string>> =>
  useUi<Record<number, string>>(jobs.some((j) => j.status === 'FAILED') ? 'jobs/errors' : undefined).data ?? {};

type Props = {
  readonly id: string;
  readonly label: string;
  readonly jobs: readonly Job[];
  readonly empty?: string;
};

export function JobTable({ id, label, jobs, empty }: Props) {
  const { alarms, base, isLive, setting } = useApp();
  const errors = useJobErrors(jobs);
  const now = Date.now();
  const canKill = isLive && setting('spark.ui.killEnabled', 'true') === 'true' && jobs.some((j) => j.status === 'RUNNING');
  const grouped = jobs.some((j) => j.jobGroup !== undefined || j.jobTags.length > 0);
  const columns: readonly (Column<Job> | false)[] = [
    {
      key: 'jobId',
      title: 'Job',
      by: (j) => j.jobId,
      cell: (j) => (
        <PageLink page="/jobs/job/" query={{ id: j.jobId }}>
          {j.jobId}
        </PageLink>
      ),
    },
    {
      key: 'name',
      title: 'Description',
      wide: true,
      by: (j) => j.description ?? j.name,
      cell: (j) => (
        <>
          <PageLink page="/jobs/job/" query={{ id: j.jobId }} class="strong">
            {j.description ?? j.name}
          </PageLink>{' '}
          <AlarmBadges alarms={j.stageIds.flatMap((s) => ofStage(alarms, s))} />
          {j.description !== undefined && <div class="muted">{j.name}</div>}
          <ErrorText text={errors[j.jobId]} />
        </>
      ),
    },
    grouped && {
      key: 'group',
      title: 'Group and tags',
      by: (j) => j.jobGroup ?? '',
      cell: (j) => (
        <>
          {j.jobGroup}
          {j.jobTags.map((tag) => (
            <span key={tag} class="badge tag">
              {tag}
            </span>
          ))}
        </>
      ),
    },
    { key: 'submitted', title: 'Submitted', by: (j) => when(j.submissionTime), cell: (j) => <time>{moment(when(j.submissionTime))}</time> },
    { key: 'duration', title: 'Duration', numeric: true, by: (j) => jobMs(j, now), cell: (j) => duration(jobMs(j, now)) },
    {
      key: 'stages',
      title: 'Stages: done / all',
      numeric: true,
      by: (j) => j.numCompletedStages,
      cell: (j) => (
        <>
          {j.numCompletedStages}/{j.stageIds.length - j.numSkippedStages}
          {j.numFailedStages > 0 && <small class="bad-text"> {j.numFailedStages} failed</small>}
          {j.numSkippedStages > 0 && <small> {j.numSkippedStages} skipped</small>}
        </>
      ),
    },
    {
      key: 'tasks',
      title: 'Tasks: succeeded / all',
      by: (j) => (j.numTasks === 0 ? 0 : j.numCompletedIndices / j.numTasks),
      cell: (j) => <Progress of={j} />,
    },
    canKill && {
      key: 'kill',
      title: '',
      cell: (j) => (
        <KillButton
          label="kill"
          question={`Kill job ${j.jobId}?`}
          consequence={`“${j.description ?? j.name}” ends with an error, its running tasks are stopped.`}
          url={`${base}/jobs/job/kill/?id=${j.jobId}`}
        />
      ),
    },
  ];
  return (
    <DataTable
      id={id}
      label={label}
      columns={columns.filter((c) => c !== false)}
      rows={jobs}
      rowKey={(j) => j.jobId}
      usual="-jobId"
      text={(j) => `${j.jobId} ${j.name} ${j.description ?? ''} ${j.jobGroup ?? ''} ${j.jobTags.join(' ')} ${errors[j.jobId] ?? ''}`}
      searchHint="Search jobs"
      {...(empty !== undefined && { empty })}
    />
  );
}
