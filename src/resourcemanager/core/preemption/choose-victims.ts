// Which containers must go so that those who are below their due get what they wait for. Pure: claims, holders and containers in, victims
// with reasons out. Who is below and above his due is reckoned elsewhere: capacity-ideals.ts, intra-queue.ts, fair-ideals.ts.
//
// Four rules keep it from going back and forth: nobody is taken below his floor, nobody is given more than his ideal by it, nothing is
// taken unless together with what is free on that node it makes room for one whole container that waits, and only for somebody whose turn
// the scheduler would find to come before the loser's. What was asked back before is chosen first, so that the same containers are meant
// from round to round until they have gone or nobody needs them any more.
import { amountOf, dominantShare, fits, minus, NOTHING, plus, type Resource } from '../../../common/resource.ts';

/** A queue, a user or an application: whoever has something to lose or to claim. */
export type Holder = {
  /** Changes as victims are chosen. */
  used: Resource;
  /** Above it he may be taken from, and up to it he may be given. */
  readonly ideal: Resource;
  /** He is not taken below it. */
  readonly floor: Resource;
  /** By what part of this he uses, the scheduler finds his turn among those of the same parent; undefined: it does not matter. */
  readonly due?: Resource | undefined;
  readonly parent?: string | undefined;
};
/** One container that may be taken. */
export type Candidate = {
  readonly id: string;
  readonly holder: string;
  readonly node: string;
  readonly resource: Resource;
  readonly startedAtMs: number;
  /** Smaller goes first when it is placed, and last here. */
  readonly priority: number;
  readonly isDriver: boolean;
  readonly askedBack: boolean;
};
/** Containers that a holder waits for and no node has room for. `mayTakeFrom`: undefined: from everybody else. */
export type Claim = {
  readonly holder: string;
  readonly size: Resource;
  readonly count: number;
  /** Only there: the scheduler keeps that node for it. */
  readonly node?: string | undefined;
  /** Another holder, around it, that is given no more than his ideal either. */
  readonly within?: string | undefined;
  readonly mayTakeFrom?: ((holder: string) => boolean) | undefined;
  /** For whom, as part of a sentence. */
  readonly by: string;
};
export type Ground = {
  readonly holders: ReadonlyMap<string, Holder>;
  /** In the order in which they are served. */
  readonly claims: readonly Claim[];
  readonly candidates: readonly Candidate[];
  /** By node: only nodes that take containers. */
  readonly free: ReadonlyMap<string, Resource>;
  readonly total: Resource;
  /** Most of the cluster's dominant resource in this round, 0 to 1; one claim is always met. */
  readonly budget: number;
};
/** `group`: together they make room for one container; one without the others is for nobody. */
export type Chosen = { readonly id: string; readonly claim: Claim; readonly group: number };

/** Bounds the work of a round; the rest has the next one. */
const MOST_CONTAINERS_CLAIMED = 500;

export function chooseVictims(ground: Ground): Chosen[] {
  const free = new Map(ground.free);
  const byNode = candidatesByNode(ground.candidates, free);
  const chosen: Chosen[] = [];
  let taken = NOTHING;
  let looked = 0;
  for (const claim of ground.claims) {
    const claimer = ground.holders.get(claim.holder)!;
    const around = claim.within === undefined ? claimer : ground.holders.get(claim.within)!;
    for (let i = 0; i < claim.count && looked < MOST_CONTAINERS_CLAIMED; i++, looked++) {
      if (![claimer, around].every(({ used, ideal }) => fits(ideal, plus(used, claim.size)))) break;
      const place = cheapest(ground, claim, byNode, free, false) ?? cheapest(ground, claim, byNode, free, true);
      if (place === undefined) break;
      const more = place.victims.reduce((sum, { resource }) => plus(sum, resource), taken);
      if (chosen.length > 0 && dominantShare(more, ground.total) > ground.budget) return chosen;
      taken = more;
      take(ground, place, claim, byNode, free);
      for (const { id } of place.victims) chosen.push({ id, claim, group: looked });
    }
  }
  return chosen;
}

type Place = { readonly node: string; readonly victims: readonly Candidate[] };
type ByNode = Map<string, Candidate[]>;

/** Those on nodes that take containers; on each the first to go is first. */
function candidatesByNode(candidates: readonly Candidate[], free: ReadonlyMap<string, Resource>): ByNode {
  const byNode: ByNode = new Map([...free.keys()].map((node) => [node, []]));
  for (const candidate of candidates) byNode.get(candidate.node)?.push(candidate);
  for (const here of byNode.values()) here.sort(firstToGo);
  return byNode;
}

/** What was asked back before, then the less important, then the youngest: the least work is lost. Ties by id. */
const firstToGo = (a: Candidate, b: Candidate): number =>
  Number(b.askedBack) - Number(a.askedBack) || b.priority - a.priority || b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1);

