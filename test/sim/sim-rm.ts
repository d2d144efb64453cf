// A ResourceManager's process in the simulation: the real core, the real role (ha-role.ts, lease-keeper.ts) where there are two of them, and a
// shell that keeps the real one's promise (ask the lease, commit, ask, tell). A crash loses everything but what was committed; one that is
// stopped goes on with all that it had. Its wall clock is its own.
import { AppError } from '../../src/common/errors.ts';
import type { ApplicationId, AttemptId, NodeId } from '../../src/common/ids.ts';
import type { Logger, Timers } from '../../src/common/ports.ts';
import type { Effects } from '../../src/resourcemanager/core/effects.ts';
import type { Order, Update } from '../../src/resourcemanager/core/entities.ts';
import type { RmEvent } from '../../src/resourcemanager/core/events.ts';
import type { Recovered, RmSettings } from '../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import { ALIVE_EVERY_MS, AliveWatch } from '../../src/resourcemanager/service/alive-watch.ts';
import type { Untimed } from '../../src/resourcemanager/service/event-loop.ts';
import { HaRole } from '../../src/resourcemanager/service/ha-role.ts';
import { type SimDisk, SimStore } from './sim-disk.ts';
import type { VirtualTime } from './virtual-time.ts';

const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {}, named: () => quiet };

export type RmWorld = {
  readonly time: VirtualTime;
  readonly disk: SimDisk;
  readonly settings: RmSettings;
  readonly queues: SchedulerConfig;
  /** Two share the disk; `seesProcesses`: they are on one host, and one knows when the other is gone. */
  readonly ha: { readonly leaseMs: number; readonly seesProcesses: boolean } | undefined;
  readonly isGone: (process: string) => boolean;
  /** On its own connections: who has gone to another one hears nothing. */
  readonly toNode: (from: SimRm, nodeId: NodeId, orders: readonly Order[]) => void;
  readonly toDriver: (from: SimRm, attemptId: AttemptId, updates: readonly Update[]) => void;
  readonly shutDown: (from: SimRm, attemptId: AttemptId) => void;
  readonly closeDriver: (from: SimRm, attemptId: AttemptId) => void;
  readonly activated: (rm: SimRm) => void;
  /** It stands by, or has died: whoever was connected is not. */
  readonly closed: (rm: SimRm) => void;
  readonly afterTurn: (rm: SimRm) => void;
  /** Asked between commit and tell, the worst moment to die or to be stopped; `stoppedLate`: it had asked the lease already. */
  readonly fault: (rm: SimRm) => 'dead' | 'stopped' | 'stoppedLate' | undefined;
};

export class SimRm {
  readonly id: string;
  core: RmCore | undefined;
  up = false;
  /** Changes when it dies: what an earlier life armed is void. */
  life = 0;
  /** Changes whenever it begins or ends to be the active one. */
  term = 0;
  /** Of its wall clock against the world's. */
  wallOffMs = 0;
  role: HaRole<{ stop(): void; abandon(): void }> | undefined;
  readonly #world: RmWorld;
  #store: SimStore;
  #mayTell: () => void = () => {};
  #onFatal: (error: Error) => void = () => {};
  #alive = new AliveWatch(0);
  #armed = 0;
  #stoppedUntilMs = 0;
  /** Its steady clock does not go on while its machine is suspended. */
  #suspendedMs = 0;

  constructor(id: string, world: RmWorld) {
    this.id = id;
    this.#world = world;
    this.#store = new SimStore(world.disk);
  }

  get nowMs(): number {
    return this.#world.time.nowMs + this.wallOffMs;
  }

  get stopped(): boolean {
    return this.#stoppedUntilMs > this.#world.time.nowMs;
  }

  get process(): string {
    return `${this.id} ${this.life}`;
  }

