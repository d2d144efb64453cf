// The resource profiles of an application: which may be used with its master, which one a stage has, and on whose executors its tasks run.
// Sizes of executors are service/executor-size.ts. Source: Spark's ResourceProfileManager, DAGScheduler.mergeResourceProfilesForStage.
import { AppError } from '../../../common/errors.ts';
import type { RddNode } from '../../plan/lineage.ts';
import { type Amounts, DEFAULT_PROFILE_ID, type StageResources, stageResources } from '../../plan/stage-resources.ts';
import { pipelineOf } from './pipeline.ts';
import { shufflesOf } from './stage.ts';

export type ProfileRules = {
  readonly master: 'local' | 'local-cluster' | 'yarn';
  readonly dynamic: boolean;
  /** spark.task.cpus, and cores of an executor: what a profile does not say. */
  readonly taskCpus: number;
  readonly executorCores: number;
  readonly mergeConflicts: boolean;
};

/** What the scheduler must know of a stage's profile. */
export type StageProfile = {
  readonly id: number;
  /** Cores that each task takes. */
  readonly cpus: number;
  /** Executors of this profile run its tasks. */
  readonly executorProfileId: number;
};

export class ResourceProfiles {
  readonly rules: ProfileRules;
  readonly #added: (profile: StageResources) => void;
  readonly #known = new Map<number, StageResources>();
  readonly #default: StageProfile;

  /** @param added called once for each profile that is used */
  constructor(rules: ProfileRules, added: (profile: StageResources) => void = () => {}) {
    this.rules = rules;
    this.#added = added;
    this.#default = { id: DEFAULT_PROFILE_ID, cpus: rules.taskCpus, executorProfileId: DEFAULT_PROFILE_ID };
  }

  /** @throws AppError BAD_ARGUMENT: not with this master and these settings, or tasks that fit in no executor */
  add(profile: StageResources): void {
    if (this.#known.has(profile.id)) return;
    this.#check(profile);
    this.#added(profile);
    this.#known.set(profile.id, profile);
  }

  get(id: number): StageResources | undefined {
    return this.#known.get(id);
  }

  /** Of the stage that ends in this RDD. @throws AppError BAD_ARGUMENT */
  ofStage(rdd: RddNode): StageProfile {
    if (this.#known.size === 0) return this.#default;
    const found = new Map<number, StageResources>();
    for (const { resources } of pipelineOf(rdd)) if (resources !== undefined) found.set(resources.id, resources);
    const [first, ...others] = found.values();
    if (first === undefined) return this.#default;
    const profile = others.length === 0 ? first : this.#merge(first, others);
    const executorProfileId = this.#runsOnDefault(profile) ? DEFAULT_PROFILE_ID : profile.id;
    return { id: profile.id, cpus: this.#cpus(profile), executorProfileId };
  }

  /** Every stage of the job, before it is submitted. @throws AppError BAD_ARGUMENT */
  checkJob(root: RddNode): void {
    if (this.#known.size === 0) return;
    const ends = new Set([root]);
    for (const end of ends) {
      this.ofStage(end);
      for (const { parent } of shufflesOf(end)) ends.add(parent);
    }
  }

  /** Tasks differ, executors don't: with a fixed number of executors these are all there is. */
  #runsOnDefault({ executorAmounts }: StageResources): boolean {
    return executorAmounts.size === 0 && !this.rules.dynamic;
  }

  #cpus({ taskAmounts }: StageResources): number {
    return taskAmounts.get('cpus') ?? this.rules.taskCpus;
  }

  #check(profile: StageResources): void {
    const { master, dynamic, executorCores } = this.rules;
    if (this.#runsOnDefault(profile)) {
      if (master === 'local')
        throw refused(
          'TaskResourceProfiles are only supported for Standalone, Yarn and Kubernetes cluster for now when dynamic allocation is disabled.',
        );
    } else if (master !== 'yarn' || !dynamic)
      throw refused('ResourceProfiles are only supported on YARN and Kubernetes and Standalone with dynamic allocation enabled.');
    const cores = profile.executorAmounts.get('cores') ?? executorCores;
    const cpus = this.#cpus(profile);
    if (cpus > cores) throw refused(`The number of cores per executor (=${cores}) has to be >= the number of cpus per task = ${cpus}.`);
  }

  /** The most that one of them asks for, of each resource. The same conflict gives the same profile each time. */
  #merge(first: StageResources, others: readonly StageResources[]): StageResources {
    if (!this.rules.mergeConflicts)
      throw refused(
        'Multiple ResourceProfiles specified in the RDDs for this stage, either resolve the conflicting ResourceProfiles yourself or enable ' +
          'spark.scheduler.resource.profileMergeConflicts and understand how Spark handles the merging them.',
      );
    let { executorAmounts, taskAmounts } = first;
    for (const other of others) {
      executorAmounts = most(executorAmounts, other.executorAmounts);
      taskAmounts = most(taskAmounts, other.taskAmounts);
    }
    for (const [, known] of this.#known)
      if (same(known.executorAmounts, executorAmounts) && same(known.taskAmounts, taskAmounts)) return known;
    const merged = stageResources(executorAmounts, taskAmounts);
    this.add(merged);
    return merged;
  }
}

function most(a: Amounts, b: Amounts): Amounts {
  const merged = new Map(a);
  for (const [name, amount] of b) merged.set(name, Math.max(amount, merged.get(name) ?? 0));
  return merged;
}

const same = (a: Amounts, b: Amounts): boolean => a.size === b.size && [...a].every(([name, amount]) => b.get(name) === amount);

const refused = (reason: string): AppError => new AppError('BAD_ARGUMENT', { method: 'withResources', reason });
