// The addresses of the cluster's pages and of what only the pages ask (/ui-api): one list for the ResourceManager's and the NodeManager's server,
// the pages themselves and their tests. The old addresses of YARN's pages lead here, too. The REST API (/ws/v1) is another thing.

/** Below the server's root. `:id` is one part of the path. */
export const RM_PAGES = ['cluster', 'apps', 'apps/:id', 'queues', 'nodes', 'nodes/:id', 'containers/:id', 'settings'] as const;
export const NM_PAGES = ['node', 'node/settings', 'logs/:id'] as const;
export type ClusterPage = (typeof RM_PAGES)[number] | (typeof NM_PAGES)[number];
export type Daemon = 'rm' | 'nm';

/**
 * What the pages ask. Answers are JSON, times in ms since 1970, memory in MiB. Both daemons:
 *
 *     about                               { daemon: rm | nm, version, user, logoutPath? }
 *     settings                            SettingRow[] (model/settings.ts)
 *     live                                text/event-stream (live-stream.ts)
 * ResourceManager:
 *     strip                               ClusterStrip; lines → TimeLines (model/strip.ts)
 *     apps?offset=0&length=50&sortBy=submittedAtMs&descending=true&search=user:ann report&state=RUNNING,ACCEPTED
 *                                         AppTable (model/applications.ts)
 *     apps/ID?attempt=2                   ApplicationView (model/application.ts), with the containers of one attempt
 *     apps/ID/kill                        POST; { killed: ID }
 *     queues                              QueueTree (model/queues.ts)
 *     nodes?offset=…&state=UNHEALTHY      NodeTable (model/nodes.ts)
 *     nodes/ID                            NodeView
 * NodeManager:
 *     node                                NodePage (model/node-page.ts)
 * Both; the ResourceManager's from the container's node:
 *     logs/CONTAINER                      LogFile[]
 *     logs/CONTAINER/part?file=stdout&offset=-65536&length=65536     LogPart; a negative offset counts from the end
 *     logs/CONTAINER/search?file=stdout&text=error&from=0            LogMatches
 */
export const UI_API = '/ui-api';

export type ClusterPlace = { readonly root: string; readonly page: ClusterPage | undefined; readonly id: string };

const PAGES: readonly ClusterPage[] = [...RM_PAGES, ...NM_PAGES];

/** Reads an address's path; `root` is what a proxy put in front, without a slash at its end. */
export function clusterPlaceOf(pathname: string): ClusterPlace {
  const at = pathname.lastIndexOf('/ui/');
  if (at < 0) return { root: pathname.replace(/\/$/, ''), page: undefined, id: '' };
  const root = pathname.slice(0, at);
  const parts = pathname
    .slice(at + '/ui/'.length)
    .replace(/\/$/, '')
    .split('/');
  const page = PAGES.find((p) => {
    const wanted = p.split('/');
    return wanted.length === parts.length && wanted.every((w, i) => w === ':id' || w === parts[i]);
  });
  return { root, page, id: page?.endsWith('/:id') ? decode(parts.at(-1)!) : '' };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

const APPLICATION_OF = /^(?:container_(?:e\d+_)?|appattempt_)(\d+_\d+)/;
const applicationOf = (id: string): string => `application_${APPLICATION_OF.exec(id)?.[1] ?? ''}`;

/** An address of YARN's pages, as one of ours with its query; undefined: it is none. Source: RMWebApp and YarnWebParams, WebServer of the NodeManager. */
export function oldAddress(daemon: Daemon, path: string): string | undefined {
  const [first, second, third, ...rest] = path
    .split('/')
    .slice(1)
    .filter((part) => part !== '');
  if (daemon === 'rm') {
    if (first === undefined) return 'ui/cluster';
    return first === 'cluster' ? oldClusterAddress(second, third) : undefined;
  }
  if (first === undefined) return 'ui/node';
  if (first !== 'node') return undefined;
  if (second === 'containerlogs' && third !== undefined) {
    const file = rest[1]; // rest[0] is the user
    return `ui/logs/${third}${file === undefined ? '' : `?file=${file}`}`;
  }
  if (second === 'container' && third !== undefined) return `ui/node?containers.q=${third}`;
  if (second === 'application' && third !== undefined) return `ui/node?containers.q=${third.replace(/^application_/, '')}`;
  return 'ui/node';
}

function oldClusterAddress(page: string | undefined, id: string | undefined): string {
  switch (page) {
    case 'apps':
      return id === undefined ? 'ui/apps' : `ui/apps?state=${id}`;
    case 'app':
      return id === undefined ? 'ui/apps' : `ui/apps/${id}`;
    case 'appattempt':
    case 'container':
      return id === undefined ? 'ui/apps' : `ui/apps/${applicationOf(id)}?${page === 'container' ? 'containers.q' : 'attempt'}=${id}`;
    case 'scheduler':
      return 'ui/queues';
    case 'nodes':
      return id === undefined ? 'ui/nodes' : `ui/nodes?state=${id.toUpperCase()}`;
    case 'nodelabels':
      return 'ui/nodes';
    default:
      return 'ui/cluster';
  }
}
