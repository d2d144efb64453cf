// The operator's own check of a node: a script that is run at intervals; a line of its output that begins with ERROR, or no end in time, make the
// node UNHEALTHY with these words. An exit code alone does not (a script that is broken must not take the cluster down); it is a line in
// the log. Source: YARN's NodeHealthScriptRunner.
import type { Logger, Timers } from '../../common/ports.ts';
import type { Health } from './disk-health.ts';

/** Adapter: platform/run-check.ts. `fault`: it did not start, or ended with an exit code. */
export type RunCheck = (
  path: string,
  args: readonly string[],
  timeoutMs: number,
) => Promise<{ readonly output: string; readonly timedOut: boolean; readonly fault: string | undefined }>;
export type HealthScriptOptions = {
  readonly path: string;
  readonly args: readonly string[];
  readonly intervalMs: number;
  readonly timeoutMs: number;
};
export type HealthScriptPorts = { readonly run: RunCheck; readonly timers: Timers; readonly logger: Logger };

/** What of its output is shown. */
const MOST_CHARACTERS = 2_000;

export class HealthScript {
  readonly #ports: HealthScriptPorts;
  readonly #options: HealthScriptOptions;
  #health: Health = { healthy: true, healthReport: '' };
  #cancel: (() => void) | undefined;
  #stopped = false;

  constructor(ports: HealthScriptPorts, options: HealthScriptOptions) {
    this.#ports = ports;
    this.#options = options;
  }

  get health(): Health {
    return this.#health;
  }

  /** Runs it now, and again an interval after each end. */
  start(): void {
    void this.check().then(() => {
      if (!this.#stopped) this.#cancel = this.#ports.timers.after(this.#options.intervalMs, () => this.start());
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel?.();
  }

  async check(): Promise<void> {
    const { run, logger } = this.#ports;
    const { path, args, timeoutMs } = this.#options;
    const { output, timedOut, fault } = await run(path, args, timeoutMs);
    const said = output.split('\n').filter((line) => line.startsWith('ERROR'));
    const before = this.#health;
    if (timedOut)
      this.#health = { healthy: false, healthReport: `Node health script timed out: ${path} did not end within ${timeoutMs} ms` };
    else if (said.length > 0) this.#health = { healthy: false, healthReport: said.join(' ').slice(0, MOST_CHARACTERS) };
    else this.#health = { healthy: true, healthReport: '' };
    if (fault !== undefined && !timedOut && said.length === 0)
      logger.warn(`The health script ${path} said nothing of an error, and ${fault}`);
    if (before.healthReport !== this.#health.healthReport) logger.warn(`Health script: ${this.#health.healthReport || 'all well again'}`);
  }
}
