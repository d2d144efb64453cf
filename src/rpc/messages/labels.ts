// Operators → ResourceManager: node labels.
import { bool, list, object, text, whole } from '../../common/shape.ts';
import { defineRpc } from '../define-rpc.ts';

const fromClient = { version: 1, from: 'client', to: 'ResourceManager', timeoutMs: 10_000, safeToRepeat: true } as const;

/** exclusive: only who asks for the label may use its nodes; else who asks for none may borrow them while they are idle. */
const aLabel = object({ name: text, exclusive: bool });
const aNodeLabel = object({ node: text, label: text });

export const labelsList = defineRpc({
  ...fromClient,
  name: 'labels.list',
  doc: "The cluster's node labels, how many nodes have each, and which nodes or hosts were given one.",
  request: object({}),
  reply: object({ labels: list(object({ name: text, exclusive: bool, nodes: whole })), nodes: list(aNodeLabel) }),
  errors: [],
});

export const labelsChange = defineRpc({
  ...fromClient,
  name: 'labels.change',
  doc: `Adds labels, takes labels away, gives nodes another one ('' for none): all of it or nothing (yarn rmadmin -addToClusterNodeLabels, -removeFromClusterNodeLabels,
-replaceLabelsOnNode). node: a node id, or a host for all its nodes; it need not be there yet. Durable before the reply.`,
  request: object({ add: list(aLabel), remove: list(text), replace: list(aNodeLabel) }),
  reply: object({}),
  errors: ['LABEL_INVALID', 'ACCESS_DENIED'],
});

export const labelMessages = [labelsList, labelsChange] as const;
