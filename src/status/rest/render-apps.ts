// Applications, environment and executors as JSON objects: fields, order and types of Spark's api.scala. Printing is java-json.ts.
import type { ApplicationAttemptInfo, ApplicationInfo, EnvironmentInfo, ExecutorSummary } from '../store/api-types.ts';
import { JavaDouble, jsonDate, maybeDate } from './java-json.ts';
import { renderPeaks } from './render-stages.ts';

export const renderApplication = (app: ApplicationInfo): object => ({
  id: app.id,
  name: app.name,
  coresGranted: app.coresGranted,
  maxCores: app.maxCores,
  coresPerExecutor: app.coresPerExecutor,
  memoryPerExecutorMB: app.memoryPerExecutorMB,
  attempts: app.attempts.map(renderAttempt),
});

export const renderAttempt = (attempt: ApplicationAttemptInfo): object => ({
  attemptId: attempt.attemptId,
  startTime: jsonDate(attempt.startTimeMs),
  endTime: jsonDate(attempt.endTimeMs),
  lastUpdated: jsonDate(attempt.lastUpdatedMs),
  duration: attempt.durationMs,
  sparkUser: attempt.sparkUser,
  completed: attempt.completed,
  appSparkVersion: attempt.appSparkVersion,
  startTimeEpoch: attempt.startTimeMs,
  endTimeEpoch: attempt.endTimeMs,
  lastUpdatedEpoch: attempt.lastUpdatedMs,
});

/** By name, as Spark's. */
const sorted = (pairs: EnvironmentInfo['sparkProperties']): EnvironmentInfo['sparkProperties'] =>
  [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

export function renderEnvironment(info: EnvironmentInfo): object {
  return {
    runtime: { javaVersion: info.runtime.javaVersion, javaHome: info.runtime.javaHome, scalaVersion: info.runtime.scalaVersion },
    sparkProperties: sorted(info.sparkProperties),
    hadoopProperties: sorted(info.hadoopProperties),
    systemProperties: sorted(info.systemProperties),
    metricsProperties: sorted(info.metricsProperties),
    classpathEntries: info.classpathEntries,
    resourceProfiles: info.resourceProfiles.map((profile) => ({
      id: profile.id,
      executorResources: mapValues(profile.executorResources, ({ resourceName, amount }) => ({
        resourceName,
        amount,
        discoveryScript: '',
        vendor: '',
      })),
      taskResources: mapValues(profile.taskResources, ({ resourceName, amount }) => ({ resourceName, amount: new JavaDouble(amount) })),
    })),
  };
}

const mapValues = <T>(object: Readonly<Record<string, T>>, f: (value: T) => object): object =>
  Object.fromEntries(Object.entries(object).map(([key, value]) => [key, f(value)]));

export const renderExecutor = (e: ExecutorSummary): object => ({
  id: e.id,
  hostPort: e.hostPort,
  isActive: e.isActive,
  rddBlocks: e.rddBlocks,
  memoryUsed: e.memoryUsed,
  diskUsed: e.diskUsed,
  totalCores: e.totalCores,
  maxTasks: e.maxTasks,
  activeTasks: e.activeTasks,
  failedTasks: e.failedTasks,
  completedTasks: e.completedTasks,
  totalTasks: e.totalTasks,
  totalDuration: e.totalDuration,
  totalGCTime: e.totalGCTime,
  totalInputBytes: e.totalInputBytes,
  totalShuffleRead: e.totalShuffleRead,
  totalShuffleWrite: e.totalShuffleWrite,
  isBlacklisted: e.isExcluded,
  maxMemory: e.maxMemory,
  addTime: jsonDate(e.addTimeMs),
  removeTime: maybeDate(e.removeTimeMs),
  removeReason: e.removeReason,
  executorLogs: e.executorLogs,
  memoryMetrics: e.memoryMetrics,
  blacklistedInStages: e.excludedInStages,
  peakMemoryMetrics: e.peakMemoryMetrics && renderPeaks(e.peakMemoryMetrics),
  attributes: e.attributes,
  resources: {},
  resourceProfileId: e.resourceProfileId,
  isExcluded: e.isExcluded,
  excludedInStages: e.excludedInStages,
});
