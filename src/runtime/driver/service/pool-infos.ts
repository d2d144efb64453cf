// The scheduling pools and what runs in them at this moment, for the page.
import type { PoolInfo } from '../../../status/rest/app-source.ts';
import type { DagScheduler } from '../core/dag-scheduler.ts';

export function poolInfos({ tasks }: DagScheduler): PoolInfo[] {
  return tasks.pools.specs().map(({ name, mode, minShare, weight }) => {
    const sets = tasks.sets.filter((set) => !set.zombie && set.spec.pool === name);
    return {
      name,
      schedulingMode: mode,
      minShare,
      weight,
      activeStages: sets.length,
      runningTasks: sets.reduce((sum, set) => sum + set.runningCount, 0),
    };
  });
}
