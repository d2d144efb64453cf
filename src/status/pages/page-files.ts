// The pages' files for an HTTP server: which answer an address gets, as data. It does not listen and knows no framework; the driver's server and
// the history server ask it for every path that is not theirs. The files are dist/ui/, made by scripts/build.ts from browser/.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ASSETS, placeOf } from './page-routes.ts';

export type PageAnswer =
  | { readonly tag: 'file'; readonly contentType: string; readonly cacheControl: string; readonly body: Buffer }
  /** 302 to this path, relative to the one asked for. The query is kept. */
  | { readonly tag: 'redirect'; readonly location: string };

/** Headers for every page. No inline script or style is in them, nothing leaves the origin. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'SAMEORIGIN',
  'referrer-policy': 'same-origin',
};

const TYPES: Readonly<Record<string, string>> = {
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/** The bundle in a folder, read once: it is small. */
export class PageFiles {
  readonly #shell: string;
  readonly #assets = new Map<string, Buffer>();
  readonly #kind: 'driver' | 'history';

  /** @param folder dist/ui @throws if it was not built */
  constructor(folder: string, kind: 'driver' | 'history') {
    this.#kind = kind;
    this.#shell = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const name of readdirSync(folder)) if (name !== 'index.html') this.#assets.set(name, readFileSync(join(folder, name)));
  }

  /** @param path of the request, from the server's root, without the query. undefined: not a page. */
  answer(path: string): PageAnswer | undefined {
    const asset = path.startsWith(ASSETS) ? path.slice(ASSETS.length) : undefined;
    if (asset !== undefined) {
      const body = this.#assets.get(asset);
      const contentType = TYPES[asset.slice(asset.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      return body && { tag: 'file', contentType, cacheControl: 'public, max-age=31536000, immutable', body };
    }
    if (path === '/favicon.ico')
      return { tag: 'redirect', location: `.${ASSETS}${[...this.#assets.keys()].find((n) => n.endsWith('.svg'))}` };
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
    const up = '../'.repeat(Math.max(0, path.split('/').length - 2)) || './';
    const body = Buffer.from(this.#shell.replaceAll('%UP%', up));
    return { tag: 'file', contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache', body };
  }
}
