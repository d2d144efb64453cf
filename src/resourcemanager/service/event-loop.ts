// One event at a time into the core; at the end of each turn of Node's event loop: place containers (bounded), commit what must
// survive, then tell everybody. So whatever came in during one turn shares one commit, and a grant leaves in the turn of its request.
import { AppError } from '../../common/errors.ts';
import type { Clock, Timers } from '../../common/ports.ts';
import type { RmEvent } from '../core/events.ts';
import type { SaveEffect, TellEffect } from '../core/effects.ts';
import type { RmCore } from '../core/rm-core.ts';
import { ALIVE_EVERY_MS, AliveWatch } from './alive-watch.ts';
import { HeldBack, type Waiting } from './held-back.ts';

/** Per turn: whichever comes first. The rest goes on in the next turn, after messages that arrived meanwhile. */
const MOST_PLACEMENTS = 2_000;
const MOST_MS = 4;
/** How many are placed before the clock is looked at: what one decision takes. */
export const DECISION = 64;
/** How often a store that could not be written is tried again. */
const STORE_AGAIN_MS = 500;

export type LoopParts = {
  readonly core: RmCore;
  /** Durable when it returns. */
  readonly save: (effects: readonly SaveEffect[]) => void;
  readonly tell: (effects: readonly TellEffect[]) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  /** Whether this ResourceManager may still speak: asked before every event and before anything is told. @throws AppError LEASE_LOST, STORE_UNWRITABLE */
  readonly mayTell?: () => void;
  /** Why no new application is taken now. */
  readonly refusesNew?: () => AppError | undefined;
  /** The store can't be written, or (undefined) can be again. */
  readonly onTrouble?: (trouble: AppError | undefined) => void;
  /** A defect of ours, a store that is damaged, or the lease is lost: nothing more is told. */
  readonly onFatal: (error: Error) => void;
};

/** RmEvent without its time: the loop stamps it. */
export type Untimed<E = RmEvent> = E extends RmEvent ? Omit<E, 'atMs'> : never;

export class EventLoop {
  readonly core: RmCore;
  readonly #parts: LoopParts;
  #waiting: Waiting[] = [];
  #turnAt: NodeJS.Immediate | undefined;
  #cancelDeadline: (() => void) | undefined;
  #deadlineMs: number | undefined;
  #cancelAlive: (() => void) | undefined;
  #alive: AliveWatch;
  #stopped = false;
  /** What could not be committed, with all that is to be told after it. */
  readonly #held = new HeldBack();
  #trouble: AppError | undefined;
  /** For the log and tests. */
  readonly counts = { turns: 0, commits: 0, commitMs: 0, longestCommitMs: 0 };

  constructor(parts: LoopParts) {
    this.core = parts.core;
    this.#parts = parts;
    this.#alive = new AliveWatch(parts.clock.nowMs());
  }

  now(): number {
    return this.#parts.clock.nowMs();
  }

