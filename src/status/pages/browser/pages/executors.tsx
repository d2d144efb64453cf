// Executors: how many there are, what each does, holds and has done, and why those that are gone went. Source: Spark's ExecutorsPage.
import { useApi, useApp } from '../application.tsx';
import { bytes, bytesOrNothing, count, duration, moment, percent, when } from '../../../../browser/format.ts';
import { Facts, Loading, Meter, Section, Status } from '../../../../browser/parts.tsx';
import type { Executor } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { useSetParams } from '../../../../browser/router.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { LogLinks } from '../log-links.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';

/** Source: the 10 % from which Spark's page colours a cell. */
const GC_MUCH = 0.1;
const statusOf = (e: Executor): string => (e.isExcluded ? 'Excluded' : e.isActive ? 'Active' : 'Dead');
const sum = (executors: readonly Executor[], of: (e: Executor) => number): number => executors.reduce((n, e) => n + of(e), 0);
const peak = (e: Executor, name: 'JVMHeapMemory' | 'ProcessTreeOtherRSSMemory' | 'OnHeapExecutionMemory' | 'OnHeapStorageMemory'): number =>
  e.peakMemoryMetrics?.[name] ?? 0;

export function ExecutorsPage() {
  const { isLive, setting } = useApp();
  const { params } = useRoute();
  const set = useSetParams();
  const { data: all, error } = useApi<readonly Executor[]>('/allexecutors');
  const show = params.get('show') ?? 'all';
  if (all === undefined) {
    return (
      <>
        <Heading title="Executors" />
        <Loading error={error} />
      </>
    );
  }
  const active = all.filter((e) => e.isActive);
  const dead = all.filter((e) => !e.isActive);
  const shown = show === 'active' ? active : show === 'dead' ? dead : all;
  const threads = isLive && setting('spark.ui.threadDumpsEnabled', 'true') === 'true';
  const flames = threads && setting('spark.ui.threadDump.flamegraphEnabled', 'true') === 'true';
  return (
    <>
      <Heading title="Executors" />
      <Summary
        groups={[
          ['Active', active],
          ['Dead', dead],
          ['Total', all],
        ]}
      />
      <Section
        id="executors"
        title="Executors"
        size={shown.length}
        aside={
          <fieldset class="choice states">
            <legend class="unseen">which executors</legend>
            {['all', 'active', 'dead'].map((s) => (
              <label key={s} class={show === s ? 'chosen' : ''}>
                <input type="radio" name="show" checked={show === s} onChange={() => set({ show: s === 'all' ? '' : s })} />
                {s}
              </label>
            ))}
          </fieldset>
        }
      >
        <DataTable
          id="executors"
          label="executors"
          columns={columnsOf(all, threads, flames)}
          rows={shown}
          rowKey={(e) => e.id}
          usual="id"
          text={(e) => `${e.id} ${e.hostPort} ${statusOf(e)} ${e.removeReason ?? ''}`}
          searchHint="Search executors"
          below={(e) =>
            e.removeReason !== undefined && (
              <span class="bad-text stays">
                Removed {moment(when(e.removeTime))}: {e.removeReason}
              </span>
            )
          }
        />
      </Section>
    </>
  );
}

