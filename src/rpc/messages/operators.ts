// Operators (yarn container -signal, yarn rmadmin) → ResourceManager: what changes nodes and containers from outside.
import { aContainerId, anAttemptId, aNodeId, bool, list, object, oneOf, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';
import { aContainerSignal, anAttemptReport, aNodeReport, aResource } from './shapes.ts';

const fromClient = { version: 1, from: 'client', to: 'ResourceManager', timeoutMs: 10_000, safeToRepeat: true } as const;

export const containerSignal = defineRpc({
  ...fromClient,
  name: 'container.signal',
  doc: 'Its node sends the signal to all of its processes (yarn container -signal). Whether they end is theirs; their exit status says so. SIGQUIT goes to those only that wait for it: others would die of it. Twice is two signals.',
  request: object({ containerId: aContainerId, signal: aContainerSignal, user: text }),
  reply: object({ nodeId: aNodeId }),
  errors: ['CONTAINER_UNKNOWN', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const attemptFail = defineRpc({
  ...fromClient,
  name: 'attempt.fail',
  doc: 'Ends a running attempt with all of its containers, as a failure (yarn applicationattempt -fail): the application begins anew, or fails when it was the last that may. One that has ended is left as it is.',
  request: object({ attemptId: anAttemptId, user: text }),
  reply: anAttemptReport,
  errors: ['ATTEMPT_UNKNOWN', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const settingsRefresh = defineRpc({
  ...fromClient,
  name: 'settings.refresh',
  doc: `Reads one thing of the settings again: yarn.admin.acl and yarn.acl.enable (yarn rmadmin -refreshAdminAcls), hadoop.proxyuser.* (-refreshSuperUserGroupsConfiguration); or forgets the
groups of users that were asked for (-refreshUserToGroupsMappings). A file with a fault changes nothing.`,
  request: object({ what: oneOf('adminAcls', 'superUserGroups', 'userToGroups') }),
  reply: object({}),
  errors: ['CONFIG_BAD_FILE', 'CONFIG_BAD_VALUE', 'ACCESS_DENIED'],
});

export const nodeResource = defineRpc({
  ...fromClient,
  name: 'node.resource',
  doc: 'What a node offers from now on (yarn rmadmin -updateNodeResource), whatever its NodeManager offers and however often it registers: durable before the reply, undone by naming what it offers. Refused when it is less than its containers hold: none is taken away for it.',
  request: object({ nodeId: aNodeId, capacity: aResource }),
  reply: aNodeReport,
  errors: ['NODE_UNKNOWN', 'NODE_RESIZE_REFUSED', 'ACCESS_DENIED'],
});

export const nodeRecommission = defineRpc({
  ...fromClient,
  name: 'node.recommission',
  doc: 'A node on its way out (DECOMMISSIONING) stays. One that is out is started again instead. Twice: the second is refused with NODE_NOT_LEAVING.',
  request: object({ nodeId: aNodeId }),
  reply: aNodeReport,
  errors: ['NODE_UNKNOWN', 'NODE_NOT_LEAVING', 'ACCESS_DENIED'],
});

export const nodesRefresh = defineRpc({
  ...fromClient,
  name: 'nodes.refresh',
  doc: `Reads the files of nodes that may and may not be here again (yarn rmadmin -refreshNodes). Those that may not are taken out: at once, or graceful, when their
last container has ended or timeoutMs is over. Those that such a file sent on their way out and that may be here again stay. The reply has those that are on their way out. Nodes that may not be here are refused when they register.`,
  request: object({ graceful: bool, timeoutMs: whole }),
  reply: object({ leaving: list(aNodeReport) }),
  errors: ['NODES_FILE_UNREADABLE', 'ACCESS_DENIED'],
});

export const groupsOfUser = defineRpc({
  ...fromClient,
  name: 'user.groups',
  doc: "The groups of a user as the ResourceManager's host knows them (yarn rmadmin -getGroups): those that queues' access lists are held against.",
  request: object({ user: text }),
  reply: object({ groups: list(text) }),
  errors: [],
});

export const operatorMessages = [
  attemptFail,
  settingsRefresh,
  containerSignal,
  nodeResource,
  nodeRecommission,
  nodesRefresh,
  groupsOfUser,
] as const;
