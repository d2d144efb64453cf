// The parts of a cluster that node labels make: one for each label, and the first for nodes without one. An index stands for a label in
// the scheduler's lists, so that nothing is looked up by name while containers are placed.
import type { Label } from '../scheduler-port.ts';
import type { PartitionIndex } from '../node-table.ts';
import type { Vector } from '../vectors.ts';

export type Partition = {
  readonly index: PartitionIndex;
  readonly label: string;
  /** Nodes with another label may be used by those who ask for none, while nobody who asks for it wants them. */
  exclusive: boolean;
  /** Whether the cluster has this label (still). */
  known: boolean;
  total: Vector;
  nodes: number;
  /** Containers that were ever placed there; a clock for who was passed over. */
  placements: number;
  /** Nodes that are kept for one ask. */
  kept: number;
};

const partition = (index: number, label: string, exclusive: boolean): Partition => ({
  index,
  label,
  exclusive,
  known: true,
  total: [0, 0],
  nodes: 0,
  placements: 0,
  kept: 0,
});

export class Partitions {
  readonly all: Partition[] = [partition(0, '', true)];
  readonly #byLabel = new Map([['', this.all[0]!]]);

  get default(): Partition {
    return this.all[0]!;
  }

  /** Also of a label that the cluster does not have (any more): what asks for it waits. */
  of(label: string): Partition {
    let found = this.#byLabel.get(label);
    if (found === undefined) {
      found = { ...partition(this.all.length, label, true), known: false };
      this.all.push(found);
      this.#byLabel.set(label, found);
    }
    return found;
  }

  find(label: string): Partition | undefined {
    const found = this.#byLabel.get(label);
    return found?.known ? found : undefined;
  }

  /** Those whose idle nodes anybody may use. */
  *shared(): Generator<Partition> {
    for (const p of this.all) if (p.index > 0 && p.known && !p.exclusive) yield p;
  }

  set(labels: readonly Label[]): void {
    for (const p of this.all) if (p.index > 0) p.known = false;
    for (const { name, exclusive } of labels) Object.assign(this.of(name), { known: true, exclusive });
  }

  labels(): Label[] {
    return this.all.filter((p) => p.index > 0 && p.known).map(({ label, exclusive }) => ({ name: label, exclusive }));
  }
}
