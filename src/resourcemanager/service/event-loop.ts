// One event at a time into the core; at the end of each turn of Node's event loop: place containers (bounded), commit what must
// survive, then tell everybody. So whatever came in during one turn shares one commit, and a grant leaves in the turn of its request.
import { AppError } from '../../common/errors.ts';
import type { Clock, Timers } from '../../common/ports.ts';
import type { RmEvent } from '../core/events.ts';
import type { SaveEffect, TellEffect } from '../core/effects.ts';
import type { RmCore } from '../core/rm-core.ts';

/** Per turn: whichever comes first. The rest goes on in the next turn, after messages that arrived meanwhile. */
const MOST_PLACEMENTS = 2_000;
const MOST_MS = 4;
const BATCH = 250;
/** How often the loop notes that it is alive, and what it may be late with that before the time counts as lost. */
const ALIVE_EVERY_MS = 500;
const LATE_MS = 1_000;

export type LoopParts = {
  readonly core: RmCore;
  /** Durable when it returns. */
  readonly save: (effects: readonly SaveEffect[]) => void;
  readonly tell: (effects: readonly TellEffect[]) => void;
  readonly clock: Clock;
  readonly timers: Timers;
  /** A defect of ours, or a store that failed: the process must end. */
  readonly onFatal: (error: Error) => void;
};

type Waiting = { resolve: () => void; reject: (error: Error) => void };
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
  #aliveAtMs = 0;
  #stopped = false;
  /** For the log and tests. */
  readonly counts = { turns: 0, commits: 0, commitMs: 0, longestCommitMs: 0 };

  constructor(parts: LoopParts) {
    this.core = parts.core;
    this.#parts = parts;
  }

  now(): number {
    return this.#parts.clock.nowMs();
  }

  /** Resolves when the turn is over: what followed is durable and told. @throws AppError at once when the core refuses the event */
  handle(event: Untimed): Promise<void> {
    this.#step(event);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject });
    });
  }

  /** The same, for events that nobody waits for. */
  feed(event: Untimed): void {
    if (!this.#stopped) this.#step(event);
  }

  /** An id that nobody else gets, durable. */
  async newApplicationId(): Promise<ReturnType<RmCore['newApplicationId']>> {
    const id = this.core.newApplicationId();
    this.#schedule();
    await new Promise<void>((resolve, reject) => this.#waiting.push({ resolve, reject }));
    return id;
  }

  /** Runs a turn at start: what recovery wants done. */
  start(): void {
    this.#aliveAtMs = this.now();
    this.#cancelAlive = this.#parts.timers.every(ALIVE_EVERY_MS, () => {
      if (!this.#stopped) this.#noteAlive(this.now());
    });
    this.#schedule();
  }

  /** What is still to be saved is saved; nothing more is told. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    if (this.#turnAt !== undefined) clearImmediate(this.#turnAt);
    this.#cancelDeadline?.();
    this.#cancelAlive?.();
    for (const { reject } of this.#waiting.splice(0))
      reject(new AppError('CONNECTION_LOST', { peer: 'the ResourceManager', detail: 'it is stopping' }));
    this.core.cluster.saveNow = true;
    this.#parts.save(this.core.takeEffects().saves);
  }

  #step(event: Untimed): void {
    if (this.#stopped) throw new AppError('CONNECTION_LOST', { peer: 'the ResourceManager', detail: 'it is stopping' });
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

  /**
   * Before each event, so that the first one after a standstill does not find everybody's time over: what nodes and drivers sent
   * meanwhile still lies in the sockets, and who gave us up needs a moment to come back.
   */
  #noteAlive(nowMs: number): void {
    const passedMs = nowMs - this.#aliveAtMs;
    this.#aliveAtMs = nowMs;
    if (passedMs >= -LATE_MS && passedMs <= ALIVE_EVERY_MS + LATE_MS) return;
    const byMs = passedMs < 0 ? passedMs : passedMs - ALIVE_EVERY_MS;
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
      this.#place();
      const { saves, tells } = this.core.takeEffects();
      if (saves.length > 0) this.#commit(saves);
      this.#parts.tell(tells);
    } catch (error) {
      for (const { reject } of waiting) reject(error as Error);
      this.#fatal(error as Error);
      return;
    }
    for (const { resolve } of waiting) resolve();
    this.#armDeadline();
  }

  #place(): void {
    const until = performance.now() + MOST_MS;
    for (let placed = 0; placed < MOST_PLACEMENTS; placed += BATCH) {
      if (this.core.schedule(BATCH) < BATCH) return;
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
