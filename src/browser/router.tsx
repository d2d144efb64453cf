// The page's address, and links that change it without loading anew. Everything that a reader chose (tab, sort, page, search, selection) stands in
// the query, so an address can be copied. Which page a path names is each application's own (page-links.tsx).
import { type ComponentChildren, type ComponentProps, createContext } from 'preact';
import { useContext, useEffect, useMemo, useState } from 'preact/hooks';

export type Query = Readonly<Record<string, string | number | undefined>>;
export type Url = { readonly path: string; readonly params: URLSearchParams; readonly go: (href: string, replace?: boolean) => void };

const UrlContext = createContext<Url | undefined>(undefined);

export function Router({ children }: { children: ComponentChildren }) {
  const [href, setHref] = useState(location.href);
  useEffect(() => {
    const moved = (): void => setHref(location.href);
    addEventListener('popstate', moved);
    return () => removeEventListener('popstate', moved);
  }, []);
  const value = useMemo<Url>(() => {
    const url = new URL(href);
    return {
      path: url.pathname,
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
  return <UrlContext.Provider value={value}>{children}</UrlContext.Provider>;
}

export function useUrl(): Url {
  const url = useContext(UrlContext);
  if (url === undefined) throw new Error('there is no Router above this component');
  return url;
}

export function queryText(query: Query): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== '') params.set(name, String(value));
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}

/** Changes some names of the query; undefined or '' takes a name out. */
export function useSetParams(): (changed: Query, replace?: boolean) => void {
  const { go } = useUrl();
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

export type LinkProps = { readonly href: string; readonly children: ComponentChildren } & Pick<
  ComponentProps<'a'>,
  'class' | 'title' | 'style' | 'tabIndex' | 'aria-label' | 'aria-current'
>;

/** A click with a key held, or to another tab, stays the browser's. */
export function Link({ href, children, ...rest }: LinkProps) {
  const { go } = useUrl();
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
