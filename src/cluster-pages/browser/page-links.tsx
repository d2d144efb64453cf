// Where the address stands among the cluster's pages (page-routes.ts), and links to others of the same daemon.
import { useMemo } from 'preact/hooks';
import { Link, type LinkProps, type Query, queryText, useUrl } from '../../browser/router.tsx';
import { type Loaded, useData } from '../../browser/use-data.ts';
import { type ClusterPlace, clusterPlaceOf, UI_API } from '../page-routes.ts';
import { asUser } from './user-name.ts';

export function usePlace(): ClusterPlace {
  const { path } = useUrl();
  return useMemo(() => clusterPlaceOf(path), [path]);
}

/** @param page `apps`, or `apps/` and an id */
export function useHref(): (page: string, query?: Query) => string {
  const { root } = usePlace();
  return (page, query = {}) => `${root}/ui/${page.split('/').map(encodeURIComponent).join('/')}${queryText(query)}`;
}

export function PageLink({ page, query, children, ...rest }: { page: string; query?: Query } & Omit<LinkProps, 'href'>) {
  const href = useHref();
  return (
    <Link href={href(page, query)} {...rest}>
      {children}
    </Link>
  );
}

export const AppLink = ({ id, children }: { id: string; children?: string }) => (
  <PageLink page={`apps/${id}`} class="one-line">
    {children ?? id}
  </PageLink>
);

/** Data that only the pages ask, `apps?…`. @param topic ask again when it has changed; false: never */
export function useUi<T>(path: string | undefined, topic: string | false): Loaded<T> {
  const { root } = usePlace();
  return useData<T>(path === undefined ? undefined : asUser(`${root}${UI_API}/${path}`), undefined, topic);
}

/** Only what leads to a web page becomes a link: a driver may say anything of where its pages are. */
export const isWeb = (url: string): boolean => /^https?:\/\//.test(url);
