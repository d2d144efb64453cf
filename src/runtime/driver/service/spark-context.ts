// SparkContext: the program's connection to its application. Names and behaviour are Spark's; what can wait for an answer returns a promise.
// It implements what RDDs need of the driver (rdd/context.ts). The machinery is driver.ts.
import { isAbsolute, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { AppError } from '../../../common/errors.ts';
import type { LogLevel } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { checkSerializable } from '../../closure/capture.ts';
import type { RddNode, ShuffleDependency } from '../../plan/lineage.ts';
import {
  type AccumulatorKind,
  type AnyAccumulator,
  type CollectionAccumulator,
  type DoubleAccumulator,
  type LongAccumulator,
  makeAccumulator,
} from '../../rdd/accumulators.ts';
import type { Broadcast } from '../../rdd/broadcast.ts';
import type { JobOptions, PartitionResult, RddContext } from '../../rdd/context.ts';
import { someCheckpointWaits } from '../../rdd/checkpoint.ts';
import type { ResultAction } from '../../rdd/ops.ts';
import type { Row } from '../../rdd/inference.ts';
import type { RDD } from '../../rdd/rdd.ts';
import * as sources from '../../rdd/sources.ts';
import { userFrames } from '../../../common/user-frames.ts';
import { callSite } from './call-site.ts';
import type { Ending } from './cluster-manager.ts';
import { Driver } from './driver.ts';
import type { DriverHost } from './driver-host.ts';
import { JobControl } from './job-control.ts';
import type { RDDStorageInfo } from './persistent-rdds.ts';
import { holdProcess } from './hold-process.ts';
import { SparkConf } from './spark-conf.ts';
import { StatusTracker } from './status-tracker.ts';

const LEVELS: readonly string[] = ['ALL', 'DEBUG', 'ERROR', 'FATAL', 'INFO', 'OFF', 'TRACE', 'WARN'];
const SUCCEEDED: Ending = { finalStatus: 'SUCCEEDED', diagnostics: '', exitCode: 0 };

let makeHost: () => DriverHost;
/** session.ts says where contexts live: this file must not choose adapters. */
export function setDriverHost(make: () => DriverHost): void {
  makeHost = make;
}

export class SparkContext extends JobControl implements RddContext {
  static #active: SparkContext | undefined;
  readonly startTime: number;
  readonly #conf: SparkConf;
  readonly #host: DriverHost;
  readonly #driver: Driver;
  readonly statusTracker: StatusTracker;
  #nextRddId = 0;
  #nextShuffleId = 0;
  #stopped = false;

  /** @throws Error when another context is active, AppError SUBMIT_USAGE for a bad master */
  constructor(conf: SparkConf = new SparkConf()) {
    if (SparkContext.#active !== undefined)
      throw new Error(
        'Only one SparkContext should be running in this process (see SPARK-2243). Use SparkContext.getOrCreate, or stop the other one first.',
      );
    super();
    this.#host = makeHost();
    this.#conf = conf.clone().setIfMissing('spark.master', 'local[*]').setIfMissing('spark.app.name', 'Emberloom application');
    this.startTime = this.#host.clock.nowMs();
    const log = this.#host.logger.named('SparkContext');
    log.info(`Running Emberloom version ${this.#host.version}`);
    this.#driver = new Driver(this.#conf, this.#host);
    this.#driver.onFatal = (error) => this.#host.logger.named('SparkContext').error(error.message);
    this.statusTracker = new StatusTracker(this.#driver.loop.core, () => this.#driver.executors.list());
    this.#conf.set('spark.app.id', this.#driver.manager.applicationId);
    log.info(`Submitted application: ${this.appName}`);
    SparkContext.#active = this;
  }

  protected get driver(): Driver {
    return this.#driver;
  }

  static getOrCreate(conf?: SparkConf): SparkContext {
    return SparkContext.#active ?? new SparkContext(conf);
  }

  /** @internal The context of this process, if one runs. */
  static get active(): SparkContext | undefined {
    return SparkContext.#active;
  }

  get [Symbol.for('spark.closure.refuse')](): string {
    return 'is the SparkContext: it only exists in the driver (SPARK-5063)';
  }

  get applicationId(): string {
    return this.#driver.manager.applicationId;
  }

  get appName(): string {
    return this.#conf.get('spark.app.name');
  }

  get master(): string {
    return this.#conf.get('spark.master');
  }

  get deployMode(): string {
    return this.#conf.get('spark.submit.deployMode', 'client');
  }

  /** The application's page; undefined while it does not listen: it starts with the first job. Source: SparkContext.uiWebUrl */
  get uiWebUrl(): string | undefined {
    return this.#driver.status.uiWebUrl;
  }

  get version(): string {
    return this.#host.version;
  }

  get isStopped(): boolean {
    return this.#stopped;
  }

  get defaultParallelism(): number {
    return this.#conf.read(SPARK_KEYS.defaultParallelism) ?? this.#driver.manager.expectedSlots;
  }

  get defaultMinPartitions(): number {
    return Math.min(this.defaultParallelism, 2);
  }

  getConf(): SparkConf {
    return this.#conf.clone();
  }

  // ---- sources

  parallelize<T extends Row>(values: Iterable<T>, numSlices?: number): RDD<T> {
    return sources.parallelize(this.#live(), values, numSlices);
  }

  range(start: number, end?: number, step?: number, numSlices?: number): RDD<number> {
    return sources.range(this.#live(), start, end, step, numSlices);
  }

  emptyRDD<T>(): RDD<T> {
    return sources.emptyRDD(this.#live());
  }

  textFile(path: string, minPartitions?: number): RDD<string> {
    return sources.textFile(this.#live(), path, minPartitions);
  }

  wholeTextFiles(path: string, minPartitions?: number): RDD<[string, string]> {
    return sources.wholeTextFiles(this.#live(), path, minPartitions);
  }

  union<T>(first: RDD<T>, ...others: RDD<T>[]): RDD<T> {
    return sources.union(first, ...others);
  }

  // ---- shared variables

  /** @throws TaskNotSerializableError naming the value's path */
  broadcast<T>(value: T): Broadcast<T> {
    return this.#live().#driver.storage.broadcast(value, this.callSite('broadcast'));
  }

  /** The file is found by SparkFiles.get(name) in the driver and in every task of a job that starts later. @throws AppError FILE_MISSING */
  addFile(path: string): void {
    const file = this.#live().#host.addUserFile(this.resolvePath(path));
    this.#driver.loop.addFile(file.name, file.path);
  }

  longAccumulator(name?: string): LongAccumulator {
    return this.accumulator('long', name) as LongAccumulator;
  }

  doubleAccumulator(name?: string): DoubleAccumulator {
    return this.accumulator('double', name) as DoubleAccumulator;
  }

  collectionAccumulator<T>(name?: string): CollectionAccumulator<T> {
    return this.accumulator('collection', name) as CollectionAccumulator<T>;
  }

  /** @internal */
  accumulator(kind: AccumulatorKind, name: string | undefined): AnyAccumulator {
    this.#live();
    const accumulator = makeAccumulator({ id: this.newAccumulatorId(), kind, name });
    this.#driver.accumulators.add(accumulator);
    return accumulator;
  }

  /** The RDDs that are persisted, by id. */
  getPersistentRDDs(): Map<number, RDD<unknown>> {
    return this.#driver.storage.persistent.list();
  }

  /** What of them is cached, and how large it is. */
  getRDDStorageInfo(): RDDStorageInfo[] {
    return this.#driver.storage.persistent.storageInfo();
  }

  /** Where checkpoint() writes: a folder of its own below this one, which driver and executors must share. @throws AppError LOCAL_DISK */
  setCheckpointDir(directory: string): void {
    this.#live().#driver.storage.checkpoints.setDir(this.resolvePath(directory));
  }

  getCheckpointDir(): string | undefined {
    return this.#driver.storage.checkpoints.dir;
  }

  // ---- jobs

  /** @throws Error for a level that Spark does not know */
  setLogLevel(logLevel: string): void {
    const level = logLevel.toUpperCase();
    if (!LEVELS.includes(level)) throw new Error(`Supplied level ${logLevel} did not match one of: ${LEVELS.join(',')}`);
    const ours = (level === 'ALL' ? 'TRACE' : level === 'FATAL' ? 'ERROR' : level) as LogLevel;
    this.#host.logger.settings.level = ours;
    this.#driver.executors.setLogLevel(ours);
    this.#driver.manager.setLogLevel(ours);
  }

  /** Ends the application. Idempotent. */
  stop(exitCode = 0): Promise<void> {
    return this.stopWith({ ...SUCCEEDED, exitCode });
  }

  /** @internal With the final status that the cluster manager shall show. */
  async stopWith(ending: Ending): Promise<void> {
    if (!this.#stopped) {
      this.#stopped = true;
      this.#host.logger.named('SparkContext').info(`SparkContext is stopping with exitCode ${ending.exitCode}.`);
    }
    await this.#driver.stop(ending);
    if (SparkContext.#active !== this) return;
    SparkContext.#active = undefined;
    this.#host.logger.named('SparkContext').info('Successfully stopped SparkContext');
  }

  /** @internal What ended the application, if something did. */
  get failure(): AppError | undefined {
    return this.#driver.failure;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  // ---- RddContext

  conf(key: string): string | undefined {
    return this.#conf.getOption(key);
  }

  nextRddId(): number {
    this.#live();
    return this.#nextRddId++;
  }

  nextShuffleId(): number {
    return this.#nextShuffleId++;
  }

  callSite(method: string): string {
    return callSite(method, this.#host.engineDir);
  }

  checkSerializable(value: unknown, site: string): void {
    checkSerializable(value, site);
  }

  registerShuffle(dependency: ShuffleDependency): void {
    this.#driver.storage.cleaner.register(dependency, 'shuffle', dependency.shuffleId);
  }

  async runJob(
    root: RddNode,
    action: ResultAction,
    partitions: readonly number[] | undefined,
    onResult: (index: number, result: PartitionResult) => void,
    options: JobOptions,
  ): Promise<void> {
    const all = partitions ?? Array.from({ length: root.partitions }, (_, p) => p);
    const properties = this.jobProperties.all;
    const here = new Error(); // its frames are the user's; what comes from a task has none of the driver's
    try {
      const run = (node: RddNode, what: ResultAction, which: readonly number[], taken: typeof onResult, site: string) =>
        this.#driver.runJob({ root: node, action: what, partitions: which, onResult: taken, callSite: site, properties, calledFrom: here });
      await run(root, action, all, onResult, options.callSite);
      if (someCheckpointWaits()) await this.#driver.storage.checkpoints.afterJob(root, () => this.#nextRddId++, run);
    } catch (error) {
      if (error instanceof AppError) error.stack = `${error.name}: ${error.message}\n${userFrames(here, this.#host.engineDir)}`;
      throw error;
    }
  }

  persisted(rdd: RDD<unknown>): void {
    this.#driver.storage.persistent.add(rdd);
    this.#driver.storage.cleaner.register(rdd.node, 'RDD', rdd.id);
  }

  async unpersist(rddId: number, blocking: boolean): Promise<void> {
    await holdProcess(this.#driver.storage.persistent.remove(rddId, blocking));
  }

  resolvePath(path: string): string {
    if (path.startsWith('file:')) return fileURLToPath(path.startsWith('file://') ? path : `file://${path.slice('file:'.length)}`);
    return isAbsolute(path) ? path : resolve(path);
  }

  #live(): this {
    if (this.#stopped) throw new AppError('CONTEXT_STOPPED', {});
    return this;
  }
}
