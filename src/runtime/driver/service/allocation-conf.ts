// Reads the settings of dynamic allocation, and refuses those that can't be meant, with Spark's sentences. What they do is
// core/allocation-policy.ts. Source: ExecutorAllocationManager.validateSettings, Utils.getDynamicAllocationInitialExecutors.
import { AppError } from '../../../common/errors.ts';
import type { Key, ValueOf } from '../../../common/key.ts';
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { AllocationLimits } from '../core/allocation-policy.ts';
import type { IdleTimeouts } from '../core/executor-monitor.ts';
import type { DecommissionSettings } from './decommissioner.ts';
import type { SparkConf } from './spark-conf.ts';

export type DynamicSettings = AllocationLimits & IdleTimeouts & { readonly decommission: boolean };

const FOREVER = Number.POSITIVE_INFINITY;
/** Spark gives these two as a number of its own; whoever copies it means "never". */
const INT_MAX = 2 ** 31 - 1;
const unbounded = (value: number | undefined, limit: number): number => (value === undefined || value >= limit ? FOREVER : value);

/** @returns undefined without dynamic allocation. @throws AppError CONFIG_REFUSED */
export function dynamicSettings(conf: SparkConf): DynamicSettings | undefined {
  if (!conf.read(SPARK_KEYS.dynamicAllocation)) return undefined;
  const minExecutors = conf.read(SPARK_KEYS.minExecutors)!;
  const maxExecutors = unbounded(conf.read(SPARK_KEYS.maxExecutors), INT_MAX);
  if (minExecutors < 0 || maxExecutors < 0)
    throw refused(`${SPARK_KEYS.minExecutors.name} and ${SPARK_KEYS.maxExecutors.name} must be positive!`);
  if (maxExecutors === 0) throw refused(`${SPARK_KEYS.maxExecutors.name} cannot be 0!`);
  if (minExecutors > maxExecutors)
    throw refused(
      `${SPARK_KEYS.minExecutors.name} (${minExecutors}) must be less than or equal to ${SPARK_KEYS.maxExecutors.name} (${maxExecutors})!`,
    );
  const backlogMs = positive(conf, SPARK_KEYS.schedulerBacklogTimeoutMs)!;
  const ratio = conf.read(SPARK_KEYS.executorAllocationRatio)!;
  if (ratio > 1 || ratio <= 0) throw refused(`${SPARK_KEYS.executorAllocationRatio.name} must be > 0 and <= 1.0`);
  const shuffleMs = unbounded(conf.read(SPARK_KEYS.shuffleTrackingTimeoutMs), Number.MAX_SAFE_INTEGER);
  return {
    minExecutors,
    maxExecutors,
    initialExecutors: Math.min(initialExecutors(conf), maxExecutors),
    ratio,
    backlogMs,
    sustainedBacklogMs: positive(conf, SPARK_KEYS.sustainedBacklogTimeoutMs) ?? backlogMs,
    idleMs: notNegative(conf, SPARK_KEYS.executorIdleTimeoutMs)!,
    cachedIdleMs: unbounded(notNegative(conf, SPARK_KEYS.cachedExecutorIdleTimeoutMs), INT_MAX * 1000),
    shuffleMs: conf.read(SPARK_KEYS.shuffleTracking) ? shuffleMs : 0,
    decommission: conf.read(SPARK_KEYS.decommission)!,
  };
}

/** @returns undefined: executors end at once. @throws AppError CONFIG_REFUSED */
export function decommissionSettings(conf: SparkConf): DecommissionSettings | undefined {
  const signal = conf.read(SPARK_KEYS.decommissionSignal)!;
  if (!/^[A-Z0-9]+$/.test(signal))
    throw refused(`${SPARK_KEYS.decommissionSignal.name} is ${signal}; expected a name without SIG, for example PWR`);
  if (!conf.read(SPARK_KEYS.decommission)) return undefined;
  const moves = conf.read(SPARK_KEYS.storageDecommission)!;
  const maxFailures = conf.read(SPARK_KEYS.decommissionMaxFailures)!;
  const transfersAtOnce = atLeastOne(conf, SPARK_KEYS.decommissionThreads);
  return {
    migrate: moves && conf.read(SPARK_KEYS.decommissionRddBlocks)!,
    shuffles: moves && conf.read(SPARK_KEYS.decommissionShuffleBlocks)! ? { transfersAtOnce, maxFailures } : undefined,
    fallbackDir: fallbackFolder(conf),
    fallbackCleanUp: conf.read(SPARK_KEYS.fallbackCleanUp)!,
    maxFailures,
    reattemptMs: conf.read(SPARK_KEYS.decommissionReattemptMs)!,
    forceKillMs: notNegative(conf, SPARK_KEYS.decommissionForceKillMs),
  };
}

