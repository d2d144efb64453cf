// Preemption at work: every interval a plan is made over the state of the moment; what it names is asked back from its driver, and killed
// when it is still named after the grace. Who is not named any more is left alone, so nothing goes for a wish that has been met. The marks
// are not stored: after a restart asking begins anew. Source: YARN's ProportionalCapacityPreemptionPolicy.preemptOrkillSelectedContainerAfterWait.
import type { ContainerId, NodeId } from '../../../common/ids.ts';
import type { Cluster } from '../cluster.ts';
import { moveContainer } from '../container-events.ts';
import { EXIT } from '../container-machine.ts';
import type { Container } from '../entities.ts';
import { planBetweenQueues } from './capacity-plan.ts';
import { planFair, type Starving } from './fair-plan.ts';
import { planInsideQueues } from './intra-queue.ts';
import type { Held, RoomFor, View } from './plan.ts';
import type { PreemptionSettings } from './settings.ts';

export class Preemption {
  /** Asked back, since when. */
  readonly asked = new Map<ContainerId, number>();
  readonly #starving: Starving = new Map();
  #rounds = 0;
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
    const rooms = cluster.recovering && cluster.epoch > 0 ? [] : this.#plan();
    if (!observeOnly) cluster.scheduler.promise?.(rooms);
    const named = new Set(rooms.flatMap(({ victims }) => victims.map(({ id }) => id)));
    for (const id of this.asked.keys()) if (!named.has(id)) this.asked.delete(id);
    for (const { victims } of rooms) {
      // A driver that was taken for another room has ended with all that it held: that is room already.
      const found = victims.flatMap((victim) => {
        const container = cluster.containers.get(victim.id as ContainerId);
        return container === undefined ? [] : [{ ...victim, container }];
      });
      for (const { container, because } of found) if (!this.asked.has(container.id)) this.#ask(container, because);
      // Room for half a container is room for nobody: all of them go when the last one has had its time.
      const waitedMs = cluster.nowMs - Math.max(...found.map(({ container }) => this.asked.get(container.id)!));
      if (waitedMs < graceMs || observeOnly) continue;
      for (const { container, because } of found) this.#kill(container, because, waitedMs);
    }
  }

  #plan(): RoomFor[] {
    const view = this.#view();
    if (this.#cluster.scheduler.kind === 'fair') return planFair(view, this.#settings, this.#starving);
    const between = planBetweenQueues(view, this.#settings);
    // Room that is made between queues may be the room that is missed inside one.
    return between.length > 0 ? between : planInsideQueues(view, this.#settings);
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
    const node = (id: string) => nodes.get(id as NodeId)!;
    const labelOf = (slot: number) => scheduler.labelOf?.(slot) ?? '';
    const asked = new Set([...this.asked.keys()].map((id) => containers.get(id)?.node));
    const taking = [...nodes.values()].filter(({ slot, connected, state }) => slot >= 0 && connected && state.tag === 'RUNNING');
    const from = taking.length > MOST_LOOKS_EACH ? (this.#rounds++ * MOST_LOOKS_EACH) % taking.length : 0;
    const others = [...taking.slice(from), ...taking.slice(0, from)].filter((one) => !asked.has(one));
    const ordered = [...taking.filter((one) => asked.has(one)), ...others];
    const byLabel = Map.groupBy(ordered, ({ slot }) => labelOf(slot));
    const bySlot = new Map(ordered.map(({ id, slot }) => [slot, id]));
    return {
      snapshot: scheduler.usageSnapshot(),
      nodesOf: (label) => {
        const here = byLabel.get(label) ?? [];
        return { nodes: here.map(({ id }) => id), first: here.filter((one) => asked.has(one)).length };
      },
      freeOn: (id) => scheduler.freeOn(node(id).slot),
      containersOn: (id) => [...node(id).containers.values()].flatMap((container) => heldBy(container, this.asked)),
      keptOn: (id) => scheduler.keptFor?.(node(id).slot),
      slotOf: (id) => node(id).slot,
      nodeAt: (slot) => bySlot.get(slot),
      nowMs,
      looks: { left: MOST_LOOKS, each: MOST_LOOKS_EACH },
    };
  }
}

/** At a node in one round: what is not found has the next one, which begins at others. */
const MOST_LOOKS = 5_000;
/** For claims of one queue and size. */
const MOST_LOOKS_EACH = 500;

const seconds = (ms: number): number => Math.round(ms / 100) / 10;

function heldBy(
  { id, attempt, resource, startedAtMs, allocatedAtMs, priority }: Container,
  asked: ReadonlyMap<ContainerId, number>,
): Held[] {
  const { scheduled: app, state } = attempt.application;
  if (app === undefined || 'ending' in state) return []; // it ends anyway
  const isDriver = attempt.am?.containerId === id;
  return [{ id, app, resource, startedAtMs: startedAtMs || allocatedAtMs, priority, isDriver, askedBack: asked.has(id) }];
}
