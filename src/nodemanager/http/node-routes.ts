// YARN's REST API of a node below /ws/v1/node: itself, its applications and containers. Source: YARN's NMWebServices, NodeInfo, AppInfo, ContainerInfo.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { KEYS } from '../../common/config-keys.ts';
import { isApplicationId, isContainerId } from '../../common/ids.ts';
import { answer } from '../../web/answer.ts';
import { Query } from '../../web/query.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { badRequest, notFound } from '../../web/web-error.ts';
import type { Container } from '../core/container-machine.ts';
import type { NodeView } from '../service/node-view.ts';
import { NodeAccess } from './log-access.ts';
import type { NmHttpParts } from './nm-app.ts';

/** What YARN would let containers have of virtual memory. It is not limited here; tools show the figure. Source: yarn.nodemanager.vmem-pmem-ratio. */
const VMEM_RATIO = 2.1;
const BASE = '/ws/v1/node';
/** Exit code of a container that runs. Source: ContainerExitStatus.INVALID. */
const NOT_ENDED = -1000;

export const paramOf = (request: FastifyRequest, name: string): string => (request.params as Record<string, string>)[name] ?? '';

export function nodeRoutes(app: FastifyInstance, parts: NmHttpParts): void {
  const { view } = parts;
  const access = new NodeAccess(view, parts.settings);
  const filters = parts.settings.need(KEYS.filterByUser);
  const startedAtMs = view.nowMs() - Math.floor(process.uptime() * 1000);
  for (const path of [BASE, `${BASE}/info`])
    app.get(path, (request, reply) => answer(request, reply, { nodeInfo: nodeInfo(view, startedAtMs) }));
  app.get(`${BASE}/apps`, async (request, reply) => {
    const query = new Query(request);
    const [state, user] = [query.text('state')?.toUpperCase(), query.text('user')];
    const all = appsOf(view);
    const hidden = filters
      ? await access.hidden(
          request.webUser,
          all.map((a) => a.id),
        )
      : new Set();
    const apps = all.filter(
      (a) => !hidden.has(a.id) && (state === undefined || a.state === state) && (user === undefined || a.user === user),
    );
    return answer(request, reply, { apps: apps.length === 0 ? {} : { app: apps } });
  });
  app.get(`${BASE}/apps/:appId`, (request, reply) => {
    const id = paramOf(request, 'appId');
    if (!isApplicationId(id))
      throw badRequest(`Invalid ApplicationId prefix: ${id}. The valid ApplicationId should start with prefix application`);
    const found = appsOf(view).find((a) => a.id === id);
    if (found === undefined) throw notFound(`app with id ${id} not found`);
    return answer(request, reply, { app: found });
  });
  app.get(`${BASE}/containers`, async (request, reply) => {
    const all = view.containers();
    const hidden = await access.hidden(
      request.webUser,
      all.map((c) => c.applicationId),
    );
    const shown = filters ? all.filter((c) => !hidden.has(c.applicationId)) : all;
    const containers = await Promise.all(shown.map((c) => containerInfo(parts, c, !hidden.has(c.applicationId))));
    return answer(request, reply, { containers: containers.length === 0 ? {} : { container: containers } });
  });
  app.get(`${BASE}/containers/:containerId`, async (request, reply) => {
    const container = containerNamed(view, paramOf(request, 'containerId'));
    const hidden = await access.hidden(request.webUser, [container.applicationId]);
    return answer(request, reply, { container: await containerInfo(parts, container, hidden.size === 0) });
  });
  app.get(`${BASE}/auxiliaryservices`, (request, reply) => {
    const services = view.auxServices.map((name) => ({ name, version: view.version, startTime: new Date(startedAtMs).toISOString() }));
    return answer(request, reply, { services: services.length === 0 ? {} : { service: services } });
  });
}

/** @throws WebError 400, 404 */
function containerNamed(view: NodeView, id: string): Container {
  if (!isContainerId(id)) throw badRequest(`Invalid container id, ${id}`);
  const found = view.containers().find((c) => c.id === id);
  if (found === undefined) throw notFound(`container with id, ${id}, not found`);
  return found;
}

/** Source: ApplicationState: RUNNING while anything of it lives here. */
function appsOf(view: NodeView) {
  return [...Map.groupBy(view.containers(), (c) => c.applicationId)].map(([id, containers]) => ({
    id,
    state: containers.some((c) => !('finishedAtMs' in c)) ? 'RUNNING' : 'FINISHING_CONTAINERS_WAIT',
    user: containers[0]!.user,
    containerids: containers.map((c) => c.id),
  }));
}

/** @param mayView false: what anybody may know of it, as of an application in the ResourceManager's lists */
async function containerInfo({ view, hostPort, settings }: NmHttpParts, c: Container, mayView: boolean) {
  const ended = 'finishedAtMs' in c ? c.end : undefined;
  return {
    id: c.id,
    state: c.tag,
    exitCode: ended?.exitStatus ?? NOT_ENDED,
    diagnostics: mayView ? (ended?.diagnostics ?? ('end' in c ? c.end.diagnostics : '')) : 'N/A',
    user: c.user,
    totalMemoryNeededMB: c.resource.memoryMb,
    totalVCoresNeeded: c.resource.vcores,
    executionType: 'GUARANTEED',
    containerLogsLink: `${webScheme(settings)}://${hostPort}/node/containerlogs/${c.id}/${encodeURIComponent(c.user)}`,
    nodeId: view.nodeId,
    containerLogFiles: mayView ? (await view.logs.ofContainer(c.id)).map(({ name }) => name) : [],
  };
}

function nodeInfo(view: NodeView, startedAtMs: number) {
  const { version, capacity } = view;
  const { healthy, healthReport } = view.health();
  const build = `${version} from emberloom`;
  return {
    healthReport,
    totalVmemAllocatedContainersMB: Math.floor(capacity.memoryMb * VMEM_RATIO),
    totalPmemAllocatedContainersMB: capacity.memoryMb,
    totalVCoresAllocatedContainers: capacity.vcores,
    vmemCheckEnabled: false,
    pmemCheckEnabled: view.checksMemory,
    lastNodeUpdateTime: view.nowMs(),
    resourceTypes: ['memory-mb (unit=Mi)', 'vcores', ...Object.keys(capacity.others ?? {})].join(', '),
    nodeHealthy: healthy,
    nodeManagerVersion: version,
    nodeManagerBuildVersion: build,
    nodeManagerVersionBuiltOn: '',
    hadoopVersion: version,
    hadoopBuildVersion: build,
    hadoopVersionBuiltOn: '',
    id: view.nodeId,
    nodeHostName: view.host,
    nmStartupTime: startedAtMs,
  };
}