  /** Resolves when the turn is over: what followed is durable and told. @throws AppError at once when the core refuses the event */
  handle(event: Untimed): Promise<void> {
    if (event.tag === 'applicationSubmitted' && !this.core.cluster.applications.has(event.id)) this.#takesNew();
    this.#step(event);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** The same, for events that nobody waits for. */
  feed(event: Untimed): void {
    if (this.#stopped) return;
    try {
      this.#step(event);
    } catch (error) {
      // It was told to onFatal, and there is nobody else to tell.
      if (!(error instanceof AppError) || error.code !== 'LEASE_LOST') throw error;
    }
  }

  /** An id that nobody else gets, durable. */
  async newApplicationId(): Promise<ReturnType<RmCore['newApplicationId']>> {
    this.#takesNew();
    const id = this.core.newApplicationId();
    this.#schedule();
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return id;
  }

  /** Runs a turn at start: what recovery wants done. */
  start(): void {
    this.#alive = new AliveWatch(this.now());
    this.#cancelAlive = this.#parts.timers.every(ALIVE_EVERY_MS, () => {
      if (!this.#stopped) this.#noteAlive(this.now());
    });
    this.#schedule();
  }

  /** What is still to be saved is saved; nothing more is told. @throws AppError STORE_UNWRITABLE, LEASE_LOST */
  stop(): void {
    if (this.#stopped) return;
    this.#end('it is stopping');
    this.core.cluster.saveNow = true;
    this.#held.add(this.core.takeEffects(), []);
    this.#parts.save(this.#held.saves());
  }

  /** Another ResourceManager is active: nothing is saved, nothing is told. */
  abandon(): void {
    if (!this.#stopped) this.#end('another one is active');
    for (const { reject } of this.#held.take().waiting) reject(this.#gone('another one is active'));
  }

  #end(why: string): void {
    this.#stopped = true;
    if (this.#turnAt !== undefined) clearImmediate(this.#turnAt);
    this.#cancelDeadline?.();
    this.#cancelAlive?.();
    for (const { reject } of this.#waiting.splice(0)) reject(this.#gone(why));
  }

  readonly #gone = (detail: string) => new AppError('CONNECTION_LOST', { peer: 'the ResourceManager', detail });

  /** @throws AppError STORE_UNWRITABLE: work that nobody could remember */
  #takesNew(): void {
    const why = this.#trouble ?? this.#parts.refusesNew?.();
    if (why !== undefined) throw why;
  }

  #step(event: Untimed): void {
    if (this.#stopped) throw this.#gone('it is stopping');
    this.#ask();
    const atMs = this.now();
    this.#noteAlive(atMs);
    try {
      this.core.handle({ ...event, atMs } as RmEvent);
    } catch (error) {
      if (!(error instanceof AppError)) this.#fatal(error as Error);
      throw error;
    } finally {
      this.#schedule();
    }
  }

  #noteAlive(nowMs: number): void {
    const byMs = this.#alive.note(nowMs);
    if (byMs === undefined) return;
    try {
      this.core.handle({ tag: 'clockMoved', atMs: nowMs, byMs });
    } catch (error) {
      this.#fatal(error as Error);
      throw error;
    }
    this.#cancelDeadline?.(); // it was armed for another time
    this.#cancelDeadline = undefined;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#turnAt === undefined && !this.#stopped) this.#turnAt = setImmediate(() => this.#turn());
  }

  #turn(): void {
    this.#turnAt = undefined;
    this.counts.turns++;
    const waiting = this.#waiting;
    this.#waiting = [];
    try {
      if (this.#trouble === undefined) this.#place();
      this.#held.add(this.core.takeEffects(), waiting);
      if (this.#trouble === undefined) this.#finish();
    } catch (error) {
      for (const { reject } of [...waiting, ...this.#held.take().waiting]) reject(error as Error);
      this.#fatal(error as Error);
      return;
    }
    this.#armDeadline();
  }

  /** Commits and tells what is held; where the store can't be written all of it stays held, in its order, and this is tried again. */
  #finish(): void {
    try {
      const saves = this.#held.saves();
      if (saves.length > 0) this.#commit(saves);
      this.#parts.mayTell?.();
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'STORE_UNWRITABLE') throw error;
      if (this.#trouble === undefined) this.#parts.onTrouble?.(error);
      this.#trouble = error;
      this.#parts.timers.after(STORE_AGAIN_MS, () => this.#tryAgain());
      return;
    }
    if (this.#trouble !== undefined) this.#parts.onTrouble?.(undefined);
    this.#trouble = undefined;
    const { tells, waiting } = this.#held.take();
    this.#parts.tell(tells);
    for (const { resolve } of waiting) resolve();
  }

  #tryAgain(): void {
    if (this.#stopped) return;
    try {
      this.#finish();
    } catch (error) {
      for (const { reject } of this.#held.take().waiting) reject(error as Error);
      this.#fatal(error as Error);
    }
    if (this.#trouble === undefined) this.#schedule();
  }

  /** An event is not taken by one who is not the active one any more. A store that can't be written is no reason to refuse it. */
  #ask(): void {
    try {
      this.#parts.mayTell?.();
    } catch (error) {
      if (error instanceof AppError && error.code === 'STORE_UNWRITABLE') return;
      this.#fatal(error as Error);
      throw error;
    }
  }

  #place(): void {
    const until = performance.now() + MOST_MS;
    for (let placed = 0; placed < MOST_PLACEMENTS; placed += DECISION) {
      if (this.core.schedule(DECISION) < DECISION) return;
      if (performance.now() > until) break;
    }
    this.#schedule();
  }

  #commit(saves: readonly SaveEffect[]): void {
    const from = performance.now();
    this.#parts.save(saves);
    const ms = performance.now() - from;
    this.counts.commits++;
    this.counts.commitMs += ms;
    this.counts.longestCommitMs = Math.max(this.counts.longestCommitMs, ms);
  }

  #armDeadline(): void {
    const next = this.core.nextDeadlineMs();
    if (next === this.#deadlineMs && this.#cancelDeadline !== undefined) return;
    // A later deadline leaves the earlier timer in place: it wakes for nothing once, instead of a new timer per heartbeat.
    if (this.#cancelDeadline !== undefined && next !== undefined && this.#deadlineMs !== undefined && this.#deadlineMs < next) return;
    this.#cancelDeadline?.();
    this.#cancelDeadline = undefined;
    this.#deadlineMs = next;
    if (next === undefined || this.#stopped) return;
    this.#cancelDeadline = this.#parts.timers.after(Math.max(0, next - this.#parts.clock.nowMs()), () => {
      this.#cancelDeadline = undefined;
      this.feed({ tag: 'timePassed' });
    });
  }

  #fatal(error: Error): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#cancelDeadline?.();
    this.#cancelAlive?.();
    this.#parts.onFatal(error);
  }
}
