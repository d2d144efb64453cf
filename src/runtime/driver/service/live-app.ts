// What the page can ask of the running application besides its status: kills, pools, stacks and profiles.
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import type { LiveApp } from '../../../status/rest/app-source.ts';
import type { Driver } from './driver.ts';
import type { SparkConf } from './spark-conf.ts';

/** In the words of Spark's JobsTab and StagesTab. */
const KILLED = 'killed via the Web UI';

export function liveApp(driver: Driver, conf: SparkConf): LiveApp {
  return {
    killEnabled: conf.read(SPARK_KEYS.uiKillEnabled)!,
    threads: async () => undefined,
    profile: async () => undefined,
    killJob(jobId) {
      if (!driver.loop.core.jobs.has(jobId)) return false;
      driver.loop.cancel(jobId, KILLED);
      return true;
    },
    killStage(stageId) {
      const wanted = [...driver.loop.core.jobs.values()].some((job) => [...job.stages].some((stage) => stage.id === stageId));
      if (wanted) driver.loop.cancelStage(stageId, KILLED);
      return wanted;
    },
    pools: () => undefined,
  };
}