/** The largest of three, as in Spark. */
export function initialExecutors(conf: SparkConf): number {
  const instances = conf.contains(SPARK_KEYS.executorInstances.name) ? conf.read(SPARK_KEYS.executorInstances)! : 0;
  return Math.max(conf.read(SPARK_KEYS.minExecutors)!, conf.read(SPARK_KEYS.initialExecutors) ?? 0, instances);
}

/** Somebody must have the shuffle files of an executor that goes. @throws AppError CONFIG_REFUSED */
export function checkShuffleKept(conf: SparkConf, shuffleService: boolean, log: Logger): void {
  if (shuffleService) return;
  if (conf.read(SPARK_KEYS.shuffleTracking)) log.info('Dynamic allocation is enabled without a shuffle service.');
  else if (conf.read(SPARK_KEYS.decommission) && conf.read(SPARK_KEYS.decommissionShuffleBlocks))
    log.info('Shuffle data decommission is enabled without a shuffle service.');
  else
    throw refused(
      'Dynamic allocation of executors requires one of the following conditions: 1) enabling external shuffle service through ' +
        'spark.shuffle.service.enabled. 2) enabling shuffle tracking through spark.dynamicAllocation.shuffleTracking.enabled. ' +
        '3) enabling shuffle blocks decommission through spark.decommission.enabled and spark.storage.decommission.shuffleBlocks.enabled.',
    );
}

/** Odd together, but harmless: said once. Source: Utils.getDynamicAllocationInitialExecutors. */
export function warnOfInitial(conf: SparkConf, log: Logger): void {
  const min = conf.read(SPARK_KEYS.minExecutors)!;
  const less = (key: Key<'count'>, value: number | undefined) => {
    if (value !== undefined && value < min)
      log.warn(`${key.name} less than ${SPARK_KEYS.minExecutors.name} is invalid, ignoring its setting, please update your configs.`);
  };
  less(SPARK_KEYS.initialExecutors, conf.read(SPARK_KEYS.initialExecutors));
  if (conf.contains(SPARK_KEYS.executorInstances.name)) less(SPARK_KEYS.executorInstances, conf.read(SPARK_KEYS.executorInstances));
  log.info(
    `Using initial executors = ${initialExecutors(conf)}, max of ${SPARK_KEYS.initialExecutors.name}, ` +
      `${SPARK_KEYS.minExecutors.name} and ${SPARK_KEYS.executorInstances.name}`,
  );
}

function atLeastOne(conf: SparkConf, key: Key<'count'>): number {
  const count = conf.read(key)!;
  if (count < 1) throw refused(`The value of ${key.name} must be at least 1`);
  return count;
}

/** @returns an absolute path. @throws AppError CONFIG_REFUSED for a place that is no folder */
export function fallbackFolder(conf: SparkConf): string | undefined {
  const key = SPARK_KEYS.fallbackStorage;
  const place = conf.read(key)?.replace(/^file:(\/\/)?(?=\/)/, '');
  if (place === undefined || place === '') return undefined;
  if (!place.startsWith('/')) throw refused(`${key.name} is ${place}; expected the absolute path of a folder that all hosts share`);
  return place;
}

type Time = Key<'seconds'>;

function positive(conf: SparkConf, key: Time): ValueOf<'seconds'> | undefined {
  const ms = conf.read(key);
  if (ms !== undefined && ms <= 0) throw refused(`${key.name} must be > 0!`);
  return ms;
}

function notNegative(conf: SparkConf, key: Time): ValueOf<'seconds'> | undefined {
  const ms = conf.read(key);
  if (ms !== undefined && ms < 0) throw refused(`${key.name} must be >= 0!`);
  return ms;
}

const refused = (reason: string) => new AppError('CONFIG_REFUSED', { reason });
