// How large an executor is: of the settings, or of a resource profile. Its container has room for all memory of it. Used by yarn-backend.ts.
// Source: Spark's ResourceProfile.getResourcesForClusterManager. Spark keeps the default executor's overhead for a profile with more memory;
// here 10 % are of the profile's own memory.
import { parseValue } from '../../../common/key.ts';
import { type Others, type Resource, resource } from '../../../common/resource.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { DEFAULT_PROFILE_ID, type StageResources } from '../../plan/stage-resources.ts';
import type { SparkConf } from './spark-conf.ts';

const MIN_OVERHEAD_MB = 384;
const OVERHEAD_FACTOR = 0.1;

/** overheadMb: of the container, beside memoryMb; off-heap memory is in it. */
export type ExecutorSize = { readonly cores: number; readonly memoryMb: number; readonly overheadMb: number };

/** Of the settings. */
export function defaultSize(conf: SparkConf): ExecutorSize {
  const memoryMb = conf.read(SPARK_KEYS.executorMemory)!;
  const offHeapMb = Math.ceil(conf.read(SPARK_KEYS.offHeapSize)! / 1024 ** 2);
  return { cores: conf.read(SPARK_KEYS.executorCores)!, memoryMb, overheadMb: overheadOf(conf, memoryMb, offHeapMb) };
}

/** @param offHeapMb as Spark on YARN, the container has room for it, too */
function overheadOf(conf: SparkConf, memoryMb: number, offHeapMb: number, said?: number): number {
  const set = said ?? conf.read(SPARK_KEYS.executorMemoryOverhead);
  return (
    (set ?? Math.max(MIN_OVERHEAD_MB, Math.floor(memoryMb * OVERHEAD_FACTOR))) + (conf.read(SPARK_KEYS.offHeapEnabled) ? offHeapMb : 0)
  );
}

/** Of the settings spark.yarn.executor.resource.<name>.amount. @throws AppError CONFIG_BAD_VALUE */
function othersOf(conf: SparkConf): Others {
  const [prefix = '', suffix = ''] = SPARK_KEYS.executorResource.name.split('<name>');
  const ours = conf.getAll().filter(([name]) => name.startsWith(prefix) && name.endsWith(suffix));
  return Object.fromEntries(
    ours.map(([name, value]) => [name.slice(prefix.length, -suffix.length), parseValue(SPARK_KEYS.executorResource, value, name)]),
  );
}

/** Sizes by profile; what one does not say is as in the default one. */
export class ExecutorSizes {
  readonly #conf: SparkConf;
  readonly #sizes = new Map<number, ExecutorSize>();
  readonly #slots = new Map<number, number>();
  readonly #others: Others;

  constructor(conf: SparkConf, size: ExecutorSize) {
    this.#conf = conf;
    this.#others = othersOf(conf);
    this.#sizes.set(DEFAULT_PROFILE_ID, size);
    this.#slots.set(DEFAULT_PROFILE_ID, slotsOf(size.cores, conf.read(SPARK_KEYS.taskCpus)!));
  }

  add({ id, executorAmounts, taskAmounts }: StageResources): void {
    const standard = this.of(DEFAULT_PROFILE_ID);
    const cores = executorAmounts.get('cores') ?? standard.cores;
    const memoryMb = executorAmounts.get('memory') ?? standard.memoryMb;
    const offHeapMb = executorAmounts.get('offHeap') ?? Math.ceil(this.#conf.read(SPARK_KEYS.offHeapSize)! / 1024 ** 2);
    const overheadMb = overheadOf(this.#conf, memoryMb, offHeapMb, executorAmounts.get('memoryOverhead'));
    this.#sizes.set(id, { cores, memoryMb, overheadMb });
    this.#slots.set(id, slotsOf(cores, taskAmounts.get('cpus') ?? this.#conf.read(SPARK_KEYS.taskCpus)!));
  }

  of(profileId: number): ExecutorSize {
    return this.#sizes.get(profileId)!;
  }

  /** What its executors' containers are asked with. */
  container(profileId: number): Resource {
    const { cores, memoryMb, overheadMb } = this.of(profileId);
    return resource(memoryMb + overheadMb, cores, profileId === DEFAULT_PROFILE_ID ? this.#others : undefined);
  }

  get containers(): Resource[] {
    return [...this.#sizes.keys()].map((id) => this.container(id));
  }

  /** Tasks that an executor runs at once. */
  slotsOf(profileId: number): number {
    return this.#slots.get(profileId)!;
  }
}

const slotsOf = (cores: number, taskCpus: number): number => Math.max(1, Math.floor(cores / taskCpus));
