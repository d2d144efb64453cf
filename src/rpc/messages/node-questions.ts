// What a NodeManager asks the ResourceManager on behalf of whoever looks at its pages, its logs and at `emberloom doctor`: nodes know neither the
// lists of applications nor those of queues, and a second copy of the rules would be another rule.
import { anApplicationId, list, object, optional, text } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

const fromNode = { version: 1, from: 'NodeManager', to: 'ResourceManager', timeoutMs: 5_000, safeToRepeat: true, errors: [] } as const;

/** operation, target, grants: as in ACCESS_DENIED. */
export const aRefusal = object({ what: text, operation: text, target: text, grants: list(text) });

export const nodeRights = defineRpc({
  ...fromNode,
  name: 'node.rights',
  doc: `May this user view these applications; and, with \`administer\`, do that, which is for admins? An application that nobody knows any more is the admins'. Groups are
those that the ResourceManager finds. \`operation\`: what he is about to do with one of them; a refusal then is a line of the audit log. Without it (a list is made) it is not.`,
  request: object({
    user: text,
    ip: text,
    applicationIds: list(anApplicationId, 100_000),
    administer: optional(text),
    operation: optional(text),
  }),
  reply: object({ refused: list(aRefusal) }), // what: the application's id, or `administer`
});

export const nodePeers = defineRpc({
  ...fromNode,
  name: 'node.peers',
  doc: 'Where the NodeManagers of the cluster are: what a node may try to reach when it is asked to.',
  request: object({}),
  reply: object({ addresses: list(text) }),
});

export const nodeQuestions = [nodeRights, nodePeers] as const;
