// What stands around every page: the application's name and state, the tabs, the theme switch. Which page is drawn inside is main.tsx's.
import type { ComponentChildren } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { baseOf, type PageName } from '../page-routes.ts';
import { useApi, useApp } from './application.tsx';
import { duration, moment } from './format.ts';
import { Keyboard } from './keyboard.tsx';
import { type LiveState, liveState, onLiveState } from './live.ts';
import { Note } from './parts.tsx';
import type { SqlExecution } from './rest.ts';
import { Link, PageLink, useRoute } from './router.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

const TABS: readonly (readonly [PageName, string, string])[] = [
  ['/jobs/', 'Jobs', '/jobs/'],
  ['/stages/', 'Stages', '/stages/'],
  ['/storage/', 'Storage', '/storage/'],
  ['/environment/', 'Environment', '/environment/'],
  ['/executors/', 'Executors', '/executors/'],
];

export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width="22" height="22" aria-hidden="true" class="mark">
      <path d="M16 2c1.500 7 9 9.500 9 18a9 9 0 0 1-18 0c0-4 2-6.500 4-8 0 2.500.5 4 2 4.500C12.500 11 13.500 6 16 2z" />
    </svg>
  );
}

function LiveDot() {
  const [state, setState] = useState<LiveState>(liveState());
  useEffect(() => onLiveState(setState), []);
  if (state === 'off') return null;
  const text = state === 'live' ? 'live' : 'not connected';
  return (
    <span
      class={`live ${state}`}
      role="status"
      title={state === 'live' ? 'The page follows the application.' : 'The driver does not answer.'}
    >
      {text}
    </span>
  );
}

export function ApplicationShell({ children }: { children: ComponentChildren }) {
  const { place } = useRoute();
  const { application, attempt, isLive, alarms, error } = useApp();
  const sql = useApi<readonly SqlExecution[]>('/sql?offset=0&length=1&details=false&planDescription=false').data;
  const tabs = sql !== undefined && sql.length > 0 ? [...TABS, ['/SQL/', 'SQL', '/SQL/'] as const] : TABS;
  const state = attempt === undefined ? undefined : attempt.completed ? `ran ${duration(attempt.duration)}` : 'running';
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <div class="brand">
          {isLive ? (
            <PageLink page="/jobs/" aria-label="Emberloom: jobs" class="home">
              <Mark />
            </PageLink>
          ) : (
            <Link href={`${place.root}/`} aria-label="History: all applications" class="home">
              <Mark />
            </Link>
          )}
          <span class="app-name" title={application?.id}>
            {application?.name ?? place.appId ?? 'Emberloom'}
          </span>
          {attempt && (
            <span class="app-state" title={`started ${moment(attempt.startTimeEpoch)} by ${attempt.sparkUser}`}>
              {state}
              {attempt.attemptId !== undefined && ` · attempt ${attempt.attemptId}`}
            </span>
          )}
        </div>
        <nav class="tabs" aria-label="pages">
          {tabs.map(([page, name, start]) => (
            <PageLink key={page} page={page} aria-current={place.page?.startsWith(start) ? 'page' : undefined}>
              {name}
            </PageLink>
          ))}
        </nav>
        <div class="right">
          <LiveDot />
          {alarms.some((a) => a.severity !== 'info') && (
            <PageLink
              page="/jobs/"
              class={`badge alarm ${alarms.some((a) => a.severity === 'serious') ? 'bad' : 'warn'}`}
              aria-label="alarms"
            >
              {alarms.filter((a) => a.severity !== 'info').length} ⚠
            </PageLink>
          )}
          <ThemeSwitch />
          <Keyboard />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {error !== undefined && <Note tone="bad">{error}</Note>}
        {children}
      </main>
      <footer class="foot">
        {application && <code>{application.id}</code>}
        {attempt && ` · ${attempt.sparkUser} · ${attempt.appSparkVersion}`}
        {!isLive && (
          <>
            {' · '}
            <a
              href={`${place.root}/api/v1/applications/${encodeURIComponent(place.appId ?? '')}${place.attemptId ? `/${place.attemptId}` : ''}/logs`}
            >
              event log
            </a>
          </>
        )}
        {' · '}
        <a href={`${isLive ? baseOf(place) : place.root}/api/v1/applications`}>REST</a>
      </footer>
    </>
  );
}

export function HistoryShell({ children }: { children: ComponentChildren }) {
  const { place } = useRoute();
  return (
    <>
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="top">
        <div class="brand">
          <Link href={`${place.root}/`} aria-label="all applications" class="home">
            <Mark />
          </Link>
          <span class="app-name">History</span>
        </div>
        <nav class="tabs" aria-label="pages">
          <Link href={`${place.root}/`} aria-current={place.page === '/' ? 'page' : undefined}>
            Applications
          </Link>
          <Link href={`${place.root}/compare/`} aria-current={place.page === '/compare/' ? 'page' : undefined}>
            Compare
          </Link>
        </nav>
        <div class="right">
          <ThemeSwitch />
          <Keyboard />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

/** A page's heading; it also names the browser's tab. */
export function Heading({ title, children }: { title: string; children?: ComponentChildren }) {
  useEffect(() => {
    document.title = `${title} · Emberloom`;
  }, [title]);
  return (
    <div class="heading">
      <h1>{title}</h1>
      {children}
    </div>
  );
}
