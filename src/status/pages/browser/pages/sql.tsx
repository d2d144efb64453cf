// SQL executions: the list, and one of them with its plan as a graph and as text, and its jobs. Source: Spark's AllExecutionsPage, ExecutionPage.
import dagre from '@dagrejs/dagre';
import { useMemo } from 'preact/hooks';
import { useApi } from '../application.tsx';
import { count, duration, moment, when } from '../format.ts';
import { JobTable } from '../job-table.tsx';
import { Facts, Loading, Note, Section, Status } from '../parts.tsx';
import type { Job, SqlExecution } from '../rest.ts';
import { PageLink, useRoute } from '../router.tsx';
import { Heading } from '../shell.tsx';
import { type Column, DataTable } from '../table.tsx';

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

const LINE = 16;
const LETTER = 6.3;
const oneLine = (text: string): string => text.replace(/\s*\n\s*/g, ' ');
const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

function PlanGraph({ execution }: { execution: SqlExecution }) {
  const laid = useMemo(() => {
    const g = new dagre.graphlib.Graph();
    g.setGraph({ rankdir: 'BT', nodesep: 24, ranksep: 34, marginx: 8, marginy: 8 });
    g.setDefaultEdgeLabel(() => ({}));
    const boxes = execution.nodes.map((n) => {
      const lines = n.metrics.map((m) => cut(`${m.name}: ${oneLine(m.value)}`));
      const title = cut(`${n.nodeName}${n.wholeStageCodegenId === undefined ? '' : ` (${n.wholeStageCodegenId})`}`);
      const width = Math.max(110, ...[title, ...lines].map((l) => l.length * LETTER + 24));
      g.setNode(String(n.nodeId), { width, height: 26 + lines.length * LINE + (lines.length > 0 ? 6 : 0) });
      return { id: n.nodeId, title, lines, full: n.metrics.map((m) => `${m.name}: ${m.value}`).join('\n') };
    });
    for (const e of execution.edges)
      if (g.hasNode(String(e.fromId)) && g.hasNode(String(e.toId))) g.setEdge(String(e.fromId), String(e.toId));
    dagre.layout(g);
    return { g, boxes };
  }, [execution]);
  if (laid.boxes.length === 0) return <p class="empty">This plan has no nodes.</p>;
  const size = laid.g.graph();
  return (
    <div class="dagscroll dag">
      <svg width={size.width} height={size.height} role="img" aria-label={`plan of ${laid.boxes.length} nodes`}>
        <title>Plan</title>
        {laid.g.edges().map((e: { v: string; w: string }) => (
          <polyline
            key={`${e.v}>${e.w}`}
            class="dag-edge"
            points={(laid.g.edge(e).points ?? []).map((p: { x: number; y: number }) => `${p.x},${p.y}`).join(' ')}
          />
        ))}
        {laid.boxes.map((b) => {
          const n = laid.g.node(String(b.id));
          const x = n.x - n.width / 2;
          const y = n.y - n.height / 2;
          return (
            <g key={b.id} class="dag-rdd">
              <title>{`${b.title}\n${b.full}`}</title>
              <rect x={x} y={y} width={n.width} height={n.height} rx={6} />
              <text x={n.x} y={y + 18} text-anchor="middle" class="plan-title">
                {b.title}
              </text>
              {b.lines.map((line, i) => (
                <text key={line} x={x + 12} y={y + 38 + i * LINE}>
                  {line}
                </text>
              ))}
            </g>
          );
        })}
      </svg>
    </div>
  );
}
