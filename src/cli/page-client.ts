// What commands ask of a running application's own page: its REST API at the tracking URL. An application without a page is no error.
import type { ApplicationReport } from '../rpc/messages/shapes.ts';

/** Of the REST API's executor list, what is shown. */
export type TopExecutor = {
  readonly id: string;
  readonly hostPort: string;
  readonly totalCores: number;
  readonly activeTasks: number;
  readonly completedTasks: number;
  readonly failedTasks: number;
  readonly totalDuration: number;
  readonly totalGCTime: number;
  readonly memoryUsed: number;
  readonly totalShuffleRead: number;
  readonly totalShuffleWrite: number;
};
export type TopApplication = {
  readonly report: ApplicationReport;
  readonly executors: readonly TopExecutor[];
  /** Why there are none. */
  readonly note: string | undefined;
};

const LIMIT_MS = 3_000;

export async function executorsOf(report: ApplicationReport): Promise<Omit<TopApplication, 'report'>> {
  if (report.state !== 'RUNNING') return { executors: [], note: report.diagnostics || undefined };
  if (!/^https?:/.test(report.trackingUrl)) return { executors: [], note: 'it has no page' };
  try {
    const url = `${report.trackingUrl.replace(/\/$/, '')}/api/v1/applications/${report.applicationId}/executors`;
    const answer = await fetch(url, { signal: AbortSignal.timeout(LIMIT_MS) });
    if (!answer.ok) return { executors: [], note: `its page answers ${answer.status}` };
    return { executors: (await answer.json()) as TopExecutor[], note: undefined };
  } catch (error) {
    const { cause, message } = error as Error & { cause?: Error };
    return { executors: [], note: `its page at ${report.trackingUrl} does not answer: ${cause?.message ?? message}` };
  }
}
