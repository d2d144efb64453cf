// What RDDs need from the driver. SparkContext implements it (driver/service/spark-context.ts); tests run stages in the same process.
import type { RddNode, ShuffleDependency } from '../plan/lineage.ts';
import type { ResultAction } from './ops.ts';
import type { RDD } from './rdd.ts';
import type { ResourceProfile } from './resource-profile.ts';

/** A number, bytes of row-codec.ts, or nothing (an action for its effect, an empty partition). */
export type PartitionResult = number | Uint8Array | undefined;

export type OnResult = (index: number, result: PartitionResult) => void;

export type JobOptions = {
  /** `count at job.ts:14` */
  readonly callSite: string;
};

export interface RddContext {
  readonly defaultParallelism: number;
  /** Settings as set; undefined when not. */
  conf(key: string): string | undefined;
  nextRddId(): number;
  nextShuffleId(): number;
  /** `map at job.ts:14`: the method and the first frame outside the engine. */
  callSite(method: string): string;
  /** @throws TaskNotSerializableError (closure/capture.ts), at the transformation */
  checkSerializable(value: unknown, callSite: string): void;
  /** A new shuffle; the driver may note it to clean up. */
  registerShuffle(dependency: ShuffleDependency): void;
  /**
   * Runs the action on some partitions (all: undefined) and hands each answer over as it comes, once.
   * @param onResult `index` counts in `partitions`; throwing from it fails the job
   * @throws AppError of the failed task or stage
   */
  runJob(
    root: RddNode,
    action: ResultAction,
    partitions: readonly number[] | undefined,
    onResult: OnResult,
    options: JobOptions,
  ): Promise<void>;
  /** Where checkpoints go; undefined: not set. */
  getCheckpointDir(): string | undefined;
  /** This RDD is to be cached: it is listed, and cleaned when nobody can reach it. */
  persisted(rdd: RDD<unknown>): void;
  /** Stages will be made with this profile. @throws AppError BAD_ARGUMENT when the master has no executors of its own for it */
  addResourceProfile(profile: ResourceProfile): void;
  /** Drops the cached partitions of an RDD everywhere. @param blocking resolves only when all executors have */
  unpersist(rddId: number, blocking: boolean): Promise<void>;
  /** Relative paths and `file:` URLs → an absolute path. */
  resolvePath(path: string): string;
}
