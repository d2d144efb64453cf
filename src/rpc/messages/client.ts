// Client (spark-submit, yarn) → ResourceManager.
import { anApplicationId, anAttemptId, aNodeId, bool, integer, list, object, oneOf, optional, text, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';
import {
  aLaunchContext,
  aLiveContainer,
  anApplicationReport,
  anApplicationState,
  anAttemptReport,
  aNodeReport,
  aQueueReport,
  aResource,
} from './shapes.ts';

const fromClient = { version: 1, from: 'client', to: 'ResourceManager', timeoutMs: 10_000 } as const;

export const clusterInfo = defineRpc({
  ...fromClient,
  name: 'cluster.info',
  safeToRepeat: true,
  doc: 'What a submitter must know before it asks: limits, and that the RM answers.',
  request: object({}),
  reply: object({
    version: text,
    startedAtMs: whole,
    epoch: whole,
    maximumAllocation: aResource,
    nodes: whole,
    dataDir: text,
    nowMs: optional(whole), // the clock of its host
    httpAddress: optional(text),
    httpScheme: optional(oneOf('http', 'https')), // of the pages of all daemons
  }),
  errors: [],
});

export const applicationNew = defineRpc({
  ...fromClient,
  name: 'application.new',
  safeToRepeat: true,
  doc: 'Reserves an application id (YARN getNewApplication). A lost reply costs a number, nothing else.',
  request: object({}),
  reply: object({ applicationId: anApplicationId, maximumAllocation: aResource }),
  errors: [],
});

export const applicationSubmit = defineRpc({
  ...fromClient,
  name: 'application.submit',
  safeToRepeat: true,
  doc: `Hands an application over; answered when it is durable. The same id with the same content again answers the same, also after a restart (a lost reply is harmless); with other content it is refused.
unmanaged: the driver runs in the submitter (client mode) and registers by itself; else \`am\` is launched in the first container of every attempt.
The reply's secret is the application's own: driver and executors prove themselves with it; it is not shown to anybody else.`,
  request: object({
    applicationId: anApplicationId,
    name: text,
    type: text,
    user: text,
    queue: text,
    tags: list(text),
    priority: whole,
    unmanaged: bool,
    maxAttempts: whole, // 0: as yarn.resourcemanager.am.max-attempts says
    failuresValidityMs: optional(whole), // failures older than this do not count; not set: all count
    amResource: optional(aResource),
    nodeLabelExpression: optional(text), // nodes of that label only, where an ask names no other
    am: optional(aLaunchContext),
    timeouts: optional(object({ LIFETIME: optional(whole) })), // seconds from the submission on; not set or 0: as the queue says
    maxQueueWaitMs: optional(whole), // FAILED when it has no container after that; not set: as the queue says
    viewAcl: optional(text), // who else may see it: `user1,user2 group1,group2`, `*`
    modifyAcl: optional(text), // who else may end it or change it
    keepContainers: optional(bool), // YARN: keep-containers-across-application-attempts; the next attempt's driver is told of what runs
    standalone: optional(bool), // `am` is a command that never registers: it runs while its container runs, exit code 0 is SUCCEEDED
  }),
  reply: object({ applicationId: anApplicationId, queue: text, secret: text }),
  errors: ['QUEUE_UNKNOWN', 'RESOURCE_TOO_LARGE', 'SUBMIT_REFUSED', 'ACCESS_DENIED', 'IMPERSONATION_DENIED', 'TOO_MANY'],
});

export const applicationReport = defineRpc({
  ...fromClient,
  name: 'application.report',
  safeToRepeat: true,
  doc: 'One application, with why it waits in `diagnostics` while it waits.',
  request: object({ applicationId: anApplicationId }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN'],
});

export const applicationWatch = defineRpc({
  ...fromClient,
  name: 'application.watch',
  safeToRepeat: true,
  doc: 'From now on every change of the application is pushed as application.changed on this connection; the reply is the report of now.',
  request: object({ applicationId: anApplicationId }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN', 'ACCESS_DENIED'],
});

export const applicationChanged = definePush({
  name: 'application.changed',
  version: 1,
  from: 'ResourceManager',
  to: 'client',
  doc: 'A watched application changed its state. A lost one is made good by the reply of the next application.watch.',
  body: anApplicationReport,
});

export const applicationList = defineRpc({
  ...fromClient,
  name: 'application.list',
  safeToRepeat: true,
  doc: 'Applications, newest first, a page at a time. Empty lists mean no filter. `name`: the whole name, `*` stands for any text. A reply with `before` is not all: asked again with it, the next ones come.',
  request: object({
    states: list(anApplicationState),
    types: list(text),
    tags: list(text),
    queue: optional(text),
    user: optional(text),
    name: optional(text),
    before: optional(whole), // older than that one; a number of the application's id
  }),
  reply: object({ applications: list(anApplicationReport), before: optional(whole) }),
  errors: [],
});

export const applicationCounts = defineRpc({
  ...fromClient,
  name: 'application.counts',
  safeToRepeat: true,
  doc: 'How many applications there are that are not forgotten, by queue and state (yarn top).',
  request: object({}),
  reply: object({ counts: list(object({ queue: text, state: anApplicationState, count: whole })) }),
  errors: [],
});

export const applicationKill = defineRpc({
  ...fromClient,
  name: 'application.kill',
  safeToRepeat: true,
  doc: 'Asks for the end; the reply has the state of now (already final if it had ended). Watch it to see the end.',
  request: object({ applicationId: anApplicationId, user: text, diagnostics: text }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const applicationMove = defineRpc({
  ...fromClient,
  name: 'application.move',
  safeToRepeat: true,
  doc: 'Into another queue with all that it has and asks for (yarn application -changeQueue). `queue`: a path, or the name of one leaf. Durable before the reply.',
  request: object({ applicationId: anApplicationId, queue: text, user: text }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED', 'QUEUE_UNKNOWN', 'SUBMIT_REFUSED', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const applicationPriority = defineRpc({
  ...fromClient,
  name: 'application.priority',
  safeToRepeat: true,
  doc: 'Another priority inside its queue (yarn application -updatePriority), at most yarn.cluster.max-application-priority. Durable before the reply.',
  request: object({ applicationId: anApplicationId, priority: integer, user: text }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED', 'APPLICATION_CHANGE_REFUSED', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const applicationTimeout = defineRpc({
  ...fromClient,
  name: 'application.timeout',
  safeToRepeat: true,
  doc: 'Another end of its lifetime (yarn application -updateLifetime): it is killed then. Absent: it may live as long as it likes. Durable before the reply.',
  request: object({ applicationId: anApplicationId, expiresAtMs: optional(whole), user: text }),
  reply: anApplicationReport,
  errors: ['APPLICATION_UNKNOWN', 'APPLICATION_FINISHED', 'APPLICATION_CHANGE_REFUSED', 'ACCESS_DENIED', 'IMPERSONATION_DENIED'],
});

export const attemptList = defineRpc({
  ...fromClient,
  name: 'attempt.list',
  safeToRepeat: true,
  doc: 'The attempts of an application, oldest first.',
  request: object({ applicationId: anApplicationId }),
  reply: object({ attempts: list(anAttemptReport) }),
  errors: ['APPLICATION_UNKNOWN', 'ACCESS_DENIED'],
});

export const containerList = defineRpc({
  ...fromClient,
  name: 'container.list',
  safeToRepeat: true,
  doc: 'The containers of an attempt that the RM still knows, live ones and ended ones.',
  request: object({ attemptId: anAttemptId }),
  reply: object({ containers: list(aLiveContainer) }),
  errors: ['ATTEMPT_UNKNOWN', 'ACCESS_DENIED'],
});

export const nodeList = defineRpc({
  ...fromClient,
  name: 'node.list',
  safeToRepeat: true,
  doc: 'All nodes that ever registered in this epoch, with their state.',
  request: object({}),
  reply: object({ nodes: list(aNodeReport) }),
  errors: [],
});

export const nodeDecommission = defineRpc({
  ...fromClient,
  name: 'node.decommission',
  safeToRepeat: true,
  doc: `graceful: no new containers, DECOMMISSIONED when the last ends or timeoutMs is over; else at once.
Durable before the reply: a ResourceManager that restarts goes on with it. The way back is node.recommission while it is on its way out, and to start the NodeManager again once it has ended.`,
  request: object({ nodeId: aNodeId, graceful: bool, timeoutMs: whole }),
  reply: aNodeReport,
  errors: ['NODE_UNKNOWN', 'ACCESS_DENIED'],
});

export const queueList = defineRpc({
  ...fromClient,
  name: 'queue.list',
  safeToRepeat: true,
  doc: 'The queue tree, parents before children.',
  request: object({}),
  reply: object({ queues: list(aQueueReport) }),
  errors: [],
});

export const queuesRefresh = defineRpc({
  ...fromClient,
  name: 'queues.refresh',
  safeToRepeat: true,
  doc: 'Reads conf/capacity-scheduler.yaml again (yarn rmadmin -refreshQueues). A bad file is refused whole.',
  request: object({}),
  reply: object({ queues: list(aQueueReport) }),
  errors: ['QUEUE_CONFIG_INVALID', 'CONFIG_BAD_FILE', 'ACCESS_DENIED'],
});

export const clientMessages = [
  clusterInfo,
  applicationNew,
  applicationSubmit,
  applicationReport,
  applicationWatch,
  applicationChanged,
  applicationList,
  applicationCounts,
  applicationKill,
  applicationMove,
  applicationPriority,
  applicationTimeout,
  attemptList,
  containerList,
  nodeList,
  nodeDecommission,
  queueList,
  queuesRefresh,
] as const;
