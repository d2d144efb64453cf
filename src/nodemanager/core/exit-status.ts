// The ends of a container in YARN's words and numbers. Pure text; who decides on an end is nm-core.ts and the services.
// Source: YARN's ContainerExitStatus, ContainerExecutor.ExitCode and the diagnostics of ContainerLaunch and ContainersMonitorImpl.
import type { ContainerId } from '../../common/ids.ts';

export const EXIT = {
  /** The container never got to run: its files or its process could not be made. */
  INVALID: -1000,
  ABORTED: -100,
  DISKS_FAILED: -101,
  KILLED_EXCEEDED_PMEM: -104,
  KILLED_BY_APPMASTER: -105,
  KILLED_BY_RESOURCEMANAGER: -106,
  KILLED_AFTER_APP_COMPLETION: -107,
  /** It ended while no NodeManager watched and left no exit code (ExitCode.LOST). */
  LOST: 154,
} as const;

const two = (n: number, width = 2) => String(n).padStart(width, '0');

/** YARN's `[2026-11-22 13:34:32.905]`, in UTC (YARN: the JVM's zone). */
export function stamp(atMs: number): string {
  const d = new Date(atMs);
  return `[${d.getUTCFullYear()}-${two(d.getUTCMonth() + 1)}-${two(d.getUTCDate())} ${two(d.getUTCHours())}:${two(d.getUTCMinutes())}:${two(d.getUTCSeconds())}.${two(d.getUTCMilliseconds(), 3)}]`;
}

export const killedText = (exitStatus: number, atMs: number): string =>
  `${stamp(atMs)}Container killed on request. Exit code is ${exitStatus}\n${stamp(atMs)}Container exited with a non-zero exit code ${exitStatus}. `;

/** @param stderrTail the last bytes of the container's stderr, as YARN shows them; empty when it wrote none */
export function exitDiagnostics(id: ContainerId, exitStatus: number, atMs: number, stderrTail: string): string {
  if (exitStatus === 0) return '';
  const tail = stderrTail === '' ? '' : `Last 4096 bytes of stderr :\n${stderrTail}\n`;
  return `Exception from container-launch.\nContainer id: ${id}\nExit code: ${exitStatus}\n\n${stamp(atMs)}Container exited with a non-zero exit code ${exitStatus}. \n${tail}`;
}

/** It never ran. @param disks what the health check says of them now, where too few are well; it is theirs then. Source: ContainerLaunch.call */
export function neverRan(
  text: string,
  disks: string | undefined,
  atMs: number,
): { readonly exitStatus: number; readonly diagnostics: string } {
  if (disks === undefined) return { exitStatus: EXIT.INVALID, diagnostics: `${stamp(atMs)}${text}` };
  return {
    exitStatus: EXIT.DISKS_FAILED,
    diagnostics: `${stamp(atMs)}Most of the disks failed. ${disks}${text === '' ? '' : `\n${text}`}`,
  };
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `316.0 MB`, `1.2 GB`, `1 GB`: one digit, none when it is whole. Source: StringUtils.TraditionalBinaryPrefix.long2String. */
export function sizeText(bytes: number): string {
  let [n, unit] = [bytes, 0];
  while (n >= 1024 && unit < UNITS.length - 1) {
    n /= 1024;
    unit++;
  }
  return `${Number.isInteger(n) ? n : n.toFixed(1)} ${UNITS[unit]}`;
}

export type MemoryUse = {
  readonly pid: number;
  readonly rssBytes: number;
  readonly vmBytes: number;
  readonly limitBytes: number;
  readonly tree: string;
  readonly largest?: { readonly pid: number; readonly command: string; readonly rssBytes: number } | undefined;
};

/** Which process of several it was: a driver's or an executor's own, or a child that the program started. */
function largestSentence({ largest, rssBytes, pid }: MemoryUse): string {
  if (largest === undefined || largest.pid === pid) return '';
  const share = Math.round((100 * largest.rssBytes) / Math.max(1, rssBytes));
  return `The largest process of it is ${largest.pid} (${largest.command}) with ${sizeText(largest.rssBytes)}, ${share} % of what is used.\n`;
}

/** YARN's sentence for -104, with the process tree, which process of it is the largest, and what can be done about it. */
export function memoryDiagnostics(id: ContainerId, use: MemoryUse, atMs: number): string {
  return (
    `${stamp(atMs)}Container [pid=${use.pid},containerID=${id}] is running ${use.rssBytes - use.limitBytes}B beyond the 'PHYSICAL' memory limit. ` +
    `Current usage: ${sizeText(use.rssBytes)} of ${sizeText(use.limitBytes)} physical memory used; ${sizeText(use.vmBytes)} of virtual memory used. Killing container.\n` +
    `Dump of the process-tree for ${id} :\n${use.tree}${largestSentence(use)}` +
    'Hint: raise --executor-memory or spark.executor.memoryOverhead (driver in cluster mode: --driver-memory; emberloom run: --memory), or use more partitions.\n'
  );
}
