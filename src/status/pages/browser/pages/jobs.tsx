// Jobs: how the application is doing, its timeline, and its jobs by state. Source: Spark's AllJobsPage.
import { useMemo } from 'preact/hooks';
import { AlarmCards } from '../alarms.tsx';
import { useApi, useApp } from '../application.tsx';
import { duration, moment, plural, when } from '../../../../browser/format.ts';
import { jobMs, JobTable } from '../job-table.tsx';
import { Facts, Loading, Section } from '../../../../browser/parts.tsx';
import type { Executor, Job } from '../rest.ts';
import { useHref } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import type { Span } from '../span-rows.ts';
import { SpanTimeline } from '../span-timeline.tsx';

const TONES: Readonly<Record<string, Span['tone']>> = { RUNNING: 'run', SUCCEEDED: 'good', FAILED: 'bad' };

export function JobsPage() {
  const { application, attempt, alarms, setting } = useApp();
  const { data: jobs, error } = useApi<readonly Job[]>('/jobs');
  const of = (...status: readonly string[]): readonly Job[] => (jobs ?? []).filter((j) => status.includes(j.status));
  const active = of('RUNNING');
  const completed = of('SUCCEEDED');
  const failed = of('FAILED', 'UNKNOWN');
  const executors = useApi<readonly Executor[]>('/allexecutors').data ?? [];
  const href = useHref();
  const now = Date.now();
  const spans = useMemo(
    () =>
      (jobs ?? []).flatMap((j): Span[] => {
        const fromMs = when(j.submissionTime);
        if (fromMs === undefined) return [];
        return [
          {
            key: j.jobId,
            fromMs,
            toMs: fromMs + (jobMs(j, now) ?? 0),
            label: `${j.jobId} ${j.description ?? j.name}`,
            tone: TONES[j.status] ?? 'calm',
            href: href('/jobs/job/', { id: j.jobId }),
            note: `${j.status.toLowerCase()}, ${plural(j.numTasks - j.numSkippedTasks, 'task')}`,
          },
        ];
      }),
    [jobs],
  );
  const total = attempt && (attempt.completed ? attempt.duration : Date.now() - attempt.startTimeEpoch);
  return (
    <>
      <Heading title="Jobs" />
      <Facts
        facts={[
          ['User', attempt?.sparkUser],
          ['Started', moment(attempt?.startTimeEpoch)],
          ['Total uptime', duration(total)],
          ['Scheduling mode', setting('spark.scheduler.mode', 'FIFO').toUpperCase()],
          ['Active', active.length > 0 && active.length],
          ['Completed', completed.length > 0 && completed.length],
          ['Failed', failed.length > 0 && <span class="bad-text">{failed.length}</span>],
          ['Application', application?.id && <code>{application.id}</code>],
        ]}
      />
      <AlarmCards alarms={alarms} where />
      {jobs === undefined ? (
        <Loading error={error} />
      ) : (
        <>
          <Section id="time" title="Timeline">
            <SpanTimeline
              id="events"
              label="jobs and executors"
              spans={spans}
              executors={executors}
              nowMs={attempt?.completed ? attempt.endTimeEpoch : now}
            />
          </Section>
          {active.length > 0 && (
            <Section id="active" title="Active jobs" size={active.length}>
              <JobTable id="active" label="active jobs" jobs={active} />
            </Section>
          )}
          {failed.length > 0 && (
            <Section id="failed" title="Failed jobs" size={failed.length}>
              <JobTable id="failed" label="failed jobs" jobs={failed} />
            </Section>
          )}
          {(completed.length > 0 || jobs.length === 0) && (
            <Section id="completed" title="Completed jobs" size={completed.length}>
              <JobTable
                id="completed"
                label="completed jobs"
                jobs={completed}
                empty="No job has run yet. A job begins with an action: count, collect, save …"
              />
            </Section>
          )}
        </>
      )}
    </>
  );
}
