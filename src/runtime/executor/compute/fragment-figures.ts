// What a task tells of its fragment of SQL: figures of the operators (operator-figures.ts), of what it has read and of what it leaves behind,
// as updates of the accumulators that the fragment names. Without a listener there is none of this.
import type { KernelProfile, QueryOptions } from '../../../common/sql-kernel.ts';
import { ListPart, SumPart } from '../../rdd/accumulators.ts';
import type { FragmentMetrics } from '../../rdd/sql-fragment.ts';
import { figuresOf } from '../../rdd/operator-figures.ts';
import type { Task } from './running-task.ts';

export class FragmentFigures {
  readonly #metrics: FragmentMetrics;
  readonly #task: Task;
  readonly #gathered = new Map<string, number>();
  /** For the kernel's query of the fragment's text. */
  readonly options: QueryOptions;

  constructor(metrics: FragmentMetrics, task: Task) {
    this.#metrics = metrics;
    this.#task = task;
    const beganMs = performance.now();
    this.options = {
      onProfile: (profile) => {
        this.#add(metrics.duration, performance.now() - beganMs);
        this.#profiled(profile);
      },
    };
    task.onCompletion(() => this.#shuffled());
  }

  /** Bytes that came of an input. */
  gathered(input: string, bytes: number): void {
    this.#gathered.set(input, (this.#gathered.get(input) ?? 0) + bytes);
  }

  /** Files of the text's rows. */
  wrote(files: readonly { readonly rows: number; readonly bytes: number }[]): void {
    const { written } = this.#metrics;
    for (const { rows, bytes } of files) {
      this.#add(written?.rows, rows);
      this.#add(written?.bytes, bytes);
    }
  }

  #profiled(profile: KernelProfile): void {
    const { root, profile: whole } = this.#metrics;
    if (root !== undefined) for (const [id, value] of figuresOf(profile, root)) this.#set(id, value);
    if (whole !== undefined) this.#task.accumulator(whole, () => new ListPart()).add(profile);
  }

  /** What the shuffle counted for the task: reads are shared among its inputs by their bytes. */
  #shuffled(): void {
    const { counted } = this.#task;
    if (counted === undefined) return;
    const { written, reads } = this.#metrics;
    this.#add(written?.shuffleBytes, counted.shuffleBytesWritten);
    this.#add(written?.shuffleNs, counted.shuffleWriteTimeNs);
    const all = [...this.#gathered.values()].reduce((sum, bytes) => sum + bytes, 0);
    for (const [input, bytes] of this.#gathered) {
      const ids = reads[input];
      if (ids === undefined || all === 0) continue;
      const share = bytes / all;
      this.#add(ids.localBytes, share * counted.shuffleLocalBytes);
      this.#add(ids.remoteBytes, share * counted.shuffleRemoteBytes);
      this.#add(ids.waitMs, share * counted.shuffleFetchWaitTime);
    }
  }

  #add(id: number | undefined, value: number): void {
    if (id !== undefined && value > 0) this.#set(id, Math.round(value));
  }

  #set(id: number, value: number): void {
    this.#task.accumulator(id, () => new SumPart()).add(value);
  }
}
