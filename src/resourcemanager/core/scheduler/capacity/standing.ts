// Asks into their lines and out of them, and what is taken by whom on all levels: the small steps of the scheduler, each in one place, so
// that the counts of queues, users and applications can't part.
import { add, isNothing, subtract, type Vector } from '../vectors.ts';
import type { Application } from './application.ts';
import { type Ask, Line, makeReady, reorder, unpark, unready } from './line.ts';
import type { Partition } from './partition.ts';
import type { QueuePart } from './queue.ts';
import type { UserPart } from './user-part.ts';

/** In the leaf and partition that it asks for. Its line is ready, or parked as it was. */
export function stand(ask: Ask): Line {
  const { app, size, forDriver } = ask;
  const part = app.leaf.parts[size.partition.index]!;
  const user = part.user(app.user);
  const lines = forDriver ? user.driverLines : user.lines;
  let line = ask.isParticular ? undefined : lines.get(size);
  if (line === undefined) {
    line = new Line(part, user, size, forDriver);
    if (!ask.isParticular) lines.set(size, line);
  }
  ask.appPriority = app.priority;
  line.asks.push(ask);
  ask.line = line;
  if (user.asks++ === 0) {
    part.activeUsers++;
    part.activeWeight += user.weight;
  }
  addPending(part, size.vector, ask.count);
  if (line.heapAt >= 0) reorder(line);
  else if (line.lot === undefined) makeReady(line);
  return line;
}

/** @returns whether its user has no work left that waits: then others may have more */
export function leave(ask: Ask): boolean {
  const { line, size } = ask;
  if (line === undefined) return false;
  const { part, user } = line;
  const wasReady = line.heapAt >= 0;
  if (wasReady) unready(line);
  line.asks.remove(ask);
  ask.line = undefined;
  addPending(part, size.vector, -ask.count);
  if (line.asks.size > 0) {
    if (wasReady) makeReady(line);
  } else {
    unpark(line);
    const lines = line.forDriver ? user.driverLines : user.lines;
    if (lines.get(size) === line) lines.delete(size);
  }
  if (--user.asks > 0) return false;
  part.activeUsers--;
  part.activeWeight = part.activeUsers === 0 ? 0 : part.activeWeight - user.weight; // no rest of fractions may stay
  part.limitedUsers.delete(user);
  forgetUser(user);
  return true;
}

export function addPending(leaf: QueuePart, size: Vector, count: number): void {
  if (count === 0) return;
  for (let part: QueuePart | undefined = leaf; part !== undefined; part = part.parent) add(part.pending, size, count);
}

/** One container more in that partition. */
export function charge(app: Application, partition: Partition, what: Vector, isDriver: boolean): void {
  app.charge(partition.index, what, isDriver);
  const part = app.leaf.parts[partition.index]!;
  const user = part.user(app.user);
  takeIn(part, user, what);
  if (!isDriver) return;
  add(part.driverUsed, what);
  add(user.driverUsed, what);
}

export function uncharge(app: Application, partition: Partition, what: Vector, isDriver: boolean): void {
  app.uncharge(partition.index, what, isDriver);
  const part = app.leaf.parts[partition.index]!;
  const user = part.user(app.user);
  if (isDriver) {
    subtract(part.driverUsed, what);
    subtract(user.driverUsed, what);
  }
  giveBackIn(part, user, what);
}

/** What is kept on a node counts for its queues and its user as if it were there. */
export function reserve(ask: Ask): void {
  const { part, user } = ask.line!;
  takeIn(part, user, ask.size.vector);
  add(user.reserved, ask.size.vector);
  for (let at: QueuePart | undefined = part; at !== undefined; at = at.parent) add(at.reserved, ask.size.vector);
}

export function unreserve(ask: Ask): void {
  const { part, user } = ask.line!;
  subtract(user.reserved, ask.size.vector);
  for (let at: QueuePart | undefined = part; at !== undefined; at = at.parent) subtract(at.reserved, ask.size.vector);
  giveBackIn(part, user, ask.size.vector);
}

/** All containers of an application there at once: from one leaf to another, or into a new tree. */
export function chargeAll(app: Application, sign: 1 | -1): void {
  for (const [index, used] of app.usedIn.entries()) {
    if (used === undefined || isNothing(used)) continue;
    const part = app.leaf.parts[index]!;
    const change = sign > 0 ? add : subtract;
    const user = part.user(app.user);
    const driver = app.driverUsedIn[index] ?? [];
    change(part.driverUsed, driver);
    change(user.driverUsed, driver);
    (sign > 0 ? takeIn : giveBackIn)(part, user, used);
  }
}

/** Asks that are out of their heaps, with where they stood. */
export type Aside = {
  readonly app: Application;
  readonly stood: readonly { readonly ask: Ask; readonly line: Line }[];
  readonly ready: ReadonlySet<Line>;
};

/**
 * Before the application's share changes. Where its place goes by that (ordering-policy fair) its asks leave their heaps, and come back after:
 * a heap with several items whose keys changed under it can't be mended one by one. @returns what is then comeBack's; undefined: its place stays
 */
export function stepAside(app: Application): Aside | undefined {
  if (app.leaf.config.orderingPolicy !== 'fair' || app.asks.size === 0) return undefined;
  const stood: { ask: Ask; line: Line }[] = [];
  const ready = new Set<Line>();
  for (const ask of app.asks.values()) {
    const { line } = ask;
    if (line === undefined) continue;
    if (line.heapAt >= 0) {
      unready(line);
      ready.add(line);
    }
    line.asks.remove(ask);
    stood.push({ ask, line });
  }
  return { app, stood, ready };
}

export function comeBack(aside: Aside | undefined): void {
  if (aside === undefined) return;
  aside.app.weigh();
  for (const { ask, line } of aside.stood) line.asks.push(ask);
  for (const line of aside.ready) makeReady(line);
}

/** It wants more, or less: where its place goes by that, it is another one now. */
export function reweigh(app: Application): void {
  if (app.leaf.config.sizeBasedWeight) comeBack(stepAside(app));
}

function takeIn(leaf: QueuePart, user: UserPart, what: Vector): void {
  add(user.taken, what);
  for (let part: QueuePart | undefined = leaf; part !== undefined; part = part.parent) {
    add(part.taken, what);
    part.weigh();
    part.parent?.active.fix(part);
  }
}

function giveBackIn(leaf: QueuePart, user: UserPart, what: Vector): void {
  subtract(user.taken, what);
  for (let part: QueuePart | undefined = leaf; part !== undefined; part = part.parent) {
    subtract(part.taken, what);
    part.weigh();
    part.parent?.active.fix(part);
  }
  forgetUser(user);
}

function forgetUser(user: UserPart): void {
  if (user.asks === 0 && isNothing(user.taken)) user.part.users.delete(user.name);
}
