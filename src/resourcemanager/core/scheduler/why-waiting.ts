// Why an application waits: for each of its requests what stands in the way, with numbers, and what would let it run. The scheduler's
// state in, words and data out. This is what operators of YARN miss most. O(requests of the application).
import type { Ask, SchedulerApp } from './asks.ts';
import type { Scheduler } from './scheduler.ts';
import type { Queue } from './queue-tree.ts';

/** What stands in the way of one request, in a word for programs. */
export type Obstacle = 'NO_NODES' | 'TOO_LARGE' | 'QUEUE_FULL' | 'AM_SHARE' | 'NO_ROOM' | 'NOT_ITS_TURN';

/** One request that waits. memoryMb in MiB, of each of `count` containers. */
export type WaitingRequest = {
  readonly askId: number;
  readonly priority: number;
  readonly count: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly obstacle: Obstacle;
  /** The obstacle as part of a sentence: after "Waiting for …: ". */
  readonly because: string;
  /** A whole sentence. */
  readonly wouldLetItRun: string;
};

type Size = { readonly memoryMb: number; readonly vcores: number };
type Reason = Pick<WaitingRequest, 'obstacle' | 'because' | 'wouldLetItRun'>;

/** All requests that wait, those that the scheduler has refused before those whose turn has not come. */
export function waitingRequests(scheduler: Scheduler, app: SchedulerApp, largest: Size | undefined): WaitingRequest[] {
  const asks = [...app.asks.values()].sort((a, b) => Number(b.where === 'parked') - Number(a.where === 'parked'));
  return asks.map((ask) => {
    const { askId, priority, count } = ask;
    const { memoryMb, vcores } = ask.size;
    return { askId, priority, count, memoryMb, vcores, ...reasonOf(scheduler, ask, largest) };
  });
}

/** @returns two sentences: why the first of them waits, and what would let it run; '' when nothing is wanted */
export function whyWaiting(scheduler: Scheduler, app: SchedulerApp, largest: Size | undefined): string {
  const requests = waitingRequests(scheduler, app, largest);
  const first = requests[0];
  if (first === undefined) return '';
  const wanted = requests.reduce((sum, { count }) => sum + count, 0);
  const rest = requests.length > 1 ? `; ${wanted} containers are wanted in all` : '';
  return `Waiting for ${wants(first)}: ${first.because}${rest}. ${first.wouldLetItRun}`;
}

/** `Waiting for 2 containers of …: queue root.etl is at …. It fits when ….` */
export const sentencesOf = (r: WaitingRequest): string => `Waiting for ${wants(r)}: ${r.because}. ${r.wouldLetItRun}`;

/** `3 containers of 2048 MB and 1 vcore` */
const wants = ({ count, memoryMb, vcores }: Pick<WaitingRequest, 'count' | 'memoryMb' | 'vcores'>): string =>
  `${count} ${count === 1 ? 'container' : 'containers'} of ${memoryMb} MB and ${vcoresText(vcores)}`;

const vcoresText = (n: number): string => `${n} ${n === 1 ? 'vcore' : 'vcores'}`;

