// Task events → lines of Spark 4's event log, put together as text: there is one pair for every task. Groups of figures that are all 0 are
// left out, as a real History Server allows. Everything else is write.ts. Source: Spark 4's JsonProtocol.scala.
import type { AccumulableInfo, TaskEnd, TaskEndReason, TaskInfo } from '../events.ts';
import { accumulableJson, stackJson } from './parts.ts';
import { FIGURE_GROUPS, PUSH_FIGURES, PUSH_GROUP, READ_GROUP, REQUIRED_FIGURES } from './words.ts';
import type { TaskMetrics } from '../task-metrics.ts';

/** Texts that come with every task: quoted once each. */
const quotedTexts = new Map<string, string>();
const MOST_QUOTED = 10_000;
function quoted(text: string): string {
  let known = quotedTexts.get(text);
  if (known === undefined) {
    known = JSON.stringify(text);
    if (quotedTexts.size < MOST_QUOTED) quotedTexts.set(text, known);
  }
  return known;
}

export function taskInfoJson(
  task: TaskInfo,
  gettingResultAtMs: number,
  finishedAtMs: number,
  reason: TaskEndReason['tag'] | undefined,
  accumulables: readonly AccumulableInfo[],
): string {
  const killed = reason === 'TaskKilled';
  const failed = reason !== undefined && reason !== 'Success' && !killed;
  return (
    `{"Task ID":${task.taskId},"Index":${task.index},"Attempt":${task.attempt},"Partition ID":${task.partition}` +
    `,"Launch Time":${Math.round(task.launchedAtMs)},"Executor ID":${quoted(task.executorId)},"Host":${quoted(task.host)}` +
    `,"Locality":"${task.locality}","Speculative":${task.speculative},"Getting Result Time":${Math.round(gettingResultAtMs)}` +
    `,"Finish Time":${Math.round(finishedAtMs)},"Failed":${failed},"Killed":${killed}` +
    `,"Accumulables":${accumulables.length === 0 ? '[]' : JSON.stringify(accumulables.map(accumulableJson))}}`
  );
}

export const taskStartJson = (stageId: number, attemptId: number, task: TaskInfo): string =>
  `{"Event":"SparkListenerTaskStart","Stage ID":${stageId},"Stage Attempt ID":${attemptId},"Task Info":${taskInfoJson(task, 0, 0, undefined, [])}}`;

export function taskEndJson(stageId: number, attemptId: number, task: TaskEnd): string {
  const info = taskInfoJson(task, task.gettingResultAtMs, task.finishedAtMs, task.reason.tag, task.accumulables);
  const reason = task.reason.tag === 'Success' ? '{"Reason":"Success"}' : JSON.stringify(reasonObject(task.reason));
  const metrics = task.metrics === undefined ? '' : `,"Task Metrics":${figuresJson(task.metrics)}`;
  return (
    `{"Event":"SparkListenerTaskEnd","Stage ID":${stageId},"Stage Attempt ID":${attemptId},"Task Type":"${task.taskType}"` +
    `,"Task End Reason":${reason},"Task Info":${info}${metrics}}`
  );
}

function figuresJson(metrics: TaskMetrics): string {
  let text = '';
  for (const [label, name] of REQUIRED_FIGURES) text += `${text === '' ? '{' : ','}"${label}":${Math.round(metrics[name])}`;
  for (const [group, figures] of FIGURE_GROUPS) {
    const push = group === READ_GROUP ? metrics.push : undefined;
    if (push === undefined && figures.every(([, name]) => metrics[name] === 0)) continue;
    const more = push === undefined ? '' : `,"${PUSH_GROUP}":{${members(PUSH_FIGURES, push)}}`;
    text += `,"${group}":{${members(figures, metrics)}${more}}`;
  }
  return `${text}}`;
}

const members = <N extends string>(figures: readonly (readonly [string, N])[], of: Readonly<Record<N, number>>): string =>
  figures.map(([label, name]) => `"${label}":${Math.round(of[name])}`).join(',');

function reasonObject(reason: TaskEndReason): object {
  switch (reason.tag) {
    case 'ExceptionFailure':
      return {
        Reason: reason.tag,
        'Class Name': reason.className,
        Description: reason.description,
        'Stack Trace': stackJson(reason.stack),
        'Full Stack Trace': `${reason.className}: ${reason.description}${reason.stack === '' ? '' : `\n${reason.stack}`}`,
        'Accumulator Updates': [],
      };
    case 'ExecutorLostFailure':
      return {
        Reason: reason.tag,
        'Executor ID': reason.executorId,
        'Exit Caused By App': reason.causedByApp,
        'Loss Reason': reason.reason,
      };
    case 'FetchFailed':
      return {
        Reason: reason.tag,
        'Block Manager Address': { 'Executor ID': reason.executorId, Host: reason.host, Port: 1 },
        'Shuffle ID': reason.shuffleId,
        'Map ID': reason.mapId,
        'Map Index': reason.mapIndex,
        'Reduce ID': reason.reduceId,
        Message: reason.message,
      };
    case 'TaskKilled':
      return { Reason: reason.tag, 'Kill Reason': reason.reason, 'Accumulator Updates': [] };
    case 'TaskCommitDenied':
      return { Reason: reason.tag, 'Job ID': reason.jobId, 'Partition ID': reason.partition, 'Attempt Number': reason.attempt };
    default:
      return { Reason: reason.tag };
  }
}
