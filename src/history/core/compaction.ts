// Which parts of a rolled log are compacted, and which of their events stay: what concerns ended jobs, ended SQL executions and executors that
// are gone is dropped, everything else stays as it is. Pure; files are service/compactor.ts.
// Source: Spark's EventLogFileCompactor, BasicEventFilterBuilder, SQLEventFilterBuilder.

export type CompactionLimits = {
  /** Newest parts that are left alone. Above 0. */
  readonly maxFilesToRetain: number;
  /** 0 to 1: the share of tasks that must be over before rewriting is worth it. */
  readonly scoreThreshold: number;
};

/** @param parts in order, a compacted one at most and first @returns the oldest ones; empty: not enough, or only what is compacted already */
export function partsToCompact<P extends { readonly path: string }>(parts: readonly P[], maxFilesToRetain: number): readonly P[] {
  const ordinary = parts.length - (parts[0]?.path.endsWith('.compact') ? 1 : 0);
  return ordinary > maxFilesToRetain ? parts.slice(0, parts.length - maxFilesToRetain) : [];
}

type Json = Record<string, unknown>;
const SQL_EXECUTION = 'spark.sql.execution.id';
/** SQL events are named by their class. */
const shortName = (name: unknown): string => String(name).replace(/^org\.apache\.spark\..*\./, '');
const inner = (json: Json, name: string): Json => (json[name] ?? {}) as Json;
const stageOf = (json: Json): number => inner(json, 'Stage Info')['Stage ID'] as number;
const taskOf = (json: Json): number => inner(json, 'Task Info')['Task ID'] as number;
const executorOf = (json: Json): string => String(json['Executor ID'] ?? json['executorId']);

/** Learns all events of the parts first, then says of each whether it stays. Holds the ids of tasks of jobs that run. */
export class CompactionFilter {
  readonly #stagesOfJob = new Map<number, readonly number[]>();
  /** Of a job that runs, or begun after their job's end. */
  readonly #tasksOfStage = new Map<number, Set<number>>();
  readonly #rddsOfStage = new Map<number, readonly number[]>();
  readonly #executors = new Set<string>();
  readonly #goneExecutors = new Set<string>();
  /** SQL executions that run, with their jobs: ended jobs of theirs stay, since the execution's page shows them. */
  readonly #jobsOfExecution = new Map<number, Set<number>>();
  readonly #endedJobsOfExecution = new Map<number, readonly number[]>();
  #tasks = 0;
  #kept: { stages: ReadonlySet<number>; rdds: ReadonlySet<number> } | undefined;

