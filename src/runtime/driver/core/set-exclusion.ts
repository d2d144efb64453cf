// Where the tasks of one task set may not run because they failed there: a task on an executor or host, the whole set on an executor or host.
// What holds for the whole application is health-tracker.ts. Source: Spark's TaskSetExcludelist.

export type ExclusionSettings = {
  /** A task is not tried again on an executor, or a host, after so many failures there. */
  readonly attemptsPerExecutor: number;
  readonly attemptsPerNode: number;
  /** A stage leaves an executor when so many different tasks failed there, a host when so many of its executors were left. */
  readonly stageTasksPerExecutor: number;
  readonly stageExecutorsPerNode: number;
};

/** Failures are noted for the application; the set itself goes anywhere. */
export const NEVER: ExclusionSettings = {
  attemptsPerExecutor: Number.POSITIVE_INFINITY,
  attemptsPerNode: Number.POSITIVE_INFINITY,
  stageTasksPerExecutor: Number.POSITIVE_INFINITY,
  stageExecutorsPerNode: Number.POSITIVE_INFINITY,
};

/** All of spark.excludeOnFailure.*. */
export type ExclusionOptions = {
  /** undefined: spark.excludeOnFailure.taskAndStage.enabled is off. */
  readonly inSet: ExclusionSettings | undefined;
  /** undefined: spark.excludeOnFailure.application.enabled is off. */
  readonly inApplication: { readonly tasksPerExecutor: number; readonly executorsPerNode: number } | undefined;
  readonly timeoutMs: number;
  /** Excluded executors end, and others take their place. */
  readonly killExcluded: boolean;
  /** What a block that can't be fetched excludes. */
  readonly fetchFailure: 'off' | 'executor' | 'node';
  /** So long a set that no executor may run waits for the one that takes an idle one's place. */
  readonly unschedulableMs: number;
};

/** What a failure has led to. */
export type Excluded = { readonly kind: 'executor' | 'node'; readonly id: string; readonly failures: number };

export class SetExclusion {
  readonly #settings: ExclusionSettings;
  /** Executor → task → failures. */
  readonly #failures = new Map<string, Map<number, number>>();
  readonly #hostOf = new Map<string, string>();
  readonly #executors = new Set<string>();
  readonly #hosts = new Set<string>();
  /** The last failure, for the message when nothing is left. */
  latest = '';

  constructor(settings: ExclusionSettings) {
    this.#settings = settings;
  }

  get isEmpty(): boolean {
    return this.#failures.size === 0;
  }

  /** A failure that counts. @returns what the whole stage may not use any more, and might before */
  failed(index: number, executorId: string, host: string, what: string): Excluded[] {
    this.latest = what;
    let tasks = this.#failures.get(executorId);
    if (tasks === undefined) this.#failures.set(executorId, (tasks = new Map()));
    tasks.set(index, (tasks.get(index) ?? 0) + 1);
    this.#hostOf.set(executorId, host);
    const found: Excluded[] = [];
    if (tasks.size < this.#settings.stageTasksPerExecutor || this.#executors.has(executorId)) return found;
    this.#executors.add(executorId);
    found.push({ kind: 'executor', id: executorId, failures: tasks.size });
    const onHost = [...this.#executors].filter((id) => this.#hostOf.get(id) === host).length;
    if (onHost >= this.#settings.stageExecutorsPerNode && !this.#hosts.has(host)) {
      this.#hosts.add(host);
      found.push({ kind: 'node', id: host, failures: onHost });
    }
    return found;
  }

  /** No task of the set may run there. */
  bars(executorId: string, host: string): boolean {
    return this.#executors.has(executorId) || this.#hosts.has(host);
  }

  barsTask(index: number, executorId: string, host: string): boolean {
    if ((this.#failures.get(executorId)?.get(index) ?? 0) >= this.#settings.attemptsPerExecutor) return true;
    let onHost = 0;
    for (const [id, tasks] of this.#failures) if (this.#hostOf.get(id) === host) onHost += tasks.get(index) ?? 0;
    return onHost >= this.#settings.attemptsPerNode;
  }

  /** Different tasks that failed, by executor: what the application learns when the set has succeeded. */
  *failuresByExecutor(): Generator<{ executorId: string; host: string; tasks: number[] }> {
    for (const [executorId, tasks] of this.#failures) yield { executorId, host: this.#hostOf.get(executorId)!, tasks: [...tasks.keys()] };
  }
}
