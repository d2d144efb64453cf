// What a parked ask waits for, as data with the numbers of now. Reads only; the types are obstacle.ts.
import type { Resource } from '../../../../common/resource.ts';
import type { Obstacle } from '../obstacle.ts';
import type { Vector } from '../vectors.ts';
import type { CapacityScheduler } from './capacity-scheduler.ts';
import type { Ask } from './line.ts';
import type { Partition } from './partition.ts';
import type { QueuePart } from './queue.ts';
import { type UserPart, userDriverLimit, userLimit } from './user-part.ts';

export function obstacleOf(scheduler: CapacityScheduler, ask: Ask): Obstacle | undefined {
  const { reservation, line } = ask;
  if (reservation !== undefined) {
    const { slot, sinceMs } = reservation;
    return { tag: 'reserved', slot, host: scheduler.nodes.hosts[slot]!, free: scheduler.freeOn(slot), sinceMs };
  }
  const lot = line?.lot;
  if (line === undefined || lot === undefined) return undefined;
  const { partition } = ask.size;
  const inWords = (vector: Vector): Resource => scheduler.dimensions.resource(vector);
  switch (lot.kind) {
    case 'queueMaximum': {
      const part = lot.of as QueuePart;
      // A queue that may use everything is full when the cluster is: the nodes then say more.
      if (part.maximum >= 1) return noNode(scheduler, ask, partition);
      return {
        tag: 'queueMaximum',
        queue: part.queue.path,
        label: partition.label,
        used: inWords(part.taken),
        maximum: inWords(part.limit),
        percent: part.maximum * 100,
        parentPercent: (part.parent?.maximum ?? 1) * 100,
        total: inWords(partition.total),
      };
    }
    case 'userLimit': {
      const { part, name, taken } = lot.of as UserPart;
      const limit = inWords(userLimit(part, ask.size.vector, (lot.of as UserPart).weight));
      return {
        tag: 'userLimit',
        queue: part.queue.path,
        label: partition.label,
        user: name,
        used: inWords(taken),
        limit,
        activeUsers: part.activeUsers,
      };
    }
    case 'driverShare':
    case 'userDriverShare': {
      const user = lot.kind === 'userDriverShare' ? (lot.of as UserPart) : undefined;
      const part = user?.part ?? (lot.of as QueuePart);
      return {
        tag: 'driverShare',
        queue: part.queue.path,
        label: partition.label,
        user: user?.name,
        used: inWords(user?.driverUsed ?? part.driverUsed),
        maximum: inWords(user === undefined ? part.driverLimit : userDriverLimit(part, user.weight)),
        share: part.amount.maximumAmShare,
        base: inWords(part.guaranteed),
      };
    }
    case 'noNode':
      return noNode(scheduler, ask, partition);
    case 'locality': {
      const missed = scheduler.locality.missed(ask);
      return { tag: 'locality', hosts: ask.hosts, missed, after: line.dueAt - ask.waitsSince };
    }
    case 'hostsFull':
      return { tag: 'hostsFull', hosts: [...ask.hosts, ...ask.racks] };
    case 'labelNotAccessible':
      return partition.known ? { tag: 'labelNotAccessible', queue: ask.app.queue, label: ask.label } : { tag: 'noNodes', label: ask.label };
    default:
      return lot.kind satisfies never;
  }
}

function noNode(scheduler: CapacityScheduler, { size, lenders }: Ask, partition: Partition): Obstacle {
  const { nodes, dimensions } = scheduler;
  const { label } = partition;
  if (partition.nodes === 0 && lenders.length === 0) return { tag: 'noNodes', label };
  const fitsNowhere = [size, ...lenders].every(
    (one) => !one.search.pools().some((pool) => pool.slots.some((slot) => nodes.couldHold(slot, size.vector))),
  );
  const largest = fitsNowhere ? largestOf(scheduler, partition) : undefined;
  if (largest !== undefined) return { tag: 'tooLarge', label, largest };
  const roomiest = size.search
    .pools()
    .map((pool) => pool.roomiest())
    .find((slot) => slot >= 0);
  const mostFree = roomiest === undefined ? undefined : scheduler.freeOn(roomiest);
  const { taken } = scheduler.root.parts[partition.index]!;
  return { tag: 'noNodeFits', label, mostFree, used: dimensions.resource(taken), total: dimensions.resource(partition.total) };
}

/** The most of each that one node has. */
function largestOf({ nodes, dimensions }: CapacityScheduler, { index }: Partition): Resource | undefined {
  let most: Vector | undefined;
  for (const slot of nodes.slotsOf(index)) {
    const capacity = nodes.capacityOf(slot);
    most = most === undefined ? capacity : capacity.map((amount, d) => Math.max(amount, most![d] ?? 0));
  }
  return most === undefined ? undefined : dimensions.resource(most);
}
