// Keeps the logs of containers in bounds for as long as the NodeManager runs: rolls those of running containers that grow too large
// (roll-logs.ts), has those of ended applications packed (log-archives.ts), removes what is old (log-retention.ts).
import { appLogsDir } from '../../logs/app-logs-dir.ts';
import { KEYS } from '../../common/config-keys.ts';
import type { ApplicationId, ContainerId, NodeId } from '../../common/ids.ts';
import type { Clock, Logger, Timers } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import type { ContainerFolders } from './container-folders.ts';
import { LogArchives } from './log-archives.ts';
import { removeOldLogs } from './log-retention.ts';
import { rollLogs } from './roll-logs.ts';

type Live = { readonly id: ContainerId; readonly applicationId: ApplicationId };
export type KeeperParts = {
  readonly nodeId: NodeId;
  readonly dataDir: string;
  readonly settings: Settings;
  readonly folders: ContainerFolders;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly logger: Logger;
  /** Containers that have not ended. */
  readonly live: () => readonly Live[];
};

const SWEEP_MS = 3_600_000;
const ROLL_LOOK_MS = 5_000;

export class LogKeeper {
  readonly archives: LogArchives;
  readonly #parts: KeeperParts;
  #rolling: Promise<void> | undefined;

  constructor(parts: KeeperParts) {
    const { settings, dataDir, nodeId, clock, logger, folders } = parts;
    const root = appLogsDir(settings, dataDir);
    this.#parts = parts;
    this.archives = new LogArchives({
      nodeId,
      clock,
      logger,
      root: settings.need(KEYS.logAggregation) ? root : undefined,
      logDirsOf: (id) => folders.applicationLogDirs(id),
      settled: async () => this.#rolling,
    });
  }

  /** @returns what stops it */
  start(): () => void {
    const { timers, settings } = this.#parts;
    const cancels = [timers.every(SWEEP_MS, () => void this.#sweep())];
    if (settings.need(KEYS.logRollBytes) > 0) cancels.push(timers.every(ROLL_LOOK_MS, () => void this.roll()));
    void this.#sweep();
    return () => cancels.forEach((cancel) => cancel());
  }

  /** One look at the logs of all running containers. One at a time: a copy of a large file takes its time. */
  roll(): Promise<void> {
    this.#rolling ??= this.#roll().finally(() => {
      this.#rolling = undefined;
    });
    return this.#rolling;
  }

  async #roll(): Promise<void> {
    const { settings, live, folders, logger } = this.#parts;
    const limits = { maxBytes: settings.need(KEYS.logRollBytes), keep: settings.need(KEYS.logRollKeep) };
    for (const container of live()) {
      const rolled = await rollLogs(folders.logDir(container), limits).catch((error: Error) => {
        logger.warn(`Logs of ${container.id} could not be rolled: ${error.message}`);
        return [];
      });
      if (rolled.length > 0) logger.info(`Rolled ${rolled.join(' and ')} of ${container.id}`);
    }
  }

  async #sweep(): Promise<void> {
    const { settings, clock, folders, logger, live } = this.#parts;
    const active = new Set(live().map((c) => c.applicationId));
    await removeOldLogs(folders.logRoots, (id) => active.has(id), clock.nowMs() - settings.need(KEYS.logRetainSec) * 1000, logger);
    const keptSec = settings.need(KEYS.logAggregationRetainSec);
    const removed = keptSec <= 0 ? [] : await this.archives.removeOlder(clock.nowMs() - keptSec * 1000);
    if (removed.length > 0) logger.info(`Removed the old packed logs of ${removed.join(', ')}`);
  }
}