  boot(): void {
    if (this.up) return;
    this.up = true;
    const { ha, time } = this.#world;
    const [store, me] = [new SimStore(this.#world.disk), { owner: this.id, process: this.process, web: '' }];
    this.#store = store;
    if (ha === undefined) {
      this.#activate(
        store.takeOver(
          this.nowMs,
          () => 'k',
          me,
          () => true,
        )!,
        () => {},
      );
      return;
    }
    this.role = new HaRole(
      {
        store,
        clock: { nowMs: () => this.nowMs },
        steadyMs: () => time.nowMs - this.#suspendedMs,
        timers: this.#timers,
        logger: quiet,
        processes: {
          me: me.process,
          state: (process) => (!ha.seesProcesses ? 'unknown' : this.#world.isGone(process) ? 'gone' : 'alive'),
          end: () => {},
        },
        newKey: () => 'k',
        web: () => '',
        activate: (found, mayTell, onFatal) => {
          this.#onFatal = onFatal;
          this.#activate(found, mayTell);
          return { stop: () => this.#saveAll(), abandon: () => this.#abandon() };
        },
        onFatal: (error) => {
          throw error;
        },
      },
      { id: this.id, leaseMs: ha.leaseMs, automatic: true, fenceByKill: false },
    );
  }

  crash(): void {
    if (!this.up) return;
    this.up = false;
    this.core = undefined;
    this.role = undefined;
    this.life++;
    this.term++;
    this.#stoppedUntilMs = 0;
    this.#world.closed(this);
  }

  /** SIGSTOP: what arrives meanwhile lies in its sockets. Or its machine is suspended. */
  stop(ms: number, suspended: boolean): void {
    if (!this.up || this.stopped) return;
    this.#stoppedUntilMs = this.#world.time.nowMs + ms;
    if (suspended) this.#suspendedMs += ms;
  }

  /** What comes while it stands still comes afterwards, in order. */
  whenAwake(run: () => void): void {
    if (!this.stopped) return run();
    const { life } = this;
    this.#world.time.after(this.#stoppedUntilMs - this.#world.time.nowMs, () => {
      if (this.life === life) this.whenAwake(run);
    });
  }

  /** @throws AppError as the core does; LEASE_LOST when another one is active */
  handle(event: Untimed): void {
    this.#ask();
    this.#noteAlive();
    this.core!.handle({ ...event, atMs: this.nowMs } as RmEvent);
    this.turn();
  }

  /** @throws AppError LEASE_LOST. @returns undefined when it died of it */
  newApplicationId(): ApplicationId | undefined {
    this.#ask();
    const id = this.core!.newApplicationId();
    const { term } = this;
    this.turn();
    return this.term === term ? id : undefined;
  }

  turn(): void {
    const core = this.core!;
    while (core.schedule(100) === 100);
    const effects = core.takeEffects();
    if (effects.saves.length > 0 && !this.#holds(() => this.#store.save(effects.saves))) return;
    if (this.#world.disk.epoch === core.cluster.epoch) this.#world.disk.promised = this.#promises();
    this.#world.afterTurn(this);
    const fault = effects.tells.length > 0 ? this.#world.fault(this) : undefined;
    if (fault === 'dead') return;
    if (fault === undefined || (fault === 'stoppedLate' && !this.#holds(this.#mayTell))) return this.#finish(effects, true);
    const { term } = this;
    this.stop(3_000 + (this.life % 7) * 1_000, false);
    this.whenAwake(() => {
      if (this.term === term) this.#finish(effects, fault === 'stopped');
    });
  }

  #activate(found: Recovered, mayTell: () => void): void {
    this.term++;
    this.#mayTell = mayTell;
    this.#alive = new AliveWatch(this.nowMs);
    const { settings, queues, disk } = this.#world;
    this.core = new RmCore(settings, found, queues, this.nowMs);
    if (this.#promises() !== disk.promised) throw new Error(`nodes before the restart: ${disk.promised}; after it: ${this.#promises()}`);
    const { term } = this;
    const watch = () => {
      this.#world.time.after(ALIVE_EVERY_MS, () =>
        this.whenAwake(() => {
          if (this.term !== term) return;
          if (this.#noteAlive()) this.turn();
          watch();
        }),
      );
    };
    watch();
    this.#world.activated(this);
    this.#world.time.after(0, () => {
      if (this.term === term) this.turn();
    });
  }

  #abandon(): void {
    if (this.core === undefined) return;
    this.core = undefined;
    this.term++;
    this.#world.closed(this);
  }

  #saveAll(): void {
    this.core!.cluster.saveNow = true;
    this.#store.save(this.core!.takeEffects().saves);
    this.#world.disk.promised = this.#promises();
  }

  /** As event-loop.ts: whoever is not the active one any more finds out before anything else. */
  #ask(): void {
    try {
      this.#mayTell();
    } catch (error) {
      this.#onFatal(error as Error);
      throw error;
    }
  }

