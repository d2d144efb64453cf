// An application as the capacity scheduler knows it: where it stands, what it has in each partition, what it asks for.
import type { Resource } from '../../../../common/resource.ts';
import type { PartitionIndex } from '../node-table.ts';
import type { AppOffer, ScheduledApp } from '../scheduler-port.ts';
import { add, type Dimensions, dominant, subtract, type Vector } from '../vectors.ts';
import type { Ask } from './line.ts';
import type { Partition } from './partition.ts';
import type { Queue } from './queue.ts';

export class Application implements ScheduledApp {
  readonly seq: number;
  readonly user: string;
  priority: number;
  /** Of the submission; what an ask names goes before. */
  readonly label: string;
  leaf: Queue;
  readonly asks = new Map<number, Ask>();
  /** By partition; holes where it never had anything. */
  readonly usedIn: (Vector | undefined)[] = [];
  readonly driverUsedIn: (Vector | undefined)[] = [];
  readonly #all: Vector = [0, 0];
  #weight = 1;
  containers = 0;
  owner: unknown;
  readonly #dimensions: Dimensions;
  readonly #partitions: readonly Partition[];

  constructor({ seq, user, priority, label = '' }: AppOffer, leaf: Queue, dimensions: Dimensions, partitions: readonly Partition[]) {
    this.seq = seq;
    this.user = user;
    this.priority = priority;
    this.label = label;
    this.leaf = leaf;
    this.#dimensions = dimensions;
    this.#partitions = partitions;
  }

  get queue(): string {
    return this.leaf.path;
  }

  get usedMb(): number {
    return this.#all[0]!;
  }

  get usedVcores(): number {
    return this.#all[1]!;
  }

  get used(): Resource {
    return this.#dimensions.resource(this.#all);
  }

  /** What an order by shares goes by: its dominant share of the partition, for its weight. */
  shareFor(partition: PartitionIndex): number {
    const used = this.usedIn[partition];
    return used === undefined ? 0 : dominant(used, this.#partitions[partition]!.total) / this.#weight;
  }

  /** Anew, by what it has and wants: not while its asks stand in heaps (standing.ts, stepAside). Source: YARN's FairOrderingPolicy. */
  weigh(): void {
    this.#weight = 1;
    if (!this.leaf.config.sizeBasedWeight) return;
    let wantedMb = this.usedMb;
    for (const { count, resource } of this.asks.values()) wantedMb += count * resource.memoryMb;
    this.#weight = Math.max(1, Math.log2(1 + wantedMb));
  }

  charge(partition: PartitionIndex, what: Vector, isDriver: boolean): void {
    add((this.usedIn[partition] ??= [0, 0]), what);
    if (isDriver) add((this.driverUsedIn[partition] ??= [0, 0]), what);
    add(this.#all, what);
    this.containers++;
  }

  uncharge(partition: PartitionIndex, what: Vector, isDriver: boolean): void {
    subtract((this.usedIn[partition] ??= [0, 0]), what);
    if (isDriver) subtract((this.driverUsedIn[partition] ??= [0, 0]), what);
    subtract(this.#all, what);
    this.containers--;
  }
}
