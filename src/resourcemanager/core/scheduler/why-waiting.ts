// Why an application waits: for each of its requests what stands in the way, with numbers, and what would let it run. The scheduler's
// obstacles (obstacle.ts) in, words and data out. This is what operators of YARN miss most. O(requests of the application).
import { amountOf, fits, type Resource, resource } from '../../../common/resource.ts';
import type { Obstacle } from './obstacle.ts';
import type { ScheduledApp, WaitingAsk } from './scheduler-port.ts';

/** What stands in the way of one request, in a word for programs. */
export type ObstacleWord =
  | 'NO_NODES'
  | 'TOO_LARGE'
  | 'QUEUE_FULL'
  | 'USER_LIMIT'
  | 'AM_SHARE'
  | 'RUNNING_APPS'
  | 'NO_ROOM'
  | 'RESERVED'
  | 'LOCALITY'
  | 'LABEL'
  | 'NOT_ITS_TURN';

/** One request that waits. memoryMb in MiB, of each of `count` containers. */
export type WaitingRequest = {
  readonly askId: number;
  readonly priority: number;
  readonly count: number;
  readonly memoryMb: number;
  readonly vcores: number;
  readonly obstacle: ObstacleWord;
  /** The obstacle as part of a sentence: after "Waiting for …: ". */
  readonly because: string;
  /** A whole sentence. */
  readonly wouldLetItRun: string;
};

type Reason = Pick<WaitingRequest, 'obstacle' | 'because' | 'wouldLetItRun'>;

/** All requests that wait, those that the scheduler has refused before those whose turn has not come. */
export function waitingRequests(app: ScheduledApp, largest: Resource | undefined): WaitingRequest[] {
  const asks = [...app.asks.values()].map((ask) => ({ ask, obstacle: ask.obstacle }));
  asks.sort((a, b) => Number(b.obstacle !== undefined) - Number(a.obstacle !== undefined));
  return asks.map(({ ask, obstacle }) => {
    const { askId, priority, count, resource: wanted } = ask;
    const { memoryMb, vcores } = wanted;
    return { askId, priority, count, memoryMb, vcores, ...reasonOf(ask, obstacle, largest) };
  });
}

