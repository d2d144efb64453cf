// What a round of preemption would take, whichever scheduler it is: words, and the shape of what it looks at. The plans are
// capacity-plan.ts (between queues), intra-queue.ts (inside one) and fair-plan.ts; who asks for containers and kills them is rounds.ts.
import { plus, type Resource, times } from '../../../common/resource.ts';
import type { ScheduledApp, WaitingAsk } from '../scheduler/scheduler-port.ts';
import type { UsageSnapshot } from '../scheduler/scheduler-views.ts';
import { chooseVictims } from './choose-victims.ts';
import type { Candidate, Claim, Holders, Looks, Places } from './ground.ts';

/** One living container, with all that a plan asks of it. */
export type Held = Omit<Candidate, 'holder'> & { readonly app: ScheduledApp };
export type View = {
  readonly snapshot: UsageSnapshot;
  /** Of those that take containers: those with containers that were asked back, and the others, each round from another one on. */
  readonly nodesOf: (label: string) => Pick<Places, 'nodes' | 'first'>;
  readonly freeOn: (node: string) => Resource;
  readonly containersOn: (node: string) => readonly Held[];
  /** For whose container the scheduler keeps it. */
  readonly keptOn: (node: string) => WaitingAsk | undefined;
  readonly slotOf: (node: string) => number;
  readonly nodeAt: (slot: number) => string | undefined;
  readonly nowMs: number;
  readonly looks: Looks;
};
/** `because`: by whom and why, a sentence without its point. */
export type Victim = { readonly id: string; readonly because: string };
/** Those that make room for one container of that ask, on that node: they go together or not at all. */
export type RoomFor = { readonly ask: WaitingAsk; readonly slot: number; readonly victims: readonly Victim[] };

/** An ask waits for room, not for a limit of its queue or user: only that is a reason to take from others. */
export function waitsForRoom(ask: WaitingAsk, label: string): boolean {
  if (ask.count === 0 || ask.label !== label) return false;
  const tag = ask.obstacle?.tag;
  return tag === 'noNodeFits' || tag === 'reserved';
}

export const asksForRoom = (app: ScheduledApp, label: string): WaitingAsk[] =>
  [...app.asks.values()].filter((ask) => waitsForRoom(ask, label)).sort((a, b) => a.priority - b.priority || a.askId - b.askId);

export const wantedRoom = (asks: readonly WaitingAsk[]): Resource =>
  asks.reduce<Resource>((sum, { resource, count }) => plus(sum, times(resource, count)), { memoryMb: 0, vcores: 0 });

export type ClaimOf = Claim & { readonly ask: WaitingAsk };

/** Of an ask: where a node is kept for it its first container goes there, and the others go anywhere. */
export function claimsFor(view: View, ask: WaitingAsk, claim: Omit<Claim, 'size' | 'count' | 'node'>): ClaimOf[] {
  const { resource: size, count, obstacle } = ask;
  const kept = obstacle?.tag === 'reserved' ? view.nodeAt(obstacle.slot) : undefined;
  if (kept === undefined) return [{ ...claim, ask, size, count }];
  const first = { ...claim, ask, size, count: 1, node: kept };
  return count > 1 ? [first, { ...claim, ask, size, count: count - 1 }] : [first];
}

type Choice = {
  readonly view: View;
  readonly label: string;
  readonly total: Resource;
  readonly budget: number;
  readonly holders: Holders;
  readonly claims: readonly ClaimOf[];
  /** undefined: nothing of its is taken. */
  readonly holderOf: (app: ScheduledApp) => string | undefined;
  readonly because: (claim: ClaimOf, loser: ScheduledApp) => string;
};

/** Room for claims, on the nodes of one partition. */
export function chooseRooms({ view, label, holderOf, because, ...ground }: Choice): RoomFor[] {
  if (ground.claims.length === 0) return [];
  const apps = new Map<string, ScheduledApp>();
  const candidatesOn = (node: string): Candidate[] =>
    view.containersOn(node).flatMap((held) => {
      const holder = holderOf(held.app);
      if (holder === undefined) return [];
      apps.set(held.id, held.app);
      return [{ ...held, holder }];
    });
  const keptOn = (node: string) => {
    const ask = view.keptOn(node);
    return ask === undefined ? undefined : { holder: holderOf(ask.app), size: ask.resource };
  };
  const places = { ...view.nodesOf(label), freeOn: view.freeOn, candidatesOn, keptOn };
  return chooseVictims({ ...ground, places, looks: view.looks }).map(({ claim, node, victims }) => ({
    ask: claim.ask,
    slot: view.slotOf(node),
    victims: victims.map(({ id }) => ({ id, because: because(claim, apps.get(id)!) })),
  }));
}

export const amounts = ({ memoryMb, vcores }: Resource): string => `${memoryMb} MB and ${vcores} ${vcores === 1 ? 'vcore' : 'vcores'}`;
