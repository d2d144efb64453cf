// Which addresses are the cluster's pages, for the ResourceManager's and the NodeManager's server: an answer for a path, as data. The files are
// dist/ui-cluster (src/status/pages/page-bundle.ts), the addresses page-routes.ts.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type AnswersPages, type PageAnswer, PageBundle } from '../status/pages/page-bundle.ts';
import { clusterPlaceOf, type Daemon, NM_PAGES, oldAddress, RM_PAGES } from './page-routes.ts';

export class ClusterFiles implements AnswersPages {
  readonly #bundle: PageBundle;
  readonly #daemon: Daemon;

  /** @param folder dist/ui-cluster @throws if it was not built */
  constructor(folder: string, daemon: Daemon) {
    this.#bundle = new PageBundle(folder);
    this.#daemon = daemon;
  }

  /** @returns a redirect's location is relative, so that it holds below a proxy's path, too; it may have a query */
  answer(path: string): PageAnswer | undefined {
    const asset = this.#bundle.asset(path);
    if (asset !== undefined) return asset;
    const old = oldAddress(this.#daemon, path);
    if (old !== undefined) return { tag: 'redirect', location: `${'../'.repeat(Math.max(0, path.split('/').length - 2)) || './'}${old}` };
    const { page, root } = clusterPlaceOf(path);
    const own: readonly string[] = this.#daemon === 'rm' ? RM_PAGES : NM_PAGES;
    return page !== undefined && root === '' && own.includes(page) ? this.#bundle.page(path) : undefined;
  }
}

/** Those beside the daemon's bundle (dist/ui-cluster), or in dist/ when it runs from its source. undefined: they were not built. */
export function clusterFiles(daemon: Daemon): ClusterFiles | undefined {
  const folder = ['ui-cluster', '../../dist/ui-cluster']
    .map((place) => join(import.meta.dirname, place))
    .find((place) => existsSync(join(place, 'index.html')));
  return folder === undefined ? undefined : new ClusterFiles(folder, daemon);
}