/** @returns two sentences: why the first of them waits, and what would let it run; '' when nothing is wanted */
export function whyWaiting(app: ScheduledApp, largest: Resource | undefined): string {
  const requests = waitingRequests(app, largest);
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

function reasonOf(ask: WaitingAsk, o: Obstacle | undefined, largest: Resource | undefined): Reason {
  const size = ask.resource;
  if (largest === undefined)
    return {
      obstacle: 'NO_NODES',
      because: 'no node has registered with the ResourceManager',
      wouldLetItRun: `It fits when a NodeManager with ${inWords(size)} starts.`,
    };
  if (!fits(largest, size)) return tooLarge(size, largest, '');
  switch (o?.tag) {
    case undefined:
      return {
        obstacle: 'NOT_ITS_TURN',
        because: 'its turn has not come yet',
        wouldLetItRun: 'It is looked at when what stands before it in its queue has been.',
      };
    case 'queueMaximum':
      return { obstacle: 'QUEUE_FULL', because: saysFull(o), wouldLetItRun: `It fits when ${queueNeeds(o, size)}.` };
    case 'userLimit':
      return {
        obstacle: 'USER_LIMIT',
        because: `user ${o.user} has what one user may have in queue ${o.queue}${onLabel(o.label)} (${inUse(o.used, o.limit)}; ${o.activeUsers} active ${o.activeUsers === 1 ? 'user' : 'users'})`,
        wouldLetItRun: `It fits when ${missing(o.used, size, o.limit)} in use by ${o.user} become free, or with a larger user-limit-factor or minimum-user-limit-percent of ${o.queue}.`,
      };
    case 'driverShare':
      return { obstacle: 'AM_SHARE', because: saysDrivers(o), wouldLetItRun: `It fits when one of them ends${raisedShare(o, size)}.` };
    case 'runningApps':
      return {
        obstacle: 'RUNNING_APPS',
        because: `${o.of} ${o.name} runs as many applications as it may (${o.running} of ${o.maximum}, maxRunningApps)`,
        wouldLetItRun: 'It runs when one of them ends, or with a larger maxRunningApps.',
      };
    case 'noNodeFits':
      return { obstacle: 'NO_ROOM', ...noRoom(o, size) };
    case 'tooLarge':
      return tooLarge(size, o.largest, onLabel(o.label));
    case 'noNodes':
      return {
        obstacle: 'NO_NODES',
        because: o.label === '' ? 'no node is in the cluster' : `no node with label ${o.label} is in the cluster`,
        wouldLetItRun: `It fits when a node with ${inWords(size)}${o.label === '' ? '' : ` and label ${o.label}`} joins.`,
      };
    case 'reserved':
      return {
        obstacle: 'RESERVED',
        because: `node ${o.host} is kept for it, and has ${inWords(notBelowNothing(o.free))} free so far`,
        wouldLetItRun: `It fits when ${short(size, o.free)} more become free there, or on another node before.`,
      };
    case 'locality':
      return {
        obstacle: 'LOCALITY',
        because: `it waits for ${few(o.hosts)} before it takes another node (${o.missed} of ${o.after} chances have passed)`,
        wouldLetItRun: 'It fits when one of them has room, or after the locality delay.',
      };
    case 'hostsFull':
      return {
        obstacle: 'LOCALITY',
        because: `it may run on ${few(o.hosts)} only (relaxLocality is false), and there is no room`,
        wouldLetItRun: `It fits when ${inWords(size)} are free on one of them.`,
      };
    case 'labelNotAccessible':
      return {
        obstacle: 'LABEL',
        because: `queue ${o.queue} may not use nodes with label ${o.label}`,
        wouldLetItRun: `It fits when ${o.label} is among the accessible-node-labels of ${o.queue} and has a capacity there.`,
      };
    default:
      return o satisfies never;
  }
}

const percent = (n: number) => Math.round(n * 10) / 10;
const onLabel = (label: string) => (label === '' ? '' : ` on nodes with label ${label}`);
const notBelowNothing = (r: Resource): Resource => resource(Math.max(0, r.memoryMb), Math.max(0, r.vcores), r.others);

const tooLarge = (size: Resource, largest: Resource, where: string): Reason => ({
  obstacle: 'TOO_LARGE',
  because: `it asks for more than the largest node${where} has (${inWords(largest)})`,
  wouldLetItRun: `It fits when a node with at least ${inWords(size)} joins, or when it asks for less.`,
});

function saysFull({ queue, percent: of, used, maximum, label }: Extract<Obstacle, { tag: 'queueMaximum' }>): string {
  return `queue ${queue} is at its maximum-capacity${Number.isNaN(of) ? '' : ` ${percent(of)} %`}${onLabel(label)} (${inUse(used, maximum)})`;
}

/** What must be given back in the queue, and the smallest maximum-capacity that would do instead, where its parent has that much. */
function queueNeeds(
  { queue, used, maximum, total, percent: of, parentPercent }: Extract<Obstacle, { tag: 'queueMaximum' }>,
  size: Resource,
): string {
  const free = `${missing(used, size, maximum)} in use by queue ${queue} become free`;
  if (Number.isNaN(of)) return free;
  const needed = Math.max((used.memoryMb + size.memoryMb) / total.memoryMb, (used.vcores + size.vcores) / total.vcores);
  const ofParent = Math.ceil((needed / (parentPercent / 100)) * 100 - 1e-9);
  return ofParent > 100 ? free : `${free}, or when ${queue}'s maximum-capacity is raised to ${ofParent} %`;
}

function saysDrivers({ queue, user, used, maximum, share }: Extract<Obstacle, { tag: 'driverShare' }>): string {
  const who = user === undefined ? `queue ${queue} runs` : `user ${user} runs in queue ${queue}`;
  return `${who} as many drivers as it may: they use ${used.memoryMb} of ${maximum.memoryMb} MB and ${used.vcores} of ${maximum.vcores} vcores (maximum-am-resource-percent ${share})`;
}

function raisedShare({ queue, user, used, base }: Extract<Obstacle, { tag: 'driverShare' }>, size: Resource): string {
  if (user !== undefined) return '';
  const share = Math.max((used.memoryMb + size.memoryMb) / base.memoryMb, (used.vcores + size.vcores) / base.vcores);
  const rounded = Math.ceil(share * 100 - 1e-9) / 100;
  return rounded > 1 ? '' : `, or when ${queue}'s maximum-am-resource-percent is raised to ${rounded}`;
}

function noRoom({ label, mostFree, used, total }: Extract<Obstacle, { tag: 'noNodeFits' }>, size: Resource): Omit<Reason, 'obstacle'> {
  const where = label === '' ? 'the cluster' : `label ${label}`;
  const inUseNow = `${used.memoryMb} of ${total.memoryMb} MB and ${used.vcores} of ${total.vcores} vcores of ${where} are in use`;
  if (mostFree === undefined)
    return {
      because: `no node has room; no node takes containers now (${inUseNow})`,
      wouldLetItRun: 'It fits when a node is healthy again, or another joins.',
    };
  const free = notBelowNothing(mostFree);
  return {
    because: `no node has room; the most that one node has free is ${inWords(free)} (${inUseNow})`,
    wouldLetItRun: `It fits when ${short(size, free)} more become free on that node, or when another joins.`,
  };
}

const missing = (used: Resource, size: Resource, maximum: Resource): string =>
  amounts(
    used.memoryMb + size.memoryMb - maximum.memoryMb,
    used.vcores + size.vcores - maximum.vcores,
    (name) => amountOf(used, name) + amountOf(size, name) - amountOf(maximum, name),
    size,
  );
const short = (size: Resource, free: Resource): string =>
  amounts(size.memoryMb - free.memoryMb, size.vcores - free.vcores, (name) => amountOf(size, name) - amountOf(free, name), size);

/** What is missing of each resource; what is not missing is not named. */
function amounts(memoryMb: number, vcores: number, other: (name: string) => number, { others }: Resource): string {
  const counted = Object.keys(others ?? {}).map((name) => [name, other(name)] as const);
  const parts = [
    ...(memoryMb > 0 ? [`${memoryMb} MB`] : []),
    ...(vcores > 0 ? [vcoresText(vcores)] : []),
    ...counted.filter(([, amount]) => amount > 0).map(([name, amount]) => `${amount} ${name}`),
  ];
  return parts.length === 0 ? 'a little' : parts.join(' and ');
}

function inWords({ memoryMb, vcores, others }: Resource): string {
  const more = Object.entries(others ?? {}).map(([name, amount]) => ` and ${amount} ${name}`);
  return `${memoryMb} MB and ${vcoresText(vcores)}${more.join('')}`;
}

function inUse(used: Resource, of: Resource): string {
  const names = Object.keys({ ...used.others, ...of.others });
  const more = names.map((name) => `, ${amountOf(used, name)} of ${amountOf(of, name)} ${name}`);
  return `${used.memoryMb} of ${of.memoryMb} MB, ${used.vcores} of ${of.vcores} vcores${more.join('')} in use`;
}

/** A list that a person can read. */
const few = (names: readonly string[]): string =>
  names.length <= MOST_NAMES + 1 ? names.join(', ') : `${names.slice(0, MOST_NAMES).join(', ')} and ${names.length - MOST_NAMES} more`;
const MOST_NAMES = 5;
