// The list of applications. The server finds, filters, sorts and cuts it to a page, so 100,000 are no burden; what was chosen stands in the address.
import { duration, memory, moment } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { Status } from '../../../browser/parts.tsx';
import { useSetParams } from '../../../browser/router.tsx';
import type { Column } from '../../../browser/table.tsx';
import type { AppRow, AppTable } from '../../model/applications.ts';
import { type Field, wordText } from '../../model/search-words.ts';
import { sizeText } from '../amounts.tsx';
import { AppLink } from '../page-links.tsx';
import { ServedTable } from '../served-table.tsx';

const STATES = ['RUNNING', 'ACCEPTED', 'FINISHED', 'FAILED', 'KILLED'];

export function ApplicationsPage() {
  const set = useSetParams();
  /** A click on a user, queue, tag or type narrows the list to it, and another takes it back. */
  const narrowing =
    (search: string): Narrow =>
    (field, value) => {
      const word = wordText(field, value);
      const next = search.includes(word) ? search.replace(word, '') : `${search} ${word}`;
      set({ 'apps.q': next.trim().replace(/\s+/g, ' '), 'apps.page': '' });
    };
  return (
    <>
      <Heading title="Applications" />
      <ServedTable<AppRow, AppTable>
        id="apps"
        label="applications"
        usual="-id"
        size={50}
        rowsOf={(table) => table.rows}
        columnsOf={(_, search) => columnsOf(narrowing(search))}
        rowKey={(a) => a.id}
        below={(a) => a.waiting !== '' && <span class="stays why">{a.waiting}</span>}
        states={() => STATES}
        searchHint="Search, or user: queue: tag: type:"
        none="No application was ever submitted."
      />
    </>
  );
}

type Narrow = (field: Field, value: string) => void;
function Narrowing({ field, value, on, children }: { field: Field; value: string; on: Narrow; children?: string }) {
  return (
    <button type="button" class="narrow" title={`only ${field} ${value}`} onClick={() => on(field, value)}>
      {children ?? value}
    </button>
  );
}

const columnsOf = (narrow: Narrow): readonly Column<AppRow>[] => [
  { key: 'id', title: 'Application', cell: (a) => <AppLink id={a.id} /> },
  {
    key: 'state',
    title: 'State',
    cell: (a) => (
      <>
        <State of={a} />
        {a.state === 'RUNNING' && a.progress > 0 && <small class="one-line"> {Math.round(a.progress)} %</small>}
      </>
    ),
  },
  {
    key: 'name',
    title: 'Name',
    wide: true,
    cell: (a) => (
      <>
        <span class="strong">{a.name}</span>{' '}
        <span class="muted">
          <Narrowing field="type" value={a.type} on={narrow} />
        </span>
        {a.tags.length > 0 && (
          <div>
            {a.tags.map((tag) => (
              <span key={tag} class="badge tag">
                <Narrowing field="tag" value={tag} on={narrow} />
              </span>
            ))}
          </div>
        )}
      </>
    ),
  },
  { key: 'user', title: 'User', cell: (a) => <Narrowing field="user" value={a.user} on={narrow} /> },
  { key: 'queue', title: 'Queue', cell: (a) => <Narrowing field="queue" value={a.queue} on={narrow} /> },
  { key: 'submittedAtMs', title: 'Submitted', cell: (a) => <time>{moment(a.submittedAtMs)}</time> },
  {
    key: 'elapsedMs',
    title: 'Took',
    numeric: true,
    hint: 'From submission to the end, or until now',
    cell: (a) => duration((a.finishedAtMs || Date.now()) - a.submittedAtMs),
  },
  {
    key: 'containers',
    title: 'Containers',
    numeric: true,
    cell: (a) => (a.containers === 0 ? '' : <span title={sizeText(a)}>{a.containers}</span>),
  },
  { key: 'memoryMb', title: 'Memory', numeric: true, cell: (a) => (a.memoryMb === 0 ? '' : memory(a.memoryMb)) },
  { key: 'vcores', title: 'vCores', numeric: true, cell: (a) => (a.vcores === 0 ? '' : a.vcores) },
];

/** The state, and how it ended where that is another word. */
export function State({ of }: { of: Pick<AppRow, 'state' | 'finalStatus'> }) {
  const ending = of.state === 'FINISHED' && of.finalStatus !== 'SUCCEEDED' && of.finalStatus !== 'UNDEFINED';
  return ending ? <Status of={of.finalStatus} /> : <Status of={of.state} />;
}
