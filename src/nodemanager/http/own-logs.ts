// The log files of this node's containers, for its REST API and its pages: who may read them is asked first (log-access.ts).
import type { ContainerLogs } from '../../common/container-logs.ts';
import type { Settings } from '../../common/settings.ts';
import type { WebUser } from '../../web/authenticate.ts';
import type { NodeView } from '../service/node-view.ts';
import { mustReadLogs } from './log-access.ts';

export const ownLogs = (view: NodeView, settings: Settings): ContainerLogs<WebUser> => ({
  files: async (id, who) => {
    mustReadLogs(view, settings, who, id);
    return { nodeId: view.nodeId, files: await view.logs.ofContainer(id) };
  },
  read: async (_found, containerId, name, offset, lengthBytes) => {
    const { base64, running, ...at } = await view.logs.read({ containerId, name, offset, lengthBytes });
    return { ...at, bytes: Buffer.from(base64, 'base64'), running: running === 1 };
  },
});
