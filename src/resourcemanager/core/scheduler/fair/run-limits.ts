// How many applications may run at once, by queue and by user: the others are held, the oldest first, and nothing of them is placed.
// Source: YARN's MaxRunningAppsEnforcer.
import { type FairApp, leave, makeReady } from './fair-asks.ts';
import type { FairQueue } from './fair-queue.ts';
import type { FairConfig } from './fair-config.ts';

/** What holds an application back. */
export type RunLimit = { readonly of: 'queue' | 'user'; readonly name: string; readonly running: number; readonly maximum: number };

export class RunLimits {
  readonly #runningOf = new Map<string, number>();
  #config: FairConfig;

  constructor(config: FairConfig) {
    this.#config = config;
  }

  /** @returns undefined when it may run */
  heldBy(app: FairApp): RunLimit | undefined {
    for (const { path, runningApps, config } of app.leaf.up())
      if (runningApps >= config.maxRunningApps) return { of: 'queue', name: path, running: runningApps, maximum: config.maxRunningApps };
    const running = this.#runningOf.get(app.user) ?? 0;
    const maximum = this.#config.maxAppsOfUser.get(app.user) ?? this.#config.userMaxAppsDefault;
    return running >= maximum ? { of: 'user', name: app.user, running, maximum } : undefined;
  }

  /** It runs, or is held until it may. */
  add(app: FairApp): void {
    for (const queue of app.leaf.up()) queue.applications++;
    if (this.heldBy(app) === undefined) return this.#run(app);
    const { held } = app.leaf;
    let at = held.length;
    while (at > 0 && held[at - 1]!.seq > app.seq) at--;
    held.splice(at, 0, app);
  }

  remove(app: FairApp): void {
    for (const queue of app.leaf.up()) queue.applications--;
    if (!app.runs) {
      app.leaf.held.splice(app.leaf.held.indexOf(app), 1);
      return;
    }
    app.runs = false;
    for (const queue of app.leaf.up()) queue.runningApps--;
    const left = this.#runningOf.get(app.user)! - 1;
    if (left > 0) this.#runningOf.set(app.user, left);
    else this.#runningOf.delete(app.user);
  }

  /** Somebody ended, or limits are others: who may run now does, the oldest first. */
  wake(root: FairQueue): void {
    const leaves = [...root.all()].filter(({ held, runningApps, config }) => held.length > 0 && runningApps < config.maxRunningApps);
    const candidates = leaves.flatMap(({ held }) => held).sort((a, b) => a.seq - b.seq);
    for (const app of candidates) {
      if (this.heldBy(app) !== undefined) continue;
      app.leaf.held.splice(app.leaf.held.indexOf(app), 1);
      this.#run(app);
    }
  }

  /** Another configuration: counts stay, whoever runs goes on. */
  replace(config: FairConfig): void {
    this.#config = config;
  }

  /** Its asks leave the queue, for a move. */
  withdraw(app: FairApp): void {
    for (const ask of app.asks.values()) leave(ask);
    this.remove(app);
  }

  #run(app: FairApp): void {
    app.runs = true;
    for (const queue of app.leaf.up()) queue.runningApps++;
    this.#runningOf.set(app.user, (this.#runningOf.get(app.user) ?? 0) + 1);
    for (const ask of app.asks.values()) makeReady(ask);
  }
}
