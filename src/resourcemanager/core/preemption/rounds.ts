// Preemption at work: every interval a plan is made over the state of the moment; what it names is asked back from its driver, and killed
// when it is still named after the grace. Who is not named any more is left alone, so nothing goes for a wish that has been met. The marks
// are not stored: after a restart asking begins anew. Source: YARN's ProportionalCapacityPreemptionPolicy.preemptOrkillSelectedContainerAfterWait.
import type { ContainerId } from '../../../common/ids.ts';
import type { Cluster } from '../cluster.ts';
import { moveContainer } from '../container-events.ts';
import { EXIT } from '../container-machine.ts';
import type { Container } from '../entities.ts';
import { planBetweenQueues } from './capacity-plan.ts';
import { planFair, type Starving } from './fair-plan.ts';
import { planInsideQueues } from './intra-queue.ts';
import type { Held, Victim, View } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

export class Preemption {
  /** Asked back, since when. */
  readonly asked = new Map<ContainerId, number>();
  readonly #starving: Starving = new Map();
  /** For whom room was made, what he held then, and how often he did not get it. */
  readonly #served = new Map<string, { held: number; inVain: number; notBeforeMs: number; open: boolean }>();
  readonly #cluster: Cluster;
  readonly #settings: PreemptionSettings;

  constructor(cluster: Cluster, settings: PreemptionSettings) {
    this.#cluster = cluster;
    this.#settings = settings;
  }

  /** From now on every interval. */
  start(): void {
    if (!this.#settings.enabled || this.#cluster.scheduler.kind === 'fifo') return;
    this.#cluster.startTimer('preemption', this.#settings.intervalMs, () => {
      this.round();
      this.start();
    });
  }

  round(): void {
    const cluster = this.#cluster;
    const { graceMs, observeOnly } = this.#settings;
    // A node that has yet to register brings its containers along: until then nothing can be said of who has what.
    const victims = cluster.recovering && cluster.epoch > 0 ? [] : this.#plan();
    const named = new Set(victims.map(({ id }) => id));
    for (const id of this.asked.keys()) if (!named.has(id)) this.asked.delete(id);
    const found = victims.map((victim) => ({ ...victim, container: cluster.containers.get(victim.id as ContainerId)! }));
    for (const { container, because } of found) if (!this.asked.has(container.id)) this.#ask(container, because);
    // Room for half a container would go to somebody else: those of a group go together, when the last of them has had its time.
    const since = new Map<string, number>();
    for (const { group, container } of found) since.set(group, Math.max(since.get(group) ?? 0, this.asked.get(container.id)!));
    for (const { container, because, group, by } of found) {
      const waitedMs = cluster.nowMs - since.get(group)!;
      if (waitedMs < graceMs || observeOnly) continue;
      this.#noteServed(by);
      this.#kill(container, because, waitedMs);
    }
  }

  #plan(): Victim[] {
    const view = this.#view();
    if (this.#cluster.scheduler.kind === 'fair') return this.#notInVain(view, planFair(view, this.#settings, this.#starving));
    const between = this.#notInVain(view, planBetweenQueues(view, this.#settings));
    // Room that is made between queues may be the room that is missed inside one.
    return between.length > 0 ? between : this.#notInVain(view, planInsideQueues(view, this.#settings));
  }

  /** The scheduler may give what was made free to somebody else (it keeps a node for another ask). Whoever got nothing of it waits longer each time. */
  #notInVain(view: View, victims: readonly Victim[]): Victim[] {
    for (const [name, served] of this.#served) {
      if (!served.open) continue;
      served.open = false;
      const got = heldOf(view, name) > served.held;
      served.inVain = got ? 0 : served.inVain + 1;
      served.notBeforeMs = got ? 0 : view.nowMs + IN_VAIN_MS * 2 ** Math.min(served.inVain, 10);
    }
    return victims.filter(({ by }) => (this.#served.get(by)?.notBeforeMs ?? 0) <= view.nowMs);
  }

  #noteServed(by: string): void {
    const before = this.#served.get(by);
    if (before?.open === true) return;
    this.#served.set(by, { held: heldOf(this.#view(), by), inVain: before?.inVain ?? 0, notBeforeMs: 0, open: true });
  }

  #ask(container: Container, because: string): void {
    const { attempt, id } = container;
    this.asked.set(id, this.#cluster.nowMs);
    this.#cluster.log('info', `${this.#settings.observeOnly ? 'Would ask' : 'Asking'} ${attempt.id} for ${id} back ${because}`);
    if (this.#settings.observeOnly || attempt.am?.containerId === id || attempt.driver.preempt.includes(id)) return;
    attempt.driver.preempt.push(id);
    this.#cluster.talkedDrivers.add(attempt);
  }

  #kill(container: Container, because: string, waitedMs: number): void {
    const { attempt, id, resource, startedAtMs, allocatedAtMs } = container;
    this.asked.delete(id);
    const isDriver = attempt.am?.containerId === id;
    const asked = isDriver ? 'it holds the driver and there was nothing else to take' : `it was asked back ${seconds(waitedMs)} s before`;
    const diagnostics = `Container preempted by the ResourceManager ${because}; ${asked}.`;
    this.#cluster.log('warn', `${id}: ${diagnostics}`);
    const { application } = attempt;
    const ranSec = (this.#cluster.nowMs - (startedAtMs || allocatedAtMs)) / 1000;
    const { preempted } = application;
    preempted.memoryMb += resource.memoryMb;
    preempted.vcores += resource.vcores;
    preempted.memoryMbSeconds += Math.round(resource.memoryMb * ranSec);
    preempted.vcoreSeconds += Math.round(resource.vcores * ranSec);
    if (isDriver) preempted.drivers++;
    else preempted.containers++;
    this.#cluster.save(application, 'soon');
    this.#cluster.health.note('preemption', container, this.#cluster.nowMs);
    moveContainer(this.#cluster, container, { tag: 'kill', end: { exitStatus: EXIT.PREEMPTED, diagnostics } });
  }

  #view(): View {
    const { scheduler, nodes, containers, nowMs } = this.#cluster;
    const taking = [...nodes.values()].filter(({ slot, connected, state }) => slot >= 0 && connected && state.tag === 'RUNNING');
    const labelOf = (slot: number) => scheduler.labelOf?.(slot) ?? '';
    return {
      snapshot: scheduler.usageSnapshot(),
      nodes: new Map(taking.map(({ id, slot }) => [id, { free: scheduler.freeOn(slot), label: labelOf(slot), slot }])),
      containers: [...containers.values()].flatMap((container) => heldBy(container, labelOf(container.node.slot), this.asked)),
      nowMs,
    };
  }
}

/** The first pause of who got nothing of what was made free for him. */
const IN_VAIN_MS = 10_000;

/** Containers of a queue, an application or a user: whoever claims. */
const heldOf = ({ containers }: View, name: string): number =>
  containers.filter(({ queue, app, user }) => queue === name || String(app.seq) === name || user === name).length;

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

function heldBy(container: Container, label: string, asked: ReadonlyMap<ContainerId, number>): Held[] {
  const { id, attempt, node, resource, startedAtMs, allocatedAtMs, priority } = container;
  const { scheduled, submission } = attempt.application;
  if (scheduled === undefined || 'ending' in attempt.application.state) return []; // it ends anyway
  return [
    {
      id,
      app: scheduled,
      queue: scheduled.queue,
      user: submission.user,
      label,
      node: node.id,
      resource,
      startedAtMs: startedAtMs || allocatedAtMs,
      priority,
      isDriver: attempt.am?.containerId === id,
      askedBack: asked.has(id),
    },
  ];
}
