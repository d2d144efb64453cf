// Carries out what the core wants done: stages made ready, tasks killed, jobs told of their end, timers, log lines.
// What comes in from slots is task-answers.ts.
import { AppError } from '../../../common/errors.ts';
import { barrierFault } from '../core/barrier.ts';
import { placesOf } from '../core/cached-partitions.ts';
import type { Preference } from '../core/pending-tasks.ts';
import type { DagEffect, Stage } from '../core/stage.ts';
import type { LoopState } from './loop-state.ts';
import type { TaskLauncher } from './task-launcher.ts';

export class EffectRunner {
  readonly #state: LoopState;
  readonly #launcher: TaskLauncher;
  #settling = false;

  constructor(state: LoopState, launcher: TaskLauncher) {
    this.#state = state;
    this.#launcher = launcher;
  }

  /** Until nothing is left to be done; then slots are offered. */
  settle(): void {
    if (this.#settling) return; // an effect's own consequences are taken by the loop below
    this.#settling = true;
    let prepared = false;
    try {
      for (let effects = this.#state.core.drain(); effects.length > 0; effects = this.#state.core.drain()) {
        for (const effect of effects) prepared = this.#carryOut(effect) || prepared;
      }
    } finally {
      this.#settling = false;
    }
    if (prepared) this.#launcher.offerAll();
  }

  /** @returns whether slots are to be offered anew */
  #carryOut(effect: DagEffect): boolean {
    this.#state.events.onEffect(effect);
    switch (effect.tag) {
      case 'prepareTaskSet':
        return this.#prepare(effect.key, effect.stage, effect.attempt);
      case 'endTaskSet':
        this.#state.prepared.delete(effect.key);
        this.#state.ports.setEnded(effect.key);
        for (const [, slot] of this.#state.slots) slot.drop(effect.key);
        return true; // a slot that ran its tasks may have room for another set's
      case 'killTask': {
        const slot = this.#state.slots.get(effect.slot);
        if (slot !== undefined) this.#state.ports.kill(slot, effect.taskId, effect.key, effect.reason, effect.interrupt === true);
        return false;
      }
      case 'replaceExecutor':
        this.#state.ports.replaceExecutor(effect.executorId, effect.reason);
        return false;
      case 'reviewAfter':
        // A timer may fire a little early, and a review that comes early does nothing.
        this.#state.ports.timers.after(effect.afterMs === 0 ? 0 : effect.afterMs + 1, () => {
          this.#state.core.review(this.#state.nowMs());
          this.settle();
        });
        return false;
      case 'exclusion':
      case 'speculativeTask':
        return true;
      case 'jobEnded': {
        const job = this.#state.jobs.get(effect.jobId);
        this.#state.jobs.delete(effect.jobId);
        if (effect.error === undefined) job?.resolve();
        else job?.reject(effect.error);
        return false;
      }
      case 'resubmitAfter':
        this.#state.ports.timers.after(effect.afterMs, () => {
          this.#state.core.resubmit(effect.stageId, this.#state.nowMs());
          this.settle();
        });
        return false;
      case 'finalizeMerge':
        void this.#state.ports.finalizeMerge?.(effect.shuffleId, effect.mergers, effect.awaited).then((merged) => {
          if (!effect.awaited) return;
          this.#state.core.mergeFinalized(effect.shuffleId, merged, this.#state.nowMs());
          this.settle();
        });
        return false;
      case 'mergeTimer':
        this.#state.ports.timers.after(effect.afterMs, () => {
          this.#state.core.mergeTimeUp(effect.shuffleId);
          this.settle();
        });
        return false;
      case 'log':
        this.#state.ports.log.named(effect.name)[effect.level](effect.text);
        return false;
      case 'jobStarted':
      case 'stageSubmitted':
      case 'stageEnded':
        return false; // told to listeners
      default:
        return effect satisfies never;
    }
  }

  #preferencesOf(cachedRdds: readonly number[], partition: number): readonly Preference[] {
    return placesOf(this.#state.cached.holdersOfFirst(cachedRdds, partition), this.#state.ports.hostOf);
  }

  #prepare(key: number, stage: Stage, attempt: number): boolean {
    const set = this.#state.core.tasks.set(key);
    if (set === undefined) return false; // its job ended in the same turn
    try {
      const { tasks, settings } = this.#state.core;
      const { expectedSlots } = tasks;
      const slots = settings.profiles?.rules.dynamic ? undefined : Math.floor(Math.max(expectedSlots, this.#state.slots.size) / set.cpus);
      const fault = stage.barrier ? barrierFault(stage.rdd, set.size, slots) : undefined;
      if (fault !== undefined) throw new AppError('JOB_ABORTED', { reason: fault });
      const prepared = this.#state.ports.prepare(stage, attempt, this.#state.jobs.get(set.spec.jobId)?.action, this.#state.core.outputs);
      this.#state.prepared.set(key, prepared);
      if (prepared.cachedRdds.length > 0) set.prefer((partition) => this.#preferencesOf(prepared.cachedRdds, partition));
      this.#state.ports.log
        .named('TaskSchedulerImpl')
        .info(`Adding task set ${set.name} with ${set.size} tasks resource profile ${set.spec.profileId}`);
      this.#state.core.ready(key);
    } catch (error) {
      this.#state.core.refused(key, error as AppError, this.#state.nowMs());
    }
    return true;
  }
}
