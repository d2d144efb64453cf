// What the settings of an application say about scheduling, as the core takes it. Source: the same keys in Spark's internal.config package.
import { AppError } from '../../../common/errors.ts';
import type { Key } from '../../../common/key.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { SchedulingMode } from '../core/pools.ts';
import type { ExclusionOptions } from '../core/set-exclusion.ts';
import type { SpeculationSettings } from '../core/speculation.ts';
import type { TaskSchedulerSettings } from '../core/task-scheduler.ts';
import type { Master } from './master-url.ts';
import type { SparkConf } from './spark-conf.ts';

/** @throws AppError CONFIG_BAD_VALUE */
export function schedulingSettings(conf: SparkConf, slotsPerExecutor: number): TaskSchedulerSettings {
  const waitMs = conf.read(SPARK_KEYS.localityWaitMs)!;
  return {
    mode: schedulingMode(conf),
    taskCpus: taskCpus(conf, slotsPerExecutor),
    waits: {
      process: conf.read(SPARK_KEYS.localityWaitProcessMs) ?? waitMs,
      node: conf.read(SPARK_KEYS.localityWaitNodeMs) ?? waitMs,
      rack: conf.read(SPARK_KEYS.localityWaitRackMs) ?? waitMs,
    },
    exclusion: exclusionOptions(conf),
    speculation: conf.read(SPARK_KEYS.speculation) ? speculationSettings(conf) : undefined,
  };
}

/** Slots of each executor. */
export const slotsPerExecutor = (conf: SparkConf, master: Master): number =>
  master.kind === 'local' ? master.slots : master.kind === 'local-cluster' ? master.cores : conf.read(SPARK_KEYS.executorCores)!;

function taskCpus(conf: SparkConf, slotsPerExecutor: number): number {
  const cpus = conf.read(SPARK_KEYS.taskCpus)!;
  if (cpus < 1) throw bad(conf, SPARK_KEYS.taskCpus, 'at least 1');
  if (cpus > slotsPerExecutor) throw bad(conf, SPARK_KEYS.taskCpus, `at most the cores of an executor, which are ${slotsPerExecutor}`);
  return cpus;
}

function schedulingMode(conf: SparkConf): SchedulingMode {
  const mode = conf.read(SPARK_KEYS.schedulerMode)!.toUpperCase();
  if (mode === 'FIFO' || mode === 'FAIR') return mode;
  throw bad(conf, SPARK_KEYS.schedulerMode, 'FIFO or FAIR');
}

function speculationSettings(conf: SparkConf): SpeculationSettings {
  const quantile = conf.read(SPARK_KEYS.speculationQuantile)!;
  if (quantile < 0 || quantile > 1) throw bad(conf, SPARK_KEYS.speculationQuantile, 'a number from 0 to 1');
  const multiplier = conf.read(SPARK_KEYS.speculationMultiplier)!;
  if (multiplier < 0) throw bad(conf, SPARK_KEYS.speculationMultiplier, 'at least 0');
  const intervalMs = conf.read(SPARK_KEYS.speculationIntervalMs)!;
  if (intervalMs < 1) throw bad(conf, SPARK_KEYS.speculationIntervalMs, 'at least 1ms');
  const rateMultiplier = conf.read(SPARK_KEYS.speculationRateMultiplier)!;
  if (!(rateMultiplier > 0 && rateMultiplier <= 1)) throw bad(conf, SPARK_KEYS.speculationRateMultiplier, 'more than 0, at most 1');
  const longRunFactor = conf.read(SPARK_KEYS.speculationLongRunFactor)!;
  if (!(longRunFactor >= 1)) throw bad(conf, SPARK_KEYS.speculationLongRunFactor, 'at least 1');
  return {
    intervalMs,
    multiplier,
    quantile,
    minRuntimeMs: conf.read(SPARK_KEYS.speculationMinRuntimeMs)!,
    durationThresholdMs: conf.read(SPARK_KEYS.speculationThresholdMs),
    efficiency: conf.read(SPARK_KEYS.speculationEfficiency) ? { rateMultiplier, longRunFactor } : undefined,
    decommissionKillMs: conf.read(SPARK_KEYS.decommissionKillMs),
  };
}