function reasonOf(scheduler: Scheduler, ask: Ask, largest: Size | undefined): Reason {
  const { size } = ask;
  if (largest === undefined)
    return {
      obstacle: 'NO_NODES',
      because: 'no node has registered with the ResourceManager',
      wouldLetItRun: `It fits when a NodeManager with ${size.memoryMb} MB and ${vcoresText(size.vcores)} starts.`,
    };
  if (size.memoryMb > largest.memoryMb || size.vcores > largest.vcores)
    return {
      obstacle: 'TOO_LARGE',
      because: `it asks for more than the largest node has (${largest.memoryMb} MB and ${vcoresText(largest.vcores)})`,
      wouldLetItRun: `It fits when a node with at least ${size.memoryMb} MB and ${vcoresText(size.vcores)} joins, or when it asks for less.`,
    };
  const full = fullQueue(ask);
  if (full !== undefined)
    return { obstacle: 'QUEUE_FULL', because: saysFull(full), wouldLetItRun: `It fits when ${queueNeeds(scheduler, full, size)}.` };
  if (ask.parkedIn !== undefined && ask.parkedIn === ask.app.leaf.driversFull)
    return {
      obstacle: 'AM_SHARE',
      because: saysDrivers(ask.app.leaf),
      wouldLetItRun: `It fits when one of them ends${raisedShare(scheduler, ask.app.leaf, size)}.`,
    };
  if (ask.where === 'parked') return { obstacle: 'NO_ROOM', ...noRoom(scheduler, size) };
  return {
    obstacle: 'NOT_ITS_TURN',
    because: 'its turn has not come yet',
    wouldLetItRun: 'It is looked at when what stands before it in its queue has been.',
  };
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

/** What must be given back in the queue, and the smallest maximum-capacity that would do instead, where its parent has that much. */
function queueNeeds({ totalMb, totalVcores }: Scheduler, queue: Queue, { memoryMb, vcores }: Size): string {
  const { usedMb, maximumMb, usedVcores, maximumVcores } = queue;
  const free = `${amounts(usedMb + memoryMb - maximumMb, usedVcores + vcores - maximumVcores)} in use by queue ${queue.path} become free`;
  const needed = Math.max((usedMb + memoryMb) / totalMb, (usedVcores + vcores) / totalVcores);
  const ofParent = Math.ceil((needed / (queue.parent?.maximum ?? 1)) * 100 - 1e-9);
  return ofParent > 100 ? free : `${free}, or when ${queue.path}'s maximum-capacity is raised to ${ofParent} %`;
}

function saysDrivers(queue: Queue): string {
  const { driverMb, maximumDriverMb, driverVcores, maximumDriverVcores, config } = queue;
  return `queue ${queue.path} runs as many drivers as it may: they use ${driverMb} of ${maximumDriverMb} MB and ${driverVcores} of ${maximumDriverVcores} vcores (maximum-am-resource-percent ${config.maximumAmShare})`;
}

function raisedShare({ totalMb, totalVcores }: Scheduler, queue: Queue, { memoryMb, vcores }: Size): string {
  const share = Math.max(
    (queue.driverMb + memoryMb) / (totalMb * queue.capacity),
    (queue.driverVcores + vcores) / (totalVcores * queue.capacity),
  );
  const rounded = Math.ceil(share * 100 - 1e-9) / 100;
  return rounded > 1 ? '' : `, or when ${queue.path}'s maximum-am-resource-percent is raised to ${rounded}`;
}

function noRoom({ nodes, root, totalMb, totalVcores }: Scheduler, { memoryMb, vcores }: Size): Pick<Reason, 'because' | 'wouldLetItRun'> {
  const slot = nodes.roomiest();
  const used = `${root.usedMb} of ${totalMb} MB and ${root.usedVcores} of ${totalVcores} vcores of the cluster are in use`;
  if (slot < 0)
    return {
      because: `no node has room; no node takes containers now (${used})`,
      wouldLetItRun: 'It fits when a node is healthy again, or another joins.',
    };
  const freeMb = Math.max(0, nodes.freeMb[slot]!);
  const freeVcores = Math.max(0, nodes.freeVcores[slot]!);
  return {
    because: `no node has room; the most that one node has free is ${freeMb} MB and ${vcoresText(freeVcores)} (${used})`,
    wouldLetItRun: `It fits when ${amounts(memoryMb - freeMb, vcores - freeVcores)} more become free on that node, or when another joins.`,
  };
}

/** What is missing of each resource; what is not missing is not named. */
function amounts(memoryMb: number, vcores: number): string {
  const parts = [...(memoryMb > 0 ? [`${memoryMb} MB`] : []), ...(vcores > 0 ? [vcoresText(vcores)] : [])];
  return parts.length === 0 ? 'a little' : parts.join(' and ');
}
