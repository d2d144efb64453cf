// Where the output of each map task lies, per shuffle, with an epoch that grows when outputs are lost: a report of a loss that names
// an older epoch than the output's own is old news. Source: Spark's MapOutputTrackerMaster, ShuffleStatus.
import { invariant } from '../../../common/invariant.ts';
import type { MapOutput, MergedPartition, ShuffleOutputs } from '../../plan/stage-install.ts';

type Shuffle = {
  readonly outputs: (MapOutput | undefined)[];
  readonly epochOf: number[];
  missing: number;
  /** Push-based shuffle: what services merged of it. */
  merged?: readonly MergedPartition[];
};

export class MapOutputTracker {
  readonly #shuffles = new Map<number, Shuffle>();
  #epoch = 0;

  get epoch(): number {
    return this.#epoch;
  }

  /** Idempotent. */
  registerShuffle(shuffleId: number, mapPartitions: number): void {
    if (this.#shuffles.has(shuffleId)) return;
    this.#shuffles.set(shuffleId, {
      outputs: new Array(mapPartitions).fill(undefined),
      epochOf: new Array(mapPartitions).fill(0),
      missing: mapPartitions,
    });
  }

  register(shuffleId: number, output: MapOutput): void {
    const shuffle = this.#of(shuffleId);
    invariant(output.mapIndex >= 0 && output.mapIndex < shuffle.outputs.length, `map ${output.mapIndex} of shuffle ${shuffleId}`);
    if (shuffle.outputs[output.mapIndex] === undefined) shuffle.missing--;
    shuffle.outputs[output.mapIndex] = output;
    shuffle.epochOf[output.mapIndex] = this.#epoch;
  }

  isKnown(shuffleId: number): boolean {
    return this.#shuffles.has(shuffleId);
  }

  has(shuffleId: number, mapIndex: number): boolean {
    return this.#of(shuffleId).outputs[mapIndex] !== undefined;
  }

  isComplete(shuffleId: number): boolean {
    return this.#of(shuffleId).missing === 0;
  }

  /** Map partitions without output, ascending. */
  missing(shuffleId: number): number[] {
    const { outputs, missing } = this.#of(shuffleId);
    if (missing === 0) return [];
    return outputs.flatMap((output, index) => (output === undefined ? [index] : []));
  }

  outputs(shuffleId: number): ShuffleOutputs {
    const { outputs, merged } = this.#of(shuffleId);
    return { shuffleId, epoch: this.#epoch, outputs: outputs.filter((o) => o !== undefined), ...(merged !== undefined && { merged }) };
  }

  /** Of all its outputs. O(map × reduce partitions). */
  bytes(shuffleId: number): number {
    let sum = 0;
    for (const output of this.#of(shuffleId).outputs) for (const bytes of output?.bytes ?? []) sum += bytes;
    return sum;
  }

  /** Stays, also when map outputs are lost: it is read instead of them. */
  registerMerged(shuffleId: number, merged: readonly MergedPartition[]): void {
    const shuffle = this.#shuffles.get(shuffleId);
    if (shuffle !== undefined && merged.length > 0) shuffle.merged = merged;
  }

  /**
   * A reader could not have one output.
   * @param epoch what the reader knew: an output that was made after it is not the one that failed
   * @returns whether something was forgotten
   */
  lost(shuffleId: number, mapIndex: number, epoch: number): boolean {
    const shuffle = this.#shuffles.get(shuffleId);
    if (shuffle === undefined || shuffle.outputs[mapIndex] === undefined || shuffle.epochOf[mapIndex]! > epoch) return false;
    this.#forget(shuffle, mapIndex);
    this.#epoch++;
    return true;
  }

  /**
   * A reader could not have one output, and it is not the first such report in a row: others beside it are likely gone too.
   * @param executorId whose outputs of this shuffle; undefined: everybody's
   */
  lostBeside(shuffleId: number, executorId: string | undefined, epoch: number): boolean {
    const shuffle = this.#shuffles.get(shuffleId);
    if (shuffle === undefined) return false;
    const before = shuffle.missing;
    shuffle.outputs.forEach((output, index) => {
      if (output === undefined || shuffle.epochOf[index]! > epoch) return;
      if (executorId === undefined || output.executorId === executorId) this.#forget(shuffle, index);
    });
    if (shuffle.missing === before) return false;
    this.#epoch++;
    return true;
  }

  /** Everything that `gone` says is unreachable. @returns the shuffles that lost outputs */
  lostWhere(gone: (output: MapOutput) => boolean): number[] {
    const hit: number[] = [];
    for (const [shuffleId, shuffle] of this.#shuffles) {
      let some = false;
      shuffle.outputs.forEach((output, index) => {
        if (output === undefined || !gone(output)) return;
        this.#forget(shuffle, index);
        some = true;
      });
      if (some) hit.push(shuffleId);
    }
    if (hit.length > 0) this.#epoch++;
    return hit;
  }

  /** Outputs keep their files when the process that wrote them ends; another executor of the host serves them from now on. */
  moveServer(from: string, toExecutorId: string, toAddress: string): void {
    for (const [, shuffle] of this.#shuffles) {
      shuffle.outputs.forEach((output, index) => {
        if (output?.executorId === from) shuffle.outputs[index] = { ...output, executorId: toExecutorId, blockAddress: toAddress };
      });
    }
  }

  /** What is known of one map task's output now. */
  at(shuffleId: number, mapIndex: number): MapOutput | undefined {
    return this.#shuffles.get(shuffleId)?.outputs[mapIndex];
  }

  /** Every known output that is `wanted`. O(outputs). */
  where(wanted: (output: MapOutput) => boolean): { shuffleId: number; output: MapOutput }[] {
    const found: { shuffleId: number; output: MapOutput }[] = [];
    for (const [shuffleId, { outputs }] of this.#shuffles)
      for (const output of outputs) if (output !== undefined && wanted(output)) found.push({ shuffleId, output });
    return found;
  }

  /**
   * An output lies elsewhere from now on. Who was told the old place and fails there reports old news.
   * @returns false: meanwhile it is another task's, lies elsewhere already, or was given up. Source: MapOutputTracker.updateMapOutput
   */
  moved(shuffleId: number, from: MapOutput, to: MapOutput): boolean {
    const shuffle = this.#shuffles.get(shuffleId);
    const known = shuffle?.outputs[from.mapIndex];
    if (shuffle === undefined || known?.mapTaskId !== from.mapTaskId || known.file !== from.file) return false;
    shuffle.outputs[from.mapIndex] = to;
    shuffle.epochOf[from.mapIndex] = ++this.#epoch;
    return true;
  }

  /** Whether a reader who knew this epoch knew another place, or another task's output. */
  changedSince(shuffleId: number, mapIndex: number, epoch: number): boolean {
    const shuffle = this.#shuffles.get(shuffleId);
    return shuffle?.outputs[mapIndex] !== undefined && shuffle.epochOf[mapIndex]! > epoch;
  }

  /** Shuffles of which the executor has outputs. O(outputs). */
  shufflesOf(executorId: string): number[] {
    return [...this.#shuffles]
      .filter(([, { outputs }]) => outputs.some((output) => output?.executorId === executorId))
      .map(([shuffleId]) => shuffleId);
  }

  /** @returns what lay where; undefined: it was not known */
  unregister(shuffleId: number): MapOutput[] | undefined {
    const outputs = this.#shuffles.get(shuffleId)?.outputs.filter((output) => output !== undefined);
    this.#shuffles.delete(shuffleId);
    return outputs;
  }

  #forget(shuffle: Shuffle, mapIndex: number): void {
    shuffle.outputs[mapIndex] = undefined;
    shuffle.missing++;
  }

  #of(shuffleId: number): Shuffle {
    const shuffle = this.#shuffles.get(shuffleId);
    invariant(shuffle, `shuffle ${shuffleId} is not registered`);
    return shuffle;
  }
}