  learn(json: Json): void {
    switch (shortName(json['Event'])) {
      case 'SparkListenerJobStart':
        return this.#jobStarted(json);
      case 'SparkListenerJobEnd':
        return this.#jobEnded(json['Job ID'] as number);
      case 'SparkListenerStageSubmitted': {
        const rdds = (inner(json, 'Stage Info')['RDD Info'] ?? []) as Json[];
        this.#rddsOfStage.set(
          stageOf(json),
          rdds.map((rdd) => rdd['RDD ID'] as number),
        );
        return;
      }
      case 'SparkListenerTaskStart': {
        this.#tasks++;
        const stageId = json['Stage ID'] as number;
        const tasks = this.#tasksOfStage.get(stageId);
        if (tasks === undefined) this.#tasksOfStage.set(stageId, new Set([taskOf(json)]));
        else tasks.add(taskOf(json));
        return;
      }
      case 'SparkListenerExecutorAdded':
        this.#executors.add(executorOf(json));
        this.#goneExecutors.delete(executorOf(json));
        return;
      case 'SparkListenerExecutorRemoved':
        this.#executors.delete(executorOf(json));
        this.#goneExecutors.add(executorOf(json));
        return;
      case 'SparkListenerSQLExecutionStart':
        this.#jobsOfExecution.set(json['executionId'] as number, new Set());
        return;
      case 'SparkListenerSQLExecutionEnd':
        this.#executionEnded(json['executionId'] as number);
        return;
    }
  }

  #jobStarted(json: Json): void {
    const jobId = json['Job ID'] as number;
    this.#stagesOfJob.set(jobId, (json['Stage IDs'] ?? []) as number[]);
    const execution = inner(json, 'Properties')[SQL_EXECUTION];
    if (execution !== undefined) this.#jobsOfExecution.get(Number(execution))?.add(jobId);
  }

  #jobEnded(jobId: number): void {
    const stages = this.#stagesOfJob.get(jobId) ?? [];
    for (const jobs of this.#jobsOfExecution.values()) {
      if (!jobs.has(jobId)) continue;
      this.#endedJobsOfExecution.set(jobId, stages);
      return; // its execution runs: it goes with that one
    }
    this.#forget(jobId, stages);
  }

  #executionEnded(executionId: number): void {
    const jobs = this.#jobsOfExecution.get(executionId) ?? [];
    this.#jobsOfExecution.delete(executionId);
    for (const jobId of jobs) {
      const stages = this.#endedJobsOfExecution.get(jobId);
      if (stages === undefined) continue; // the job goes on without it
      this.#endedJobsOfExecution.delete(jobId);
      this.#forget(jobId, stages);
    }
  }

  /** What another running job shares stays: Spark drops it with the first job's end. */
  #forget(jobId: number, stages: readonly number[]): void {
    this.#stagesOfJob.delete(jobId);
    const shared = new Set([...this.#stagesOfJob.values()].flat());
    for (const stageId of stages) {
      if (shared.has(stageId)) continue;
      this.#tasksOfStage.delete(stageId);
      this.#rddsOfStage.delete(stageId);
    }
  }

  /** The share of tasks that are over. Without tasks: all there is is over. */
  get score(): number {
    let live = 0;
    for (const tasks of this.#tasksOfStage.values()) live += tasks.size;
    return this.#tasks === 0 ? 1 : (this.#tasks - live) / this.#tasks;
  }

  /** After all have been learned. An event that no rule speaks of stays. */
  keeps(json: Json): boolean {
    const kept = (this.#kept ??= {
      stages: new Set([...this.#tasksOfStage.keys(), ...[...this.#stagesOfJob.values()].flat()]),
      rdds: new Set([...this.#rddsOfStage.values()].flat()),
    });
    switch (shortName(json['Event'])) {
      case 'SparkListenerStageSubmitted':
      case 'SparkListenerStageCompleted':
        return kept.stages.has(stageOf(json));
      case 'SparkListenerSpeculativeTaskSubmitted':
        return kept.stages.has(json['stageId'] as number);
      case 'SparkListenerTaskStart':
      case 'SparkListenerTaskGettingResult':
      case 'SparkListenerTaskEnd':
        return this.#hasTask(json['Stage ID'] as number | undefined, taskOf(json));
      case 'SparkListenerJobStart':
      case 'SparkListenerJobEnd':
        return this.#stagesOfJob.has(json['Job ID'] as number);
      case 'SparkListenerUnpersistRDD':
        return kept.rdds.has(json['RDD ID'] as number);
      case 'SparkListenerExecutorMetricsUpdate':
        return ((json['Metrics Updated'] ?? []) as Json[]).some((update) => kept.stages.has(update['Stage ID'] as number));
      case 'SparkListenerExecutorAdded':
      case 'SparkListenerExecutorRemoved':
      case 'SparkListenerExecutorExcluded':
      case 'SparkListenerExecutorUnexcluded':
      case 'SparkListenerExecutorBlacklisted':
      case 'SparkListenerExecutorUnblacklisted':
      case 'SparkListenerStageExecutorMetrics':
        return this.#executors.has(executorOf(json));
      // Spark keeps these, and so shows executors as active that are gone.
      case 'SparkListenerBlockManagerAdded':
      case 'SparkListenerBlockManagerRemoved':
        return !this.#goneExecutors.has(executorOf(inner(json, 'Block Manager ID')));
      case 'SparkListenerSQLExecutionStart':
      case 'SparkListenerSQLAdaptiveExecutionUpdate':
      case 'SparkListenerSQLExecutionEnd':
      case 'SparkListenerDriverAccumUpdates':
        return this.#jobsOfExecution.has(json['executionId'] as number);
      case 'StreamingQueryListener$QueryProgressEvent':
        return false;
      default:
        return true;
    }
  }

  /** @param stageId Spark does not say it when a result is fetched */
  #hasTask(stageId: number | undefined, taskId: number): boolean {
    if (stageId !== undefined) return this.#tasksOfStage.get(stageId)?.has(taskId) ?? false;
    return this.#tasksOfStage.values().some((tasks) => tasks.has(taskId));
  }
}
