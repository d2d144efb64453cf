// Refuses settings of an application that no driver can act on, before anything is started: a number that is well written but means nothing.
// How a value is written is common/key.ts. Source: the checkValue clauses of Spark's ConfigEntry, and SparkConf.validateSettings.
import { AppError } from '../../../common/errors.ts';
import type { Key } from '../../../common/key.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { SparkConf } from './spark-conf.ts';

const AT_LEAST_ONE = [
  SPARK_KEYS.taskMaxFailures,
  SPARK_KEYS.stageMaxAttempts,
  SPARK_KEYS.defaultParallelism,
  SPARK_KEYS.executorCores,
  SPARK_KEYS.executorHeartbeatMs,
  SPARK_KEYS.maxExecutorFailures,
] as const;

/** @throws AppError CONFIG_BAD_VALUE */
export function checkConf(conf: SparkConf): void {
  for (const key of AT_LEAST_ONE) if ((conf.read(key) ?? 1) < 1) throw bad(conf, key, 'at least 1');
  // With dynamic allocation executors are asked for when there are tasks.
  if (!conf.read(SPARK_KEYS.dynamicAllocation) && conf.read(SPARK_KEYS.executorInstances)! < 1)
    throw bad(conf, SPARK_KEYS.executorInstances, 'at least 1');
  if (conf.read(SPARK_KEYS.localityWaitMs)! < 0) throw bad(conf, SPARK_KEYS.localityWaitMs, 'at least 0');
  const ratio = conf.read(SPARK_KEYS.minRegisteredRatio)!;
  if (!(ratio >= 0 && ratio <= 1)) throw bad(conf, SPARK_KEYS.minRegisteredRatio, 'a number from 0 to 1');
  const heartbeatMs = conf.read(SPARK_KEYS.executorHeartbeatMs)!;
  // Every executor would count as lost before it is due to say that it lives.
  if (conf.read(SPARK_KEYS.networkTimeoutMs)! <= heartbeatMs)
    throw bad(conf, SPARK_KEYS.networkTimeoutMs, `more than ${SPARK_KEYS.executorHeartbeatMs.name}, which is ${heartbeatMs} ms`);
}

const bad = (conf: SparkConf, key: Key, expected: string) =>
  new AppError('CONFIG_BAD_VALUE', { key: key.name, value: conf.get(key.name, key.fallback), expected, where: 'SparkConf' });
