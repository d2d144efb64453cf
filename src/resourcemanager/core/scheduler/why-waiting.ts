// Why an application waits, as one sentence with numbers. Words only: the scheduler's state in, text out. This is what
// operators of YARN miss most. O(asks of the application).
import type { Ask, SchedulerApp } from './asks.ts';
import type { Scheduler } from './scheduler.ts';
import type { Queue } from './queue-tree.ts';

/** @returns '' when nothing is wanted */
export function whyWaiting(scheduler: Scheduler, app: SchedulerApp, largest: { memoryMb: number; vcores: number } | undefined): string {
  let asks = 0;
  let wanted = 0;
  let worst: Ask | undefined;
  for (const ask of app.asks.values()) {
    asks++;
    wanted += ask.count;
    if (worst === undefined || (worst.where === 'ready' && ask.where === 'parked')) worst = ask;
  }
  if (worst === undefined) return '';
  const rest = asks > 1 ? `; ${wanted} containers are wanted in all` : '';
  return `${whyAsk(scheduler, worst, largest)}${rest}.`;
}

function whyAsk(scheduler: Scheduler, ask: Ask, largest: { memoryMb: number; vcores: number } | undefined): string {
  const { memoryMb, vcores } = ask.size;
  const wants = `${ask.count} ${ask.count === 1 ? 'container' : 'containers'} of ${memoryMb} MB and ${vcores} ${vcores === 1 ? 'vcore' : 'vcores'}`;
  if (largest === undefined) return `Waiting for ${wants}: no node has registered with the ResourceManager`;
  if (memoryMb > largest.memoryMb || vcores > largest.vcores) {
    return `Waiting for ${wants}: it asks for more than the largest node has (${largest.memoryMb} MB and ${largest.vcores} vcores)`;
  }
  const full = fullQueue(ask);
  if (full !== undefined) return `Waiting for ${wants}: ${saysFull(full)}`;
  if (ask.parkedIn !== undefined && ask.parkedIn === ask.app.leaf.driversFull) return `Waiting for ${wants}: ${saysDrivers(ask.app.leaf)}`;
  if (ask.where === 'parked') return `Waiting for ${wants}: no node has room; ${mostRoom(scheduler)}`;
  return `Waiting for ${wants}: its turn has not come yet`;
}

function fullQueue(ask: Ask): Queue | undefined {
  for (let queue: Queue | undefined = ask.app.leaf; queue !== undefined; queue = queue.parent) {
    // A queue that may use everything is full when the cluster is: the nodes then say more.
    if (queue.maximum < 1 && queue.wouldExceed(ask.size.memoryMb, ask.size.vcores)) return queue;
  }
  return undefined;
}

const percent = (ratio: number) => Math.round(ratio * 1000) / 10;

function saysFull(queue: Queue): string {
  const { usedMb, maximumMb, usedVcores, maximumVcores } = queue;
  return `queue ${queue.path} is at its maximum-capacity ${percent(queue.maximum)} % (${usedMb} of ${maximumMb} MB, ${usedVcores} of ${maximumVcores} vcores in use)`;
}

function saysDrivers(queue: Queue): string {
  const { driverMb, maximumDriverMb, driverVcores, maximumDriverVcores, config } = queue;
  return `queue ${queue.path} runs as many drivers as it may: they use ${driverMb} of ${maximumDriverMb} MB and ${driverVcores} of ${maximumDriverVcores} vcores (maximum-am-resource-percent ${config.maximumAmShare}); its turn comes when one of them ends`;
}

function mostRoom({ nodes, root, totalMb, totalVcores }: Scheduler): string {
  const slot = nodes.roomiest();
  const used = `${root.usedMb} of ${totalMb} MB and ${root.usedVcores} of ${totalVcores} vcores of the cluster are in use`;
  if (slot < 0) return `no node takes containers now (${used})`;
  return `the most that one node has free is ${Math.max(0, nodes.freeMb[slot]!)} MB and ${Math.max(0, nodes.freeVcores[slot]!)} vcores (${used})`;
}
