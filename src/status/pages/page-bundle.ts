// A bundle of pages for an HTTP server: the files that a build made (scripts/build-pages.ts), and which answer an asset or a page gets, as data. It
// does not listen and knows no framework. Which addresses are pages: page-files.ts here, src/cluster-pages/cluster-files.ts.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type PageAnswer =
  | { readonly tag: 'file'; readonly contentType: string; readonly cacheControl: string; readonly body: Buffer }
  /** 302 to this path, relative to the one asked for. The query is kept. */
  | { readonly tag: 'redirect'; readonly location: string };
/** @param path of the request, from the server's root, without the query. undefined: not a page. */
export type AnswersPages = { answer(path: string): PageAnswer | undefined };

/** The bundle's files, below the server's root. Names carry their content's hash. */
export const ASSETS = '/ui/assets/';
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
export class PageBundle {
  readonly #shell: string;
  readonly #assets = new Map<string, Buffer>();

  /** @param folder dist/ui or dist/ui-cluster @throws if it was not built */
  constructor(folder: string) {
    this.#shell = readFileSync(join(folder, 'index.html'), 'utf8');
    for (const name of readdirSync(folder)) if (name !== 'index.html') this.#assets.set(name, readFileSync(join(folder, name)));
  }

  /** One of the bundle's files, or the browser's favourite question. undefined: neither. */
  asset(path: string): PageAnswer | undefined {
    if (path === '/favicon.ico')
      return { tag: 'redirect', location: `.${ASSETS}${[...this.#assets.keys()].find((n) => n.endsWith('.svg'))}` };
    const name = path.startsWith(ASSETS) ? path.slice(ASSETS.length) : undefined;
    const body = name === undefined ? undefined : this.#assets.get(name);
    if (name === undefined || body === undefined) return undefined;
    const contentType = TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
    return { tag: 'file', contentType, cacheControl: 'public, max-age=31536000, immutable', body };
  }

  /** The page at this path: the same few lines for all, with the way up to the files. */
  page(path: string): PageAnswer {
    const up = '../'.repeat(Math.max(0, path.split('/').length - 2)) || './';
    const body = Buffer.from(this.#shell.replaceAll('%UP%', up));
    return { tag: 'file', contentType: 'text/html; charset=utf-8', cacheControl: 'no-cache', body };
  }
}
