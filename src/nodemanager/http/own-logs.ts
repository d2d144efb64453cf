// The log files of this node's containers, for its REST API and its pages: who may read them is asked first (log-access.ts).
import type { ContainerLogs } from '../../common/container-logs.ts';
import { applicationOfContainer } from '../../common/ids.ts';
import { logBytes } from '../../rpc/messages/logs.ts';
import type { WebUser } from '../../web/authenticate.ts';
import type { NodeView } from '../service/node-view.ts';
import type { NodeAccess } from './log-access.ts';

/** In the audit log. */
const READ_LOGS = 'Get Container Logs Request';

export const ownLogs = (view: NodeView, access: NodeAccess): ContainerLogs<WebUser> => ({
  files: async (id, who) => {
    await access.mustView(who, applicationOfContainer(id), READ_LOGS);
    return { nodeId: view.nodeId, files: await view.logs.ofContainer(id) };
  },
  read: async (_found, containerId, name, offset, lengthBytes) =>
    logBytes(await view.logs.read({ containerId, name, offset, lengthBytes })),
});
