// The queues as a tree of bars, whichever scheduler is behind it; an opened one shows its numbers, its users and what drivers may use.
import { count, memory } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Facts, Loading, Meter, Status } from '../../../browser/parts.tsx';
import { useSetParams, useUrl } from '../../../browser/router.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import type { QueueTree, QueueUser, QueueView } from '../../model/queues.ts';
import { wordText } from '../../model/search-words.ts';
import { sizeText } from '../amounts.tsx';
import { Choice } from '../choice.tsx';
import { PageLink, useUi } from '../page-links.tsx';
import { percentText, QueueBar } from '../queue-bar.tsx';

export function QueuesPage() {
  const { params } = useUrl();
  const { data, error } = useUi<QueueTree>('queues', 'queues');
  const search = (params.get('q') ?? '').toLowerCase();
  const set = useSetParams();
  return (
    <>
      <Heading title="Queues">{data && <span class="subtitle">{data.scheduler} scheduler</span>}</Heading>
      {data === undefined ? (
        <Loading error={error} />
      ) : (
        <section class="section list" aria-label="queues">
          <div class="queue-tools">
            <input
              type="search"
              class="search"
              placeholder="Search queues"
              aria-label="search queues"
              value={params.get('q') ?? ''}
              onInput={(e) => set({ q: e.currentTarget.value })}
            />
            <Choice
              param="scale"
              label="scale of the bars"
              options={[
                { value: '', name: 'of the cluster' },
                { value: 'own', name: 'of its own maximum' },
              ]}
            />
            <Legend />
          </div>
          <ul class="queues" aria-label="queues">
            <Branch queue={data.root} depth={0} search={search} />
          </ul>
        </section>
      )}
    </>
  );
}

const Legend = () => (
  <ul class="legend">
    <li>
      <span class="swatch within" /> in use
    </li>
    <li>
      <span class="swatch over" /> above its guarantee
    </li>
    <li>
      <span class="swatch wanted" /> asked for
    </li>
    <li>
      <span class="swatch guarantee" /> guaranteed
    </li>
    <li>
      <span class="swatch may" /> at most
    </li>
  </ul>
);

const shows = (queue: QueueView, search: string): boolean =>
  search === '' || queue.path.toLowerCase().includes(search) || queue.children.some((c) => shows(c, search));

function Branch({ queue, depth, search }: { queue: QueueView; depth: number; search: string }) {
  const { params } = useUrl();
  const set = useSetParams();
  if (!shows(queue, search)) return null;
  const opened = (params.get('open') ?? '').split(',').filter(Boolean);
  const isOpen = opened.includes(queue.path);
  const turn = (): void => set({ open: (isOpen ? opened.filter((p) => p !== queue.path) : [...opened, queue.path]).join(',') });
  return (
    <li>
      <div class={`queue-row depth-${Math.min(depth, 6)}`} data-row={queue.path} tabIndex={-1}>
        <button type="button" class="fold" aria-expanded={isOpen} onClick={turn}>
          <span class="caret" aria-hidden="true" />
          <span class="queue-name" title={queue.path}>
            {queue.name}
          </span>
          {queue.state !== 'RUNNING' && <Status of={queue.state} />}
        </button>
        <QueueBar queue={queue} ownScale={params.get('scale') === 'own'} />
        <span class="queue-words">
          <span>{percentText(queue.usedShare)}</span>
          <small>
            {count(queue.running)} run
            {queue.waiting > 0 && <span class="warn-text">, {count(queue.waiting)} wait</span>}
          </small>
        </span>
      </div>
      {isOpen && <Details queue={queue} />}
      {queue.children.length > 0 && (
        <ul>
          {queue.children.map((child) => (
            <Branch key={child.path} queue={child} depth={depth + 1} search={search} />
          ))}
        </ul>
      )}
    </li>
  );
}

function Details({ queue }: { queue: QueueView }) {
  const { pending, drivers } = queue;
  return (
    <div class="queue-details">
      <Facts
        facts={[
          ['Queue', <code key="path">{queue.path}</code>],
          ['In use', sizeText(queue.used)],
          ['At most', `${sizeText(queue.maximum)} (${percentText(queue.maximumShare)})`],
          queue.guaranteedShare !== undefined && ['Guaranteed', percentText(queue.guaranteedShare)],
          ['Asked for', pending.containers === 0 ? 'nothing' : `${count(pending.containers)} containers, ${sizeText(pending)}`],
          drivers && [
            'Drivers use',
            <Meter
              key="am"
              part={drivers.usedMb}
              whole={drivers.maximumMb}
              text={`${memory(drivers.usedMb)} of ${memory(drivers.maximumMb)}`}
              label="drivers"
            />,
          ],
          [
            'Applications',
            <PageLink key="apps" page="apps" query={{ 'apps.q': wordText('queue', queue.path) }}>
              {`${count(queue.running)} run, ${count(queue.waiting)} wait`}
            </PageLink>,
          ],
          ...queue.notes,
        ]}
      />
      {queue.users.length > 0 && (
        <DataTable
          id={`users.${queue.path}`}
          label={`users of ${queue.path}`}
          columns={userColumns(queue)}
          rows={queue.users}
          rowKey={(u) => u.user}
          usual="-memory"
        />
      )}
    </div>
  );
}

const userColumns = (queue: QueueView): readonly Column<QueueUser>[] => [
  {
    key: 'user',
    title: 'User',
    by: (u) => u.user,
    cell: (u) => (
      <PageLink page="apps" query={{ 'apps.q': `${wordText('user', u.user)} ${wordText('queue', queue.path)}` }}>
        {u.user}
      </PageLink>
    ),
  },
  {
    key: 'memory',
    title: 'Memory of what he may have',
    by: (u) => u.used.memoryMb,
    cell: (u) => (
      <Meter
        part={u.used.memoryMb}
        whole={u.limitMb || queue.maximum.memoryMb}
        text={`${memory(u.used.memoryMb)} of ${memory(u.limitMb || queue.maximum.memoryMb)}`}
        label={`memory of ${u.user}`}
        calm
      />
    ),
  },
  { key: 'vcores', title: 'vCores', numeric: true, by: (u) => u.used.vcores, cell: (u) => count(u.used.vcores) },
  { key: 'drivers', title: 'Drivers', numeric: true, by: (u) => u.driverMb, cell: (u) => memory(u.driverMb) },
  { key: 'running', title: 'Run', numeric: true, by: (u) => u.running, cell: (u) => count(u.running) },
  { key: 'waiting', title: 'Wait', numeric: true, by: (u) => u.waiting, cell: (u) => count(u.waiting) },
];
