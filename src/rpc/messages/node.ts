// NodeManager ↔ ResourceManager. The NM holds one connection, proved with the cluster's secret as `nm:<nodeId>`.
import { aContainerId, anApplicationId, aNodeId, bool, float, list, object, oneOf, optional, text, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';
import { aContainerReport, aContainerSignal, aContainerToken, aLaunchContext, aNodeState, aResource } from './shapes.ts';

const fromNode = { version: 1, from: 'NodeManager', to: 'ResourceManager', timeoutMs: 5_000 } as const;

/** Keys are hex text of 32 bytes; the NM takes all that it was told of last. */
const aMasterKey = object({ keyId: whole, key: text });

export const nodeRegister = defineRpc({
  ...fromNode,
  name: 'node.register',
  safeToRepeat: true,
  doc: `A node offers what it has and says which containers it runs (all that it knows and that the RM has not acknowledged as ended). Sent on
every new connection. After an RM restart the reports rebuild the RM's view: nothing that runs is disturbed. \`orders\` in the reply work as in node.orders.`,
  request: object({
    nodeId: aNodeId,
    host: text,
    rack: text,
    address: text,
    capacity: aResource,
    containers: list(aContainerReport),
    version: text,
    applications: list(anApplicationId),
    httpAddress: optional(text), // host:port of its web server
  }),
  reply: object({
    epoch: whole,
    heartbeatMs: whole,
    containerKeys: list(aMasterKey),
    nmKeys: list(aMasterKey),
    kill: list(aContainerId),
    finishedApplications: list(anApplicationId),
    nowMs: optional(whole), // the clock by which what it signs expires
  }),
  errors: ['NODE_REFUSED'],
});

/** What a node's machine and its containers use now: MiB, and cores (1.5 is one and a half). Source: YARN's ResourceUtilization. */
export const aNodeLoad = object({
  memoryMb: whole,
  cores: float,
  containersMemoryMb: whole,
  containersVirtualMb: whole,
  containersCores: float,
});

export const nodeHeartbeat = defineRpc({
  ...fromNode,
  name: 'node.heartbeat',
  safeToRepeat: true,
  doc: `A node is alive, and what became of its containers. Sent at once when a container changes, and every heartbeatMs. Reports of ended containers are
repeated until a reply has acknowledged them (\`acked\`). seq counts from 1 since this registration: the same seq again gets the same answer, an older one HEARTBEAT_STALE.
NODE_UNKNOWN: register again (the RM restarted or gave the node up). ackedOrders: the highest orderSeq that this node has carried out.`,
  request: object({
    nodeId: aNodeId,
    seq: whole,
    reports: list(aContainerReport),
    ackedOrders: whole,
    healthy: bool,
    healthReport: text,
    load: optional(aNodeLoad),
  }),
  reply: object({
    seq: whole,
    acked: list(aContainerId),
    state: aNodeState,
    containerKeys: optional(list(aMasterKey)), // both, when one of them has changed since the node was told
    nmKeys: optional(list(aMasterKey)),
    nowMs: optional(whole),
  }),
  errors: ['NODE_UNKNOWN', 'HEARTBEAT_STALE'],
});

/** An order is safe to repeat: launching a container that exists, killing one that is gone, cleaning up twice all change nothing. */
export const anOrder = object({
  orderSeq: whole,
  order: oneOf('launch', 'kill', 'cleanupApplication', 'rotateKeys', 'shutdown', 'signal'),
  token: optional(aContainerToken), // launch
  launch: optional(aLaunchContext), // launch
  containerId: optional(aContainerId), // kill, signal
  applicationId: optional(anApplicationId), // cleanupApplication
  signal: optional(aContainerSignal), // signal
});

export const nodeOrders = definePush({
  name: 'node.orders',
  version: 1,
  from: 'ResourceManager',
  to: 'NodeManager',
  doc: 'Orders, in sequence, pushed in the turn in which they were decided. Unacknowledged ones are sent again after a reconnect and with every heartbeat that does not acknowledge them.',
  body: object({ orders: list(anOrder) }),
});

export const nodeMessages = [nodeRegister, nodeHeartbeat, nodeOrders] as const;
