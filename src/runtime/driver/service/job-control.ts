// The part of SparkContext that says how the next jobs run (group, tags, pool, other local properties) and ends jobs that run. Names and
// behaviour are Spark's. SparkContext extends it.
import type { RareEvent } from '../../../status/events.ts';
import { DESCRIPTION, GROUP, INTERRUPT, TAGS, tagsIn } from '../core/job-properties.ts';
import { ExecutorRequests } from './executor-requests.ts';
import type { SparkListener } from './spark-listener.ts';
import { LocalProperties } from './local-properties.ts';

export abstract class JobControl extends ExecutorRequests {
  /** @internal */
  protected readonly jobProperties = new LocalProperties();
  #nextAccumulatorId = 0;

  /** @internal Of this application; SQL's metrics have theirs from here too. */
  newAccumulatorId(): number {
    return this.#nextAccumulatorId++;
  }

  /** @internal Whether anybody hears of events, and a door for those that are not the scheduler's: SQL's. */
  get hasListeners(): boolean {
    return this.driver.bus.active;
  }

  /** @internal */
  postEvent(event: RareEvent): void {
    this.driver.bus.post(event);
  }

  /** @internal Work of the driver without jobs (SQL in its kernel), which ends as jobs of this flow do. @returns to be called at its end */
  beginOwnWork(cancel: (reason: string) => void): () => void {
    return this.driver.ownWork.begin({ properties: this.jobProperties.all, cancel });
  }

  /** What happens in the application, to a program's own listener; Spark's method names. */
  addSparkListener(listener: SparkListener): void {
    this.driver.listeners.add(listener);
  }

  removeSparkListener(listener: SparkListener): void {
    this.driver.listeners.remove(listener);
  }

  /** @param value null or undefined takes the property away */
  setLocalProperty(key: string, value: string | null | undefined): void {
    this.jobProperties.set({ [key]: value ?? undefined });
  }

  getLocalProperty(key: string): string | undefined {
    return this.jobProperties.get(key);
  }

  setJobGroup(groupId: string, description: string, interruptOnCancel = false): void {
    this.jobProperties.set({ [GROUP]: groupId, [DESCRIPTION]: description, [INTERRUPT]: String(interruptOnCancel) });
  }

  setJobDescription(description: string | undefined): void {
    this.jobProperties.set({ [DESCRIPTION]: description });
  }

  clearJobGroup(): void {
    this.jobProperties.set({ [GROUP]: undefined, [DESCRIPTION]: undefined, [INTERRUPT]: undefined });
  }

  /** Cancelled jobs of this flow end their workers at once, without the time that a task has to notice. */
  setInterruptOnCancel(interruptOnCancel: boolean): void {
    this.jobProperties.set({ [INTERRUPT]: String(interruptOnCancel) });
  }

  /** @throws Error for an empty tag, or one with a comma */
  addJobTag(tag: string): void {
    checkTag(tag);
    this.#setTags(new Set([...this.getJobTags(), tag]));
  }

  removeJobTag(tag: string): void {
    checkTag(tag);
    const tags = this.getJobTags();
    tags.delete(tag);
    this.#setTags(tags);
  }

  getJobTags(): Set<string> {
    return new Set(tagsIn(this.jobProperties.all));
  }

  clearJobTags(): void {
    this.#setTags(new Set());
  }

  cancelJobGroup(groupId: string, reason = `part of cancelled job group ${groupId}`): void {
    this.driver.cancelWhere((job) => job.properties.get(GROUP) === groupId, reason);
  }

  /** Jobs of the group that are submitted later end before they begin, too. */
  cancelJobGroupAndFutureJobs(groupId: string, reason = `part of cancelled job group ${groupId}`): void {
    this.driver.ownWork.refuseGroup(groupId);
    this.cancelJobGroup(groupId, reason);
  }

  cancelJobsWithTag(tag: string, reason = `part of cancelled job tags ${tag}`): void {
    checkTag(tag);
    this.driver.cancelWhere((job) => tagsIn(job.properties).includes(tag), reason);
  }

  cancelJob(jobId: number, reason = ''): void {
    this.driver.loop.cancel(jobId, reason);
  }

  /** Ends every job that needs the stage. */
  cancelStage(stageId: number, reason?: string): void {
    this.driver.loop.cancelStage(stageId, reason);
  }

  /**
   * Ends one attempt of a task. It counts as killed, not as failed, and runs again.
   * @returns false when no such attempt runs
   */
  killTaskAttempt(taskId: number, reason = 'killed via SparkContext.killTaskAttempt'): boolean {
    return this.driver.loop.killTaskAttempt(taskId, reason);
  }

  cancelAllJobs(reason = 'as part of cancellation of all jobs'): void {
    this.driver.cancelWhere(() => true, reason);
  }

  #setTags(tags: ReadonlySet<string>): void {
    this.jobProperties.set({ [TAGS]: tags.size === 0 ? undefined : [...tags].join(',') });
  }
}

function checkTag(tag: string): void {
  if (tag === '') throw new Error('Spark job tag cannot be an empty string.');
  if (tag.includes(',')) throw new Error("Spark job tag cannot contain ','.");
}
