// What a task of a barrier stage may ask besides TaskContext: to wait until all tasks of its stage are as far, and what they say. The waits
// return promises: a task's function awaits them. Source: Spark's BarrierTaskContext.
import { type RunningTask, runningTask, TaskContext } from './task-context.ts';

export type BarrierTaskInfo = { readonly address: string };

export class BarrierTaskContext extends TaskContext {
  readonly #running: RunningTask;

  private constructor(task: RunningTask) {
    super(task);
    this.#running = task;
  }

  /** The task that this code runs in; undefined in the driver. @throws Error when its stage is no barrier stage */
  static override get(): BarrierTaskContext | undefined {
    const task = runningTask();
    if (task === undefined) return undefined;
    if (task.barrier === undefined) throw new Error('BarrierTaskContext.get: this task is not part of a barrier stage (rdd.barrier())');
    return new BarrierTaskContext(task);
  }

  /** Resolves when every task of the stage has called it as often. @throws AppError BARRIER_FAILED after spark.barrier.sync.timeout */
  async barrier(): Promise<void> {
    await this.#running.barrier!.sync('barrier', '');
  }

  /** As barrier(), and brings what each task said, in the order of the partitions. */
  allGather(message: string): Promise<string[]> {
    return this.#running.barrier!.sync('allGather', message);
  }

  /** Of all tasks of the stage, in the order of the partitions. */
  getTaskInfos(): BarrierTaskInfo[] {
    return this.#running.barrier!.hosts.map((address) => ({ address }));
  }
}
