// What `emberloom top` shows: a line for each application, under it its executors. Pure text.
import { textColumns } from '../../common/text-columns.ts';
import type { TopApplication, TopExecutor } from '../page-client.ts';

const MB = 1024 * 1024;

export function topScreen(applications: readonly TopApplication[], nowMs: number): string {
  const tasks = applications.flatMap((a) => a.executors).reduce((sum, e) => sum + e.activeTasks, 0);
  const running = applications.filter((a) => a.report.state === 'RUNNING').length;
  const clock = new Date(nowMs).toISOString().slice(11, 19);
  const head = `${clock} UTC  applications: ${running} running, ${applications.length - running} waiting  tasks running: ${tasks}`;
  return [head, ...applications.flatMap((application) => ['', ...applicationLines(application, nowMs)])].join('\n');
}

function applicationLines({ report, executors, note }: TopApplication, nowMs: number): string[] {
  const { applicationId, name, user, queue, state, usedMemoryMb, usedVcores, submittedAtMs, trackingUrl } = report;
  const facts = [user, queue, state, clockText(nowMs - submittedAtMs), `${usedVcores} vcores`, `${usedMemoryMb} MB`, trackingUrl].filter(
    (t) => t !== '',
  );
  const lines = [`${applicationId}  ${name}  ${facts.join('  ')}`];
  if (note !== undefined) lines.push(`  ${note}`);
  if (executors.length > 0) lines.push(...table(executors));
  return lines;
}

function table(executors: readonly TopExecutor[]): string[] {
  const head = ['EXECUTOR', 'HOST', 'SLOTS', 'ACTIVE', 'DONE', 'FAILED', 'TASK TIME', 'GC', 'CACHED MB', 'READ MB', 'WRITTEN MB'];
  const mb = (bytes: number): string => (bytes / MB).toFixed(1);
  const rows = executors.map((e) => [
    e.id,
    e.hostPort,
    String(e.totalCores),
    String(e.activeTasks),
    String(e.completedTasks),
    String(e.failedTasks),
    clockText(e.totalDuration),
    e.totalDuration > 0 ? `${Math.round((100 * e.totalGCTime) / e.totalDuration)} %` : '0 %',
    mb(e.memoryUsed),
    mb(e.totalShuffleRead),
    mb(e.totalShuffleWrite),
  ]);
  return textColumns([head, ...rows], (i) => i >= 2).map((line) => `  ${line}`);
}

/** `1:02:03` */
function clockText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1_000));
  return `${Math.floor(s / 3_600)}:${String(Math.floor(s / 60) % 60).padStart(2, '0')}:${String(s % 60).padStart(2, '0')}`;
}
