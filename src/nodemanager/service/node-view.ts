// What a NodeManager shows of itself to its web app: read-only, asked for at the moment of a request.
import { KEYS } from '../../common/config-keys.ts';
import type { ContainerId, NodeId } from '../../common/ids.ts';
import type { Clock } from '../../common/ports.ts';
import type { Resource } from '../../common/resource.ts';
import type { Settings } from '../../common/settings.ts';
import type { Container } from '../core/container-machine.ts';
import type { NmCore } from '../core/nm-core.ts';
import { askRights, type AskRightsParts, type Refused, type RightsQuestion } from './ask-rights.ts';
import type { ContainerMonitor, ContainersUsage } from './container-monitor.ts';
import type { Health } from './disk-health.ts';
import type { NodeHealth } from './node-health.ts';
import type { LogsService } from './logs-service.ts';
import { offeredBy } from './node-capacity.ts';

export type NodeView = {
  readonly nodeId: NodeId;
  readonly host: string;
  readonly version: string;
  readonly capacity: Resource;
  readonly checksMemory: boolean;
  readonly auxServices: readonly string[];
  nowMs(): number;
  health(): Health;
  /** All that it knows, ended ones too until the RM has acknowledged them and their folders are swept. */
  containers(): readonly Container[];
  /** Resident memory of its process tree when it was last looked at; undefined: not yet, or nobody looks (pmem-check-enabled). */
  rssBytes(id: ContainerId): number | undefined;
  /** Of all containers. */
  usage(): ContainersUsage;
  readonly logs: LogsService;
  /** Who may view what: the ResourceManager's answer. @throws AppError when it is away */
  rights(question: RightsQuestion): Promise<readonly Refused[]>;
};
type Parts = {
  readonly nodeId: NodeId;
  readonly host: string;
  readonly version: string;
  readonly settings: Settings;
  readonly clock: Clock;
  readonly core: NmCore;
  readonly health: NodeHealth;
  readonly logs: LogsService;
  readonly monitor: ContainerMonitor;
} & Pick<AskRightsParts, 'ask'>;

export const nodeView = ({ nodeId, host, version, settings, clock, core, health, logs, monitor, ask }: Parts): NodeView => ({
  nodeId,
  host,
  version,
  capacity: offeredBy(settings),
  checksMemory: settings.need(KEYS.pmemCheck),
  auxServices: settings.need(KEYS.auxServices),
  nowMs: () => clock.nowMs(),
  health: () => health.health,
  containers: () => [...core.all()],
  rssBytes: (id) => monitor.rssBytes(id),
  usage: () => monitor.usage(),
  logs,
  rights: askRights({ clock, ask }),
});
