// Where a container goes that names hosts: to one of them; to a node of their racks, or any, at once or (with yarn.scheduler.fair.locality.threshold.*)
// after so many heartbeats of nodes went by. Asks of one application that want the same wait together. Source: YARN's
// FSAppAttempt.getAllowedLocalityLevel, which waits only where both thresholds are set.
import type { FairTuning } from './fair-config.ts';
import type { FairNodes } from './fair-nodes.ts';
import type { FairSize } from './fair-sizes.ts';

export class FairLocality {
  /** Heartbeats of nodes so far. */
  chances = 0;
  /** Whether anybody waits for his hosts. */
  readonly delays: boolean;
  readonly #nodes: FairNodes;
  readonly #tuning: FairTuning;
  readonly #waiting = new Set<FairSize>();
  #nextDue = Number.POSITIVE_INFINITY;

  constructor(nodes: FairNodes, tuning: FairTuning) {
    this.#nodes = nodes;
    this.#tuning = tuning;
    this.delays = tuning.localityThresholdNode >= 0 && tuning.localityThresholdRack >= 0;
  }

  /** @returns a slot, or -1: none that it may go to has room */
  slotFor(size: FairSize): number {
    const onHost = this.#nodes.onHosts(size);
    if (onHost >= 0) return this.#goes(size, 'host', onHost);
    if (!this.#waits(size)) return this.#nodes.elsewhere(size, size.racks);
    this.#relax(size);
    if (size.level !== 'host') {
      const onRack = this.#nodes.onRacks(size, this.#racks(size));
      if (onRack >= 0) return this.#goes(size, 'rack', onRack);
    }
    if (size.level === 'any') return this.#nodes.elsewhere(size, []);
    this.#waiting.add(size);
    this.#nextDue = Math.min(this.#nextDue, this.dueAt(size));
    return -1;
  }

  /** May one of that size go to that slot now? */
  fits(slot: number, size: FairSize): boolean {
    const { table } = this.#nodes;
    if (!table.fits(slot, size.vector)) return false;
    const [host, rack] = [table.hosts[slot]!, table.racks[slot]!];
    if (size.strict) return size.hosts.includes(host) || size.racks.includes(rack);
    if (size.level === 'any' || !this.#waits(size) || size.hosts.includes(host)) return true;
    return size.level === 'rack' && this.#racks(size).has(rack);
  }

  /** Those whose chances have gone by. */
  due(): FairSize[] {
    if (this.chances < this.#nextDue) return [];
    const due = [...this.#waiting].filter((size) => this.dueAt(size) <= this.chances);
    for (const size of due) this.#waiting.delete(size);
    this.#nextDue = Math.min(...[...this.#waiting].map((size) => this.dueAt(size)));
    return due;
  }

  /** The chance from which it goes further from its hosts. */
  dueAt(size: FairSize): number {
    return size.waitsSince < 0 ? Number.POSITIVE_INFINITY : size.waitsSince + this.after(size);
  }

  after({ level }: FairSize): number {
    const { localityThresholdNode, localityThresholdRack } = this.#tuning;
    return Math.floor(this.#nodes.count * (level === 'host' ? localityThresholdNode : localityThresholdRack)) + 1;
  }

  /** It waits for its hosts or racks, though others have room perhaps. */
  isDelayed(size: FairSize): boolean {
    return this.#waiting.has(size);
  }

  forget(size: FairSize): void {
    this.#waiting.delete(size);
  }

  /** A host that is not there is not waited for. */
  #waits({ strict, hosts }: FairSize): boolean {
    return this.delays && !strict && hosts.some((host) => this.#nodes.table.onHost(host).length > 0);
  }

  #relax(size: FairSize): void {
    if (size.level === 'any') return;
    if (size.waitsSince < 0) size.waitsSince = this.chances;
    if (this.chances < this.dueAt(size)) return;
    size.level = size.level === 'host' ? 'rack' : 'any';
    size.waitsSince = this.chances;
  }

  /** One that got nearer again waits there again. */
  #goes(size: FairSize, level: 'host' | 'rack', slot: number): number {
    this.#waiting.delete(size);
    if (level === 'host' || size.level === 'any') {
      size.level = level;
      size.waitsSince = -1;
    }
    return slot;
  }

  #racks({ racks, hosts }: FairSize): Set<string> {
    const { table } = this.#nodes;
    return new Set([...racks, ...hosts.flatMap((host) => table.onHost(host).map((slot) => table.racks[slot]!))]);
  }
}
