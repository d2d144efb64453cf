// The ResourceManager in the simulation: the real core, and a shell that keeps the real one's promise (commit, then tell) with a
// Map for a disk. A crash loses everything but what was committed.
import type { AttemptId, NodeId } from '../../src/common/ids.ts';
import type { Effects, SaveEffect } from '../../src/resourcemanager/core/effects.ts';
import type { RmEvent } from '../../src/resourcemanager/core/events.ts';
import type {
  ApplicationRecord,
  AttemptRecord,
  LabelsRecord,
  NodeRecord,
  Recovered,
  RmSettings,
} from '../../src/resourcemanager/core/records.ts';
import { RmCore } from '../../src/resourcemanager/core/rm-core.ts';
import type { SchedulerConfig } from '../../src/resourcemanager/core/scheduler/create-scheduler.ts';
import type { Order, Update } from '../../src/resourcemanager/core/entities.ts';
import type { VirtualTime } from './virtual-time.ts';

export type RmWorld = {
  readonly time: VirtualTime;
  readonly settings: RmSettings;
  readonly queues: SchedulerConfig;
  readonly toNode: (nodeId: NodeId, orders: readonly Order[]) => void;
  readonly toDriver: (attemptId: AttemptId, updates: readonly Update[]) => void;
  readonly shutDown: (attemptId: AttemptId) => void;
  readonly closeDriver: (attemptId: AttemptId) => void;
  readonly afterTurn: () => void;
  /** Asked between commit and tell: a crash there is the worst moment. */
  readonly crashNow: () => boolean;
};

export class SimRm {
  core: RmCore | undefined;
  readonly #world: RmWorld;
  readonly #disk = {
    epoch: -1,
    applicationSeq: 0,
    applications: new Map<string, string>(),
    attempts: new Map<string, string>(),
    nodes: new Map<string, string>(),
    labels: 'null',
  };
  #stalledUntilMs = 0;
  #stallMs = 0;
  /** Changes at every start: what an earlier life sent or armed is void. */
  life = 0;

  constructor(world: RmWorld) {
    this.#world = world;
  }

  start(): void {
    const disk = this.#disk;
    disk.epoch++;
    this.life++;
    const found: Recovered = {
      epoch: disk.epoch,
      clusterStartMs: 1_700_000_000_000,
      applicationSeq: disk.applicationSeq,
      containerKeys: [],
      nmKeys: [],
      applications: [...disk.applications.values()].map((r) => JSON.parse(r) as ApplicationRecord).sort((a, b) => a.seq - b.seq),
      attempts: [...disk.attempts.values()].map((r) => JSON.parse(r) as AttemptRecord).sort((a, b) => a.number - b.number),
      nodesOut: [...disk.nodes.values()].map((r) => JSON.parse(r) as NodeRecord),
      labels: (JSON.parse(disk.labels) as LabelsRecord | null) ?? undefined,
    };
    this.core = new RmCore(this.#world.settings, found, this.#world.queues, this.#world.time.nowMs);
    const nodesOut = this.#nodesOut();
    if (nodesOut !== this.#nodesOutBefore) throw new Error(`nodes out before the restart: ${this.#nodesOutBefore}; after it: ${nodesOut}`);
    this.turn();
  }

  crash(): void {
    this.core = undefined;
    this.life++;
    this.#stallMs = this.#stalledUntilMs = 0;
  }

  /** SIGSTOP: what arrives meanwhile lies in the sockets; then the loop notices that it stood still (service/event-loop.ts). */
  stall(ms: number): void {
    if (this.core === undefined || this.stalled) return;
    this.#stallMs = ms;
    this.#stalledUntilMs = this.#world.time.nowMs + ms;
    this.whenAwake(() => this.handle({ tag: 'clockMoved', atMs: this.#world.time.nowMs, byMs: this.#stallMs }));
  }

  get stalled(): boolean {
    return this.#stalledUntilMs > this.#world.time.nowMs;
  }

  /** What comes while it stands still comes afterwards, in order. */
  whenAwake(run: () => void): void {
    if (!this.stalled) return run();
    const { life } = this;
    this.#world.time.after(this.#stalledUntilMs - this.#world.time.nowMs, () => {
      if (this.life === life) run();
    });
  }

  /** @throws AppError as the core does */
  handle(event: RmEvent): void {
    this.core!.handle(event);
    this.turn();
  }

  turn(): void {
    const core = this.core!;
    while (core.schedule(100) === 100);
    const effects = core.takeEffects();
    this.#save(effects.saves);
    this.#nodesOutBefore = this.#nodesOut();
    this.#world.afterTurn();
    if (effects.tells.length > 0 && this.#world.crashNow()) return;
    this.#tell(effects);
    const next = core.nextDeadlineMs();
    if (next === undefined) return;
    const { life } = this;
    this.#armed++;
    const armed = this.#armed;
    this.#world.time.after(next - this.#world.time.nowMs, () => {
      this.whenAwake(() => {
        if (this.life === life && this.#armed === armed) this.handle({ tag: 'timePassed', atMs: this.#world.time.nowMs });
      });
    });
  }
  #armed = 0;
  #nodesOutBefore = '';

  /** Who is on the way out of the cluster or out: a restart must not change it. */
  #nodesOut(): string {
    const out = [...this.core!.cluster.nodes.values()].filter(({ state }) => state.tag.startsWith('DECOMM'));
    return out
      .map((n) => `${n.id} ${n.state.tag}${n.orders.some((o) => o.what.tag === 'shutdown') ? '' : ', no shutdown waits'}`)
      .sort()
      .join('; ');
  }

  #save(saves: readonly SaveEffect[]): void {
    for (const save of saves) {
      if (save.tag === 'saveApplication') this.#disk.applications.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveAttempt') this.#disk.attempts.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveApplicationSeq') this.#disk.applicationSeq = save.applicationSeq;
      else if (save.tag === 'saveNode') this.#disk.nodes.set(save.record.id, JSON.stringify(save.record));
      else if (save.tag === 'saveLabels') this.#disk.labels = JSON.stringify(save.record);
      else if (save.tag === 'forgetNode') this.#disk.nodes.delete(save.id);
      else if (save.tag === 'forgetApplication') this.#disk.applications.delete(save.id);
    }
  }

  #tell({ tells }: Effects): void {
    for (const tell of tells) {
      if (tell.tag === 'tellNode') this.#world.toNode(tell.nodeId, tell.orders);
      else if (tell.tag === 'tellDriver') this.#world.toDriver(tell.attemptId, tell.updates);
      else if (tell.tag === 'shutDownDriver') this.#world.shutDown(tell.attemptId);
      else if (tell.tag === 'closeDriver') this.#world.closeDriver(tell.attemptId);
    }
  }
}
