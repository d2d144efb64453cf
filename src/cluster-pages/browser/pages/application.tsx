// One application: why it waits and what would let it run, its attempts, their containers with links to their logs, and the way to end it.
import { queryText, useSetParams, useUrl } from '../../../browser/router.tsx';
import { count, duration, memory, moment } from '../../../browser/format.ts';
import { Heading } from '../../../browser/frame.tsx';
import { KillButton } from '../../../browser/kill-button.tsx';
import { Facts, Loading, Meter, Note, Section, Status } from '../../../browser/parts.tsx';
import { type Column, DataTable } from '../../../browser/table.tsx';
import type { ApplicationView, AttemptView, ContainerView, WaitView } from '../../model/application.ts';
import { wordText } from '../../model/search-words.ts';
import { UI_API } from '../../page-routes.ts';
import { sizeText } from '../amounts.tsx';
import { PageLink, usePlace, useUi } from '../page-links.tsx';
import { asUser } from '../user-name.ts';
import { State } from './applications.tsx';

export function ApplicationPage() {
  const { id, root } = usePlace();
  const { params } = useUrl();
  const { data: app, error } = useUi<ApplicationView>(
    `apps/${encodeURIComponent(id)}${queryText({ attempt: params.get('attempt') ?? '' })}`,
    'apps',
  );
  if (app === undefined) {
    return (
      <>
        <Heading title={id} />
        <Loading error={error} />
      </>
    );
  }
  const ended = app.finishedAtMs > 0;
  return (
    <>
      <Heading title={app.name === '' ? id : app.name}>
        <State of={app} />
        {app.hasPages && (
          <a class="button" href={`${root}/proxy/${encodeURIComponent(id)}/`}>
            {ended ? 'Its history' : 'Its own pages'}
          </a>
        )}
        {app.mayKill && !ended && (
          <KillButton
            label="Kill"
            question={`Kill ${app.name === '' ? id : app.name}?`}
            consequence={`${id} of ${app.user} ends with all its containers (${app.containers} run). This can't be undone.`}
            url={asUser(`${root}${UI_API}/apps/${encodeURIComponent(id)}/kill`)}
          />
        )}
      </Heading>
      {error !== undefined && <Note tone="warn">{error}</Note>}
      <AppFacts app={app} />
      {app.waits.length > 0 && <Waits waits={app.waits} />}
      {app.waits.length === 0 && app.waiting !== '' && <Note tone="warn">{app.waiting}</Note>}
      {ended && app.diagnostics !== '' && (
        <section class={app.state === 'FINISHED' && app.finalStatus === 'SUCCEEDED' ? 'told' : 'failure'} aria-label="diagnostics">
          <h2>{app.finalStatus === 'SUCCEEDED' ? 'What it said at its end' : 'Why it ended'}</h2>
          <pre>{app.diagnostics}</pre>
        </section>
      )}
      <Attempts app={app} />
    </>
  );
}

function AppFacts({ app }: { app: ApplicationView }) {
  const ended = app.finishedAtMs > 0;
  return (
    <Facts
      facts={[
        ['Application', <code key="id">{app.id}</code>],
        [
          'User',
          <PageLink key="user" page="apps" query={{ 'apps.q': wordText('user', app.user) }}>
            {app.user}
          </PageLink>,
        ],
        [
          'Queue',
          <PageLink key="queue" page="queues" query={{ open: app.queue }}>
            {app.queue}
          </PageLink>,
        ],
        ['Type', app.type],
        app.tags.length > 0 && ['Tags', app.tags.join(', ')],
        ['Priority', String(app.priority)],
        ['Submitted', moment(app.submittedAtMs)],
        app.launchedAtMs > 0 && ['Waited', duration(app.launchedAtMs - app.submittedAtMs)],
        ended && ['Ended', moment(app.finishedAtMs)],
        ['Took', duration((ended ? app.finishedAtMs : Date.now()) - app.submittedAtMs)],
        !ended && ['Uses', app.containers === 0 ? 'nothing' : `${sizeText(app)} in ${count(app.containers)} containers`],
        ['In all', `${memory(app.memoryMbSeconds)}·s, ${count(app.vcoreSeconds)} vcore·s`],
        !ended && app.expiresAtMs > 0 && ['Ends at the latest', moment(app.expiresAtMs)],
        !ended && app.waitsUntilMs > 0 && app.launchedAtMs === 0 && ['Waits at most until', moment(app.waitsUntilMs)],
        app.unmanaged && ['Mode', 'client: its driver runs with its submitter'],
        app.state === 'RUNNING' && [
          'Progress',
          <Meter key="p" part={app.progress} whole={100} text={`${Math.round(app.progress)} %`} label="progress" calm />,
        ],
      ]}
    />
  );
}

function Waits({ waits }: { waits: readonly WaitView[] }) {
  return (
    <section class="section waits" aria-label="why it waits">
      <header>
        <h2>Why it waits</h2>
      </header>
      <ul class="plain">
        {waits.map((w, i) => (
          <li key={i}>
            <span class="strong">
              {count(w.count)} × {sizeText(w)}
            </span>{' '}
            <span class="badge warn">{w.obstacle.toLowerCase().replaceAll('_', ' ')}</span>
            <p class="why">{upper(w.because)}.</p>
            <p class="advice">{w.wouldLetItRun}</p>
          </li>
        ))}
      </ul>
    </section>
  );
}

