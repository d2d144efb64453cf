// Task events of a parsed line. Older versions leave out attempts, partitions, CPU times and whole groups of figures.
import type { AccumulableInfo, Locality, TaskEnd, TaskEndReason, TaskInfo } from '../events.ts';
import { type PushMetricName, type TaskMetrics, taskMetrics } from '../task-metrics.ts';
import { pushOf } from '../store/metric-columns.ts';
import { flag, type Json, maybeNumber, maybeObject, maybeText, number, object, objects, text } from './fields.ts';
import { FIGURE_GROUPS, PUSH_FIGURES, PUSH_GROUP, READ_GROUP, REQUIRED_FIGURES } from './words.ts';

const LOCALITIES: ReadonlySet<string> = new Set(['PROCESS_LOCAL', 'NODE_LOCAL', 'NO_PREF', 'RACK_LOCAL', 'ANY']);

export function readTaskInfo(info: Json): TaskInfo {
  const index = number(info, 'Index');
  const locality = text(info, 'Locality', 'ANY');
  return {
    taskId: number(info, 'Task ID'),
    index,
    attempt: number(info, 'Attempt', 0),
    partition: number(info, 'Partition ID', index),
    launchedAtMs: number(info, 'Launch Time'),
    executorId: text(info, 'Executor ID'),
    host: text(info, 'Host'),
    locality: (LOCALITIES.has(locality) ? locality : 'ANY') as Locality,
    speculative: flag(info, 'Speculative'),
  };
}

/** Metrics of SQL are numbers, which Spark writes as texts. */
function figureOf(json: Json, key: 'Update' | 'Value'): unknown {
  const value = json[key];
  return typeof value === 'string' && json['Metadata'] === 'sql' ? Number(value) : value;
}

export const readAccumulable = (json: Json): AccumulableInfo => ({
  id: number(json, 'ID'),
  name: maybeText(json, 'Name'),
  update: figureOf(json, 'Update'),
  value: figureOf(json, 'Value'),
  internal: flag(json, 'Internal'),
  countFailedValues: flag(json, 'Count Failed Values'),
  metadata: maybeText(json, 'Metadata'),
});

const INTERNAL = 'internal.metrics.';
const PEAK = `${INTERNAL}peakExecutionMemory`;

export function readTaskEnd(json: Json): TaskEnd {
  const info = object(json, 'Task Info');
  const accumulables = objects(info, 'Accumulables').map(readAccumulable);
  const reason = readReason(object(json, 'Task End Reason'));
  const type = text(json, 'Task Type', 'ResultTask');
  return {
    ...readTaskInfo(info),
    finishedAtMs: number(info, 'Finish Time', 0),
    gettingResultAtMs: number(info, 'Getting Result Time', 0),
    taskType: type === 'ShuffleMapTask' ? 'ShuffleMapTask' : 'ResultTask',
    reason,
    // An executor that was lost told none; Spark reads zeros then.
    metrics: readFigures(maybeObject(json, 'Task Metrics') ?? {}, accumulables),
    // Internal ones say what the figures say.
    accumulables: accumulables.filter(({ name, metadata }) => metadata === 'sql' || (name !== undefined && !name.startsWith(INTERNAL))),
  };
}

function readFigures(json: Json, accumulables: readonly AccumulableInfo[]): TaskMetrics {
  const found: Record<string, number> = {};
  for (const [label, name] of REQUIRED_FIGURES) found[name] = number(json, label, 0);
  for (const [group, figures] of FIGURE_GROUPS) {
    const part = maybeObject(json, group);
    if (part === undefined) continue;
    for (const [label, name] of figures) found[name] = number(part, label, 0);
  }
  // Spark 1: bytes of all blocks; Spark 2 and 3: the peak is an accumulator.
  const peak = accumulables.find(({ name }) => name === PEAK)?.update;
  if (found['peakExecutionMemory'] === 0 && peak !== undefined) found['peakExecutionMemory'] = Number(peak) || 0;
  const pushed = maybeObject(maybeObject(json, READ_GROUP) ?? {}, PUSH_GROUP);
  const push = pushed && pushOf((name) => number(pushed, LABEL_OF[name], 0));
  return taskMetrics({ ...found, push });
}

const LABEL_OF = Object.fromEntries(PUSH_FIGURES.map(([label, name]) => [name, label])) as Readonly<Record<PushMetricName, string>>;

const framesOf = (json: Json): string =>
  objects(json, 'Stack Trace')
    .map((frame) => `at ${frame['Declaring Class']}.${frame['Method Name']}(${frame['File Name']}:${frame['Line Number']})`)
    .join('\n');

function readReason(json: Json): TaskEndReason {
  const tag = text(json, 'Reason');
  switch (tag) {
    case 'Success':
    case 'Resubmitted':
    case 'TaskResultLost':
      return { tag };
    case 'ExceptionFailure': {
      const className = text(json, 'Class Name', '');
      const description = text(json, 'Description', '');
      const full = maybeText(json, 'Full Stack Trace');
      const head = `${className}: ${description}`;
      return {
        tag,
        className,
        description,
        stack: full === undefined ? framesOf(json) : full.startsWith(head) ? full.slice(head.length).replace(/^\n/, '') : full,
      };
    }
    case 'ExecutorLostFailure':
      return {
        tag,
        executorId: text(json, 'Executor ID', ''),
        causedByApp: flag(json, 'Exit Caused By App', true),
        reason: text(json, 'Loss Reason', ''),
      };
    case 'FetchFailed': {
      const at = maybeObject(json, 'Block Manager Address') ?? {};
      const mapId = number(json, 'Map ID', -1);
      return {
        tag,
        shuffleId: number(json, 'Shuffle ID', -1),
        mapId,
        mapIndex: maybeNumber(json, 'Map Index') ?? mapId,
        reduceId: number(json, 'Reduce ID', -1),
        executorId: text(at, 'Executor ID', ''),
        host: text(at, 'Host', ''),
        message: text(json, 'Message', ''),
      };
    }
    case 'TaskKilled':
      return { tag, reason: text(json, 'Kill Reason', 'unknown reason') };
    case 'TaskCommitDenied':
      return {
        tag,
        jobId: number(json, 'Job ID', -1),
        partition: number(json, 'Partition ID', -1),
        attempt: number(json, 'Attempt Number', -1),
      };
    default:
      return { tag: 'UnknownReason' };
  }
}
