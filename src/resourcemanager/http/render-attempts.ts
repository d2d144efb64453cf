// Attempts and containers as YARN's REST shows them. Source: AppAttemptInfo, ContainerInfo.
import type { TypeOf } from '../../common/shape.ts';
import type { aLiveContainer } from '../../rpc/messages/shapes.ts';
import { webScheme } from '../../web/web-scheme.ts';
import type { Application, Attempt } from '../core/entities.ts';
import { logLink } from './render-app.ts';
import { resourceEntries } from './resource-info.ts';
import type { RmHttpParts } from './rm-app.ts';

export function attemptInfo({ loop, hostPort, settings }: RmHttpParts, attempt: Attempt) {
  const { am, application } = attempt;
  const web = (am === undefined ? undefined : loop.core.cluster.nodes.get(am.nodeId)?.httpAddress) ?? '';
  return {
    id: attempt.number,
    startTime: attempt.startedAtMs,
    finishedTime: attempt.finishedAtMs,
    containerId: am?.containerId ?? '',
    nodeHttpAddress: web,
    nodeId: am?.nodeId ?? '',
    logsLink: am === undefined ? '' : logLink(webScheme(settings), web, am.containerId, application.submission.user),
    blacklistedNodes: '',
    nodesBlacklistedBySystem: attempt.avoids.join(','),
    appAttemptId: attempt.id,
    ...(application.trackingUrl === '' ? {} : { trackingUrl: `${webScheme(settings)}://${hostPort}/proxy/${application.id}/` }),
    ...(attempt.diagnostics === '' ? {} : { diagnosticsInfo: attempt.diagnostics }),
    exportPorts: 'null',
    appAttemptState: attempt.state.tag,
  };
}

export function containerInfo({ loop, settings }: RmHttpParts, { submission }: Application, c: TypeOf<typeof aLiveContainer>) {
  const web = loop.core.cluster.nodes.get(c.nodeId)?.httpAddress ?? '';
  return {
    containerId: c.containerId,
    allocatedMB: c.resource.memoryMb,
    allocatedVCores: c.resource.vcores,
    assignedNodeId: c.nodeId,
    priority: 0,
    startedTime: c.startedAtMs,
    finishedTime: c.finishedAtMs,
    elapsedTime: Math.max(0, loop.now() - c.startedAtMs),
    logUrl: logLink(webScheme(settings), web, c.containerId, submission.user),
    containerExitStatus: 0,
    containerState: c.state === 'RUNNING' ? 'RUNNING' : 'NEW',
    nodeHttpAddress: web === '' ? '' : `${webScheme(settings)}://${web}`,
    nodeId: c.nodeId,
    allocatedResources: resourceEntries(c.resource),
    exposedPorts: '',
  };
}
