// What the tasks of a stage read of shuffles: where each block is, and for one task (TaskInputs) what is fetched before it runs: merged chunks first, then
// what others must serve of the rest; all else is read from local files while it runs. Fetching is shuffle/merged-blocks.ts and shuffle/remote-blocks.ts.
import { FALLBACK_STORAGE, type MapOutput, type MergedPartition, type ShuffleOutputs } from '../../plan/stage-install.ts';
import { MergedBlocks } from '../../shuffle/merged-blocks.ts';
import { type BlockClient, RemoteBlocks } from '../../shuffle/remote-blocks.ts';
import type { ShuffleSettings } from '../../shuffle/shuffle-settings.ts';
import { fetchedWhereTheyLie, inOrder, type LocateOutputs } from '../moved-outputs.ts';
import type { Task } from './running-task.ts';
import { type SpillEnv, spillPlace } from './spill-place.ts';

export type ShuffleReaderEnv = {
  readonly executorId: string;
  readonly host: string;
  readonly conf: ReadonlyMap<string, string>;
  readonly remote: BlockClient;
  /** Where map outputs lie now, when they are not where the stage was told. */
  readonly locate?: LocateOutputs | undefined;
};

export class ShuffleInputs {
  readonly shuffles: ReadonlyMap<number, ShuffleOutputs>;
  /** Something is to be fetched before tasks run. */
  readonly ahead: boolean;
  readonly #env: ShuffleReaderEnv;
  readonly #ownDisk: boolean;
  readonly #merged = new Map<number, ReadonlyMap<number, MergedPartition>>();

  constructor(shuffles: readonly ShuffleOutputs[], env: ShuffleReaderEnv) {
    this.#env = env;
    this.#ownDisk = env.conf.get('spark.shuffle.readHostLocalDisk') !== 'false';
    this.shuffles = new Map(shuffles.map((shuffle) => [shuffle.shuffleId, inOrder(shuffle)]));
    for (const { shuffleId, merged } of shuffles)
      if (merged !== undefined) this.#merged.set(shuffleId, new Map(merged.map((partition) => [partition.reduceId, partition])));
    this.ahead = this.#merged.size > 0 || shuffles.some(({ outputs }) => outputs.some((output) => this.isRemote(output)));
  }

  isRemote({ host, executorId }: MapOutput): boolean {
    return executorId !== this.#env.executorId && executorId !== FALLBACK_STORAGE && !this.isOnOwnDisk(host);
  }

  isOnOwnDisk(host: string): boolean {
    return this.#ownDisk && host === this.#env.host;
  }

  mergedOf(shuffleId: number, partition: number): MergedPartition | undefined {
    return this.#merged.get(shuffleId)?.get(partition);
  }

  get env(): ShuffleReaderEnv {
    return this.#env;
  }
}

export class TaskInputs {
  readonly #inputs: ShuffleInputs;
  readonly #remote = new RemoteBlocks();
  readonly #merged = new MergedBlocks();
  /** Where the blocks are: they may have moved while they were fetched. */
  shuffles: ReadonlyMap<number, ShuffleOutputs>;

  constructor(inputs: ShuffleInputs) {
    this.#inputs = inputs;
    this.shuffles = inputs.shuffles;
  }

  /** @throws AppError FETCH_FAILED, LOCAL_DISK */
  async fetch(
    task: Task,
    reads: readonly { shuffleId: number; partition: number }[],
    settings: ShuffleSettings,
    spills: SpillEnv,
  ): Promise<void> {
    task.cleanUp.push(() => {
      this.#remote.discard();
      this.#merged.discard();
    });
    const { dirs, newName } = spillPlace(spills, task);
    const place = { client: this.#inputs.env.remote, settings, memoryBytes: spills.fetchedBytes, dirs, newName, metrics: task.metrics };
    for (const { shuffleId, partition } of reads) {
      const merged = this.#inputs.mergedOf(shuffleId, partition);
      if (merged !== undefined) await this.#merged.fetch(shuffleId, merged, this.#inputs.isOnOwnDisk(merged.host), place);
    }
    const rest = { ...place, memoryBytes: place.memoryBytes - this.#merged.heldBytes };
    const fetch = (shuffle: ShuffleOutputs, partition: number) => {
      const isWanted = (output: MapOutput) =>
        this.#inputs.isRemote(output) &&
        !this.#merged.has(shuffle.shuffleId, partition, output.mapIndex) &&
        this.#remote.get(output, partition) === undefined;
      return this.#remote.fetch(shuffle, partition, shuffle.outputs.filter(isWanted), rest);
    };
    this.shuffles = await fetchedWhereTheyLie(this.#inputs.shuffles, reads, this.#inputs.env.locate, fetch);
  }

  readonly remote = (output: MapOutput, partition: number): Iterable<Buffer> | undefined => this.#remote.get(output, partition);

  readonly merged = (shuffleId: number, partition: number, mapIndex: number): Iterable<Buffer> | undefined =>
    this.#merged.get(shuffleId, partition, mapIndex);
}
