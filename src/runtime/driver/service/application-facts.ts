// What listeners are told of the application when it starts, read from its settings.
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { ApplicationFacts } from './application-events.ts';
import type { ClusterManager } from './cluster-manager.ts';
import type { SparkConf } from './spark-conf.ts';

export function applicationFacts(conf: SparkConf, manager: ClusterManager, version: string): ApplicationFacts {
  const packagesDir = conf.read(SPARK_KEYS.packagesDir);
  return {
    name: conf.get('spark.app.name'),
    applicationId: manager.applicationId,
    attemptId: manager.attemptId,
    version,
    conf: [...conf.getAll(), ['spark.app.id', manager.applicationId]],
    packages: packagesDir === undefined ? [] : [[packagesDir, 'Packages of the program']],
    executorCores: conf.read(SPARK_KEYS.executorCores)!,
    taskCpus: conf.read(SPARK_KEYS.taskCpus)!,
    executorMemoryMb: conf.read(SPARK_KEYS.executorMemory)!,
  };
}
