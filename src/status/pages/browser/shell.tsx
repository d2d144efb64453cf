// What stands around every page: the application's name and state, the tabs, the theme switch. Which page is drawn inside is main.tsx's.
import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { baseOf, type PageName } from '../page-routes.ts';
import { useApi, useApp } from './application.tsx';
import { duration, moment } from '../../../browser/format.ts';
import { LiveDot, Mark, SkipLink } from '../../../browser/frame.tsx';
import { Keyboard, type TabKey } from '../../../browser/keyboard.tsx';
import { Note } from '../../../browser/parts.tsx';
import type { SqlExecution } from './rest.ts';
import { Link } from '../../../browser/router.tsx';
import { PageLink, useRoute } from './page-links.tsx';
import { TAB_KEYS } from './tabs.ts';
import { ThemeSwitch } from '../../../browser/theme-switch.tsx';

const TABS: readonly (readonly [PageName, string, string])[] = [
  ['/jobs/', 'Jobs', '/jobs/'],
  ['/stages/', 'Stages', '/stages/'],
  ['/storage/', 'Storage', '/storage/'],
  ['/environment/', 'Environment', '/environment/'],
  ['/executors/', 'Executors', '/executors/'],
];

const NO_TABS = {};
function useTabKeys(): Readonly<Record<string, TabKey>> {
  const { place } = useRoute();
  return useMemo(
    () => Object.fromEntries(Object.entries(TAB_KEYS).map(([key, [page, name]]) => [key, { href: `${baseOf(place)}${page}`, name }])),
    [place],
  );
}

export function ApplicationShell({ children }: { children: ComponentChildren }) {
  const { place } = useRoute();
  const keys = useTabKeys();
  const { application, attempt, isLive, alarms, error } = useApp();
  const sql = useApi<readonly SqlExecution[]>('/sql?offset=0&length=1&details=false&planDescription=false').data;
  const tabs = sql !== undefined && sql.length > 0 ? [...TABS, ['/SQL/', 'SQL', '/SQL/'] as const] : TABS;
  const state = attempt === undefined ? undefined : attempt.completed ? `ran ${duration(attempt.duration)}` : 'running';
  return (
    <>
      <SkipLink />
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
          <LiveDot follows="The page follows the application." lost="The driver does not answer." />
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
          <Keyboard tabs={keys} />
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
      <SkipLink />
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
          <Keyboard tabs={NO_TABS} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}
