// What a round of preemption would take, whichever scheduler it is: words, and the shape of what it looks at. The plans are
// capacity-plan.ts (between queues), intra-queue.ts (inside one) and fair-plan.ts; who asks for containers and kills them is rounds.ts.
import { plus, type Resource, times } from '../../../common/resource.ts';
import type { ScheduledApp, WaitingAsk } from '../scheduler/scheduler-port.ts';
import type { UsageSnapshot } from '../scheduler/scheduler-views.ts';
import type { Candidate } from './choose-victims.ts';

/** One living container, with all that a plan asks of it. */
export type Held = Omit<Candidate, 'holder'> & {
  readonly app: ScheduledApp;
  readonly queue: string;
  readonly user: string;
  /** Of its node: the partition. */
  readonly label: string;
};
export type View = {
  readonly snapshot: UsageSnapshot;
  readonly containers: readonly Held[];
  /** By node: free space of those that take containers, and their partition. */
  readonly nodes: ReadonlyMap<string, { readonly free: Resource; readonly label: string; readonly slot: number }>;
  readonly nowMs: number;
};
/** `because`: by whom and why, a sentence without its point. Those of one `group` go together or not at all. */
export type Victim = { readonly id: string; readonly because: string; readonly group: string /** The holder. */; readonly by: string };

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

/** The node that the scheduler keeps for an ask, if it does. */
export function keptFor(view: View, ask: WaitingAsk): string | undefined {
  const { obstacle } = ask;
  if (obstacle?.tag !== 'reserved') return undefined;
  for (const [id, { slot }] of view.nodes) if (slot === obstacle.slot) return id;
  return undefined;
}

export const freeOf = (view: View, label: string): Map<string, Resource> =>
  new Map([...view.nodes].filter(([, node]) => node.label === label).map(([id, { free }]) => [id, free]));

export const amounts = ({ memoryMb, vcores }: Resource): string => `${memoryMb} MB and ${vcores} ${vcores === 1 ? 'vcore' : 'vcores'}`;
