// Resource profiles between the program and those who must know of one: the cluster manager (its executors' size), listeners, the log, and the
// executors themselves. Which profile a stage has is core/resource-profiles.ts. Source: Spark's ResourceProfileManager, the part of
// CoarseGrainedExecutorBackend that lets a profile go before the settings.
import type { Logger } from '../../../common/ports.ts';
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { ResourceProfiles } from '../core/resource-profiles.ts';
import type { ClusterManager } from './cluster-manager.ts';
import type { ListenerBus } from './listener-bus.ts';
import type { Master } from './master-url.ts';
import { slotsPerExecutor } from './scheduling-settings.ts';
import type { SparkConf } from './spark-conf.ts';

export function resourceProfiles(
  conf: SparkConf,
  master: Master,
  manager: ClusterManager,
  bus: ListenerBus,
  log: Logger,
): ResourceProfiles {
  const rules = {
    master: master.kind,
    dynamic: conf.read(SPARK_KEYS.dynamicAllocation)! && master.kind !== 'local',
    taskCpus: conf.read(SPARK_KEYS.taskCpus)!,
    executorCores: slotsPerExecutor(conf, master),
    mergeConflicts: conf.read(SPARK_KEYS.profileMergeConflicts)!,
  };
  return new ResourceProfiles(rules, (profile) => {
    manager.elastic?.addProfile(profile);
    const { id, executorAmounts, taskAmounts } = profile;
    log.info(`Added ResourceProfile id: ${id}`);
    bus.post({ tag: 'resourceProfileAdded', profile: { id, executorResources: [...executorAmounts], taskResources: [...taskAmounts] } });
  });
}

const SETTING_OF: ReadonlyMap<string, string> = new Map([
  ['cores', SPARK_KEYS.executorCores.name],
  ['memory', SPARK_KEYS.executorMemory.name],
  ['memoryOverhead', SPARK_KEYS.executorMemoryOverhead.name],
  ['offHeap', SPARK_KEYS.offHeapSize.name],
]);

/** The settings of an application as an executor of this profile reads them. */
export function settingsFor(profiles: ResourceProfiles, profileId: number, conf: readonly (readonly [string, string])[]): string[][] {
  const settings = new Map(conf);
  for (const [name, amount] of profiles.get(profileId)?.executorAmounts ?? [])
    settings.set(SETTING_OF.get(name)!, name === 'cores' ? String(amount) : `${amount}m`);
  return [...settings];
}