  /** @returns whether it could; if not, another one is active */
  #holds(act: () => void): boolean {
    try {
      act();
      return true;
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'LEASE_LOST') throw error;
      this.#onFatal(error);
      return false;
    }
  }

  #noteAlive(): boolean {
    const byMs = this.#alive.note(this.nowMs);
    if (byMs !== undefined) this.core!.handle({ tag: 'clockMoved', atMs: this.nowMs, byMs });
    return byMs !== undefined;
  }

  /** @param fenced what it tells it tells as the active one, or not at all */
  #finish(effects: Effects, fenced: boolean): void {
    if (this.core === undefined) return;
    if (fenced && effects.tells.length > 0) {
      if (!this.#holds(this.#mayTell)) return;
      const { lease } = this.#world.disk;
      if (lease?.epoch !== this.core.cluster.epoch)
        throw new Error(
          `${this.id} tells something in epoch ${this.core.cluster.epoch} when ${lease?.owner} has begun epoch ${lease?.epoch}`,
        );
    }
    this.#tell(effects);
    const next = this.core.nextDeadlineMs();
    if (next === undefined) return;
    const [armed, { term }] = [++this.#armed, this];
    this.#world.time.after(next - this.nowMs, () =>
      this.whenAwake(() => {
        if (this.term === term && this.#armed === armed) this.#holds(() => this.handle({ tag: 'timePassed' }));
      }),
    );
  }

  /** Who is on the way out of the cluster or out, and who has a size by order: a restart must not change it. */
  #promises(): string {
    const { nodes, nodeSizes } = this.core!.cluster;
    const out = [...nodes.values()].filter(({ state }) => state.tag.startsWith('DECOMM'));
    return [
      ...out.map((n) => `${n.id} ${n.state.tag}${n.orders.some((o) => o.what.tag === 'shutdown') ? '' : ', no shutdown waits'}`),
      ...[...nodeSizes].map(([id, { memoryMb, vcores }]) => `${id} has ${memoryMb} MB and ${vcores} vcores`),
    ]
      .sort()
      .join('; ');
  }

  #tell({ tells }: Effects): void {
    const { toNode, toDriver, shutDown, closeDriver } = this.#world;
    for (const tell of tells) {
      if (tell.tag === 'tellNode') toNode(this, tell.nodeId, tell.orders);
      else if (tell.tag === 'tellDriver') toDriver(this, tell.attemptId, tell.updates);
      else if (tell.tag === 'shutDownDriver') shutDown(this, tell.attemptId);
      else if (tell.tag === 'closeDriver') closeDriver(this, tell.attemptId);
    }
  }

  /** Of this process: while it is stopped nothing runs, and what was missed runs once. */
  readonly #timers: Timers = {
    after: () => () => {},
    every: (everyMs, run) => {
      const { life } = this;
      let on = true;
      const again = () =>
        this.#world.time.after(everyMs, () =>
          this.whenAwake(() => {
            if (!on || this.life !== life) return;
            again();
            run();
          }),
        );
      again();
      return () => {
        on = false;
      };
    },
  };
}
