// Client (yarn logs) → ResourceManager, about logs of containers: who may read them, and those of nodes that a client does not reach. What nodes
// themselves answer is in driver.ts (logs.list, logs.read).
import type { LogBytes } from '../../common/container-logs.ts';
import { aContainerId, anApplicationId, aNodeId, integer, object, text, whole } from '../../common/shape.ts';
import { defineRpc, type ReplyOf } from '../define-rpc.ts';
import { logsList, logsRead } from './driver.ts';

const fromClient = { version: 1, from: 'client', to: 'ResourceManager', timeoutMs: 10_000 } as const;

export const logsAccess = defineRpc({
  ...fromClient,
  name: 'logs.access',
  safeToRepeat: true,
  doc: `What to prove to a node to read the logs of an application there: \`log:<user>|<application>|<expiry>|<keyId>\` and its secret, made from the key that nodes
have from the RM. Who may view the application gets it; of an application that the RM has forgotten, admins.`,
  request: object({ applicationId: anApplicationId, user: text }),
  reply: object({ id: text, secret: text }),
  errors: ['ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const logsRelayList = defineRpc({
  ...fromClient,
  name: 'logs.relayList',
  safeToRepeat: true,
  doc: 'logs.list of a node that the client itself does not reach: the RM asks it and passes the answer on. Who may view the application gets it.',
  request: object({ nodeId: aNodeId, applicationId: anApplicationId, user: text }),
  reply: logsList.reply,
  errors: ['ACCESS_DENIED', 'IMPERSONATION_DENIED', 'NODE_UNKNOWN', 'CONNECT_FAILED', 'CONNECTION_LOST'],
});

export const logsRelayRead = defineRpc({
  ...fromClient,
  name: 'logs.relayRead',
  safeToRepeat: true,
  doc: 'logs.read of such a node.',
  request: object({ nodeId: aNodeId, containerId: aContainerId, name: text, offset: integer, lengthBytes: whole, user: text }),
  reply: logsRead.reply,
  errors: ['ACCESS_DENIED', 'IMPERSONATION_DENIED', 'NODE_UNKNOWN', 'CONNECT_FAILED', 'CONNECTION_LOST', 'LOG_NOT_FOUND'],
});

/** What a message brings of a file, as bytes. */
export const logBytes = ({ base64, running, ...at }: ReplyOf<typeof logsRead>): LogBytes => ({
  ...at,
  bytes: Buffer.from(base64, 'base64'),
  running: running === 1,
});

export const logMessages = [logsAccess, logsRelayList, logsRelayRead] as const;
