// With YARN's simple authentication a reader says who he is in the address (`?user.name=ann`). The pages ask in that name from then on, in this tab:
// links need not carry it. Where a token or a proxy says who one is, there is none, and nothing is added.
const NAME = 'user.name';
const KEPT = 'emberloom.user.name';

function nameOfTab(): string | null {
  const said = new URLSearchParams(location.search).get(NAME);
  try {
    if (said !== null) sessionStorage.setItem(KEPT, said);
    return said ?? sessionStorage.getItem(KEPT);
  } catch {
    return said; // Storage is closed to this page: the address alone says it.
  }
}
const name = nameOfTab();

/** The address of a request for data, in the name of whom this tab is. */
export function asUser(url: string): string {
  if (name === null || name === '') return url;
  return `${url}${url.includes('?') ? '&' : '?'}${NAME}=${encodeURIComponent(name)}`;
}