/** A worker that ignores the interrupt of a task nobody wants is ended after this, ms; with spark.job.interruptOnCancel after that. */
const KILL_GRACE_MS = 1_000;
const INTERRUPT_GRACE_MS = 100;
const NEVER_MS = 0x7fffffff;

/** How long a killed task may take to end. */
export function killGraceMs(conf: SparkConf, interrupt: boolean): number {
  if (interrupt) return INTERRUPT_GRACE_MS;
  if (!conf.read(SPARK_KEYS.reaperEnabled)!) return KILL_GRACE_MS;
  const timeoutMs = conf.read(SPARK_KEYS.reaperKillMs)!;
  return timeoutMs < 0 ? NEVER_MS : timeoutMs;
}

const EXCLUSION_LIMITS = [
  SPARK_KEYS.excludeTaskPerExecutor,
  SPARK_KEYS.excludeTaskPerNode,
  SPARK_KEYS.excludeStagePerExecutor,
  SPARK_KEYS.excludeStagePerNode,
  SPARK_KEYS.excludeApplicationPerExecutor,
  SPARK_KEYS.excludeApplicationPerNode,
  SPARK_KEYS.excludeTimeoutMs,
] as const;

/** @returns undefined: it is off, or there is one executor only, the driver's own process */
function exclusionOptions(conf: SparkConf): ExclusionOptions | undefined {
  const all = conf.read(SPARK_KEYS.excludeOnFailure)!;
  const inSet = conf.read(SPARK_KEYS.excludeInSet) ?? all;
  const inApplication = conf.read(SPARK_KEYS.excludeInApplication) ?? all;
  if ((!inSet && !inApplication) || /^local(\[|$)/.test(conf.get('spark.master'))) return undefined;
  for (const key of EXCLUSION_LIMITS) if (conf.read(key)! < 1) throw bad(conf, key, 'at least 1');
  const attemptsPerNode = conf.read(SPARK_KEYS.excludeTaskPerNode)!;
  const maxFailures = conf.read(SPARK_KEYS.taskMaxFailures)!;
  // One bad host could end every job.
  if (inSet && attemptsPerNode >= maxFailures)
    throw bad(conf, SPARK_KEYS.excludeTaskPerNode, `less than ${SPARK_KEYS.taskMaxFailures.name}, which is ${maxFailures}`);
  return {
    inSet: inSet
      ? {
          attemptsPerExecutor: conf.read(SPARK_KEYS.excludeTaskPerExecutor)!,
          attemptsPerNode,
          stageTasksPerExecutor: conf.read(SPARK_KEYS.excludeStagePerExecutor)!,
          stageExecutorsPerNode: conf.read(SPARK_KEYS.excludeStagePerNode)!,
        }
      : undefined,
    inApplication: inApplication
      ? {
          tasksPerExecutor: conf.read(SPARK_KEYS.excludeApplicationPerExecutor)!,
          executorsPerNode: conf.read(SPARK_KEYS.excludeApplicationPerNode)!,
        }
      : undefined,
    timeoutMs: conf.read(SPARK_KEYS.excludeTimeoutMs)!,
    killExcluded: conf.read(SPARK_KEYS.killExcludedExecutors)!,
    fetchFailure: !conf.read(SPARK_KEYS.excludeOnFetchFailure)!
      ? 'off'
      : conf.read(SPARK_KEYS.shuffleServiceEnabled)!
        ? 'node'
        : 'executor',
    unschedulableMs: conf.read(SPARK_KEYS.unschedulableTimeoutMs)!,
  };
}

const bad = (conf: SparkConf, key: Key, expected: string) =>
  new AppError('CONFIG_BAD_VALUE', { key: key.name, value: conf.get(key.name, key.fallback), expected, where: 'SparkConf' });
