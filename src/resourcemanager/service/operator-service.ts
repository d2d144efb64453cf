// Answers operators: signals to containers, sizes of nodes, the files of nodes that may be here, groups of users. Who may: access.ts.
import { AppError } from '../../common/errors.ts';
import {
  attemptFail,
  containerSignal,
  groupsOfUser,
  nodeRecommission,
  nodeResource,
  nodesRefresh,
  settingsRefresh,
} from '../../rpc/messages/operators.ts';
import { labelsChange, labelsList } from '../../rpc/messages/labels.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Node } from '../core/entities.ts';
import { labelOf } from '../core/node-labels.ts';
import { attemptReport, nodeReport } from '../core/reports.ts';
import { type Access, rightsOf, type Who } from './access.ts';
import type { EventLoop } from './event-loop.ts';
import type { NodeLists } from './node-lists.ts';

export type OperatorParts = {
  readonly loop: EventLoop;
  readonly access: Access;
  readonly who: Who;
  readonly nodeLists: NodeLists;
  readonly refresh: Refresh;
};

/** In the words of YARN's audit log. */
const REFRESH = {
  adminAcls: 'refreshAdminAcls',
  superUserGroups: 'refreshSuperUserGroupsConfiguration',
  userToGroups: 'refreshUserToGroupsMappings',
} as const;
/** Reads it again. @throws AppError CONFIG_BAD_FILE, CONFIG_BAD_VALUE; nothing has changed then */
export type Refresh = (what: keyof typeof REFRESH) => Promise<void>;

const IN_CLUSTER: readonly string[] = ['RUNNING', 'UNHEALTHY'];
const LEAVING: readonly string[] = ['DECOMMISSIONING', 'DECOMMISSIONED'];

export function serveOperators(peer: Peer, { loop, access, who, nodeLists, refresh }: OperatorParts): void {
  const { cluster } = loop.core;
  const admin = { target: 'AdminService' };

  peer.serve(containerSignal, async ({ containerId, signal, user }) => {
    const container = cluster.containers.get(containerId);
    if (container === undefined) throw new AppError('CONTAINER_UNKNOWN', { containerId });
    const { application } = container.attempt;
    const about = { operation: 'Signal Container Request', target: 'ClientRMService', applicationId: application.id };
    const as = await access.inNameOf(who, user, about);
    await access.may(as, { tag: 'modify', application: rightsOf(application) }, about);
    await access.noted(as, about, () => loop.handle({ tag: 'containerSignalled', id: containerId, user: as.user, signal }));
    return { nodeId: container.node.id };
  });

  peer.serve(attemptFail, async ({ attemptId, user }) => {
    const attempt = cluster.attempt(attemptId);
    if (attempt === undefined) throw new AppError('ATTEMPT_UNKNOWN', { attemptId });
    const { application } = attempt;
    const about = { operation: 'Fail Attempt Request', target: 'ClientRMService', applicationId: application.id };
    const as = await access.inNameOf(who, user, about);
    await access.may(as, { tag: 'modify', application: rightsOf(application) }, about);
    await access.noted(as, about, () => loop.handle({ tag: 'attemptFail', id: attemptId, user: as.user }));
    return attemptReport(attempt);
  });

  peer.serve(settingsRefresh, async ({ what }) => {
    const about = { operation: REFRESH[what], ...admin };
    await access.may(who, { tag: 'administer', what: REFRESH[what] }, about);
    await access.noted(who, about, () => refresh(what));
    return {};
  });

  peer.serve(nodeResource, async ({ nodeId, capacity }) => {
    const about = { operation: 'updateNodeResource', ...admin };
    await access.may(who, { tag: 'administer', what: `node ${nodeId}` }, about);
    await access.noted(who, about, () => loop.handle({ tag: 'nodeResized', nodeId, capacity }));
    return nodeReport(cluster, cluster.nodes.get(nodeId)!);
  });

  /** What the lists say of it now; one on its way out for another reason is not theirs. Source: NodesListManager.handleExcludeNodeList. */
  const follow = async ({ id: nodeId, host, state, drainByList }: Node, drain: { graceful: boolean; timeoutMs: number }): Promise<void> => {
    const isRefused = nodeLists.refusal({ nodeId, host }) !== undefined;
    if (isRefused && IN_CLUSTER.includes(state.tag)) await loop.handle({ tag: 'nodeDecommission', nodeId, ...drain, byList: true });
    else if (!isRefused && state.tag === 'DECOMMISSIONING' && drainByList) await loop.handle({ tag: 'nodeRecommission', nodeId });
  };
  peer.serve(nodeRecommission, async ({ nodeId }) => {
    const about = { operation: 'refreshNodes', ...admin };
    await access.may(who, { tag: 'administer', what: `node ${nodeId}` }, about);
    await access.noted(who, about, () => loop.handle({ tag: 'nodeRecommission', nodeId }));
    return nodeReport(cluster, cluster.nodes.get(nodeId)!);
  });
  peer.serve(nodesRefresh, async ({ graceful, timeoutMs }) => {
    const about = { operation: 'refreshNodes', ...admin };
    await access.may(who, { tag: 'administer', what: 'the nodes' }, about);
    await access.noted(who, about, async () => {
      await nodeLists.read();
      for (const node of [...cluster.nodes.values()]) await follow(node, { graceful, timeoutMs });
    });
    const refused = [...cluster.nodes.values()].filter((n) => nodeLists.refusal({ nodeId: n.id, host: n.host }) !== undefined);
    return { leaving: refused.filter((n) => LEAVING.includes(n.state.tag)).map((node) => nodeReport(cluster, node)) };
  });

  peer.serve(labelsList, () => {
    const count = (label: string) => [...cluster.nodes.values()].filter((n) => n.slot >= 0 && labelOf(cluster, n) === label).length;
    const labels = cluster.scheduler.labels().map(({ name, exclusive }) => ({ name, exclusive, nodes: count(name) }));
    return { labels, nodes: [...cluster.nodeLabels].map(([node, label]) => ({ node, label })) };
  });
  peer.serve(labelsChange, async (request) => {
    const about = { operation: 'changeNodeLabels', ...admin };
    await access.may(who, { tag: 'administer', what: 'the node labels' }, about);
    await access.noted(who, about, () => loop.handle({ tag: 'labelsChanged', ...request }));
    return {};
  });

  peer.serve(groupsOfUser, async ({ user }) => ({ groups: [...(await access.groupsOf(user))] }));
}
