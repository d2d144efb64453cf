// What is asked for and where it stands: ready in its application and queue, or parked at its obstacle. An application is ready
// when one of its asks is, a queue when one of its applications is. Who places them is scheduler.ts.
import type { Resource } from '../../../common/resource.ts';
import type { Obstacle } from './obstacle.ts';
import type { Queue } from './queue-tree.ts';
import type { ScheduledApp, WaitingAsk, Want } from './scheduler-port.ts';
import type { SizeClass } from './size-classes.ts';

export class Ask implements WaitingAsk {
  readonly app: SchedulerApp;
  readonly askId: number;
  /** Within one application smaller numbers go first, as in YARN's ResourceRequest. */
  readonly priority: number;
  readonly size: SizeClass;
  /** For the container of a driver (YARN's ApplicationMaster): its queue bounds what all of those take. */
  readonly forDriver: boolean;
  /** Node slots to try first are looked up by host. */
  readonly hosts: readonly string[];
  /** Containers still wanted. */
  count: number;
  where: 'idle' | 'ready' | 'parked';
  parkedIn: Ask[] | undefined = undefined;
  parkedAt = -1;
  readonly #obstacle: (ask: Ask) => Obstacle | undefined;

  constructor(app: SchedulerApp, askId: number, size: SizeClass, want: Want, obstacle: (ask: Ask) => Obstacle | undefined) {
    this.app = app;
    this.askId = askId;
    this.priority = want.priority;
    this.size = size;
    this.forDriver = want.forDriver ?? false;
    this.hosts = want.hosts;
    this.count = 0;
    this.where = 'idle';
    this.#obstacle = obstacle;
  }

  get resource(): Resource {
    return { memoryMb: this.size.memoryMb, vcores: this.size.vcores };
  }

  get label(): string {
    return '';
  }

  get obstacle(): Obstacle | undefined {
    return this.#obstacle(this);
  }
}

export class SchedulerApp implements ScheduledApp {
  /** Age: smaller is older. */
  readonly seq: number;
  /** Larger goes first. */
  priority: number;
  readonly user: string;
  leaf: Queue;
  readonly asks = new Map<number, Ask>();
  readonly ready: Ask[] = [];
  usedMb = 0;
  usedVcores = 0;
  /** Of that, its driver's container. */
  driverMb = 0;
  driverVcores = 0;
  containers = 0;
  /** Whose it is; the scheduler does not look at it. */
  owner: unknown;

  constructor(seq: number, priority: number, user: string, leaf: Queue) {
    this.seq = seq;
    this.priority = priority;
    this.user = user;
    this.leaf = leaf;
  }

  get queue(): string {
    return this.leaf.path;
  }

  get used(): Resource {
    return { memoryMb: this.usedMb, vcores: this.usedVcores };
  }
}

const appBefore = (a: SchedulerApp, b: SchedulerApp): boolean => a.priority > b.priority || (a.priority === b.priority && a.seq < b.seq);
const askBefore = (a: Ask, b: Ask): boolean => a.priority < b.priority || (a.priority === b.priority && a.askId < b.askId);

function insert<T>(list: T[], item: T, before: (a: T, b: T) => boolean): void {
  let at = list.length;
  while (at > 0 && before(item, list[at - 1]!)) at--;
  if (at === list.length) list.push(item);
  else list.splice(at, 0, item);
}

/** Its obstacle, if it had one, is gone. */
export function makeReady(ask: Ask): void {
  ask.where = 'ready';
  const { app } = ask;
  const first = app.ready.length === 0;
  insert(app.ready, ask, askBefore);
  if (!first) return;
  insert(app.leaf.ready, app, appBefore);
  for (let queue = app.leaf; queue.parent !== undefined && !queue.parent.active.has(queue); queue = queue.parent)
    queue.parent.active.push(queue);
}

export function unready(ask: Ask): void {
  ask.where = 'idle';
  const { app } = ask;
  const at = app.ready.indexOf(ask);
  if (at === 0) app.ready.shift();
  else app.ready.splice(at, 1);
  if (app.ready.length > 0) return;
  const { leaf } = app;
  const appAt = leaf.ready.indexOf(app);
  if (appAt === 0) leaf.ready.shift();
  else leaf.ready.splice(appAt, 1);
  let queue = leaf;
  while (queue.parent !== undefined && queue.ready.length === 0 && queue.active.top === undefined) {
    queue.parent.active.remove(queue);
    queue = queue.parent;
  }
}

/** Until the obstacle that `list` belongs to moves. */
export function park(ask: Ask, list: Ask[]): void {
  unready(ask);
  ask.where = 'parked';
  ask.parkedIn = list;
  ask.parkedAt = list.push(ask) - 1;
}

export function unpark(ask: Ask): void {
  const list = ask.parkedIn!;
  const last = list.pop()!;
  if (last !== ask) {
    list[ask.parkedAt] = last;
    last.parkedAt = ask.parkedAt;
  }
  ask.parkedIn = undefined;
  ask.where = 'idle';
}

export function readyAgain(ask: Ask): void {
  unpark(ask);
  makeReady(ask);
}

export function leave(ask: Ask): void {
  if (ask.where === 'ready') unready(ask);
  else if (ask.where === 'parked') unpark(ask);
}

export const sameList = (a: readonly string[], b: readonly string[]): boolean =>
  a === b || (a.length === b.length && a.every((x, i) => x === b[i]));

export function chargeDriver(app: SchedulerApp, memoryMb: number, vcores: number): void {
  app.driverMb += memoryMb;
  app.driverVcores += vcores;
  app.leaf.chargeDriver(memoryMb, vcores);
}
