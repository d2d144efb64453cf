// Whether this node is well: its disks (disk-health.ts) and what the operator's script says (health-script.ts). Unwell it gets no new containers;
// what runs goes on. Source: YARN's NodeHealthCheckerService, which joins the reports in the same way.
import { KEYS } from '../../common/config-keys.ts';
import type { Logger, Timers } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { DiskHealth, type Dirs, type Health } from './disk-health.ts';
import { HealthScript, type RunCheck } from './health-script.ts';

export type NodeHealthPorts = { readonly timers: Timers; readonly logger: Logger; readonly runCheck: RunCheck };

export class NodeHealth {
  readonly #ports: NodeHealthPorts;
  readonly #disks: DiskHealth;
  readonly #diskCheckMs: number;
  readonly #script: HealthScript | undefined;
  #cancel: (() => void) | undefined;

  constructor(ports: NodeHealthPorts, dirs: Dirs, settings: Settings) {
    this.#ports = ports;
    this.#disks = new DiskHealth(dirs, settings.need(KEYS.diskMaxUsedPercent), {
      minFreeMb: settings.need(KEYS.diskMinFreeMb),
      minHealthyFraction: settings.need(KEYS.diskMinHealthy),
    });
    this.#disks.check();
    this.#diskCheckMs = settings.need(KEYS.diskCheckMs);
    const path = settings.get(KEYS.healthScript);
    if (path === undefined) return;
    this.#script = new HealthScript(
      { run: ports.runCheck, timers: ports.timers, logger: ports.logger },
      {
        path,
        args: settings
          .need(KEYS.healthScriptOpts)
          .split(/\s+/)
          .filter((arg) => arg !== ''),
        intervalMs: settings.need(KEYS.healthIntervalMs),
        timeoutMs: settings.need(KEYS.healthTimeoutMs),
      },
    );
  }

  start(): void {
    const { timers, logger } = this.#ports;
    this.#script?.start();
    this.#cancel = timers.every(
      this.#diskCheckMs,
      () => this.#disks.check() && logger.warn(`Disk health: ${this.#disks.health.healthReport || 'all well again'}`),
    );
  }

  stop(): void {
    this.#cancel?.();
    this.#script?.stop();
  }

  get usable(): Dirs {
    return this.#disks.usable;
  }

  /** What is wrong with the disks, where too few are well. @param look at them now; else as they were at the last look */
  diskFault(look: boolean): string | undefined {
    if (look) this.#disks.check();
    const { healthy, healthReport } = this.#disks.health;
    return healthy ? undefined : healthReport;
  }

  get health(): Health {
    const script = this.#script?.health ?? { healthy: true, healthReport: '' };
    const disks = this.#disks.health;
    return {
      healthy: script.healthy && disks.healthy,
      healthReport: [script.healthReport, disks.healthReport].filter((text) => text !== '').join(' ; '),
    };
  }
}
