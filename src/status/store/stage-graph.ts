// The RDDs of a stage and how they follow from each other, for the page's graph. Source: Spark's RDDOperationGraph.
import type { StageInfo } from '../events.ts';
import type { StageGraph } from './status-view.ts';

export function stageGraph(info: StageInfo): StageGraph {
  return {
    stageId: info.stageId,
    rdds: info.rdds.map((rdd) => ({
      id: rdd.rddId,
      name: rdd.name,
      callSite: rdd.callSite,
      scope: rdd.scope?.name,
      scopeId: rdd.scope?.id,
      cached: rdd.storageLevel.useMemory || rdd.storageLevel.useDisk,
      barrier: rdd.barrier,
      parentIds: rdd.parentIds,
    })),
    parentStageIds: info.parentIds,
  };
}
