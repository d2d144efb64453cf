// Follows an application to its end: the reports that the RM pushes become log lines, at once when something changes, and every
// thirty report intervals when nothing does. A lost connection is made again; the reply of application.watch fills the gap.
import { AppError } from '../common/errors.ts';
import type { ApplicationId } from '../common/ids.ts';
import type { Logger, Timers } from '../common/ports.ts';
import { applicationChanged, applicationWatch } from '../rpc/messages/client.ts';
import type { ApplicationReport } from '../rpc/messages/shapes.ts';
import type { Peer } from '../rpc/peer.ts';
import { reportBlock, stateLine } from '../rpc/report-lines.ts';
import { isFinalState } from './render/application-report.ts';

export type Following = {
  readonly applicationId: ApplicationId;
  /** Makes a new connection after a loss. */
  readonly connect: () => Promise<Peer>;
  readonly timers: Timers;
  readonly log: Logger;
  readonly intervalMs: number;
  /** How long the RM may be away before we give up. A restarted RM comes back within seconds. */
  readonly patienceMs: number;
  /** Return true to stop before the end (waitAppCompletion=false). */
  readonly enough?: (report: ApplicationReport) => boolean;
};

/** spark.yarn.report.loggingFrequency of Spark: an unchanged state is said again every so many intervals. */
const LOGGING_FREQUENCY = 30;
const RECONNECT_MS = 200;

/** @throws AppError RM_UNREACHABLE, APPLICATION_UNKNOWN */
export async function followApplication(first: Peer, how: Following): Promise<ApplicationReport> {
  const { log, timers, applicationId } = how;
  let latest: ApplicationReport | undefined;
  return await new Promise((resolve, reject) => {
    let current = first;
    const stopRepeating = timers.every(how.intervalMs * LOGGING_FREQUENCY, () => {
      if (latest === undefined) return;
      log.info(stateLine(latest));
      // Why it waits changes without a change of state.
      const [before, asked] = [latest, current];
      asked.call(applicationWatch, { applicationId }).then(
        (now) => {
          if (!settled && now.state === before.state && now.diagnostics !== before.diagnostics) log.info(reportBlock(now));
          see(now, asked);
        },
        () => {}, // a lost connection is made again below
      );
    });
    let settled = false;
    const settle = (act: () => void) => {
      if (settled) return;
      settled = true;
      stopRepeating();
      act();
    };
    const see = (report: ApplicationReport, peer: Peer) => {
      if (settled) return;
      if (
        latest?.state !== report.state ||
        latest.finalStatus !== report.finalStatus ||
        latest.currentAttemptId !== report.currentAttemptId
      ) {
        log.info(stateLine(report));
        log.info(reportBlock(report));
      }
      latest = report;
      if (!isFinalState(report.state) && how.enough?.(report) !== true) return;
      settle(() => {
        peer.close();
        resolve(report);
      });
    };
    const watch = (peer: Peer, goneSinceMs: number) => {
      current = peer;
      peer.on(applicationChanged, (report) => report.applicationId === applicationId && see(report, peer));
      peer.onClose = (reason) => !settled && again(reason, performance.now());
      peer.call(applicationWatch, { applicationId }).then(
        (report) => see(report, peer),
        (error) => (lost(error) ? again(String(error.message), goneSinceMs) : settle(() => reject(error))),
      );
    };
    let waiting = false;
    const again = (reason: string, sinceMs: number) => {
      if (settled || waiting) return;
      if (performance.now() - sinceMs > how.patienceMs)
        return settle(() => reject(new AppError('CONNECTION_LOST', { peer: 'the ResourceManager', detail: reason })));
      waiting = true;
      timers.after(RECONNECT_MS, () => {
        waiting = false;
        how.connect().then(
          (peer) => watch(peer, sinceMs),
          (error) => again(String((error as Error).message), sinceMs),
        );
      });
    };
    watch(first, performance.now());
  });
}

const lost = (error: unknown): error is AppError =>
  error instanceof AppError && (error.code === 'CONNECTION_LOST' || error.code === 'RPC_TIMEOUT');
