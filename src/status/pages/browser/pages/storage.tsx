// Storage: which RDDs are cached, how much of them, and where. Source: Spark's StoragePage, RDDPage.
import type { RddDataDistribution, RddPartitionInfo, RddStorageInfo } from '../../../store/api-types.ts';
import { useApi } from '../application.tsx';
import { bytes, bytesOrNothing, count, percent } from '../../../../browser/format.ts';
import { Facts, Loading, Meter, Note, Section } from '../../../../browser/parts.tsx';
import type { Executor } from '../rest.ts';
import { PageLink, useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, DataTable } from '../../../../browser/table.tsx';

const RDDS: readonly Column<RddStorageInfo>[] = [
  { key: 'id', title: 'RDD', by: (r) => r.id, cell: (r) => r.id },
  {
    key: 'name',
    title: 'Name',
    wide: true,
    by: (r) => r.name,
    cell: (r) => (
      <PageLink page="/storage/rdd/" query={{ id: r.id }} class="strong">
        {r.name}
      </PageLink>
    ),
  },
  { key: 'level', title: 'Storage level', by: (r) => r.storageLevel, cell: (r) => r.storageLevel },
  {
    key: 'cached',
    title: 'Cached partitions',
    by: (r) => r.numCachedPartitions / Math.max(1, r.numPartitions),
    cell: (r) => (
      <Meter
        part={r.numCachedPartitions}
        whole={r.numPartitions}
        text={`${count(r.numCachedPartitions)}/${count(r.numPartitions)} (${percent(r.numCachedPartitions, r.numPartitions)})`}
        label="cached partitions"
        calm
      />
    ),
  },
  { key: 'memory', title: 'In memory', numeric: true, by: (r) => r.memoryUsed, cell: (r) => bytes(r.memoryUsed) },
  { key: 'disk', title: 'On disk', numeric: true, by: (r) => r.diskUsed, cell: (r) => bytes(r.diskUsed) },
];

export function StoragePage() {
  const { data: rdds, error } = useApi<readonly RddStorageInfo[]>('/storage/rdd');
  const executors = useApi<readonly Executor[]>('/executors').data ?? [];
  const used = executors.reduce((n, e) => n + e.memoryUsed, 0);
  const most = executors.reduce((n, e) => n + e.maxMemory, 0);
  return (
    <>
      <Heading title="Storage" />
      {rdds === undefined ? (
        <Loading error={error} />
      ) : (
        <>
          <Facts
            facts={[
              ['Cached RDDs', count(rdds.length)],
              ['In memory', bytes(rdds.reduce((n, r) => n + r.memoryUsed, 0))],
              ['On disk', bytes(rdds.reduce((n, r) => n + r.diskUsed, 0))],
              most > 0 && [
                'Storage memory',
                <Meter part={used} whole={most} text={`${bytes(used)} / ${bytes(most)}`} label="storage memory" />,
              ],
            ]}
          />
          <Section id="rdds" title="RDDs" size={rdds.length}>
            <DataTable
              id="rdds"
              label="cached RDDs"
              columns={RDDS}
              rows={rdds}
              rowKey={(r) => r.id}
              usual="id"
              text={(r) => `${r.id} ${r.name} ${r.storageLevel}`}
              searchHint="Search RDDs"
              empty="Nothing is cached. rdd.cache() or persist() keeps partitions after the first job that makes them."
            />
          </Section>
        </>
      )}
    </>
  );
}

const DISTRIBUTION: readonly Column<RddDataDistribution>[] = [
  { key: 'address', title: 'Executor', by: (d) => d.address, cell: (d) => <span class="strong">{d.address}</span> },
  {
    key: 'memory',
    title: 'Memory: used / in all',
    by: (d) => d.memoryUsed,
    cell: (d) => (
      <Meter
        part={d.memoryUsed}
        whole={d.memoryUsed + d.memoryRemaining}
        text={`${bytes(d.memoryUsed)} (${bytes(d.memoryRemaining)} left)`}
        label="memory"
      />
    ),
  },
  {
    key: 'offHeap',
    title: 'Off heap',
    numeric: true,
    by: (d) => d.offHeapMemoryUsed ?? 0,
    cell: (d) => bytesOrNothing(d.offHeapMemoryUsed ?? 0),
  },
  { key: 'disk', title: 'On disk', numeric: true, by: (d) => d.diskUsed, cell: (d) => bytes(d.diskUsed) },
];
const PARTITIONS: readonly Column<RddPartitionInfo>[] = [
  { key: 'block', title: 'Block', by: (p) => p.blockName, cell: (p) => p.blockName },
  { key: 'level', title: 'Storage level', by: (p) => p.storageLevel, cell: (p) => p.storageLevel },
  { key: 'memory', title: 'In memory', numeric: true, by: (p) => p.memoryUsed, cell: (p) => bytes(p.memoryUsed) },
  { key: 'disk', title: 'On disk', numeric: true, by: (p) => p.diskUsed, cell: (p) => bytes(p.diskUsed) },
  { key: 'executors', title: 'Executors', by: (p) => p.executors.join(), cell: (p) => p.executors.join(', ') },
];

export function RddPage() {
  const { params } = useRoute();
  const id = params.get('id') ?? '';
  const valid = /^\d+$/.test(id);
  const { data: rdd, error } = useApi<RddStorageInfo>(valid ? `/storage/rdd/${id}` : undefined);
  if (!valid) return <Note tone="bad">An RDD’s page needs its number: ?id=0</Note>;
  if (rdd === undefined) return <Loading error={error} />;
  const partitions = rdd.partitions ?? [];
  const distribution = rdd.dataDistribution ?? [];
  return (
    <>
      <Heading title={`RDD ${rdd.id}`}>
        <span class="subtitle">{rdd.name}</span>
      </Heading>
      <Facts
        facts={[
          ['Storage level', rdd.storageLevel],
          ['Cached partitions', `${count(rdd.numCachedPartitions)} of ${count(rdd.numPartitions)}`],
          ['In memory', bytes(rdd.memoryUsed)],
          ['On disk', bytes(rdd.diskUsed)],
        ]}
      />
      <Section id="distribution" title="By executor" size={distribution.length}>
        <DataTable
          id="distribution"
          label="by executor"
          columns={DISTRIBUTION}
          rows={distribution}
          rowKey={(d) => d.address}
          usual="address"
        />
      </Section>
      <Section id="partitions" title="Partitions" size={partitions.length}>
        <DataTable
          id="partitions"
          label="partitions"
          columns={PARTITIONS}
          rows={partitions}
          rowKey={(p) => p.blockName}
          usual="block"
          text={(p) => `${p.blockName} ${p.storageLevel} ${p.executors.join(' ')}`}
          searchHint="Search partitions"
        />
      </Section>
    </>
  );
}
