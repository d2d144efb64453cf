// Nodes as YARN's REST shows them. Source: NodeInfo, ResourceUtilizationInfo.
import { minus } from '../../common/resource.ts';
import { float } from '../../web/raw-number.ts';
import type { Node } from '../core/entities.ts';
import { usedOn } from '../core/reports.ts';
import { percentOf, resourceInfo } from './resource-info.ts';

export function nodeInfo(node: Node, labels: readonly string[]) {
  const used = usedOn(node);
  const { capacity, load } = node;
  const available = node.slot >= 0 ? minus(capacity, used) : { memoryMb: 0, vcores: 0 };
  return {
    rack: node.rack,
    state: node.state.tag,
    id: node.id,
    nodeHostName: node.host,
    nodeHTTPAddress: node.httpAddress,
    lastHealthUpdate: node.lastHeartbeatMs,
    version: node.version,
    healthReport: node.healthReport,
    numContainers: node.containers.size,
    usedMemoryMB: used.memoryMb,
    availMemoryMB: Math.max(0, available.memoryMb),
    usedVirtualCores: used.vcores,
    availableVirtualCores: Math.max(0, available.vcores),
    memUtilization: float(percentOf(load?.memoryMb ?? 0, capacity.memoryMb)),
    cpuUtilization: float(percentOf(load?.cores ?? 0, capacity.vcores)),
    numRunningOpportContainers: 0,
    usedMemoryOpportGB: 0,
    usedVirtualCoresOpport: 0,
    numQueuedContainers: 0,
    ...(labels.length === 0 ? {} : { nodeLabels: labels }),
    allocationTags: {},
    resourceUtilization: {
      nodePhysicalMemoryMB: load?.memoryMb ?? 0,
      nodeVirtualMemoryMB: load?.memoryMb ?? 0,
      nodeCPUUsage: float(load?.cores ?? 0),
      aggregatedContainersPhysicalMemoryMB: load?.containersMemoryMb ?? 0,
      aggregatedContainersVirtualMemoryMB: load?.containersVirtualMb ?? 0,
      containersCPUUsage: float(load?.containersCores ?? 0),
    },
    usedResource: resourceInfo(used),
    availableResource: resourceInfo({
      memoryMb: Math.max(0, available.memoryMb),
      vcores: Math.max(0, available.vcores),
      others: available.others,
    }),
    nodeAttributesInfo: {},
    totalResource: resourceInfo(capacity),
  };
}
