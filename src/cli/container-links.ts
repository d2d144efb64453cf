// Where a container's node and its logs can be looked at in a browser: from the node's web address and the application's user. The pages are
// the NodeManager's, and serve running and packed logs alike.
import type { ApplicationId } from '../common/ids.ts';
import { applicationReport, clusterInfo, nodeList } from '../rpc/messages/client.ts';
import type { Peer } from '../rpc/peer.ts';
import { type ContainerLink, type LiveContainer, NO_LINK } from './render/yarn-tables.ts';

/** @throws AppError APPLICATION_UNKNOWN */
export async function containerLinks(rm: Peer, applicationId: ApplicationId): Promise<(container: LiveContainer) => ContainerLink> {
  const [{ user }, { nodes }, { httpScheme = 'http' }] = await Promise.all([
    rm.call(applicationReport, { applicationId }),
    rm.call(nodeList, {}),
    rm.call(clusterInfo, {}),
  ]);
  const addresses = new Map(nodes.map((n) => [n.nodeId, n.httpAddress]));
  return ({ nodeId, containerId }) => {
    const at = addresses.get(nodeId) ?? '';
    const nodeUrl = at === '' ? '' : `${httpScheme}://${at}`;
    return at === '' ? NO_LINK : { nodeUrl, logUrl: `${nodeUrl}/node/containerlogs/${containerId}/${encodeURIComponent(user)}` };
  };
}
