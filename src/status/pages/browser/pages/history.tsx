// The history server's list: every application that left a log, found, sorted and paged by the server; two can be chosen to compare.
// Source: Spark's HistoryPage.
import { type ApplicationTable, baseOf } from '../../page-routes.ts';
import { duration, moment, plural } from '../../../../browser/format.ts';
import { Loading, Note, Status } from '../../../../browser/parts.tsx';
import type { Application, Attempt } from '../rest.ts';
import { Link, queryText, useSetParams } from '../../../../browser/router.tsx';
import { useRoute } from '../page-links.tsx';
import { Heading } from '../../../../browser/frame.tsx';
import { type Column, TableView, useTableState } from '../../../../browser/table.tsx';
import { useData } from '../../../../browser/use-data.ts';

type Logs = {
  readonly fault?: string;
  readonly logs: readonly { readonly key: string; readonly note?: string; readonly readFraction?: number }[];
};
const FILTERS = [
  ['', 'all'],
  ['true', 'completed'],
  ['false', 'incomplete'],
] as const;
/** `ID` or `ID/ATTEMPT`, as the comparison asks for a run. */
const runOf = (a: Application, attempt: Attempt | undefined): string =>
  `${a.id}${attempt?.attemptId === undefined ? '' : `/${attempt.attemptId}`}`;

export function HistoryPage() {
  const { place, params } = useRoute();
  const set = useSetParams();
  const [state, change] = useTableState('apps', '-startTime');
  const completed = params.get('completed') ?? '';
  const chosen = (params.get('chosen') ?? '').split(',').filter(Boolean);
  const query = queryText({
    offset: (state.page - 1) * state.size,
    length: state.size,
    sortBy: state.sort,
    descending: String(state.descending),
    search: state.search,
    completed,
  });
  const { data, error } = useData<ApplicationTable<Application>>(`${place.root}/ui/api/applications${query}`);
  const logs = useData<Logs>(`${place.root}/ui/api/logs`).data;
  const pagesOf = (a: Application, attempt?: Attempt): string =>
    `${baseOf({ root: place.root, appId: a.id, attemptId: attempt?.attemptId })}/jobs/`;
  const choose = (run: string): void => {
    const rest = chosen.filter((c) => c !== run);
    set({ chosen: (rest.length < chosen.length ? rest : [...rest.slice(-1), run]).join(',') });
  };
  const newest = (a: Application): Attempt | undefined => a.attempts[0];
  const columns: readonly Column<Application>[] = [
    {
      key: 'chosen',
      title: '',
      hint: 'Choose two runs to compare',
      by: false,
      cell: (a) => {
        const run = runOf(a, newest(a));
        return <input type="checkbox" aria-label={`compare ${a.id}`} checked={chosen.includes(run)} onChange={() => choose(run)} />;
      },
    },
    {
      key: 'id',
      title: 'Application',
      cell: (a) => (
        <Link href={pagesOf(a, newest(a))} class="one-line">
          {a.id}
        </Link>
      ),
    },
    {
      key: 'name',
      title: 'Name',
      wide: true,
      cell: (a) => (
        <>
          <span class="strong">{a.name}</span>
          {a.attempts.length > 1 && (
            <div class="muted">
              {plural(a.attempts.length, 'attempt')}:{' '}
              {a.attempts.map((t) => (
                <Link key={t.attemptId} href={pagesOf(a, t)} class="in-list">
                  {t.attemptId ?? '1'}
                </Link>
              ))}
            </div>
          )}
        </>
      ),
    },
    { key: 'state', title: 'State', by: false, cell: (a) => <Status of={newest(a)?.completed ? 'COMPLETED' : 'RUNNING'} /> },
    { key: 'sparkUser', title: 'User', cell: (a) => newest(a)?.sparkUser },
    { key: 'startTime', title: 'Started', cell: (a) => <time>{moment(newest(a)?.startTimeEpoch)}</time> },
    {
      key: 'endTime',
      title: 'Completed',
      cell: (a) =>
        newest(a)?.completed ? (
          <time>{moment(newest(a)?.endTimeEpoch)}</time>
        ) : (
          <span class="muted">
            last heard <time>{moment(newest(a)?.lastUpdatedEpoch)}</time>
          </span>
        ),
    },
    { key: 'duration', title: 'Duration', numeric: true, cell: (a) => duration(newest(a)?.duration) },
    { key: 'sparkVersion', title: 'Version', cell: (a) => newest(a)?.appSparkVersion },
    {
      key: 'log',
      title: 'Event log',
      by: false,
      cell: (a) => (
        <a
          href={`${place.root}/api/v1/applications/${encodeURIComponent(a.id)}${newest(a)?.attemptId === undefined ? '' : `/${newest(a)?.attemptId}`}/logs`}
          download=""
        >
          download
        </a>
      ),
    },
  ];
  const reading = (logs?.logs ?? []).filter((l) => l.readFraction !== undefined && l.readFraction < 1);
  const noted = (logs?.logs ?? []).filter((l) => l.note !== undefined && l.note !== '');
  return (
    <>
      <Heading title="Applications">
        {chosen.length === 2 && (
          <Link class="button" href={`${place.root}/compare/${queryText({ a: chosen[0], b: chosen[1] })}`}>
            Compare the two
          </Link>
        )}
        {chosen.length === 1 && <span class="subtitle">Choose one more to compare.</span>}
      </Heading>
      {logs?.fault !== undefined && <Note tone="bad">{logs.fault}</Note>}
      {reading.length > 0 && (
        <Note>
          Reading {plural(reading.length, 'log')} … {Math.round(100 * (reading[0]?.readFraction ?? 0))} %
        </Note>
      )}
      {data === undefined && error !== undefined ? (
        <Loading error={error} />
      ) : (
        <section class="section list" aria-label="applications">
          <TableView
            id="apps"
            label="applications"
            columns={columns}
            rows={data?.applications ?? []}
            rowKey={(a) => a.id}
            total={data?.total ?? 0}
            state={state}
            change={change}
            sortable={(c) => c.by !== false}
            searchHint="Search id, name, user"
            empty={
              data === undefined ? 'Loading …' : 'No application has left a log here. They write one when spark.eventLog.enabled is true.'
            }
            tools={
              <fieldset class="choice states">
                <legend class="unseen">which applications</legend>
                {FILTERS.map(([value, name]) => (
                  <label key={value} class={completed === value ? 'chosen' : ''}>
                    <input
                      type="radio"
                      name="completed"
                      checked={completed === value}
                      onChange={() => set({ completed: value, 'apps.page': '' })}
                    />
                    {name}
                  </label>
                ))}
              </fieldset>
            }
          />
        </section>
      )}
      {noted.length > 0 && (
        <details class="call-site noted">
          <summary>{plural(noted.length, 'log')} with a remark</summary>
          <ul>
            {noted.slice(0, 200).map((l) => (
              <li key={l.key}>
                <code>{l.key}</code>: {l.note}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}
