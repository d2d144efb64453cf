// How an executor's container ended, and whether that is held against the application.

export type ExecutorExit = {
  /** YARN's exit status, 0…255 or negative; undefined: not known. */
  readonly exitStatus: number | undefined;
  readonly diagnostics: string;
};

/** Clean exit, node lost, its disks failed, preempted, killed by driver or RM, application ended. Source: YarnAllocator.processCompletedContainers. */
export const NOBODYS_FAULT = new Set([0, -100, -101, -102, -105, -106, -107]);

export function exitText({ exitStatus, diagnostics }: ExecutorExit): string {
  if (exitStatus === undefined) return diagnostics;
  return `Container exited with status ${exitStatus}${diagnostics === '' ? '' : `. Diagnostics: ${diagnostics}`}`;
}

export const disconnectionText = (reason: string): string => `Remote RPC client disassociated: its connection was lost (${reason})`;

/**
 * Of an executor that is lost. One that hears its driver no more ends by itself, with status 0: why is the connection, not the status.
 * @param disconnected why its connection closed, if that came first
 */
export const lossText = (exit: ExecutorExit, disconnected: string | undefined): string =>
  disconnected !== undefined && exit.exitStatus === 0 ? `${disconnectionText(disconnected)}. ${exitText(exit)}` : exitText(exit);

/** Whether what ran there can have brought it about. */
export const causedByApplication = (exitStatus: number | undefined): boolean => exitStatus !== undefined && !NOBODYS_FAULT.has(exitStatus);
