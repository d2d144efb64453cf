// What the fair scheduler consists of, and nodes that come, go and change: who hears of it. Asks and placing are fair-scheduler.ts.
import type { Resource } from '../../../../common/resource.ts';
import type { Label, NodeOffer } from '../scheduler-port.ts';
import type { FairApp, FairAsk } from './fair-asks.ts';
import { amountsIn } from './fair-amounts.ts';
import { type FairConfig, NO_AMOUNTS } from './fair-config.ts';
import { FairLocality } from './fair-locality.ts';
import { FairNodes } from './fair-nodes.ts';
import { FairReservations } from './fair-reservations.ts';
import { FairSizes } from './fair-sizes.ts';
import { FairTree } from './fair-tree.ts';
import { noLabels, refuseLabels } from './no-labels.ts';
import { RunLimits } from './run-limits.ts';

export class FairState {
  readonly kind: FairConfig['kind'];
  readonly nodes = new FairNodes();
  tree: FairTree;
  readonly limits: RunLimits;
  readonly apps = new Set<FairApp>();
  readonly sizes = new FairSizes(this.nodes.table);
  readonly locality: FairLocality;
  readonly reservations: FairReservations;
  protected readonly sizeBasedWeight: boolean;

  constructor(config: FairConfig) {
    this.kind = config.kind;
    this.tree = new FairTree(config);
    this.limits = new RunLimits(config);
    this.locality = new FairLocality(this.nodes, config.tuning);
    this.reservations = new FairReservations(this.nodes, this.sizes, config.tuning.reservableNodes);
    this.sizeBasedWeight = config.tuning.sizeBasedWeight;
  }

  get total(): Resource {
    return this.nodes.total;
  }

  addNode(offer: NodeOffer): number {
    return this.nodes.add(offer);
  }

  /** All containers on it must have been released before. */
  removeNode(slot: number): void {
    this.reservations.endOn(slot);
    this.nodes.remove(slot);
  }

  resizeNode(slot: number, capacity: Resource): void {
    this.nodes.resize(slot, capacity);
    this.roomOn(slot);
  }

  openNode(slot: number): void {
    if (this.nodes.table.isOpen(slot)) return;
    this.nodes.table.open(slot);
    this.roomOn(slot);
  }

  closeNode(slot: number): void {
    this.reservations.endOn(slot);
    this.nodes.table.close(slot);
  }

  freeOn(slot: number): Resource {
    return this.nodes.table.freeOn(slot);
  }

  roomiest(): number {
    return this.nodes.roomiest();
  }

  keptFor(slot: number): FairAsk | undefined {
    return this.reservations.bySlot.get(slot);
  }

  chance(): void {
    this.locality.chances++;
  }

  labels = (): readonly Label[] => [];
  setLabels = (labels: readonly Label[]): void => refuseLabels(this.kind, labels[0]?.name ?? '');
  labelNode = (_slot: number, label: string): void => refuseLabels(this.kind, label);
  labelFault = (_queue: string, label: string): string | undefined => (label === '' ? undefined : noLabels(this.kind));

  /** Its own maxContainerAllocation, else of the queue above. */
  maximumAllocation(path: string): { readonly memoryMb: number; readonly vcores: number } | undefined {
    for (const { config } of this.tree.nearest(path).up())
      if (config.maxContainerAllocation !== NO_AMOUNTS)
        return amountsIn(config.maxContainerAllocation, this.total, Number.POSITIVE_INFINITY);
    return undefined;
  }

  leafAfterRestart(path: string): string {
    if (this.tree.leaf(path) !== undefined || this.tree.mayCreate(path)) return path;
    return this.tree.leaves()[0]!.path;
  }

  mayCreate(path: string): boolean {
    return this.tree.mayCreate(path);
  }

  leafNamed(name: string): string | undefined {
    return this.tree.leaf(name)?.path;
  }

  queueNamed(name: string): string | undefined {
    return (this.tree.find(name) ?? this.tree.leaf(name))?.path;
  }

  /** For whom the node is kept hears of it first, and alone. */
  protected roomOn(slot: number): void {
    if (slot < 0 || this.reservations.nodeHasRoom(slot)) return;
    this.sizes.wakeIf((size) => this.locality.fits(slot, size));
  }
}
