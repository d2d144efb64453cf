// SQL executions: the list, and one of them with its plan as a graph and as text, and its jobs. Source: Spark's AllExecutionsPage, ExecutionPage.
import { useApi } from '../application.tsx';
import { count, duration, moment, when } from '../../../../browser/format.ts';
import { JobTable } from '../job-table.tsx';
import { Facts, Loading, Note, Section, Status } from '../../../../browser/parts.tsx';
import { PlanGraph } from '../plan-graph.tsx';
import type { Job, SqlExecution } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';

const jobsOf = (e: SqlExecution): readonly number[] => [...e.runningJobIds, ...e.successJobIds, ...e.failedJobIds].sort((a, b) => a - b);
const COLUMNS: readonly Column<SqlExecution>[] = [
  { key: 'id', title: 'Execution', by: (e) => e.id, cell: (e) => e.id },
  {
    key: 'description',
    title: 'Description',
    wide: true,
    by: (e) => e.description,
    cell: (e) => (
      <PageLink page="/SQL/execution/" query={{ id: e.id }} class="strong">
        {e.description}
      </PageLink>
    ),
  },
  { key: 'status', title: 'Status', by: (e) => e.status, cell: (e) => <Status of={e.status} /> },
  { key: 'submitted', title: 'Submitted', by: (e) => when(e.submissionTime), cell: (e) => <time>{moment(when(e.submissionTime))}</time> },
  { key: 'duration', title: 'Duration', numeric: true, by: (e) => e.duration, cell: (e) => duration(e.duration) },
  {
    key: 'jobs',
    title: 'Jobs',
    cell: (e) =>
      jobsOf(e).map((j) => (
        <PageLink key={j} page="/jobs/job/" query={{ id: j }} class={`in-list${e.failedJobIds.includes(j) ? ' bad-text' : ''}`}>
          {j}
        </PageLink>
      )),
  },
];
/** The server gives 20 unless asked. */
const MOST = 1000;

export function SqlPage() {
  const { data, error } = useApi<readonly SqlExecution[]>(`/sql?offset=0&length=${MOST}&details=false&planDescription=false`);
  return (
    <>
      <Heading title="SQL" />
      {data === undefined ? (
        <Loading error={error} />
      ) : (
        <Section id="executions" title="Executions" size={data.length}>
          <DataTable
            id="executions"
            label="SQL executions"
            columns={COLUMNS}
            rows={data}
            rowKey={(e) => e.id}
            usual="-id"
            text={(e) => `${e.id} ${e.description} ${e.status}`}
            searchHint="Search executions"
            empty="No SQL has run."
          />
        </Section>
      )}
    </>
  );
}

export function SqlExecutionPage() {
  const { params } = useRoute();
  const id = params.get('id') ?? '';
  const valid = /^\d+$/.test(id);
  const { data: execution, error } = useApi<SqlExecution>(valid ? `/sql/${id}` : undefined);
  const jobs = useApi<readonly Job[]>('/jobs').data ?? [];
  if (!valid) return <Note tone="bad">An execution’s page needs its number: ?id=0</Note>;
  if (execution === undefined) return <Loading error={error} />;
  const wanted = new Set(jobsOf(execution));
  const mine = jobs.filter((j) => wanted.has(j.jobId));
  return (
    <>
      <Heading title={`Execution ${execution.id}`}>
        <Status of={execution.status} />
        <span class="subtitle">{execution.description}</span>
      </Heading>
      <Facts
        facts={[
          ['Submitted', moment(when(execution.submissionTime))],
          ['Duration', duration(execution.duration)],
          ['Jobs', count(wanted.size)],
        ]}
      />
      <Section id="plan" title="Plan" size={execution.nodes.length}>
        <PlanGraph execution={execution} />
      </Section>
      {mine.length > 0 && (
        <Section id="jobs" title="Jobs" size={mine.length}>
          <JobTable id="jobs" label="jobs of this execution" jobs={mine} />
        </Section>
      )}
      {execution.planDescription !== '' && (
        <Section id="text" title="Plan as text" closed>
          <pre class="plan-text">{execution.planDescription}</pre>
        </Section>
      )}
    </>
  );
}
