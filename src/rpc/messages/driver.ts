// Driver (application master) ↔ ResourceManager, and driver → NodeManager.
// The driver proves itself to the RM as `am:<attemptId>` with the application's secret; to a NM as `app:<applicationId>` with its NM secret.
import {
  aContainerId,
  anApplicationId,
  anAttemptId,
  aNodeId,
  bool,
  integer,
  list,
  object,
  optional,
  text,
  whole,
} from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';
import { aContainerToken, aFinalStatus, aLaunchContext, aResource } from './shapes.ts';

const fromDriver = { version: 1, from: 'driver', to: 'ResourceManager', timeoutMs: 10_000 } as const;

/** What the driver wants in all for one profile and priority: `count` is the number still wanted now, absolute, not a change. */
const anAsk = object({
  askId: whole,
  priority: whole,
  count: whole,
  resource: aResource,
  hosts: list(text),
  racks: optional(list(text)),
  relaxLocality: optional(bool), // false: on those hosts or racks only
  label: optional(text), // nodes of that label only; not set: as the submission says, else the queue
});

/** A container of an earlier attempt of the same application: what is needed to speak to its node. */
const aPrevious = object({ token: aContainerToken, nodeAddress: text, host: text });

export const driverRegister = defineRpc({
  ...fromDriver,
  name: 'driver.register',
  safeToRepeat: true,
  doc: `The driver is up (YARN registerApplicationMaster); the attempt becomes RUNNING. Sent again on every new connection, with what it holds and still wants,
so an RM that restarted knows both. aliveEveryMs: how often the driver is to say driver.alive.
lastUpdateSeq: the last allocate.update that was handled, 0 for none; unacknowledged ones follow.
previous: containers of earlier attempts (keepContainers of application.submit) that run on; they are this driver's
from its first driver.allocate on, whose \`release\` gives back what it can't use.`,
  request: object({
    attemptId: anAttemptId,
    host: text,
    rpcPort: integer,
    trackingUrl: text,
    lastUpdateSeq: whole,
    epoch: whole,
    held: list(aContainerId),
    asks: list(anAsk),
  }),
  reply: object({
    epoch: whole,
    maximumAllocation: aResource,
    nmSecret: text,
    clusterNodes: whole,
    aliveEveryMs: whole,
    previous: optional(list(aPrevious)),
  }),
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED', 'ATTEMPT_UNKNOWN', 'RESOURCE_TOO_LARGE', 'LABEL_REFUSED'],
});

export const driverAlive = definePush({
  name: 'driver.alive',
  version: 1,
  from: 'driver',
  to: 'ResourceManager',
  doc: `A sign of life, every aliveEveryMs of driver.register: a third of yarn.am.liveness-monitor.silence-interval-ms. Every other request counts as one too. A driver that is
connected and says nothing for that interval fails its attempt, and its connection is closed. One that is lost changes nothing; the next one says the same.`,
  body: object({}),
});

export const driverPage = definePush({
  name: 'driver.page',
  version: 1,
  from: 'driver',
  to: 'ResourceManager',
  doc: `Where the application's page is: it starts after the driver has registered. Becomes the tracking URL of the reports. Lost with its connection, it comes again as trackingUrl
of driver.register. The same again changes nothing.`,
  body: object({ trackingUrl: text }),
});

export const driverAllocate = defineRpc({
  ...fromDriver,
  name: 'driver.allocate',
  safeToRepeat: true,
  doc: `What I want (absolute counts by askId), what I give back, what I have seen. Sent when something changes and at least every third of the AM expiry. Grants do not come in the
reply but as allocate.update, in the same turn if there is room. seq counts from 1 per registration; the same seq again changes nothing.`,
  request: object({
    attemptId: anAttemptId,
    seq: whole,
    asks: list(anAsk),
    release: list(aContainerId),
    ackedUpdateSeq: whole,
    progress: whole,
    diagnostics: text,
  }),
  reply: object({ seq: whole, waiting: text }),
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED', 'ATTEMPT_UNKNOWN', 'HEARTBEAT_STALE', 'RESOURCE_TOO_LARGE', 'LABEL_REFUSED'],
});

