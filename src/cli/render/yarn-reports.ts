// The blocks of `yarn application|applicationattempt|container|node|queue -status`, as YARN's clients print them (golden:
// yarn-cli/*-status*.stdout). What Emberloom has no value for is printed as YARN prints an absent one.
import type { ApplicationReport, NodeReport, QueueReport } from '../../rpc/messages/shapes.ts';
import { logAggregationStatus } from '../../common/log-aggregation.ts';
import { healthTime, iso8601 } from '../../common/java-time.ts';
import type { AttemptReport, ContainerLink, LiveContainer } from './yarn-tables.ts';
import { NO_LINK, orNotAvailable } from './yarn-tables.ts';

const block = (title: string, lines: readonly (readonly [string, string | number])[]): string =>
  `${title} : \n${lines.map(([name, value]) => `\t${name} : ${value}\n`).join('')}`;

/** @param aggregates yarn.log-aggregation-enable */
export function applicationStatus(a: ApplicationReport, aggregates: boolean): string {
  return `${block('Application Report', [
    ['Application-Id', a.applicationId],
    ['Application-Name', a.name],
    ['Application-Type', a.type],
    ['User', a.user],
    ['Queue', a.queue],
    ['Application Priority', a.priority],
    ['Start-Time', a.submittedAtMs],
    ['Finish-Time', a.finishedAtMs],
    ['Progress', `${a.progress}%`],
    ['State', a.state],
    ['Final-State', a.finalStatus],
    ['Tracking-URL', orNotAvailable(a.trackingUrl)],
    ['RPC Port', a.amRpcPort > 0 ? a.amRpcPort : -1],
    ['AM Host', orNotAvailable(a.amHost)],
    ['Aggregate Resource Allocation', `${a.memoryMbSeconds} MB-seconds, ${a.vcoreSeconds} vcore-seconds`],
    ['Aggregate Resource Preempted', `${a.preempted?.memoryMbSeconds ?? 0} MB-seconds, ${a.preempted?.vcoreSeconds ?? 0} vcore-seconds`],
    ['Log Aggregation Status', logAggregationStatus(aggregates, a.finishedAtMs > 0)],
    ['Diagnostics', a.diagnostics],
    ['Unmanaged Application', String(a.unmanaged)],
    ['Application Node Label Expression', a.nodeLabelExpression || '<Not set>'],
    ['AM container Node Label Expression', a.nodeLabelExpression || '<DEFAULT_PARTITION>'],
    ['TimeoutType', `LIFETIME\t${lifetime(a)}`],
  ])}\n`;
}

function lifetime({ expiresAtMs, finishedAtMs }: ApplicationReport): string {
  if (expiresAtMs === undefined) return 'ExpiryTime : UNLIMITED\tRemainingTime : -1seconds';
  const leftMs = finishedAtMs > 0 ? 0 : Math.max(0, expiresAtMs - Date.now());
  return `ExpiryTime : ${iso8601(expiresAtMs)}\tRemainingTime : ${Math.floor(leftMs / 1000)}seconds`;
}

export function attemptStatus(attempt: AttemptReport, amRpcPort: number): string {
  return block('Application Attempt Report', [
    ['ApplicationAttempt-Id', attempt.attemptId],
    ['State', attempt.state],
    ['AMContainer', attempt.amContainerId ?? 'N/A'],
    ['Tracking-URL', orNotAvailable(attempt.trackingUrl)],
    ['RPC Port', amRpcPort > 0 ? amRpcPort : -1],
    ['AM Host', orNotAvailable(attempt.amHost)],
    ['Diagnostics', attempt.diagnostics],
  ]);
}

export function containerStatus(c: LiveContainer, link: ContainerLink = NO_LINK): string {
  return block('Container Report', [
    ['Container-Id', c.containerId],
    ['Start-Time', c.startedAtMs],
    ['Finish-Time', c.finishedAtMs],
    ['State', c.state],
    ['Execution-Type', 'GUARANTEED'],
    ['LOG-URL', orNotAvailable(link.logUrl)],
    ['Host', c.nodeId],
    ['NodeHttpAddress', orNotAvailable(link.nodeUrl)],
    ['ExposedPorts', ''],
    ['Diagnostics', c.diagnostics || 'null'],
  ]);
}

export function nodeStatus(n: NodeReport): string {
  return `${block('Node Report', [
    ['Node-Id', n.nodeId],
    ['Rack', n.rack],
    ['Node-State', n.state],
    ['Node-Http-Address', orNotAvailable(n.httpAddress)],
    ['Last-Health-Update', healthTime(n.lastHeartbeatMs)],
    ['Health-Report', n.healthReport],
    ['Containers', n.runningContainers],
    ['Memory-Used', `${n.used.memoryMb}MB`],
    ['Memory-Capacity', `${n.capacity.memoryMb}MB`],
    ['CPU-Used', `${n.used.vcores} vcores`],
    ['CPU-Capacity', `${n.capacity.vcores} vcores`],
    ['Node-Labels', n.label ?? ''],
    ['Node Attributes', ''],
    ['Resource Utilization by Node', ''],
    ['Resource Utilization by Containers', ''],
  ])}\n`;
}

/** Java's `#.00`: no zero before the point. */
export const percent = (value: number): string => `${value.toFixed(2).replace(/^(-?)0\./, '$1.')}%`;
export const queueName = (path: string): string => path.slice(path.lastIndexOf('.') + 1);

const SCHEDULERS = { capacity: 'CapacityScheduler', fair: 'FairScheduler', fifo: 'FifoScheduler' };

/** @param usedPercent of the queue's own capacity; may be above 100 */
export function queueStatus(q: QueueReport, usedPercent: number): string {
  const waiting = q.waiting.length === 0 ? '' : `\tWaiting : ${q.waiting.join('\n\t          ')}\n`;
  return `Queue Information : \nScheduler Name : ${SCHEDULERS[q.scheduler ?? 'capacity']}\nQueue Name : ${queueName(q.path)}\nQueue Path : ${q.path}\n${[
    ['State', q.state],
    ['Capacity', percent(q.capacityPercent)],
    ['Current Capacity', percent(usedPercent)],
    ['Maximum Capacity', percent(q.maximumCapacityPercent)],
    ['Weight', '-1.00'],
    ['Maximum Parallel Apps', '2147483647'],
    ['Default Node Label expression', '<DEFAULT_PARTITION>'],
    ['Accessible Node Labels', '*'],
    ['Preemption', 'disabled'],
    ['Intra-queue Preemption', 'disabled'],
  ]
    .map(([name, value]) => `\t${name} : ${value}\n`)
    .join('')}${waiting}`;
}
