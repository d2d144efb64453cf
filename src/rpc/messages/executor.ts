// Executor ↔ driver. The executor's main thread holds a control connection (`executor:<id>`, the application's secret);
// each worker thread = one task slot holds its own (`slot:<executorId>/<n>`), whose task frames are binary: runtime/plan/task-frames.ts.
import { anExecutorId, integer, list, object, optional, text, whole } from '../../common/shape.ts';
import { definePush, defineRpc } from '../define-rpc.ts';

export const executorRegister = defineRpc({
  version: 1,
  name: 'executor.register',
  from: 'executor',
  to: 'driver',
  timeoutMs: 10_000,
  safeToRepeat: false,
  doc: "An executor is up; its slots connect next. The reply has the application's settings that executors need.",
  request: object({
    executorId: anExecutorId,
    containerId: text,
    nodeId: text,
    host: text,
    slots: whole,
    pid: whole,
    blockAddress: text,
    /** Folders of its shuffle files, one a disk. */
    shuffleDirs: list(text),
    /** Address of the shuffle service that knows this executor's files; absent without one. */
    shuffleService: optional(text),
  }),
  reply: object({ applicationId: text, applicationName: text, conf: list(list(text)), heartbeatMs: whole, logLevel: text }),
  errors: ['EXECUTOR_LOST'],
});

export const executorHeartbeat = definePush({
  version: 1,
  name: 'executor.heartbeat',
  from: 'executor',
  to: 'driver',
  doc: 'Alive, from the main thread, which runs no user code. Silence for spark.network.timeout loses the executor.',
  body: object({
    executorId: anExecutorId,
    /** In the order of status/executor-metrics.ts. */
    metrics: list(whole),
    /** Execution and storage memory together; 0: not known yet. */
    maxMemoryBytes: whole,
    /** Of each slot; -1: none. */
    runningTaskIds: list(integer),
    /** By those tasks so far, in the same order. */
    recordsRead: list(whole),
  }),
});

export const executorStop = definePush({
  version: 1,
  name: 'executor.stop',
  from: 'driver',
  to: 'executor',
  doc: 'End, exit code 0. A closed connection means the same.',
  body: object({ reason: text }),
});

export const executorDecommission = definePush({
  version: 1,
  name: 'executor.decommission',
  from: 'driver',
  to: 'executor',
  doc: 'Hand on what you hold to others now, and say executor.moved. It may come again: what is handed on already is not moved twice. No new tasks come after it.',
  body: object({ reason: text }),
});

export const executorLeaving = definePush({
  version: 1,
  name: 'executor.leaving',
  from: 'executor',
  to: 'driver',
  doc: 'The executor got the signal of spark.executor.decommission.signal and wants to be decommissioned.',
  body: object({ executorId: anExecutorId, reason: text }),
});

export const executorMoved = definePush({
  version: 1,
  name: 'executor.moved',
  from: 'executor',
  to: 'driver',
  doc: 'The answer to executor.decommission: blocks that others have now, and those that nobody took. The driver ends the executor when its tasks have ended.',
  body: object({ executorId: anExecutorId, blocks: whole, left: whole }),
});

export const taskKill = definePush({
  version: 1,
  name: 'task.kill',
  from: 'driver',
  to: 'executor',
  doc: 'Ask the running task of a stage attempt (stageKey, task-frames.ts; 0: this task alone, whatever its stage) to end: the interrupt flag is set, checked between chunks of rows; a worker that runs the stage after graceMs is ended and replaced.',
  body: object({ slot: whole, taskId: whole, stageKey: whole, reason: text, graceMs: whole }),
});

export const taskRecall = defineRpc({
  version: 1,
  name: 'task.recall',
  from: 'driver',
  to: 'executor',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'Tasks that wait in a slot behind one that takes long are not to begin. Places (slot-order.ts): sent, after the last that the slot was sent; from, the first that does not begin. The slot itself still says of each that it comes back, so a lost reply only means that they come later; a second request takes back nothing that has begun.',
  request: object({ slot: whole, sent: whole }),
  reply: object({ from: whole }),
  errors: [],
});

export const slotLost = definePush({
  version: 1,
  name: 'slot.lost',
  from: 'executor',
  to: 'driver',
  doc: 'A worker ended (out of heap, process.exit in user code, terminated). Its tasks in flight failed with this error; a new worker takes the slot.',
  body: object({ executorId: anExecutorId, slot: whole, code: text, params: text, runningTaskId: optional(whole) }),
});

export const logLevelSet = definePush({
  version: 1,
  name: 'log.level',
  from: 'driver',
  to: 'executor',
  doc: 'sc.setLogLevel.',
  body: object({ level: text }),
});

export const executorThreads = defineRpc({
  version: 1,
  name: 'executor.threads',
  from: 'driver',
  to: 'executor',
  timeoutMs: 10_000,
  safeToRepeat: true,
  doc: 'What each task slot does at this moment, for the page: frames of its stack, the innermost first. taskId -1: none. A slot whose worker ends meanwhile is left out.',
  request: object({}),
  reply: object({ threads: list(object({ slot: integer, taskId: integer, state: text, stack: list(text) })) }),
  errors: [],
});

export const executorProfile = defineRpc({
  version: 1,
  name: 'executor.profile',
  from: 'driver',
  to: 'executor',
  timeoutMs: 90_000,
  safeToRepeat: true,
  doc: 'A CPU profile of all task slots for so many ms, for the flame graph: folded stacks, `slot 0;caller (job.ts:3);leaf (job.ts:9) COUNT` a line, and before them `# slots=2 samples=9604 idle=120 intervalUs=1003 silent=;`.',
  request: object({ forMs: whole }),
  reply: object({ folded: text }),
  errors: [],
});

export const executorMessages = [
  executorRegister,
  executorHeartbeat,
  executorStop,
  executorDecommission,
  executorLeaving,
  executorMoved,
  taskKill,
  taskRecall,
  slotLost,
  logLevelSet,
  executorThreads,
  executorProfile,
] as const;