function Summary({ groups }: { groups: readonly (readonly [string, readonly Executor[]])[] }) {
  const [, active] = groups[0] ?? ['', []];
  return (
    <>
      <Facts
        facts={[
          [
            'Cores busy',
            <Meter
              part={sum(active, (e) => e.activeTasks)}
              whole={sum(active, (e) => e.maxTasks)}
              text={`${count(sum(active, (e) => e.activeTasks))} of ${count(sum(active, (e) => e.maxTasks))}`}
              label="cores busy"
              calm
            />,
          ],
          [
            'Storage memory',
            <Meter
              part={sum(active, (e) => e.memoryUsed)}
              whole={sum(active, (e) => e.maxMemory)}
              text={`${bytes(sum(active, (e) => e.memoryUsed))} / ${bytes(sum(active, (e) => e.maxMemory))}`}
              label="storage memory"
            />,
          ],
          [
            'Garbage collection',
            percent(
              sum(active, (e) => e.totalGCTime),
              sum(active, (e) => e.totalDuration),
            ),
          ],
        ]}
      />
      <Section id="summary" title="Summary">
        <div class="scroll">
          <table aria-label="summary of executors">
            <thead>
              <tr>
                {[
                  '',
                  'Executors',
                  'RDD blocks',
                  'Storage memory',
                  'Disk',
                  'Cores',
                  'Active',
                  'Failed',
                  'Complete',
                  'Task time (GC)',
                  'Input',
                  'Shuffle read',
                  'Shuffle write',
                  'Excluded',
                ].map((name, i) => (
                  <th key={name} scope="col" class={i > 0 ? 'numeric' : ''}>
                    {name === '' ? <span class="unseen">which</span> : name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {groups.map(([name, of]) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  <td class="numeric">{count(of.filter((e) => e.id !== 'driver').length)}</td>
                  <td class="numeric">{count(sum(of, (e) => e.rddBlocks))}</td>
                  <td class="numeric">
                    {bytes(sum(of, (e) => e.memoryUsed))} / {bytes(sum(of, (e) => e.maxMemory))}
                  </td>
                  <td class="numeric">{bytes(sum(of, (e) => e.diskUsed))}</td>
                  <td class="numeric">{count(sum(of, (e) => e.totalCores))}</td>
                  <td class="numeric">{count(sum(of, (e) => e.activeTasks))}</td>
                  <td class="numeric">{count(sum(of, (e) => e.failedTasks))}</td>
                  <td class="numeric">{count(sum(of, (e) => e.completedTasks))}</td>
                  <td class="numeric">
                    {duration(sum(of, (e) => e.totalDuration))} ({duration(sum(of, (e) => e.totalGCTime))})
                  </td>
                  <td class="numeric">{bytes(sum(of, (e) => e.totalInputBytes))}</td>
                  <td class="numeric">{bytes(sum(of, (e) => e.totalShuffleRead))}</td>
                  <td class="numeric">{bytes(sum(of, (e) => e.totalShuffleWrite))}</td>
                  <td class="numeric">{count(of.filter((e) => e.isExcluded).length)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </Section>
    </>
  );
}

function columnsOf(all: readonly Executor[], threads: boolean, flames: boolean): readonly Column<Executor>[] {
  const columns: readonly (Column<Executor> | false)[] = [
    { key: 'id', title: 'Executor', by: (e) => e.id, cell: (e) => <span class="strong">{e.id}</span> },
    { key: 'host', title: 'Address', by: (e) => e.hostPort, cell: (e) => <span class="one-line">{e.hostPort}</span> },
    { key: 'status', title: 'Status', by: statusOf, cell: (e) => <Status of={statusOf(e)} /> },
    all.some((e) => Object.keys(e.executorLogs).length > 0) && {
      key: 'logs',
      title: 'Logs',
      cell: (e) => <LogLinks logs={e.executorLogs} />,
    },
    threads && {
      key: 'look',
      title: 'Look inside',
      cell: (e) =>
        e.isActive && (
          <>
            <PageLink page="/executors/threadDump/" query={{ executorId: e.id }} class="log">
              threads
            </PageLink>
            {flames && (e.id !== 'driver' || e.totalCores > 0) && (
              <PageLink page="/executors/flameGraph/" query={{ executorId: e.id }} class="log">
                flame
              </PageLink>
            )}
          </>
        ),
    },
    {
      key: 'memory',
      title: 'Storage memory',
      by: (e) => e.memoryUsed,
      cell: (e) => (
        <Meter part={e.memoryUsed} whole={e.maxMemory} text={`${bytes(e.memoryUsed)} / ${bytes(e.maxMemory)}`} label="storage memory" />
      ),
    },
    all.some((e) => peak(e, 'JVMHeapMemory') + peak(e, 'ProcessTreeOtherRSSMemory') > 0) && {
      key: 'peak',
      title: 'Peak heap / process',
      hint: 'The most that the heap, and the whole process, have held.',
      numeric: true,
      by: (e) => peak(e, 'JVMHeapMemory'),
      cell: (e) =>
        peak(e, 'ProcessTreeOtherRSSMemory') === 0
          ? bytesOrNothing(peak(e, 'JVMHeapMemory'))
          : `${bytes(peak(e, 'JVMHeapMemory'))} / ${bytes(peak(e, 'ProcessTreeOtherRSSMemory'))}`,
    },
    { key: 'blocks', title: 'RDD blocks', numeric: true, by: (e) => e.rddBlocks, cell: (e) => count(e.rddBlocks) },
    all.some((e) => e.diskUsed > 0) && {
      key: 'disk',
      title: 'Disk',
      numeric: true,
      by: (e) => e.diskUsed,
      cell: (e) => bytesOrNothing(e.diskUsed),
    },
    { key: 'cores', title: 'Cores', numeric: true, by: (e) => e.totalCores, cell: (e) => count(e.totalCores) },
    {
      key: 'active',
      title: 'Active',
      hint: 'Tasks that run now',
      numeric: true,
      by: (e) => e.activeTasks,
      cell: (e) => count(e.activeTasks),
    },
    {
      key: 'failed',
      title: 'Failed',
      numeric: true,
      by: (e) => e.failedTasks,
      cell: (e) => (e.failedTasks > 0 ? <span class="bad-text">{count(e.failedTasks)}</span> : '0'),
    },
    { key: 'complete', title: 'Complete', numeric: true, by: (e) => e.completedTasks, cell: (e) => count(e.completedTasks) },
    {
      key: 'time',
      title: 'Task time (GC)',
      hint: 'Red when garbage collection took more than a tenth of it.',
      numeric: true,
      by: (e) => e.totalDuration,
      cell: (e) => (
        <span class={e.totalDuration > 0 && e.totalGCTime > GC_MUCH * e.totalDuration ? 'bad-text' : ''}>
          {duration(e.totalDuration)} ({duration(e.totalGCTime)})
        </span>
      ),
    },
    { key: 'input', title: 'Input', numeric: true, by: (e) => e.totalInputBytes, cell: (e) => bytesOrNothing(e.totalInputBytes) },
    { key: 'read', title: 'Shuffle read', numeric: true, by: (e) => e.totalShuffleRead, cell: (e) => bytesOrNothing(e.totalShuffleRead) },
    {
      key: 'write',
      title: 'Shuffle write',
      numeric: true,
      by: (e) => e.totalShuffleWrite,
      cell: (e) => bytesOrNothing(e.totalShuffleWrite),
    },
    all.some((e) => e.resourceProfileId > 0) && {
      key: 'profile',
      title: 'Profile',
      numeric: true,
      by: (e) => e.resourceProfileId,
      cell: (e) => e.resourceProfileId,
    },
    { key: 'added', title: 'Added', by: (e) => when(e.addTime), cell: (e) => <time>{moment(when(e.addTime))}</time> },
  ];
  return columns.filter((c) => c !== false);
}
