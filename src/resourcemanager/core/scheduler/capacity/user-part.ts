// One user in one leaf and one partition: what is his there, and how much that may be. Source of the limits: YARN's UsersManager.
import { exceeds, type Vector } from '../vectors.ts';
import { Lot } from './line.ts';
import type { Line } from './line.ts';
import type { QueuePart } from './queue.ts';
import type { SizeClass } from './size-class.ts';

const NONE: Vector = [];

export class UserPart {
  readonly name: string;
  readonly part: QueuePart;
  /** Of the queue's users he may have so many times what one may. */
  readonly weight: number;
  readonly taken: Vector = [0, 0];
  readonly reserved: Vector = [0, 0];
  readonly driverUsed: Vector = [0, 0];
  /** Asks that wait; he is active while there is one. */
  asks = 0;
  /** Lines of asks that may stand together, by size: those for drivers, and the others. */
  readonly lines = new Map<SizeClass, Line>();
  readonly driverLines = new Map<SizeClass, Line>();
  /** His lines that wait for his limit. */
  readonly full: Lot;
  readonly driversFull: Lot;

  constructor(name: string, part: QueuePart) {
    this.name = name;
    this.part = part;
    this.weight = part.queue.config.userWeights.get(name) ?? 1;
    this.full = new Lot('userLimit', this);
    this.driversFull = new Lot('userDriverShare', this);
  }

  /**
   * He has more than his limit of something that is wanted. Who has just his limit may have one container more, as in YARN: in a small
   * queue the driver alone can be all of it, and would wait for its first executor for ever.
   * @param less of what is taken: does not count
   */
  isOverLimit(want: Vector, less: Vector = NONE): boolean {
    if (this.taken[1]! <= 0) return false;
    const { part, taken, weight } = this;
    const [portion, over] = [portionOf(part), isOver(part, want)];
    for (let d = 0; d < want.length; d++)
      if (
        want[d]! > 0 &&
        d < taken.length &&
        taken[d]! - (less[d] ?? 0) > (d < part.limit.length ? limitOf(part, want, d, { portion, over, weight }) : 0)
      )
        return true;
    return false;
  }

  driversWouldExceed(want: Vector): boolean {
    return this.driverUsed[1]! > 0 && exceeds(this.driverUsed, want, userDriverLimit(this.part, this.weight));
  }
}

/**
 * What one active user may have now: the queue's capacity (or, when it uses more, what it uses) shared among the active users, but not
 * less than minimum-user-limit-percent of that and not more than user-limit-factor times the capacity.
 * A user with a weight (user-settings.<user>.weight) has so many times that, and counts as so many.
 * @param want of the next container: counts when the queue is above its capacity
 */
export function userLimit(part: QueuePart, want: Vector, weight = 1): Vector {
  const [portion, over] = [portionOf(part), isOver(part, want)];
  return part.limit.map((_, d) => limitOf(part, want, d, { portion, over, weight }));
}

/** Who weighs nothing is no reason for others to have less. */
const portionOf = ({ activeWeight, queue }: QueuePart): number =>
  Math.max(activeWeight > 0 ? 1 / activeWeight : 1, queue.config.userLimitPercent / 100);
const isOver = (part: QueuePart, want: Vector): boolean => part.share > 1 || exceeds(part.taken, want, part.guaranteed);

/** Of one resource. Nothing is made: it is asked for each look at a line. */
function limitOf(
  { guaranteed, taken, limit, queue }: QueuePart,
  want: Vector,
  d: number,
  { portion, over, weight }: { readonly portion: number; readonly over: boolean; readonly weight: number },
): number {
  const { userLimitFactor } = queue.config;
  const own = d < guaranteed.length ? guaranteed[d]! : 0;
  const now = over ? Math.max(own, (d < taken.length ? taken[d]! : 0) + (d < want.length ? want[d]! : 0)) : own;
  const factor = userLimitFactor < 0 ? limit[d]! : Math.floor(own * userLimitFactor + 1e-6);
  const one = Math.min(Math.ceil(now * portion - 1e-6), factor);
  return Math.min(weight === 1 ? one : Math.floor(one * weight + 1e-6), limit[d]!);
}

/** What the drivers of one user may take. Source: YARN's LeafQueue.getUserAMResourceLimitPerPartition. */
export function userDriverLimit(part: QueuePart, weight = 1): Vector {
  const { userLimitFactor } = part.queue.config;
  const portion = Math.min(1, portionOf(part) * weight) * (userLimitFactor < 0 ? 1 : userLimitFactor);
  return part.driverLimit.map((amount) => Math.min(amount, Math.floor(amount * portion + 1e-6)));
}