const upper = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function Attempts({ app }: { app: ApplicationView }) {
  const { params } = useUrl();
  const set = useSetParams();
  const asked = params.get('attempt');
  const last = app.attempts.at(-1);
  const attempt = app.attempts.find((a) => a.id === asked || String(a.number) === asked) ?? last;
  if (attempt === undefined) return <Note>It has no attempt yet.</Note>;
  return (
    <>
      {app.attempts.length > 1 && (
        <nav class="attempts" aria-label="attempts">
          {app.attempts.map((a) => (
            <a
              key={a.id}
              href={`?attempt=${a.number}`}
              aria-current={a === attempt ? 'true' : undefined}
              onClick={(e) => {
                e.preventDefault();
                set({ attempt: a === last ? '' : a.number }, false);
              }}
            >
              attempt {a.number} <Status of={a.state} />
            </a>
          ))}
        </nav>
      )}
      <AttemptFacts attempt={attempt} />
      <Containers attempt={attempt} />
    </>
  );
}

function AttemptFacts({ attempt }: { attempt: AttemptView }) {
  return (
    <Section id="attempt" title={`Attempt ${attempt.number}`}>
      <div class="inside">
        <Facts
          facts={[
            ['State', <Status key="s" of={attempt.state} />],
            ['Attempt', <code key="id">{attempt.id}</code>],
            attempt.amHost !== '' && ['Driver on', attempt.amHost],
            attempt.amContainerId !== undefined && ['Its container', <code key="c">{attempt.amContainerId}</code>],
            ['Started', moment(attempt.startedAtMs)],
            attempt.finishedAtMs > 0 && ['Ended', moment(attempt.finishedAtMs)],
          ]}
        />
        {attempt.diagnostics !== '' && <pre>{attempt.diagnostics}</pre>}
      </div>
    </Section>
  );
}

/** Given back, or ended because its work was over: nobody's fault. Source: YARN's ContainerExitStatus. */
const PEACEFUL = new Set([0, -100, -105, -106, -107]);
const hasFailed = (c: ContainerView): boolean => c.state === 'COMPLETED' && !PEACEFUL.has(c.exitStatus);

function Containers({ attempt }: { attempt: AttemptView }) {
  return (
    <Section id="containers" title="Containers" size={attempt.containers.length + attempt.unshown + attempt.forgotten}>
      <DataTable
        id="containers"
        label="containers"
        columns={CONTAINER_COLUMNS}
        rows={attempt.containers}
        rowKey={(c) => c.id}
        usual="state"
        size={50}
        text={(c) => `${c.id} ${c.nodeId} ${c.state} ${c.diagnostics}`}
        searchHint="Search id, node, reason"
        empty="It has no container."
        below={(c) => c.diagnostics !== '' && <span class={`stays${hasFailed(c) ? ' bad-text' : ' muted'}`}>{c.diagnostics}</span>}
      />
      {attempt.unshown > 0 && (
        <p class="empty">{count(attempt.unshown)} more are not in this list; yarn container -list and the REST API have them all.</p>
      )}
      {attempt.forgotten > 0 && <p class="empty">{count(attempt.forgotten)} more have ended longer ago; their logs are still there.</p>}
    </Section>
  );
}

const CONTAINER_COLUMNS: readonly Column<ContainerView>[] = [
  {
    key: 'id',
    title: 'Container',
    by: (c) => c.id,
    cell: (c) => (
      <>
        <code class="one-line">{c.id}</code>
        {c.isAm && <span class="badge tag">driver</span>}
      </>
    ),
  },
  {
    key: 'state',
    title: 'State',
    by: (c) => (c.state === 'COMPLETED' ? 1 : 0),
    cell: (c) => (hasFailed(c) ? <span class="badge bad">Completed</span> : <Status of={c.state} />),
  },
  { key: 'node', title: 'Node', by: (c) => c.nodeId, cell: (c) => <PageLink page={`nodes/${c.nodeId}`}>{c.nodeId}</PageLink> },
  { key: 'memory', title: 'Memory', numeric: true, by: (c) => c.memoryMb, cell: (c) => memory(c.memoryMb) },
  { key: 'vcores', title: 'vCores', numeric: true, by: (c) => c.vcores, cell: (c) => c.vcores },
  { key: 'started', title: 'Started', by: (c) => c.startedAtMs, cell: (c) => <time>{moment(c.startedAtMs)}</time> },
  {
    key: 'took',
    title: 'Took',
    numeric: true,
    by: (c) => (c.finishedAtMs || Date.now()) - c.startedAtMs,
    cell: (c) => (c.startedAtMs === 0 ? '' : duration((c.finishedAtMs || Date.now()) - c.startedAtMs)),
  },
  {
    key: 'exit',
    title: 'Exit status',
    numeric: true,
    by: (c) => c.exitStatus,
    cell: (c) => (c.state === 'COMPLETED' ? <span class={hasFailed(c) ? 'bad-text' : ''}>{c.exitStatus}</span> : ''),
  },
  {
    key: 'logs',
    title: 'Logs',
    by: false,
    cell: (c) => <PageLink page={`containers/${c.id}`}>logs</PageLink>,
  },
];
