// Executors and hosts that the application does not use for a time, because tasks of several stages failed there. It learns from task sets
// that succeeded in the end: then it was not the program. Within one set it is set-exclusion.ts. Source: Spark's HealthTracker.
import type { Excluded, SetExclusion } from './set-exclusion.ts';

export type HealthSettings = {
  readonly tasksPerExecutor: number;
  readonly executorsPerNode: number;
  readonly timeoutMs: number;
};

type Failure = { readonly stageId: number; readonly stageAttempt: number; readonly index: number; readonly expiresAtMs: number };

export class HealthTracker {
  readonly #settings: HealthSettings;
  readonly #failures = new Map<string, Failure[]>();
  readonly #executors = new Map<string, { host: string; untilMs: number }>();
  readonly #hosts = new Map<string, number>();

  constructor(settings: HealthSettings) {
    this.#settings = settings;
  }

  get isEmpty(): boolean {
    return this.#executors.size === 0 && this.#hosts.size === 0;
  }

  bars(executorId: string, host: string): boolean {
    return this.#executors.has(executorId) || this.#hosts.has(host);
  }

  /** A task set has succeeded. @returns what is excluded from now on */
  setSucceeded({ stageId, stageAttempt }: { stageId: number; stageAttempt: number }, of: SetExclusion, nowMs: number): Excluded[] {
    const found: Excluded[] = [];
    for (const { executorId, host, tasks } of of.failuresByExecutor()) {
      const expiresAtMs = nowMs + this.#settings.timeoutMs;
      const fresh = tasks.map((index): Failure => ({ stageId, stageAttempt, index, expiresAtMs }));
      const kept = [...(this.#failures.get(executorId) ?? []).filter((failure) => failure.expiresAtMs > nowMs), ...fresh];
      this.#failures.set(executorId, kept);
      if (kept.length >= this.#settings.tasksPerExecutor) found.push(...this.#exclude(executorId, host, kept.length, nowMs));
    }
    return found;
  }

  /** spark.excludeOnFailure.application.fetchFailure.enabled: one is enough. @param wholeNode its blocks come from the host's shuffle service */
  fetchFailed(executorId: string, host: string | undefined, wholeNode: boolean, nowMs: number): Excluded[] {
    if (!wholeNode) return this.#exclude(executorId, host ?? '', 1, nowMs);
    if (host === undefined || this.#hosts.has(host)) return [];
    this.#hosts.set(host, nowMs + this.#settings.timeoutMs);
    return [{ kind: 'node', id: host, failures: 1 }];
  }

  /** @returns what may be used again */
  expire(nowMs: number): Excluded[] {
    const found: Excluded[] = [];
    for (const [id, { untilMs }] of this.#executors)
      if (untilMs <= nowMs && this.#executors.delete(id)) found.push({ kind: 'executor', id, failures: 0 });
    for (const [id, untilMs] of this.#hosts) if (untilMs <= nowMs && this.#hosts.delete(id)) found.push({ kind: 'node', id, failures: 0 });
    return found;
  }

  #exclude(executorId: string, host: string, failures: number, nowMs: number): Excluded[] {
    if (this.#executors.has(executorId)) return [];
    const untilMs = nowMs + this.#settings.timeoutMs;
    this.#executors.set(executorId, { host, untilMs });
    this.#failures.delete(executorId);
    const found: Excluded[] = [{ kind: 'executor', id: executorId, failures }];
    const onHost = [...this.#executors.values()].filter((other) => other.host === host).length;
    if (host !== '' && onHost >= this.#settings.executorsPerNode && !this.#hosts.has(host)) {
      this.#hosts.set(host, untilMs);
      found.push({ kind: 'node', id: host, failures: onHost });
    }
    return found;
  }
}
