// What the machine and the containers use, for heartbeats: the RM shows it, nothing is decided by it. Source: YARN's NodeResourceMonitorImpl.
import { cpus, freemem, totalmem } from 'node:os';
import type { RequestOf } from '../../rpc/define-rpc.ts';
import type { nodeHeartbeat } from '../../rpc/messages/node.ts';
import type { ContainerMonitor, ContainersUsage } from './container-monitor.ts';
import type { Health } from './disk-health.ts';

type Load = NonNullable<RequestOf<typeof nodeHeartbeat>['load']>;
const MB = 1024 * 1024;
/** Heartbeats may follow each other at once; the machine is looked at so often. */
const LOOK_MS = 1_000;

/** What every heartbeat says of this node. */
export const vitals = (node: { readonly health: Health }, monitor: ContainerMonitor) => ({
  health: () => node.health,
  load: nodeLoad(() => monitor.usage()),
});

/** @returns what to call for each heartbeat; cores are those in use between its last two looks */
function nodeLoad(containers: () => ContainersUsage): () => Load {
  let lookedAt = Number.NEGATIVE_INFINITY;
  let before = cpuTimes();
  let cores = 0;
  let memoryMb = 0;
  return () => {
    if (performance.now() - lookedAt >= LOOK_MS) {
      lookedAt = performance.now();
      const now = cpuTimes();
      const all = now.all - before.all;
      if (all > 0) cores = (now.busy - before.busy) / (all / now.cores);
      before = now;
      memoryMb = Math.floor((totalmem() - freemem()) / MB);
    }
    const { memoryBytes, virtualBytes, cores: containersCores } = containers();
    return {
      memoryMb,
      cores: Math.max(0, cores),
      containersMemoryMb: Math.floor(memoryBytes / MB),
      containersVirtualMb: Math.floor(virtualBytes / MB),
      containersCores,
    };
  };
}

function cpuTimes(): { all: number; busy: number; cores: number } {
  let [all, idle] = [0, 0];
  const list = cpus();
  for (const { times } of list) {
    idle += times.idle;
    all += times.idle + times.user + times.sys + times.nice + times.irq;
  }
  return { all, busy: all - idle, cores: list.length };
}
