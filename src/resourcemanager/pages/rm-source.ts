// The ResourceManager's state as its pages ask for it (src/cluster-pages/cluster-source.ts), with what each caller may see and do. Reads the core,
// changes nothing but by events. The time lines are cluster-history.ts.
import type { ClusterSource } from '../../cluster-pages/cluster-source.ts';
import { logsSource } from '../../cluster-pages/logs-source.ts';
import type { SettingRow } from '../../cluster-pages/model/settings.ts';
import { withoutTime } from '../../cluster-pages/model/strip.ts';
import type { ContainerLogs } from '../../common/container-logs.ts';
import { AppError } from '../../common/errors.ts';
import { isApplicationId } from '../../common/ids.ts';
import { mayUser } from '../core/acls/may-user.ts';
import type { Cluster } from '../core/cluster.ts';
import type { Application, Node } from '../core/entities.ts';
import { type Access, rightsOf, type Who } from '../service/access.ts';
import type { EventLoop } from '../service/event-loop.ts';
import { applicationView, appReader, endingOf } from './app-views.ts';
import type { ClusterHistory } from './cluster-history.ts';
import { clusterStrip, pageVersions } from './cluster-counts.ts';
import { nodeReader, nodeView } from './node-views.ts';
import { queueTree } from './queue-views.ts';

const TARGET = 'RMWebServices';

export type RmPageParts = {
  readonly loop: EventLoop;
  readonly access: Access;
  readonly logs: ContainerLogs<Who>;
  readonly history: ClusterHistory;
  readonly version: string;
  /** A node's pages, `http://host:port`; '' where they are not known. */
  readonly httpOf: (nodeId: string) => string;
  readonly settings: () => readonly SettingRow[];
};

/** A node that has a web server says where. */
export const clusterNodeHttp =
  (cluster: Cluster, scheme: 'http' | 'https') =>
  (nodeId: string): string => {
    const address = cluster.nodes.get(nodeId as Node['id'])?.httpAddress ?? '';
    return address === '' ? '' : `${scheme}://${address}`;
  };

export function rmPageSource({
  loop,
  access,
  logs,
  history,
  version,
  httpOf,
  settings,
}: RmPageParts): ClusterSource<Who, Application, Node> {
  const { cluster } = loop.core;
  const strip = () => clusterStrip(cluster, version, loop.now());
  const canView = async (who: Who) => {
    const caller = await access.caller(who.user);
    return (application: Application): boolean => access.canView(caller, who, application);
  };
  const find = (id: string): Application | undefined => (isApplicationId(id) ? cluster.applications.get(id) : undefined);
  return {
    version,
    strip,
    facts: () => withoutTime(strip()),
    versions: () => pageVersions(cluster),
    isOver: () => !history.isOf(loop),
    lines: () => history.lines(),
    onSample: (hear) => history.onSample(hear),
    applications: async (who) => appReader(cluster, await canView(who), access.hideOthers),
    application: async (id, who, attempt) => {
      const found = find(id);
      if (found === undefined) return undefined;
      const about = { operation: 'Get Application Report', target: TARGET, applicationId: found.id };
      const caller = await access.may(who, { tag: 'view', application: rightsOf(found) }, about);
      const may = !who.readOnly && mayUser(cluster.policy, caller, { tag: 'modify', application: rightsOf(found) }) === undefined;
      return applicationView(cluster, found, { mayKill: may && endingOf(found) === undefined, attempt });
    },
    kill: async (id, who) => {
      const found = find(id);
      if (found === undefined) throw new AppError('APPLICATION_UNKNOWN', { applicationId: id as Application['id'] });
      const about = { operation: 'Kill Application Request', target: TARGET, applicationId: found.id };
      await access.may(who, { tag: 'modify', application: rightsOf(found) }, about);
      await access.noted(who, about, () =>
        loop.handle({ tag: 'applicationKill', id: found.id, user: who.user, diagnostics: `Killed by ${who.user} from the cluster's page` }),
      );
    },
    queues: () => queueTree(cluster),
    nodes: async (who) => nodeReader(cluster, { canView: await canView(who), httpOf }),
    node: async (id, who) => {
      const node = cluster.nodes.get(id as Node['id']);
      return node && nodeView(cluster, node, { canView: await canView(who), httpOf });
    },
    ...logsSource(logs),
    settings: async (who) => (access.isAdmin(await access.caller(who.user)) ? settings() : undefined),
  };
}
