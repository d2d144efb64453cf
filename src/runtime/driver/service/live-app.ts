// What the page can ask of the running application besides its status: kills, pools, stacks and profiles of its threads.
import { SPARK_KEYS } from '../../../common/spark-keys.ts';
import { executorProfile, executorThreads } from '../../../rpc/messages/executor.ts';
import type { LiveApp, ThreadDump } from '../../../status/rest/app-source.ts';
import type { ThreadState } from './cluster-manager.ts';
import type { Driver } from './driver.ts';
import { poolInfos } from './pool-infos.ts';
import type { SparkConf } from './spark-conf.ts';

/** In the words of Spark's JobsTab and StagesTab. */
const KILLED = 'killed via the Web UI';

export function liveApp(driver: Driver, conf: SparkConf): LiveApp {
  return {
    killEnabled: conf.read(SPARK_KEYS.uiKillEnabled)!,
    profileEnabled: conf.read(SPARK_KEYS.uiFlamegraphEnabled)!,
    async threads(executorId) {
      const { manager, executors } = driver;
      if (executorId === 'driver' && manager.threads !== undefined) return dump(await manager.threads(), true);
      if (executorId === 'driver') return dump([], true);
      const peer = executors.peerOf(executorId);
      return peer && dump((await peer.call(executorThreads, {})).threads, false);
    },
    async profile(executorId, seconds) {
      const { manager, executors } = driver;
      if (executorId === 'driver') return await manager.profile?.(seconds * 1_000);
      return (await executors.peerOf(executorId)?.call(executorProfile, { forMs: seconds * 1_000 }))?.folded;
    },
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
    pools: () => (conf.get('spark.scheduler.mode', 'FIFO').toUpperCase() === 'FAIR' ? poolInfos(driver.loop.core) : undefined),
  };
}

/** The main thread answers, so it is between two turns of its loop: it has no stack to show. */
function dump(slots: readonly ThreadState[], driver: boolean): ThreadDump[] {
  const main: ThreadDump = { threadId: 0, threadName: driver ? 'main (driver)' : 'main', threadState: 'WAITING', stackTrace: [] };
  return [
    main,
    ...slots.map(
      ({ slot, taskId, state, stack }): ThreadDump => ({
        threadId: slot + 1,
        threadName: taskId < 0 ? `Executor task launch worker ${slot}` : `Executor task launch worker ${slot} for task ${taskId}`,
        threadState: state,
        stackTrace: stack,
        ...(taskId >= 0 && { taskId }),
      }),
    ),
  ];
}
