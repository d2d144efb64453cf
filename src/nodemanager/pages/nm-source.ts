// The NodeManager's state as its pages ask for it (src/cluster-pages/cluster-source.ts): containers with their resident memory, and their logs.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { logsSource } from '../../cluster-pages/logs-source.ts';
import type { NodeSource } from '../../cluster-pages/cluster-source.ts';
import type { NodeContainerView } from '../../cluster-pages/model/node-page.ts';
import { settingRows } from '../../cluster-pages/model/settings.ts';
import { KEYS } from '../../common/config-keys.ts';
import type { Settings } from '../../common/settings.ts';
import type { WebUser } from '../../web/authenticate.ts';
import { webScheme } from '../../web/web-scheme.ts';
import { NodeAccess } from '../http/log-access.ts';
import { ownLogs } from '../http/own-logs.ts';
import type { Container } from '../core/container-machine.ts';
import type { NodeView } from '../service/node-view.ts';

export type NmPageParts = { readonly view: NodeView; readonly settings: Settings; readonly dataDir: string };

export function nmPageSource({ view, settings, dataDir }: NmPageParts): NodeSource<WebUser> {
  const startedAtMs = view.nowMs() - Math.floor(process.uptime() * 1000);
  const access = new NodeAccess(view, settings);
  return {
    version: view.version,
    facts: () => ({}),
    versions: () => ({ containers: containersVersion(view) }),
    page: async (who) => {
      const containers = view.containers();
      const hidden = await access.hidden(
        who,
        containers.map((c) => c.applicationId),
      );
      const filters = settings.need(KEYS.filterByUser);
      const { healthy, healthReport } = view.health();
      const { nodeId, host, version, capacity, checksMemory } = view;
      const rmHttp = rmAddress(settings, dataDir);
      return {
        node: {
          nowMs: view.nowMs(),
          nodeId,
          host,
          version,
          startedAtMs,
          healthy,
          healthReport,
          capacity,
          rmHttp,
          limitsMemory: checksMemory,
        },
        containers: containers
          .filter((c) => !filters || !hidden.has(c.applicationId))
          .map((c) => containerView(view, c, !hidden.has(c.applicationId))),
      };
    },
    settings: async (who) => {
      await access.mustAdminister(who, 'the settings of this NodeManager');
      return settingRows(settings);
    },
    ...logsSource(ownLogs(view, access)),
  };
}

function containerView(view: NodeView, c: Container, mayView: boolean): NodeContainerView {
  const { id, applicationId, user, tag: state, resource } = c;
  return {
    id,
    applicationId,
    user,
    state,
    memoryMb: resource.memoryMb,
    vcores: resource.vcores,
    rssBytes: view.rssBytes(id),
    pid: 'process' in c ? c.process?.pid : undefined,
    startedAtMs: 'startedAtMs' in c ? c.startedAtMs : 0,
    finishedAtMs: 'finishedAtMs' in c ? c.finishedAtMs : 0,
    exitStatus: 'finishedAtMs' in c ? c.end.exitStatus : undefined,
    diagnostics: 'end' in c ? (mayView ? c.end.diagnostics : 'N/A') : '',
  };
}

function containersVersion(view: NodeView): number {
  let sum = view.health().healthy ? 1 : 2;
  for (const { id, tag } of view.containers()) {
    const megabytes = Math.round((view.rssBytes(id) ?? 0) / 1024 ** 2);
    sum = (Math.imul(sum, 31) + megabytes + tag.charCodeAt(0) * 1024 + tag.length) | 0;
  }
  return sum;
}

/** The ResourceManager on this host says where it is; another host's is where the settings say. '' when neither is known. */
function rmAddress(settings: Settings, dataDir: string): string {
  try {
    return readFileSync(join(dataDir, 'run', 'rm-http'), 'utf8').trim();
  } catch {
    const scheme = webScheme(settings);
    const address = settings.get(scheme === 'https' ? KEYS.rmWebHttpsAddress : KEYS.rmWebAddress) ?? '';
    return /^(127\.|0\.0\.0\.0|localhost|\[?::)|:0$|^$/.test(address) ? '' : `${scheme}://${address}`;
  }
}
