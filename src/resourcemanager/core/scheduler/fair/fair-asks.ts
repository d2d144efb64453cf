// Applications and asks of the fair scheduler, and where an ask stands: ready, held (its application may not run yet), or parked at its
// obstacle until that moves. The same idea as the capacity scheduler's asks.ts, over the fair queue tree.
import type { Resource } from '../../../../common/resource.ts';
import type { Obstacle } from '../obstacle.ts';
import type { HeapItem } from '../heap.ts';
import type { AppOffer, ScheduledApp, WaitingAsk, Want } from '../scheduler-port.ts';
import type { FairQueue } from './fair-queue.ts';
import type { FairSize } from './fair-sizes.ts';

export class FairAsk implements WaitingAsk {
  readonly app: FairApp;
  readonly askId: number;
  readonly priority: number;
  readonly size: FairSize;
  readonly forDriver: boolean;
  readonly label = '';
  count = 0;
  where: 'idle' | 'ready' | 'parked' = 'idle';
  parkedIn: FairAsk[] | undefined = undefined;
  parkedAt = -1;
  /** The node that is kept for it. */
  keptSlot = -1;
  keptSinceMs = 0;
  readonly #obstacle: (ask: FairAsk) => Obstacle | undefined;

  constructor(app: FairApp, askId: number, size: FairSize, want: Want, obstacle: (ask: FairAsk) => Obstacle | undefined) {
    this.app = app;
    this.askId = askId;
    this.priority = want.priority;
    this.size = size;
    this.forDriver = want.forDriver ?? false;
    this.#obstacle = obstacle;
  }

  get resource(): Resource {
    return this.size.resource;
  }

  get hosts(): readonly string[] {
    return this.size.hosts;
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle(this);
  }
}

export class FairApp implements ScheduledApp, HeapItem {
  readonly seq: number;
  readonly user: string;
  /** In a fifo queue larger goes first. */
  priority: number;
  leaf: FairQueue;
  readonly sizeBased: boolean;
  /** As few run as must, in its queue and of its user. */
  runs = false;
  readonly asks = new Map<number, FairAsk>();
  readonly ready: FairAsk[] = [];
  readonly used = { memoryMb: 0, vcores: 0, others: undefined as Record<string, number> | undefined };
  readonly driver = { memoryMb: 0, vcores: 0 };
  containers = 0;
  owner: unknown;
  share = 0;
  heapAt = -1;
  /** MiB that it asks for and has not. */
  wantedMb = 0;

  constructor({ seq, priority, user }: Pick<AppOffer, 'seq' | 'priority' | 'user'>, leaf: FairQueue, sizeBased = false) {
    this.seq = seq;
    this.priority = priority;
    this.user = user;
    this.leaf = leaf;
    this.sizeBased = sizeBased;
  }

  /** Source: YARN's FairScheduler.getAppWeight; the part of the priority is ours. */
  get weight(): number {
    const bySize = this.sizeBased ? Math.log1p(this.used.memoryMb + this.wantedMb) / Math.LN2 : 1;
    return bySize * (1 + this.priority);
  }

  get ordinal(): number {
    return this.seq;
  }
  get queue(): string {
    return this.leaf.path;
  }
  get usedMb(): number {
    return this.used.memoryMb;
  }
  get usedVcores(): number {
    return this.used.vcores;
  }
}

const askBefore = (a: FairAsk, b: FairAsk): boolean => a.priority < b.priority || (a.priority === b.priority && a.askId < b.askId);

/** Nothing is in its way; an application that may not run yet keeps it as it is. */
export function makeReady(ask: FairAsk): void {
  const { app } = ask;
  if (!app.runs) return;
  ask.where = 'ready';
  let at = app.ready.length;
  while (at > 0 && askBefore(ask, app.ready[at - 1]!)) at--;
  app.ready.splice(at, 0, ask);
  if (app.ready.length > 1) return;
  app.leaf.ready.push(app);
  for (let queue = app.leaf; queue.parent !== undefined && !queue.parent.active.has(queue); queue = queue.parent)
    queue.parent.active.push(queue);
}

export function unready(ask: FairAsk): void {
  ask.where = 'idle';
  const { app } = ask;
  app.ready.splice(app.ready.indexOf(ask), 1);
  if (app.ready.length > 0) return;
  app.leaf.ready.remove(app);
  for (let queue = app.leaf; queue.parent !== undefined; queue = queue.parent) {
    if (queue.ready.top !== undefined || queue.active.top !== undefined) break;
    queue.parent.active.remove(queue);
  }
}

/** Until the obstacle that `list` belongs to moves. */
export function park(ask: FairAsk, list: FairAsk[]): void {
  unready(ask);
  ask.where = 'parked';
  ask.parkedIn = list;
  ask.parkedAt = list.push(ask) - 1;
}

export function readyAgain(ask: FairAsk): void {
  unpark(ask);
  makeReady(ask);
}

export function leave(ask: FairAsk): void {
  if (ask.where === 'ready') unready(ask);
  else if (ask.where === 'parked') unpark(ask);
}

function unpark(ask: FairAsk): void {
  const list = ask.parkedIn!;
  const last = list.pop()!;
  if (last !== ask) {
    list[ask.parkedAt] = last;
    last.parkedAt = ask.parkedAt;
  }
  ask.parkedIn = undefined;
  ask.where = 'idle';
}