function take(
  { holders }: Ground,
  { node, victims }: Place,
  { size, holder: claimer }: Claim,
  byNode: ByNode,
  free: Map<string, Resource>,
): void {
  let left = minus(free.get(node)!, size);
  for (const up of upFrom(holders, claimer)) up.used = plus(up.used, size);
  for (const { holder, resource } of victims) {
    left = plus(left, resource);
    for (const up of upFrom(holders, holder)) up.used = minus(up.used, resource);
  }
  free.set(node, left);
  const gone = new Set(victims);
  byNode.set(
    node,
    byNode.get(node)!.filter((candidate) => !gone.has(candidate)),
  );
}

/** Where the fewest must go; among equals those asked back before, then the least in size. Where there is room, nobody. */
function cheapest(ground: Ground, claim: Claim, byNode: ByNode, free: ReadonlyMap<string, Resource>, drivers: boolean): Place | undefined {
  let best: (Place & { cost: number }) | undefined;
  for (const [node, here] of claim.node === undefined ? byNode : [[claim.node, byNode.get(claim.node) ?? []] as const]) {
    if (!free.has(node)) continue;
    const victims = victimsOn(ground, claim, here, free.get(node)!, drivers);
    if (victims === undefined) continue;
    if (victims.length === 0) return { node, victims };
    const size = victims.reduce((sum, { resource }) => sum + dominantShare(resource, ground.total), 0);
    const cost =
      victims.reduce((sum, { askedBack, isDriver }) => sum + (askedBack ? 1 : 2) + (isDriver ? 1000 : 0), 0) + Math.min(size, 1) / 2;
    if (best === undefined || cost < best.cost) best = { node, victims, cost };
  }
  return best;
}

/** @returns undefined when not enough may be taken there */
function victimsOn(
  ground: Ground,
  { size, holder, mayTakeFrom }: Claim,
  here: readonly Candidate[],
  free: Resource,
  drivers: boolean,
): Candidate[] | undefined {
  const { holders } = ground;
  let room = free;
  if (fits(room, size)) return [];
  const losses = new Map<string, Resource>();
  const victims: Candidate[] = [];
  for (const candidate of here) {
    const { holder: loser, resource, isDriver } = candidate;
    if ((isDriver && !drivers) || loser === holder || (mayTakeFrom !== undefined && !mayTakeFrom(loser))) continue;
    const lost = losses.get(loser) ?? NOTHING;
    if (!helps({ room, size, brings: resource, lost }, holders.get(loser)!)) continue;
    if (!comesBefore(holders, holder, loser, plus(lost, resource))) continue;
    losses.set(loser, plus(lost, resource));
    victims.push(candidate);
    room = plus(room, resource);
    if (fits(room, size)) return withoutNeedless(victims, free, size);
  }
  return undefined;
}

type Help = { readonly room: Resource; readonly size: Resource; readonly brings: Resource; readonly lost: Resource };

/** Of what is missing it brings something of which its holder has more than his ideal, and of nothing of that is he left below his floor. */
function helps({ room, size, brings, lost }: Help, { used, ideal, floor }: Holder): boolean {
  let over = false;
  for (const amount of [memoryOf, vcoresOf, ...Object.keys(size.others ?? {}).map((name) => (r: Resource) => amountOf(r, name))]) {
    if (amount(size) <= amount(room) || amount(brings) === 0) continue;
    const has = amount(used) - amount(lost);
    if (has - amount(brings) < amount(floor)) return false;
    if (has > amount(ideal)) over = true;
  }
  return over;
}

const memoryOf = (r: Resource) => r.memoryMb;
const vcoresOf = (r: Resource) => r.vcores;

/** Below the queue that both have in common, the scheduler would serve the claimer's side before the loser's, which has lost that. */
function comesBefore(holders: Ground['holders'], claimer: string, loser: string, lost: Resource): boolean {
  const [mine, his] = [pathTo(holders, claimer), pathTo(holders, loser)];
  const at = mine.findIndex((name, i) => name !== his[i]);
  const [me, him] = [holders.get(mine[at] ?? claimer)!, holders.get(his[at] ?? loser)!];
  if (me.due === undefined || him.due === undefined) return true;
  // Guarantees are rounded down, and the scheduler reckons with the exact ones.
  const due = { ...him.due, memoryMb: him.due.memoryMb + 1, vcores: him.due.vcores + 1 };
  return dominantShare(me.used, me.due) < dominantShare(minus(him.used, lost), due);
}

/** From the outermost holder down. */
function pathTo(holders: Ground['holders'], name: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = name; at !== undefined && holders.has(at); at = holders.get(at)!.parent) path.unshift(at);
  return path;
}

const upFrom = (holders: Ground['holders'], name: string): Holder[] => pathTo(holders, name).map((at) => holders.get(at)!);

/** A larger one may have come after smaller ones that are not needed beside it: the last to be chosen stay. */
function withoutNeedless(victims: readonly Candidate[], free: Resource, size: Resource): Candidate[] {
  let kept = [...victims];
  for (const victim of victims) {
    const rest = kept.filter((other) => other !== victim);
    if (
      fits(
        rest.reduce((sum, { resource }) => plus(sum, resource), free),
        size,
      )
    )
      kept = rest;
  }
  return kept;
}
