// What waits in a leaf. Asks of one user, size and kind stand before the same obstacles, so they stand in one line: a line is parked and
// looked at again as a whole, however many applications stand in it. An ask with places of its own (hosts, racks) has a line to itself.
// A parked line is in the lot of what it waits for, and is not looked at until that has moved.
import type { Resource } from '../../../../common/resource.ts';
import type { Obstacle } from '../obstacle.ts';
import type { WaitingAsk, Want } from '../scheduler-port.ts';
import { Heap } from '../heap.ts';
import type { Application } from './application.ts';
import type { QueuePart } from './queue.ts';
import type { SizeClass } from './size-class.ts';
import type { UserPart } from './user-part.ts';
import { beginWaiting, endWaiting } from './waiting.ts';

export type LotKind =
  | 'queueMaximum'
  | 'userLimit'
  | 'driverShare'
  | 'userDriverShare'
  | 'noNode'
  | 'locality'
  | 'hostsFull'
  | 'labelNotAccessible';

/** Lines that wait for one thing. `of`: what that belongs to. */
export class Lot<T = unknown> {
  readonly kind: LotKind;
  readonly of: T;
  readonly lines: Line[] = [];

  constructor(kind: LotKind, of: T) {
    this.kind = kind;
    this.of = of;
  }
}

/** Of a node that is kept for an ask. */
export type Reservation = { readonly ask: Ask; readonly slot: number; readonly sinceMs: number };

export class Ask implements WaitingAsk {
  readonly app: Application;
  readonly askId: number;
  readonly priority: number;
  readonly resource: Resource;
  readonly size: SizeClass;
  readonly forDriver: boolean;
  readonly hosts: readonly string[];
  readonly racks: readonly string[];
  readonly relaxLocality: boolean;
  readonly label: string;
  /** Of its application, as they were when it came to stand: orders look at nothing else of it. */
  appPriority = 0;
  readonly appSeq: number;
  count = 0;
  heapAt = -1;
  line: Line | undefined = undefined;
  reservation: Reservation | undefined = undefined;
  /** The same size in partitions whose idle nodes it may use. */
  lenders: readonly SizeClass[] = [];
  /** In the scheduler's chances: since when it waits for its hosts; -1: it does not. */
  waitsSince = -1;
  /** Of its hosts, in its partition: as they were at that version of the nodes. */
  hostSlots: readonly number[] = [];
  hostSlotsAt = -1;
  readonly #describe: (ask: Ask) => Obstacle | undefined;

  constructor(
    app: Application,
    askId: number,
    want: Want & { label: string },
    size: SizeClass,
    describe: (ask: Ask) => Obstacle | undefined,
  ) {
    this.app = app;
    this.appSeq = app.seq;
    this.askId = askId;
    this.priority = want.priority;
    this.resource = want.resource;
    this.size = size;
    this.forDriver = want.forDriver ?? false;
    this.hosts = want.hosts;
    this.racks = want.racks ?? [];
    this.relaxLocality = want.relaxLocality ?? true;
    this.label = want.label;
    this.#describe = describe;
  }

  get obstacle(): Obstacle | undefined {
    return this.#describe(this);
  }

  /** It stands alone. */
  get isParticular(): boolean {
    return this.hosts.length > 0 || this.racks.length > 0;
  }
}

export class Line {
  readonly part: QueuePart;
  readonly user: UserPart;
  readonly size: SizeClass;
  readonly forDriver: boolean;
  readonly asks: Heap<Ask>;
  /** In its leaf's heap of lines that could be placed. */
  heapAt = -1;
  lot: Lot | undefined = undefined;
  lotAt = -1;
  /** For which what is left of this queue's maximum is held: head-room.ts. */
  holds: QueuePart | undefined = undefined;
  /** Slots that wake it when they get room. */
  watched: readonly number[] = [];
  /** In chances: when it is looked at again, where it waits for its hosts. */
  dueAt = -1;

  constructor(part: QueuePart, user: UserPart, size: SizeClass, forDriver: boolean) {
    this.part = part;
    this.user = user;
    this.size = size;
    this.forDriver = forDriver;
    this.asks = new Heap(askOrder(part.queue.config.orderingPolicy === 'fair', part.partition.index));
  }
}

/** Larger priority, then age. Source: YARN's FifoOrderingPolicy. */
function byAge(a: Ask, b: Ask): boolean {
  if (a.appPriority !== b.appPriority) return a.appPriority > b.appPriority;
  if (a.appSeq !== b.appSeq) return a.appSeq < b.appSeq;
  return a.priority < b.priority || (a.priority === b.priority && a.askId < b.askId);
}

/** Who has less, then as the others. Source: YARN's FairOrderingPolicy. */
const byShareThenAge =
  (partition: number) =>
  (a: Ask, b: Ask): boolean => {
    if (a.app === b.app) return byAge(a, b);
    const [mine, other] = [a.app.shareFor(partition), b.app.shareFor(partition)];
    return mine === other ? byAge(a, b) : mine < other;
  };

const askOrder = (fair: boolean, partition: number) => (fair ? byShareThenAge(partition) : byAge);

/** Of the lines of a leaf: by their first asks. */
export function lineOrder(fair: boolean, partition: number): (a: Line, b: Line) => boolean {
  const before = askOrder(fair, partition);
  return (a, b) => before(a.asks.top!, b.asks.top!);
}

/** It could be placed: in its leaf, and its leaf in all above it. */
export function makeReady(line: Line): void {
  if (line.heapAt >= 0) return;
  line.part.lines.push(line);
  for (let part = line.part; part.parent !== undefined && part.heapAt < 0; part = part.parent) part.parent.active.push(part);
}

export function unready(line: Line): void {
  if (line.heapAt < 0) return;
  line.part.lines.remove(line);
  for (let { part } = line; part.parent !== undefined && !part.hasWork; part = part.parent) part.parent.active.remove(part);
}

export function park(line: Line, lot: Lot): void {
  unready(line);
  line.lot = lot;
  line.lotAt = lot.lines.push(line) - 1;
  if (lot.kind === 'noNode') beginWaiting(line);
}

/** Out of its lot; it stands nowhere then. */
export function unpark(line: Line): void {
  const { lot } = line;
  if (lot === undefined) return;
  const last = lot.lines.pop()!;
  if (last !== line) {
    lot.lines[line.lotAt] = last;
    last.lotAt = line.lotAt;
  }
  line.lot = undefined;
  if (lot.kind === 'noNode') endWaiting(line);
}

export function wake(line: Line): void {
  unpark(line);
  makeReady(line);
}

/** All of them: what they waited for is there, or is to be looked at again. */
export function wakeAll(lot: Lot): void {
  while (lot.lines.length > 0) wake(lot.lines.at(-1)!);
}

/** Its place among others has changed, for its application has another share or its first ask is another. */
export function reorder(line: Line): void {
  if (line.heapAt >= 0) line.part.lines.fix(line);
}
