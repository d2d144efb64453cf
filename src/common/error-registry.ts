// The list of operating errors. Additions go to the end of their group; docs/ERRORS.md must have an entry for each.
import { bytesText } from './bytes-text.ts';
import { SECURITY_ERRORS } from './error-registry-security.ts';
import { WEB_ERRORS } from './error-registry-web.ts';
import { CLI_ERRORS } from './error-registry-cli.ts';
import { HA_ERRORS } from './error-registry-ha.ts';
import { SCHEDULER_ERRORS } from './error-registry-scheduler.ts';
import type { ErrorKind } from './errors.ts';
import { nearest } from './suggest.ts';

const error = <P = Record<never, never>>(kind: ErrorKind<P>): ErrorKind<P> => kind;

/** A queue may be called by its path or by its last name. */
function didYouMean(queue: string, leaves: string): string {
  const paths = leaves.split(', ');
  const meant = nearest(queue, [...paths, ...paths.map((path) => path.slice(path.lastIndexOf('.') + 1))]);
  return meant === undefined ? '' : `Did you mean ${meant}? `;
}

export const ERRORS = {
  // --- any process
  INTERNAL: error<{ detail: string }>({
    exit: 70,
    say: (p) => `Internal error: ${p.detail}`,
    hint: 'This is a defect of Emberloom; please report it with this text.',
  }),
  PEER_FAILED: error<{ code: string; detail: string }>({
    exit: 70,
    say: (p) => `The other side failed with ${p.code} ${p.detail}`,
    hint: 'The two sides may be of different versions.',
  }),
  BAD_MESSAGE: error<{ message: string; fault: string }>({ exit: 70, say: (p) => `${p.message} was refused: ${p.fault}` }),
  UNKNOWN_MESSAGE: error<{ message: string; version: number }>({
    exit: 70,
    say: (p) => `This side does not know the message ${p.message} version ${p.version}.`,
    hint: 'The two sides are of different versions: install the same one on both.',
  }),
  RPC_TIMEOUT: error<{ message: string; timeoutMs: number; peer: string }>({
    exit: 75,
    say: (p) => `${p.peer} did not answer ${p.message} within ${p.timeoutMs} ms.`,
  }),
  CONNECTION_LOST: error<{ peer: string; detail: string }>({ exit: 75, say: (p) => `The connection to ${p.peer} was lost (${p.detail}).` }),
  CONNECT_FAILED: error<{ peer: string; address: string; detail: string }>({
    exit: 69,
    say: (p) => `Nothing answers for ${p.peer} at ${p.address} (${p.detail}).`,
  }),
  AUTH_REFUSED: error<{ peer: string }>({
    exit: 77,
    say: (p) => `${p.peer} refused the proof of identity.`,
    hint: 'Both sides must have the same secret: check that EMBERLOOM_DATA names the folder of this cluster and that you may read its `secret` file.',
  }),
  TLS_UNUSABLE: error<{ detail: string }>({
    exit: 78,
    say: (p) => `The certificates of the settings can't be used: ${p.detail}.`,
    hint: 'emberloom.tls.cert, .key and .ca go together: PEM files that this user can read. Without all three, every process makes its own.',
  }),
  CONFIG_UNKNOWN_KEY: error<{ key: string; file: string; line: number; meant?: string | undefined }>({
    exit: 78,
    say: (p) => `${p.file}:${p.line}: unknown setting ${p.key}.`,
    hint: (p) => (p.meant ? `Did you mean ${p.meant}? docs/CONFIG.md lists all.` : 'docs/CONFIG.md lists all settings.'),
  }),
  CONFIG_BAD_VALUE: error<{ key: string; value: string; expected: string; where: string }>({
    exit: 78,
    say: (p) => `${p.where}: ${p.key} is ${JSON.stringify(p.value)}; expected ${p.expected}.`,
  }),
  CONFIG_REFUSED: error<{ reason: string; see?: string }>({
    exit: 78,
    say: (p) => p.reason,
    hint: (p) => p.see ?? 'docs/DYNAMIC-ALLOCATION.md says what goes together.',
  }),
  CONFIG_BAD_FILE: error<{ file: string; detail: string }>({ exit: 78, say: (p) => `${p.file} can't be read: ${p.detail}` }),
  SOCKET_IN_USE: error<{ address: string; detail: string }>({
    exit: 73,
    say: (p) => `${p.address} is in use: ${p.detail}`,
    hint: 'Stop the other daemon first, or set another address or another EMBERLOOM_DATA.',
  }),
  LISTEN_FAILED: error<{ address: string; detail: string }>({
    exit: 73,
    say: (p) => `Nothing can listen at ${p.address}: ${p.detail}.`,
    hint: 'ENOTFOUND: the name is not known here; EADDRNOTAVAIL: the address is none of this host; EACCES: this user may not, as for ports below 1024.',
  }),
  SOCKET_PATH_TOO_LONG: error<{ path: string }>({
    exit: 73,
    say: (p) => `The socket path ${p.path} is longer than 107 bytes, the limit of Unix sockets.`,
    hint: 'Set EMBERLOOM_DATA to a shorter folder.',
  }),
  DATA_DIR_UNUSABLE: error<{ path: string; detail: string }>({
    exit: 73,
    say: (p) => `The folder ${p.path} can't be used: ${p.detail}`,
    hint: 'Everything a cluster writes lies under EMBERLOOM_DATA: choose a folder that you may write.',
  }),
  // --- ResourceManager
  RM_UNREACHABLE: error<{ address: string; detail: string }>({
    exit: 1,
    say: (p) => `No ResourceManager answers at ${p.address} (${p.detail}).`,
    hint: 'Start one with bin/start-all.sh, or point EMBERLOOM_DATA or yarn.resourcemanager.address at a running one.',
  }),
  RESOURCE_TOO_LARGE: error<{ what: string; wantMb: number; wantVcores: number; maxMb: number; maxVcores: number }>({
    exit: 1,
    say: (p) =>
      `${p.what} asks for ${p.wantMb} MB and ${p.wantVcores} ${p.wantVcores === 1 ? 'vcore' : 'vcores'}; the largest container of this cluster is ${p.maxMb} MB and ${p.maxVcores} vcores.`,
    hint: 'Ask for less, or raise yarn.nodemanager.resource.memory-mb or yarn.scheduler.maximum-allocation-mb.',
  }),
  QUEUE_UNKNOWN: error<{ queue: string; leaves: string }>({
    exit: 1,
    say: (p) => `Application submitted to unknown queue: ${p.queue}`,
    hint: (p) => `${didYouMean(p.queue, p.leaves)}The queues that take applications are: ${p.leaves}.`,
  }),
  APPLICATION_UNKNOWN: error<{ applicationId: string }>({
    exit: 255,
    say: (p) => `Application with id '${p.applicationId}' doesn't exist in RM. Please check that the job submission was successful.`,
  }),
  ATTEMPT_UNKNOWN: error<{ attemptId: string }>({
    exit: 255,
    say: (p) => `Application attempt with id '${p.attemptId}' doesn't exist in RM.`,
  }),
  CONTAINER_UNKNOWN: error<{ containerId: string }>({ exit: 255, say: (p) => `Container with id '${p.containerId}' doesn't exist.` }),
  NODE_UNKNOWN: error<{ nodeId: string }>({ exit: 255, say: (p) => `The node ${p.nodeId} is not known: it must register (again).` }),
  HEARTBEAT_STALE: error<{ seq: number; latest: number }>({ exit: 70, say: (p) => `Message ${p.seq} came after ${p.latest} was handled.` }),
  APPLICATION_FINISHED: error<{ applicationId: string; state: string }>({
    exit: 1,
    say: (p) => `Application ${p.applicationId} has already finished (${p.state}).`,
  }),
  NODE_REFUSED: error<{ nodeId: string; reason: string }>({
    exit: 1,
    say: (p) => `The ResourceManager refused the node ${p.nodeId}: ${p.reason}`,
  }),
  QUEUE_CONFIG_INVALID: error<{ file: string; line: number; detail: string }>({
    exit: 78,
    say: (p) => `${p.file}:${p.line}: ${p.detail}`,
    hint: 'Nothing of a bad file is taken: a ResourceManager that runs keeps the queues it has.',
  }),
  SUBMIT_REFUSED: error<{ reason: string }>({ exit: 1, say: (p) => `The application was refused: ${p.reason}` }),
  APPLICATION_CHANGE_REFUSED: error<{ applicationId: string; change: string; reason: string }>({
    exit: 1,
    say: (p) => `The ${p.change} of ${p.applicationId} was not changed: ${p.reason}`,
  }),
  ...SECURITY_ERRORS,
  ...WEB_ERRORS,
  // --- NodeManager
  TOKEN_REFUSED: error<{ containerId: string; reason: string }>({
    exit: 77,
    say: (p) => `The token for ${p.containerId} was refused: ${p.reason}`,
  }),
  CONTAINER_EXISTS: error<{ containerId: string }>({ exit: 70, say: (p) => `Container ${p.containerId} already exists on this node.` }),
  LOCALIZATION_FAILED: error<{ resource: string; detail: string }>({
    exit: 1,
    say: (p) => `${p.resource} could not be localised: ${p.detail}`,
  }),
  STAGING_FULL: error<{ sizeBytes: number; usedBytes: number; maxBytes: number; user?: string | undefined }>({
    exit: 73,
    say: (p) =>
      `The ResourceManager has no room for a file of ${bytesText(p.sizeBytes)}: ${p.user === undefined ? 'applications have' : `those of ${p.user} have`} ${bytesText(p.usedBytes)} of ${bytesText(p.maxBytes)} there.`,
    hint: (p) => `Raise emberloom.staging.max-mb${p.user ? '-per-user' : ''}, wait until applications have ended, or share a folder.`,
  }),
  STAGING_REFUSED: error<{ sha256: string; detail: string }>({
    exit: 73,
    say: (p) => `The ResourceManager did not take the file ${p.sha256}: ${p.detail}.`,
  }),
  STAGED_FILE_MISSING: error<{ applicationId: string; sha256: string }>({
    exit: 1,
    say: (p) => `The ResourceManager has no file ${p.sha256} of ${p.applicationId} (any more).`,
    hint: 'Files are removed with their application; submit it again.',
  }),
  ARCHIVE_ESCAPES: error<{ archive: string; entry: string }>({
    exit: 1,
    say: (p) => `The archive ${p.archive} has the entry ${p.entry}, which would lie outside its folder.`,
    hint: 'Make the archive again without absolute paths, `..` and links that leave it.',
  }),
  LAUNCH_FAILED: error<{ containerId: string; detail: string }>({
    exit: 1,
    say: (p) => `Container ${p.containerId} could not be launched: ${p.detail}`,
  }),
  LOG_NOT_FOUND: error<{ what: string }>({ exit: 255, say: (p) => `Can not find the logs for ${p.what}` }),
  // --- spark-submit
  CHECKPOINT_BLOCK_LOST: error<{ block: string }>({
    exit: 1,
    say: (p) =>
      `[CHECKPOINT_RDD_BLOCK_ID_NOT_FOUND] Checkpoint block ${p.block} not found! Either the executor that originally checkpointed this partition is no longer alive, or the original RDD is unpersisted.`,
    hint: 'If this problem persists, use rdd.checkpoint() instead, which is slower than local checkpointing but more fault-tolerant.',
  }),
  SUBMIT_USAGE: error<{ reason: string }>({ exit: 1, say: (p) => p.reason }),
  OPTION_REFUSED: error<{ option: string; reason: string }>({ exit: 1, say: (p) => `${p.option} is not supported: ${p.reason}` }),
  FILE_MISSING: error<{ path: string; what: string }>({ exit: 1, say: (p) => `${p.what} ${p.path} does not exist.` }),
  PACKAGES_FAILED: error<{ packages: string; detail: string }>({
    exit: 1,
    say: (p) => `npm could not install ${p.packages}: ${p.detail}`,
    hint: 'Check names and versions with `npm view`, and that npm reaches its registry from here (`npm config get registry`).',
  }),
  KERNEL_EXTENSION_FAILED: error<{ extension: string; detail: string }>({
    exit: 1,
    say: (p) => `pip could not fetch the extension ${p.extension}: ${p.detail}`,
    hint: 'Check that `python3 -m pip download` reaches its index from here; or copy the extension into the folder that EMBERLOOM_EXTENSIONS names.',
  }),
  KERNEL_EXTENSION_MISSING: error<{ extension: string; purpose: string; host: string; path: string }>({
    exit: 1,
    say: (p) => `The SQL kernel's extension ${p.extension} is not on ${p.host}, and ${p.purpose} need it: there is no ${p.path}.`,
    hint: (p) =>
      `Run \`emberloom extensions install ${p.extension}\` on every machine that runs drivers or executors, or let spark.emberloom.sql.extensionsDirectory name a folder that all of them see.`,
  }),
  USER_CLASS_NOT_FOUND: error<{ name: string }>({ exit: 101, say: (p) => `Error: Failed to load class ${p.name}.` }),
  // --- driver
  JOB_ABORTED: error<{ reason: string }>({ exit: 1, say: (p) => `Job aborted due to stage failure: ${p.reason}` }),
  JOB_CANCELLED: error<{ jobId: number; reason: string }>({ exit: 1, say: (p) => `Job ${p.jobId} cancelled ${p.reason}`.trim() }),
  BARRIER_FAILED: error<{ detail: string }>({ exit: 1, say: (p) => `The tasks of a barrier stage could not meet: ${p.detail}` }),
  CONTEXT_STOPPED: error({ exit: 1, say: () => 'Cannot call methods on a stopped SparkContext.' }),
  MAX_EXECUTOR_FAILURES: error<{ count: number; last: string }>({
    exit: 11,
    say: (p) => `Max number of executor failures (${p.count}) reached. The last one: ${p.last}`,
    hint: 'spark.executor.maxNumFailures raises the limit; the executor logs have the cause.',
  }),
  APPLICATION_KILLED: error<{ applicationId: string; detail: string }>({
    exit: 1,
    say: (p) => `Application ${p.applicationId} is killed. ${p.detail}`.trim(),
  }),
  BAD_ARGUMENT: error<{ method: string; reason: string }>({ exit: 1, say: (p) => `${p.method}: ${p.reason}` }),
  PATH_NOT_FOUND: error<{ path: string }>({ exit: 1, say: (p) => `Input path does not exist: ${p.path}` }),
  OUTPUT_EXISTS: error<{ path: string }>({
    exit: 1,
    say: (p) => `Output directory ${p.path} already exists`,
    hint: 'Choose another folder, or remove it first; saveAsTextFile never overwrites.',
  }),
  EMPTY_COLLECTION: error({ exit: 1, say: () => 'empty collection' }),
  RESULT_TOO_LARGE: error<{ bytes: number; limitBytes: number; tasks: number }>({
    exit: 1,
    say: (p) =>
      `Total size of serialized results of ${p.tasks} tasks (${bytesText(p.bytes)}) is bigger than spark.driver.maxResultSize (${bytesText(p.limitBytes)})`,
    hint: 'Write large results with saveAsTextFile, or raise spark.driver.maxResultSize.',
  }),
  // --- executor: endings of tasks (they travel to the DAG scheduler as data)
  TASK_FAILED: error<{ name: string; message: string; stack: string }>({ exit: 1, say: (p) => p.stack || `${p.name}: ${p.message}` }),
  TASK_RESULT_LOST: error<{ taskId: number; executorId: string; detail: string }>({
    exit: 1,
    say: (p) => `TaskResultLost (result lost from block manager): taskresult_${p.taskId} of executor ${p.executorId}: ${p.detail}`,
  }),
  FETCH_FAILED: error<{
    shuffleId: number;
    mapIndex: number;
    mapTaskId: number;
    reduceId: number;
    executorId: string;
    epoch: number;
    detail: string;
  }>({
    exit: 1,
    say: (p) => `FetchFailed(shuffle ${p.shuffleId}, map ${p.mapIndex}, reduce ${p.reduceId}, executor ${p.executorId}): ${p.detail}`,
  }),
  EXECUTOR_OUT_OF_MEMORY: error<{ limitMb: number; detail: string }>({
    exit: 52,
    say: (p) => `The task's worker ran out of its heap of ${p.limitMb} MB. ${p.detail}`.trim(),
    hint: 'Raise --executor-memory, use more partitions, or fewer cores per executor (each core has an equal share of the heap).',
  }),
  EXECUTOR_LOST: error<{ executorId: string; reason: string }>({
    exit: 1,
    say: (p) => `ExecutorLostFailure (executor ${p.executorId} exited): ${p.reason}`,
  }),
  TASK_KILLED: error<{ reason: string }>({ exit: 1, say: (p) => `TaskKilled (${p.reason})` }),
  LOCAL_DISK: error<{ path: string; detail: string }>({
    exit: 53,
    say: (p) => `Writing ${p.path} failed: ${p.detail}`,
    hint: 'spark.local.dir (or yarn.nodemanager.local-dirs) names the folders for shuffle files: free space there or choose another disk.',
  }),
  EVENT_LOG_MISSING: error<{ dir: string }>({
    exit: 1,
    say: (p) => `java.io.FileNotFoundException: File file:${p.dir} does not exist`,
    hint: 'It is the folder of spark.eventLog.dir: make it (mkdir -p), name another one, or set spark.eventLog.enabled=false.',
  }),
  EVENT_LOG_UNUSABLE: error<{ path: string; detail: string }>({
    exit: 1,
    say: (p) => `The event log can't be written to ${p.path}: ${p.detail}`,
    hint: 'spark.eventLog.dir names the folder of event logs; spark.eventLog.enabled=false does without one.',
  }),
  BROADCAST_MISSING: error<{ piece: string; broadcast: string }>({
    exit: 1,
    say: (p) => `Failed to get ${p.piece} of ${p.broadcast}`,
    hint: 'The broadcast variable was destroyed while a job that uses it was running: destroy it when the last action that needs it has ended.',
  }),
  BLOCK_CORRUPT: error<{ path: string; detail: string }>({ exit: 1, say: (p) => `${p.path} is corrupt: ${p.detail}` }),
  // --- history server
  HISTORY_LOG_FOLDER: error<{ folder: string; detail: string }>({
    exit: 78,
    say: (p) => `The folder of event logs ${p.folder} can't be used: ${p.detail}.`,
    hint: 'spark.history.fs.logDirectory in conf/spark-defaults.conf names it (or the argument of start-history-server.sh); it must exist.',
  }),
  HISTORY_PORT: error<{ address: string; detail: string }>({
    exit: 73,
    say: (p) => `The history server can't listen at ${p.address}: ${p.detail}`,
    hint: 'Another history server may run there: stop it, or set spark.history.ui.port.',
  }),
  HISTORY_UNREACHABLE: error<{ url: string; detail: string }>({
    exit: 69,
    say: (p) => `No history server answers at ${p.url} (${p.detail}).`,
    hint: 'Start one with `emberloom history start`, or name another with --url.',
  }),
  HISTORY_REFUSED: error<{ url: string; said: string }>({ exit: 1, say: (p) => `${p.url}: ${p.said}` }),
  // --- commands of the cluster's operators
  ...CLI_ERRORS,
  ...HA_ERRORS,
  ...SCHEDULER_ERRORS,
};
