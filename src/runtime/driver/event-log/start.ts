// The driver's event log, if the application wants one.
import type { Logger } from '../../../common/ports.ts';
import type { ClusterManager } from '../service/cluster-manager.ts';
import type { DriverHost } from '../service/driver-host.ts';
import type { SparkConf } from '../service/spark-conf.ts';
import { logSettings } from './settings.ts';
import { EventLogWriter } from './writer.ts';

/** @throws AppError EVENT_LOG_MISSING, EVENT_LOG_UNUSABLE */
export function startEventLog(conf: SparkConf, manager: ClusterManager, host: DriverHost, log: Logger): EventLogWriter | undefined {
  const settings = logSettings(conf, manager.applicationId, manager.attemptId);
  if (settings === undefined) return undefined;
  return new EventLogWriter({ settings, workerFile: host.eventLogWorker, log, timers: host.timers });
}