const aGrant = object({ askId: whole, token: aContainerToken, nodeAddress: text, host: text });
const anEnding = object({ containerId: aContainerId, exitStatus: integer, diagnostics: text });

export const allocateUpdate = definePush({
  name: 'allocate.update',
  version: 1,
  from: 'ResourceManager',
  to: 'driver',
  doc: "Grants and endings of this application's containers. preempt: containers whose node is being taken out (node.decommission): the driver is to hand on what they do and hold, and end them. leavingNodes: on their way out, and files of the application may lie there; the answer is driver.leftNode. Repeated until acknowledged by seq (driver.allocate or driver.register); the driver drops what it has seen. A grant unused for yarn.resourcemanager.rm.container-allocation.expiry-interval-ms ends.",
  body: object({ seq: whole, granted: list(aGrant), completed: list(anEnding), preempt: list(aContainerId), leavingNodes: list(aNodeId) }),
});

export const driverLeftNode = definePush({
  name: 'driver.leftNode',
  version: 1,
  from: 'driver',
  to: 'ResourceManager',
  doc: 'Nothing that lies on this node is needed any more: it may go when its containers have ended. When it is lost, the node goes at the end of its time or of the application.',
  body: object({ nodeId: aNodeId }),
});

export const driverShutdown = definePush({
  name: 'driver.shutdown',
  version: 1,
  from: 'ResourceManager',
  to: 'driver',
  doc: 'The application was killed, or this attempt was superseded: end now. If it is lost, the closed connection and APPLICATION_FINISHED at the next call say the same.',
  body: object({ reason: text }),
});

export const driverUnregister = defineRpc({
  ...fromDriver,
  name: 'driver.unregister',
  safeToRepeat: true,
  doc: 'The driver is done (finishApplicationMaster). Durable before the reply. Its containers are killed by the RM.',
  request: object({ attemptId: anAttemptId, finalStatus: aFinalStatus, diagnostics: text, exitCode: integer }),
  reply: object({}),
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED'],
});

export const containerLaunch = defineRpc({
  version: 1,
  name: 'container.launch',
  from: 'driver',
  to: 'NodeManager',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'Start what was granted. Answered when the launch is accepted and on disk, not when it runs. The same container again answers the same.',
  request: object({ token: aContainerToken, launch: aLaunchContext }),
  reply: object({ containerId: aContainerId }),
  errors: ['TOKEN_REFUSED', 'LAUNCH_FAILED', 'CONTAINER_EXISTS'],
});

export const containerStop = defineRpc({
  version: 1,
  name: 'container.stop',
  from: 'driver',
  to: 'NodeManager',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'SIGTERM, then SIGKILL after yarn.nodemanager.sleep-delay-before-sigkill.ms; exit status -105.',
  request: object({ containerId: aContainerId, reason: text }),
  reply: object({}),
  errors: ['CONTAINER_UNKNOWN'],
});

export const logsList = defineRpc({
  version: 1,
  name: 'logs.list',
  from: 'client',
  to: 'NodeManager',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'Log files of an application on this node, of running and ended containers. `aggregated`: they are packed, the application has ended.',
  request: object({ applicationId: anApplicationId }),
  reply: object({
    nodeId: aNodeId,
    files: list(object({ containerId: aContainerId, name: text, sizeBytes: whole, modifiedAtMs: whole })),
    aggregated: optional(bool),
  }),
  errors: [],
});

export const logsRead = defineRpc({
  version: 1,
  name: 'logs.read',
  from: 'client',
  to: 'NodeManager',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'Bytes of one log file as latin1-safe base64 text; offset -n counts from the end. eof: nothing more at this moment.',
  request: object({ containerId: aContainerId, name: text, offset: integer, lengthBytes: whole }),
  reply: object({ base64: text, offset: whole, sizeBytes: whole, running: optional(whole) }),
  errors: ['LOG_NOT_FOUND'],
});

export const driverMessages = [
  driverRegister,
  driverAlive,
  driverAllocate,
  driverPage,
  allocateUpdate,
  driverLeftNode,
  driverShutdown,
  driverUnregister,
  containerLaunch,
  containerStop,
  logsList,
  logsRead,
] as const;
