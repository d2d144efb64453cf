// What stands around every page of the cluster: whose it is, the tabs, who is logged in, the theme switch, the keyboard. Which page is drawn inside is
// main.tsx's.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo } from 'preact/hooks';
import { LiveDot, Mark, SkipLink } from '../../browser/frame.tsx';
import { Keyboard } from '../../browser/keyboard.tsx';
import { Link } from '../../browser/router.tsx';
import { ThemeSwitch } from '../../browser/theme-switch.tsx';
import { startFacts, useStrip } from './facts.ts';
import { useHref, usePlace, useUi } from './page-links.tsx';

export type About = { readonly daemon: 'rm' | 'nm'; readonly version: string; readonly user: string };
type Tab = { readonly page: string; readonly name: string; readonly key: string };

const RM_TABS: readonly Tab[] = [
  { page: 'cluster', name: 'Cluster', key: 'c' },
  { page: 'apps', name: 'Applications', key: 'a' },
  { page: 'queues', name: 'Queues', key: 'q' },
  { page: 'nodes', name: 'Nodes', key: 'n' },
  { page: 'settings', name: 'Settings', key: 's' },
];
const NM_TABS: readonly Tab[] = [
  { page: 'node', name: 'Node', key: 'n' },
  { page: 'node/settings', name: 'Settings', key: 's' },
];

type ShellProps = { tabs: readonly Tab[]; title: string; aside?: ComponentChildren; rest: string; children: ComponentChildren };
function Shell({ tabs, title, aside, rest, children }: ShellProps) {
  const { root, page } = usePlace();
  const href = useHref();
  const about = useUi<About>('about', false).data;
  useEffect(() => startFacts(root), []);
  const keys = useMemo(() => Object.fromEntries(tabs.map((t) => [t.key, { href: href(t.page), name: t.name }])), [root, tabs]);
  const isIn = (tab: Tab): boolean => page === tab.page || (page?.startsWith(`${tab.page}/:`) ?? false);
  return (
    <>
      <SkipLink />
      <header class="top">
        <div class="brand">
          <Link href={href(tabs[0]!.page)} aria-label={`Emberloom: ${tabs[0]!.name.toLowerCase()}`} class="home">
            <Mark />
          </Link>
          <span class="app-name">{title}</span>
        </div>
        <nav class="tabs" aria-label="pages">
          {tabs.map((tab) => (
            <Link key={tab.page} href={href(tab.page)} aria-current={isIn(tab) ? 'page' : undefined}>
              {tab.name}
            </Link>
          ))}
        </nav>
        <div class="right">
          {aside}
          <LiveDot follows={`The page follows the ${title}.`} lost={`The ${title} does not answer.`} />
          {about && (
            <span class="app-state" title="who you are to this server">
              {about.user}
            </span>
          )}
          <ThemeSwitch />
          <Keyboard tabs={keys} />
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        Emberloom {about?.version}
        {' · '}
        <a href={`${root}${rest}`}>REST</a>
        {' · '}
        <a href={`${root}/metrics`}>Metrics</a>
      </footer>
    </>
  );
}

export function RmShell({ children }: { children: ComponentChildren }) {
  const { strip } = useStrip();
  const href = useHref();
  const unwell = (strip?.nodes['UNHEALTHY'] ?? 0) + (strip?.nodes['LOST'] ?? 0);
  const aside = unwell > 0 && (
    <Link href={href('nodes', { state: 'UNHEALTHY,LOST' })} class="badge bad" aria-label={`${unwell} nodes are unhealthy or lost`}>
      {unwell} ⚠
    </Link>
  );
  return (
    <Shell tabs={RM_TABS} title="ResourceManager" rest="/ws/v1/cluster/info" aside={aside}>
      {children}
    </Shell>
  );
}

export const NodeShell = ({ children }: { children: ComponentChildren }) => (
  <Shell tabs={NM_TABS} title="NodeManager" rest="/ws/v1/node/info">
    {children}
  </Shell>
);
