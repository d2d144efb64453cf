// Stages of all jobs by state, and with FAIR scheduling the pools; `?pool=` shows one pool's. Source: Spark's AllStagesPage, PoolPage.
import type { PoolInfo } from '../../page-routes.ts';
import { useApi, useApp, useUi } from '../application.tsx';
import { bytes, count } from '../../../../browser/format.ts';
import { Facts, Loading, Section } from '../../../../browser/parts.tsx';
import type { Stage } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { stageGroups, StageTable } from '../stage-table.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';

const POOL_COLUMNS: readonly Column<PoolInfo>[] = [
  {
    key: 'name',
    title: 'Pool',
    by: (p) => p.name,
    cell: (p) => (
      <PageLink page="/stages/" query={{ pool: p.name }} class="strong">
        {p.name}
      </PageLink>
    ),
  },
  {
    key: 'minShare',
    title: 'Minimum share',
    hint: 'Cores it gets before others share',
    numeric: true,
    by: (p) => p.minShare,
    cell: (p) => count(p.minShare),
  },
  { key: 'weight', title: 'Weight', numeric: true, by: (p) => p.weight, cell: (p) => count(p.weight) },
  { key: 'stages', title: 'Active stages', numeric: true, by: (p) => p.activeStages, cell: (p) => count(p.activeStages) },
  { key: 'tasks', title: 'Running tasks', numeric: true, by: (p) => p.runningTasks, cell: (p) => count(p.runningTasks) },
  { key: 'mode', title: 'Scheduling', by: (p) => p.schedulingMode, cell: (p) => p.schedulingMode },
];

export function StagesPage() {
  const { setting, isLive } = useApp();
  const { params } = useRoute();
  const pool = params.get('pool') ?? undefined;
  const fair = setting('spark.scheduler.mode', 'FIFO').toUpperCase() === 'FAIR';
  const { data: all, error } = useApi<readonly Stage[]>('/stages');
  const pools = useUi<readonly PoolInfo[]>(fair && isLive ? 'pools' : undefined).data;
  const stages = (all ?? []).filter((s) => pool === undefined || s.schedulingPool === pool);
  const groups = stageGroups(stages);
  const sum = (of: (s: Stage) => number): number => stages.reduce((n, s) => n + of(s), 0);
  return (
    <>
      <Heading title={pool === undefined ? 'Stages' : `Pool ${pool}`}>
        {pool !== undefined && <PageLink page="/stages/">all stages</PageLink>}
      </Heading>
      {all === undefined ? (
        <Loading error={error} />
      ) : (
        <>
          <Facts
            facts={[
              ...groups.map((g) => [g.title.replace(' stages', ''), count(g.stages.length)] as const),
              sum((s) => s.inputBytes) > 0 && ['Input', bytes(sum((s) => s.inputBytes))],
              sum((s) => s.outputBytes) > 0 && ['Output', bytes(sum((s) => s.outputBytes))],
              sum((s) => s.shuffleWriteBytes) > 0 && ['Shuffle written', bytes(sum((s) => s.shuffleWriteBytes))],
              sum((s) => s.diskBytesSpilled) > 0 && [
                'Spilled to disk',
                <span class="warn-text">{bytes(sum((s) => s.diskBytesSpilled))}</span>,
              ],
            ]}
          />
          {pools && pool === undefined && (
            <Section id="pools" title="Fair scheduler pools" size={pools.length}>
              <DataTable id="pools" label="pools" columns={POOL_COLUMNS} rows={pools} rowKey={(p) => p.name} usual="name" />
            </Section>
          )}
          {groups.map((g) => (
            <Section key={g.id} id={g.id} title={g.title} size={g.stages.length} closed={g.id === 'skipped'}>
              <StageTable id={g.id} label={g.title.toLowerCase()} stages={g.stages} pools={fair} />
            </Section>
          ))}
          {groups.length === 0 && <p class="empty">No stage has run yet.</p>}
        </>
      )}
    </>
  );
}
