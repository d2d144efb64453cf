// Which page of an application the address names, and links to others. Pages are found by page-routes.ts; addresses and links as such are
// src/browser/router.tsx.
import { useMemo } from 'preact/hooks';
import { Link, type LinkProps, type Query, queryText, type Url, useUrl } from '../../../browser/router.tsx';
import { baseOf, type PageName, type Place, placeOf } from '../page-routes.ts';

export type Route = Url & { readonly place: Place };

export function useRoute(): Route {
  const url = useUrl();
  return useMemo(() => ({ ...url, place: placeOf(url.path) }), [url]);
}

/** The address of a page of this application. */
export function useHref(): (page: PageName, query?: Query) => string {
  const { place } = useRoute();
  return (page, query = {}) => `${baseOf(place)}${page}${queryText(query)}`;
}

/** A link to a page of this application. */
export function PageLink({ page, query, children, ...rest }: { page: PageName; query?: Query } & Omit<LinkProps, 'href'>) {
  const href = useHref();
  return (
    <Link href={href(page, query)} {...rest}>
      {children}
    </Link>
  );
}
