// Shapes that several messages share: resources, what to launch, reports. Words only.
import {
  anApplicationId,
  anAttemptId,
  aContainerId,
  aNodeId,
  bool,
  dict,
  integer,
  list,
  object,
  oneOf,
  optional,
  text,
  type TypeOf,
  whole,
} from '../../common/shape.ts';

/** memoryMb in MiB; others: amounts of countable resources by name (`yarn.io/gpu`), absent ones are 0. Source: YARN's Resource. */
export const aResource = object({ memoryMb: whole, vcores: whole, others: optional(dict(whole)) });

/** Source: YarnApplicationState. */
export const anApplicationState = oneOf('NEW', 'NEW_SAVING', 'SUBMITTED', 'ACCEPTED', 'RUNNING', 'FINISHED', 'FAILED', 'KILLED');
export type ApplicationState = TypeOf<typeof anApplicationState>;
/** Source: FinalApplicationStatus. */
export const aFinalStatus = oneOf('UNDEFINED', 'SUCCEEDED', 'FAILED', 'KILLED');
export type FinalStatus = TypeOf<typeof aFinalStatus>;
export const aNodeState = oneOf('RUNNING', 'UNHEALTHY', 'DECOMMISSIONING', 'DECOMMISSIONED', 'LOST', 'REBOOTED');
/** common/container-signals.ts */
export const aContainerSignal = oneOf('SIGQUIT', 'SIGTERM', 'SIGKILL');
export const aContainerState = oneOf('ALLOCATED', 'ACQUIRED', 'RUNNING', 'COMPLETED');

/**
 * One file that a container needs. `path` is on the submitter's host, and the NM reads it there, unless `stagedFor` says that the file
 * is with the ResourceManager, left there for this application (messages/staging.ts): then it is fetched by its sha256 and `path` only names it.
 * kind `file`: linked or copied to `<workdir>/<name>`; `archive` (zip, tar, tar.gz, tgz): unpacked into `<workdir>/<name>/`;
 * `folder`: a folder tree, linked in at `<workdir>/<name>`. sha256 is the cache key; without it the file is not cached.
 */
export const aLocalResource = object({
  name: text,
  kind: oneOf('file', 'archive', 'folder'),
  path: text,
  sizeBytes: whole,
  sha256: optional(text),
  stagedFor: optional(anApplicationId),
});
export type LocalResource = TypeOf<typeof aLocalResource>;

/**
 * What runs in a container (YARN's ContainerLaunchContext).
 * kind `executor`: Emberloom's executor (may be claimed from a prestarted one); `driver`: a submitted program in cluster mode; `command`: any argv.
 * `args`: executor: none, all is in env; driver: JSON text of the submit configuration; command: argv.
 * `secretEnv` never goes into the environment or argv: it is written to the container's token file (0600), path in EMBERLOOM_CONTAINER_TOKENS.
 */
export const aLaunchContext = object({
  kind: oneOf('executor', 'driver', 'command'),
  args: list(text),
  env: dict(text),
  secretEnv: dict(text),
  resources: list(aLocalResource),
  user: text,
});
export type LaunchContext = TypeOf<typeof aLaunchContext>;

/** What the RM promises about one container; `mac` = HMAC-SHA256 hex under the container-token master key `keyId` of `tokenText`. */
export const aContainerToken = object({
  containerId: aContainerId,
  nodeId: aNodeId,
  applicationId: anApplicationId,
  user: text,
  resource: aResource,
  expiresAtMs: whole,
  keyId: whole,
  mac: text,
});
export type ContainerToken = TypeOf<typeof aContainerToken>;

/**
 * Exit statuses as YARN's ContainerExitStatus: 0…255, -100 ABORTED, -101 DISKS_FAILED, -102 PREEMPTED, -103 vmem,
 * -104 pmem, -105 KILLED_BY_APPMASTER, -106 by RM, -107 after app completion.
 */
export const aContainerReport = object({
  containerId: aContainerId,
  resource: aResource,
  user: text,
  state: oneOf('LAUNCHING', 'RUNNING', 'COMPLETED'),
  exitStatus: integer,
  diagnostics: text,
  startedAtMs: whole,
  finishedAtMs: whole,
});
export type ContainerReport = TypeOf<typeof aContainerReport>;

/** One request of an application that waits. `obstacle` is a word for programs; `because` and `wouldLetItRun` are for people. */
export const aWaitingRequest = object({
  askId: whole,
  priority: whole,
  count: whole,
  memoryMb: whole,
  vcores: whole,
  obstacle: text,
  because: text,
  wouldLetItRun: text,
});

/** Source: YARN's ApplicationReport; `aContainerCounts` as ApplicationResourceUsageReport. Times in ms since the epoch, 0 = not yet. */
export const anApplicationReport = object({
  applicationId: anApplicationId,
  currentAttemptId: optional(anAttemptId),
  name: text,
  type: text,
  user: text,
  queue: text,
  tags: list(text),
  priority: whole,
  state: anApplicationState,
  finalStatus: aFinalStatus,
  progress: whole,
  diagnostics: text,
  trackingUrl: text,
  amHost: text,
  amRpcPort: integer,
  submittedAtMs: whole,
  launchedAtMs: whole,
  finishedAtMs: whole,
  unmanaged: bool,
  usedMemoryMb: whole,
  usedVcores: whole,
  runningContainers: whole,
  memoryMbSeconds: whole,
  vcoreSeconds: whole,
  amContainerId: optional(aContainerId),
  amNodeId: optional(aNodeId),
  waiting: optional(list(aWaitingRequest)),
  expiresAtMs: optional(whole), // it is killed then: its lifetime; absent: unlimited
  waitsUntilMs: optional(whole), // it is failed then, unless it has got its first container
  preempted: optional(
    object({ memoryMb: whole, vcores: whole, memoryMbSeconds: whole, vcoreSeconds: whole, containers: whole, drivers: whole }),
  ), // what was taken from it for others, in all
  nodeLabelExpression: optional(text), // as it was submitted
});
export type ApplicationReport = TypeOf<typeof anApplicationReport>;

export const aNodeReport = object({
  nodeId: aNodeId,
  host: text,
  state: aNodeState,
  address: text,
  httpAddress: text,
  rack: text,
  capacity: aResource,
  used: aResource,
  runningContainers: whole,
  lastHeartbeatMs: whole,
  healthReport: text,
  label: optional(text), // its partition; absent: the default one
});
export type NodeReport = TypeOf<typeof aNodeReport>;

/** capacity and maximum in percent of the parent, absolute ones of the cluster. Source: YARN's QueueInfo. */
export const aQueueReport = object({
  path: text,
  state: oneOf('RUNNING', 'STOPPED', 'DRAINING'),
  capacityPercent: integer,
  maximumCapacityPercent: integer,
  absoluteCapacityPercent: integer,
  absoluteMaximumPercent: integer,
  used: aResource,
  runningApplications: whole,
  pendingApplications: whole,
  leaf: bool,
  waiting: list(text),
  scheduler: optional(oneOf('capacity', 'fair', 'fifo')),
});
export type QueueReport = TypeOf<typeof aQueueReport>;

export const anAttemptReport = object({
  attemptId: anAttemptId,
  state: text,
  amContainerId: optional(aContainerId),
  amHost: text,
  trackingUrl: text,
  diagnostics: text,
  startedAtMs: whole,
  finishedAtMs: whole,
});
export const aLiveContainer = object({
  containerId: aContainerId,
  nodeId: aNodeId,
  state: aContainerState,
  resource: aResource,
  startedAtMs: whole,
  finishedAtMs: whole,
  exitStatus: integer,
  diagnostics: text,
});
