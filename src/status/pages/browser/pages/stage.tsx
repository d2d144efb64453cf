// One attempt of a stage: what is wrong with it, its quantiles, its timeline, its executors and its tasks. All attempts can be chosen.
// Source: Spark's StagePage.
import type { AccumulableData } from '../../../store/api-types.ts';
import { AlarmCards, ofStage } from '../alarms.tsx';
import { useApi, useApp, useUi } from '../application.tsx';
import { ByExecutor, type ExecutorSums } from '../by-executor.tsx';
import { Dag } from '../dag.tsx';
import { ErrorText } from '../error-text.tsx';
import { bytes, count, duration, moment, sizeAndRecords, when } from '../../../../browser/format.ts';
import { KillButton } from '../../../../browser/kill-button.tsx';
import { Facts, Loading, Note, Progress, Section, Status } from '../../../../browser/parts.tsx';
import type { Stage, TaskSummary } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { stageMs } from '../stage-table.tsx';
import { FigureChoice, SummaryMetrics } from '../summary-metrics.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';
import { TaskTable } from '../task-table.tsx';
import { TaskTimeline } from '../task-timeline.tsx';

const mergedBlocks = (stage: Stage): number => stage.shuffleMergedRemoteBlocksFetched + stage.shuffleMergedLocalBlocksFetched;

const ACCUMULATORS: readonly Column<AccumulableData>[] = [
  { key: 'name', title: 'Accumulator', by: (a) => a.name, cell: (a) => <span class="strong">{a.name}</span> },
  { key: 'value', title: 'Value', by: (a) => a.value, cell: (a) => a.value },
];

export function StagePage() {
  const { params } = useRoute();
  const id = params.get('id') ?? '';
  const valid = /^\d+$/.test(id);
  const { data: attempts, error } = useApi<readonly Stage[]>(valid ? `/stages/${id}?details=false` : undefined);
  const wanted = params.get('attempt');
  const known = attempts?.find((a) => String(a.attemptId) === wanted) ?? (wanted === null ? attempts?.at(-1) : undefined);
  if (!valid) return <Note tone="bad">A stage’s page needs its number: ?id=0&attempt=0</Note>;
  if (attempts !== undefined && known === undefined)
    return (
      <Note tone="bad">
        Stage {id} has no attempt {wanted}.
      </Note>
    );
  return known === undefined || attempts === undefined ? <Loading error={error} /> : <StageView stage={known} attempts={attempts} />;
}

