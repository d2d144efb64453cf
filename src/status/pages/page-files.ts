// Which addresses are an application's pages, for the driver's server and the history server: they ask it for every path that is not theirs. The
// files themselves are page-bundle.ts.
import { ASSETS, type AnswersPages, type PageAnswer, PageBundle } from './page-bundle.ts';
import { placeOf } from './page-routes.ts';

export class PageFiles implements AnswersPages {
  readonly #bundle: PageBundle;
  readonly #kind: 'driver' | 'history';

  /** @param folder dist/ui @throws if it was not built */
  constructor(folder: string, kind: 'driver' | 'history') {
    this.#bundle = new PageBundle(folder);
    this.#kind = kind;
  }

  /** @param path of the request, from the server's root, without the query. undefined: not a page. */
  answer(path: string): PageAnswer | undefined {
    const asset = this.#bundle.asset(path);
    if (asset !== undefined || path.startsWith(ASSETS)) return asset;
    const place = placeOf(path);
    const last = path.slice(path.lastIndexOf('/') + 1);
    if (this.#kind === 'driver') {
      if (path === '/' || path === '') return { tag: 'redirect', location: './jobs/' };
      if (place.appId !== undefined || place.root !== '' || place.page === '/' || place.page === '/compare/') return undefined;
    } else if (place.appId === undefined) {
      if (path !== '/' && path !== '/compare/' && path !== '/compare') return undefined;
    } else if (place.root !== '') {
      return undefined;
    } else if (place.page === undefined) {
      // `/history/ID`, `/history/ID/1/`: the first page. Anything below that is not a page.
      if (!/^\/history\/[^/]+(\/\d+)?\/?$/.test(path)) return undefined;
      return { tag: 'redirect', location: last === '' ? './jobs/' : `./${last}/jobs/` };
    }
    return this.#bundle.page(path);
  }
}
