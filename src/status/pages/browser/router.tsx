// Which page the address names, and links that change it without loading anew. Everything that a reader chose (tab, sort, page, search, selection)
// stands in the query, so an address can be copied. Pages are found by page-routes.ts.
import { type ComponentChildren, type ComponentProps, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';
import { baseOf, type PageName, type Place, placeOf } from '../page-routes.ts';

export type Query = Readonly<Record<string, string | number | undefined>>;
export type Route = { readonly place: Place; readonly params: URLSearchParams; readonly go: (href: string, replace?: boolean) => void };

const RouteContext = createContext<Route | undefined>(undefined);

export function Router({ children }: { children: ComponentChildren }) {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const moved = (): void => setHref(location.href);
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const route = useMemo<Route>(() => {
    const url = new URL(href);
    return {
      place: placeOf(url.pathname),
      params: url.searchParams,
      go: (to, replace = false) => {
        const next = new URL(to, location.href);
        if (next.href === location.href) return;
        const elsewhere = next.pathname !== location.pathname;
        if (replace) history.replaceState(null, '', next);
        else history.pushState(null, '', next);
        setHref(next.href);
        if (elsewhere) scrollTo(0, 0);
      },
    };
  }, [href]);
  return <RouteContext.Provider value={route}>{children}</RouteContext.Provider>;
}

export function useRoute(): Route {
  const route = useContext(RouteContext);
  if (route === undefined) throw new Error('there is no Router above this component');
  return route;
}

export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** The address of a page of this application. */
export function useHref(): (page: PageName, query?: Query) => string {
  const { place } = useRoute();
  return (page, query = {}) => `${baseOf(place)}${page}${queryText(query)}`;
}

/** Changes some names of the query; undefined or '' takes a name out. */
export function useSetParams(): (changed: Query, replace?: boolean) => void {
  const { go } = useRoute();
  return (changed, replace = true) => {
    // Of the address as it is now, not as it was when this was drawn: two changes in one turn must both stay.
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(changed)) {
      if (value === undefined || value === '') url.searchParams.delete(name);
      else url.searchParams.set(name, String(value));
    }
    go(url.href, replace);
  };
}

type LinkProps = { readonly href: string; readonly children: ComponentChildren } & Pick<
  ComponentProps<'a'>,
  'class' | 'title' | 'aria-label' | 'aria-current'
>;

/** A click with a key held, or to another tab, stays the browser's. */
export function Link({ href, children, ...rest }: LinkProps) {
  const { go } = useRoute();
  const follow = (e: MouseEvent): void => {
    if (e.defaultPrevented || e.button !== 0 || e.metaKey || e.ctrlKey || e.shiftKey || e.altKey) return;
    e.preventDefault();
    go(href);
  };
  return (
    <a href={href} onClick={follow} {...rest}>
      {children}
    </a>
  );
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
