// Client mode: the driver is its own, unmanaged, application master. Submits the application, and prints the lines about its state that Airflow,
// Luigi and others read. What follows is yarn-backend.ts; cluster mode submits in cli/submit/cluster-submit.ts. Source: yarn.Client.
import type { ApplicationId } from '../../../common/ids.ts';
import type { Logger, Timers } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { applicationAcls } from '../../../common/spark-keys-acls.ts';
import { callPatiently, RM_PATIENCE_MS } from '../../../rpc/call-patiently.ts';
import { applicationChanged, applicationSubmit, applicationWatch } from '../../../rpc/messages/client.ts';
import type { ApplicationReport } from '../../../rpc/messages/shapes.ts';
import type { Peer } from '../../../rpc/peer.ts';
import { reportBlock, stateLine } from '../../../rpc/report-lines.ts';
import type { SparkConf } from './spark-conf.ts';

export type ClientAdmission = {
  readonly kind: 'client';
  readonly applicationId: ApplicationId;
  readonly rm: Peer;
  readonly reconnect: () => Promise<Peer>;
};
export type Submission = {
  readonly name: string;
  readonly user: string;
  readonly conf: SparkConf;
  readonly log: Logger;
  /** They keep the process alive. */
  readonly waits: Timers;
};

/**
 * @returns the application's secret, and the connection on which its reports come: to be closed at the end
 * @throws AppError RM_UNREACHABLE, QUEUE_UNKNOWN, SUBMIT_REFUSED, …
 */
export async function submitApplication(
  { applicationId, rm, reconnect }: ClientAdmission,
  { name, user, conf, log, waits }: Submission,
): Promise<{ secret: string; reports: Peer }> {
  const client = log.named('Client');
  client.info(`Submitting application ${applicationId} to ResourceManager`);
  const request = {
    applicationId,
    name,
    type: 'SPARK',
    user,
    queue: conf.read(SPARK_KEYS.queue)!,
    tags: [...conf.read(SPARK_KEYS.tags)!],
    priority: conf.read(SPARK_KEYS.priority)!,
    unmanaged: true,
    maxAttempts: 1,
    ...timeLimits(conf),
    ...applicationAcls((key) => conf.read(key)!),
  };
  const { peer, reply } = await callPatiently(rm, applicationSubmit, request, {
    connect: reconnect,
    timers: waits,
    log: client,
    patienceMs: RM_PATIENCE_MS,
  });
  log.named('YarnClientImpl').info(`Submitted application ${applicationId}`);
  follow(peer, applicationId, client);
  return { secret: reply.secret, reports: peer };
}

function timeLimits(conf: SparkConf): { timeouts?: { LIFETIME: number }; maxQueueWaitMs?: number } {
  const lifetimeMs = conf.read(SPARK_KEYS.lifetimeMs);
  const maxQueueWaitMs = conf.read(SPARK_KEYS.maxQueueWaitMs);
  return {
    ...(lifetimeMs === undefined ? {} : { timeouts: { LIFETIME: Math.ceil(lifetimeMs / 1000) } }),
    ...(maxQueueWaitMs === undefined ? {} : { maxQueueWaitMs }),
  };
}

/** The connection is for reports only: its loss ends nothing. */
function follow(rm: Peer, applicationId: ApplicationId, client: Logger): void {
  let last = '';
  const see = (report: ApplicationReport) => {
    if (report.applicationId !== applicationId || report.state === last) return;
    last = report.state;
    for (const line of [stateLine(report), reportBlock(report)]) client.info(line);
  };
  rm.on(applicationChanged, see);
  rm.call(applicationWatch, { applicationId }).then(see, () => {});
}
