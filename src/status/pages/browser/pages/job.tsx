// One job: what became of it, its graph, its stages in time and as tables. Source: Spark's JobPage.
import { useMemo } from 'preact/hooks';
import { AlarmCards, ofStage } from '../alarms.tsx';
import { useApi, useApp } from '../application.tsx';
import { Dag } from '../dag.tsx';
import { ErrorText } from '../error-text.tsx';
import { duration, moment, when } from '../../../../browser/format.ts';
import { jobMs, useJobErrors } from '../job-table.tsx';
import { KillButton } from '../../../../browser/kill-button.tsx';
import { Facts, Loading, Note, Progress, Section, Status } from '../../../../browser/parts.tsx';
import type { Executor, Job, Stage } from '../rest.ts';
import { PageLink, useHref, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import type { Span } from '../span-rows.ts';
import { SpanTimeline } from '../span-timeline.tsx';
import { stageGroups, StageTable } from '../stage-table.tsx';

const TONES: Readonly<Record<string, Span['tone']>> = { ACTIVE: 'run', COMPLETE: 'good', FAILED: 'bad' };

export function JobPage() {
  const { params } = useRoute();
  const id = params.get('id') ?? '';
  const valid = /^\d+$/.test(id);
  const { data: job, error } = useApi<Job>(valid ? `/jobs/${id}` : undefined);
  if (!valid) return <Note tone="bad">A job’s page needs its number: ?id=0</Note>;
  return job === undefined ? <Loading error={error} /> : <JobView job={job} />;
}

function JobView({ job }: { job: Job }) {
  const { alarms, base, isLive, setting } = useApp();
  const href = useHref();
  const failure = useJobErrors([job])[job.jobId];
  const { data: all, error } = useApi<readonly Stage[]>('/stages');
  const executors = useApi<readonly Executor[]>('/allexecutors').data ?? [];
  const wanted = new Set(job.stageIds);
  const stages = useMemo(() => (all ?? []).filter((s) => wanted.has(s.stageId)), [all, job]);
  // The newest attempt of each stage.
  const latest = useMemo(
    () => [...new Map([...stages].sort((a, b) => a.attemptId - b.attemptId).map((s) => [s.stageId, s] as const)).values()],
    [stages],
  );
  const now = Date.now();
  const begun = when(job.submissionTime) ?? 0;
  const end = when(job.completionTime) ?? (job.status === 'RUNNING' ? now : begun);
  const spans = useMemo(
    () =>
      stages.flatMap((s): Span[] => {
        const fromMs = when(s.submissionTime);
        if (fromMs === undefined) return [];
        return [
          {
            key: `${s.stageId}.${s.attemptId}`,
            fromMs,
            toMs: when(s.completionTime) ?? now,
            label: `${s.stageId}${s.attemptId > 0 ? `.${s.attemptId}` : ''} ${s.description ?? s.name}`,
            tone: TONES[s.status] ?? 'calm',
            href: href('/stages/stage/', { id: s.stageId, attempt: s.attemptId }),
            note: `${s.numCompletedIndices} of ${s.numTasks} tasks`,
          },
        ];
      }),
    [stages],
  );
  const fair = setting('spark.scheduler.mode', 'FIFO').toUpperCase() === 'FAIR';
  return (
    <>
      <Heading title={`Job ${job.jobId}`}>
        <Status of={job.status} />
        <span class="subtitle">{job.description ?? job.name}</span>
        {isLive && job.status === 'RUNNING' && setting('spark.ui.killEnabled', 'true') === 'true' && (
          <KillButton
            label="kill"
            question={`Kill job ${job.jobId}?`}
            consequence={`“${job.description ?? job.name}” ends with an error, its running tasks are stopped.`}
            url={`${base}/jobs/job/kill/?id=${job.jobId}`}
          />
        )}
      </Heading>
      <AlarmCards alarms={job.stageIds.flatMap((s) => ofStage(alarms, s))} where />
      {failure !== undefined && (
        <div class="failure" role="alert">
          <ErrorText text={failure} />
        </div>
      )}
      <Facts
        facts={[
          ['Tasks', <Progress of={job} />],
          ['Duration', duration(jobMs(job, now))],
          ['Submitted', moment(when(job.submissionTime))],
          ['Action', job.description !== undefined && job.name],
          ['Group', job.jobGroup],
          job.jobTags.length > 0 && [
            'Tags',
            job.jobTags.map((tag) => (
              <span key={tag} class="badge tag">
                {tag}
              </span>
            )),
          ],
          job.sqlExecutionId !== undefined && [
            'SQL',
            <PageLink page="/SQL/execution/" query={{ id: job.sqlExecutionId }}>
              execution {job.sqlExecutionId}
            </PageLink>,
          ],
        ]}
      />
      <Section id="graph" title="Graph">
        <Dag stageIds={job.stageIds} stages={latest} />
      </Section>
      {spans.length > 0 && (
        <Section id="time" title="Timeline">
          <SpanTimeline
            id="jobtime"
            label="stages of this job"
            spans={spans}
            executors={executors.filter((e) => within(e, begun, end)).map((e) => untilEnd(e, end))}
            nowMs={end}
          />
        </Section>
      )}
      {all === undefined ? (
        <Loading error={error} />
      ) : (
        stageGroups(stages).map((g) => (
          <Section key={g.id} id={g.id} title={g.title} size={g.stages.length}>
            <StageTable id={g.id} label={g.title.toLowerCase()} stages={g.stages} pools={fair} />
          </Section>
        ))
      )}
    </>
  );
}

/** What became of an executor after the job would make the job a speck in its own timeline. */
function untilEnd(e: Executor, end: number): Executor {
  const { removeTime, ...stays } = e;
  return (when(removeTime) ?? 0) > end ? stays : e;
}
/** Came or went while the job ran. */
function within(e: Executor, from: number, to: number): boolean {
  const inside = (ms: number | undefined): boolean => ms !== undefined && ms >= from && ms <= to;
  return inside(when(e.addTime)) || inside(when(e.removeTime));
}