function StageView({ stage, attempts }: { stage: Stage; attempts: readonly Stage[] }) {
  const { alarms, base, isLive, setting } = useApp();
  const { stageId, attemptId } = stage;
  const path = `/stages/${stageId}/${attemptId}`;
  const byExecutor = useUi<ExecutorSums>(`stages/${stageId}/${attemptId}/executors`).data ?? {};
  const summary = useApi<TaskSummary>(`${path}/taskSummary?quantiles=0,0.25,0.5,0.75,1.0`);
  const jobs = useUi<readonly number[]>(`stages/${stageId}/jobs`).data;
  const mine = ofStage(alarms, stageId, attemptId);
  const canKill = isLive && stage.status === 'ACTIVE' && setting('spark.ui.killEnabled', 'true') === 'true';
  return (
    <>
      <Heading title={`Stage ${stageId}${attempts.length > 1 ? ` (attempt ${attemptId})` : ''}`}>
        <Status of={stage.status} />
        <span class="subtitle">{stage.description ?? stage.name}</span>
        {canKill && (
          <KillButton
            label="kill"
            question={`Kill stage ${stageId}?`}
            consequence="Its running tasks are stopped, and every job that needs it fails."
            url={`${base}/stages/stage/kill/?id=${stageId}`}
          />
        )}
      </Heading>
      {attempts.length > 1 && (
        <nav class="attempts" aria-label="attempts of this stage">
          {attempts.map((a) => (
            <PageLink
              key={a.attemptId}
              page="/stages/stage/"
              query={{ id: stageId, attempt: a.attemptId }}
              aria-current={a.attemptId === attemptId ? 'page' : undefined}
            >
              attempt {a.attemptId} <Status of={a.status} />
            </PageLink>
          ))}
        </nav>
      )}
      <AlarmCards alarms={mine} />
      {stage.failureReason !== undefined && (
        <div class="failure" role="alert">
          <ErrorText text={stage.failureReason} />
        </div>
      )}
      <Facts
        facts={[
          ['Tasks', <Progress of={stage} />],
          ['Duration', duration(stageMs(stage, Date.now()))],
          ['Task time', duration(stage.executorRunTime)],
          ['Submitted', moment(when(stage.submissionTime))],
          ['Input', sizeAndRecords(stage.inputBytes, stage.inputRecords)],
          ['Output', sizeAndRecords(stage.outputBytes, stage.outputRecords)],
          ['Shuffle read', sizeAndRecords(stage.shuffleReadBytes, stage.shuffleReadRecords)],
          ['Shuffle write', sizeAndRecords(stage.shuffleWriteBytes, stage.shuffleWriteRecords)],
          mergedBlocks(stage) > 0 && [
            'Merged blocks read',
            <span title="Push-based shuffle: blocks of map outputs that shuffle services had merged, and the chunks in which they were read">
              {count(mergedBlocks(stage))} in {count(stage.shuffleMergedRemoteChunksFetched + stage.shuffleMergedLocalChunksFetched)} chunks
            </span>,
          ],
          stage.shuffleMergedFetchFallbackCount > 0 && [
            'Merged chunks not read',
            <span class="warn-text" title="Damaged or not to be had; their blocks were read from the map outputs">
              {count(stage.shuffleMergedFetchFallbackCount)}, of them {count(stage.shuffleCorruptMergedBlockChunks)} damaged
            </span>,
          ],
          stage.diskBytesSpilled > 0 && [
            'Spilled',
            <span class="warn-text">
              {bytes(stage.memoryBytesSpilled)} of memory, {bytes(stage.diskBytesSpilled)} on disk
            </span>,
          ],
          stage.peakExecutionMemory > 0 && ['Peak execution memory', bytes(stage.peakExecutionMemory)],
          ['Pool', stage.schedulingPool !== 'default' && stage.schedulingPool],
          stage.resourceProfileId > 0 && ['Resource profile', stage.resourceProfileId],
          jobs !== undefined &&
            jobs.length > 0 && [
              jobs.length === 1 ? 'Job' : 'Jobs',
              jobs.slice(0, 12).map((j) => (
                <PageLink key={j} page="/jobs/job/" query={{ id: j }} class="in-list">
                  {j}
                </PageLink>
              )),
            ],
        ]}
      />
      {stage.details !== '' && (
        <details class="call-site">
          <summary>{stage.name}</summary>
          <pre>{stage.details}</pre>
        </details>
      )}
      <Section id="graph" title="Graph" closed>
        <Dag stageIds={[stageId]} stages={[stage]} />
      </Section>
      <Section id="time" title="Task timeline">
        <TaskTimeline stage={stage} />
      </Section>
      <Section id="summary" title="Summary metrics" aside={<FigureChoice stage={stage} />}>
        <SummaryMetrics stage={stage} summary={summary.data} error={summary.error} />
      </Section>
      {Object.keys(byExecutor).length > 0 && (
        <Section id="executors" title="By executor" size={Object.keys(byExecutor).length}>
          <ByExecutor sums={byExecutor} />
        </Section>
      )}
      {stage.accumulatorUpdates.length > 0 && (
        <Section id="accumulators" title="Accumulators" size={stage.accumulatorUpdates.length}>
          <DataTable
            id="accumulators"
            label="accumulators"
            columns={ACCUMULATORS}
            rows={stage.accumulatorUpdates}
            rowKey={(a) => a.id}
            usual="name"
          />
        </Section>
      )}
      <Section id="tasks" title="Tasks" size={stage.numCompleteTasks + stage.numFailedTasks + stage.numKilledTasks + stage.numActiveTasks}>
        <TaskTable stage={stage} />
      </Section>
    </>
  );
}
