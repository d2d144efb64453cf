// On which node room for one container of a claim costs the least. A cluster may have ten thousand nodes and hundreds of claims: nodes are
// looked at until enough are known on which the claim could be met, the cheapest of them is taken, and claims of one holder and size go on
// where the one before stopped. What a node costs is reckoned again when it comes to the top, for it only gets dearer while others take.
import { amountOf, dominantShare, fits, minus, NOTHING, plus, type Resource } from '../../../common/resource.ts';
import { Heap } from '../scheduler/heap.ts';
import { type Candidate, type Claim, type Ground, type Holder, type Holders, pathTo, type Places } from './ground.ts';

export type Place = { readonly node: string /** In the order of nodes. */; readonly at: number; readonly victims: readonly Candidate[] };
type Priced = Place & { readonly cost: number; heapAt: number };
/** What was found for claims of one holder and size. */
type Found = { readonly heap: Heap<Priced>; next: number; readonly shift: number; readonly drivers: boolean };

/** Of so many nodes on which a claim could be met the cheapest is taken. */
const ENOUGH = 64;

const cheaper = (a: Priced, b: Priced): boolean => a.cost < b.cost || (a.cost === b.cost && a.at < b.at);

export class PlaceSearch {
  readonly #ground: Omit<Ground, 'claims' | 'budget'>;
  readonly #here = new Map<string, Candidate[]>();
  readonly #free = new Map<string, Resource>();
  /** Nodes whose keeping is over. */
  readonly #given = new Set<string>();
  readonly #found = new Map<unknown, Found[]>();
  readonly #foundByClaim = new Map<Claim, Found[]>();
  readonly #rivals = new Map<string, Map<string, Rivals>>();

  constructor(ground: Omit<Ground, 'claims' | 'budget'>) {
    this.#ground = ground;
  }

  /** Where the fewest must go; among equals those asked back before, then the least in size. Drivers only where nothing else helps. */
  cheapest(claim: Claim): Place | undefined {
    if (claim.node !== undefined) return this.#priced(claim.node, 0, claim, false) ?? this.#priced(claim.node, 0, claim, true);
    const found = this.#foundFor(claim);
    return this.#cheapestOf(found[0]!, claim) ?? this.#cheapestOf(found[1]!, claim);
  }

  /** It is given to the claim: what is left there is for others. */
  take({ node, at, victims }: Place, claim: Claim): void {
    const gone = new Set(victims);
    this.#free.set(
      node,
      minus(
        victims.reduce((sum, { resource }) => plus(sum, resource), this.#freeOn(node)),
        claim.size,
      ),
    );
    this.#here.set(
      node,
      this.#candidatesOn(node).filter((candidate) => !gone.has(candidate)),
    );
    this.#given.add(node);
    if (claim.node !== undefined) return;
    for (const { heap, drivers } of this.#foundFor(claim)) {
      const again = heap.size === 0 && drivers ? undefined : this.#priced(node, at, claim, drivers);
      if (again !== undefined) heap.push(again);
    }
  }

  #foundFor(claim: Claim): Found[] {
    let found = this.#foundByClaim.get(claim);
    if (found !== undefined) return found;
    const { holder, size, mayTakeFrom } = claim;
    const key = mayTakeFrom ?? `${holder} ${JSON.stringify(size)}`;
    const shift = this.#found.size * this.#ground.looks.each;
    found = this.#found.get(key) ?? [false, true].map((drivers) => ({ heap: new Heap(cheaper), next: 0, shift, drivers }));
    this.#found.set(key, found);
    this.#foundByClaim.set(claim, found);
    return found;
  }

  #cheapestOf(found: Found, claim: Claim): Place | undefined {
    const { places, looks } = this.#ground;
    const { heap, drivers } = found;
    while (heap.size < ENOUGH && found.next < Math.min(places.nodes.length, looks.each) && looks.left > 0) {
      looks.left--;
      const priced = this.#priced(places.nodes[placeOf(found, places)]!, found.next++, claim, drivers);
      if (priced !== undefined) heap.push(priced);
    }
    for (let top = heap.top; top !== undefined; top = heap.top) {
      heap.remove(top);
      const now = this.#priced(top.node, top.at, claim, drivers);
      if (now === undefined) continue;
      if (heap.top === undefined || !cheaper(heap.top, now)) return now;
      heap.push(now);
    }
    return undefined;
  }

  #priced(node: string, at: number, claim: Claim, drivers: boolean): Priced | undefined {
    if (node !== claim.node && !this.#given.has(node) && !this.#mayUseKept(node, claim)) return undefined;
    const victims = this.#victimsOn(node, claim, drivers);
    if (victims === undefined) return undefined;
    const size = victims.reduce((sum, { resource }) => sum + dominantShare(resource, this.#ground.total), 0);
    const each = victims.reduce((sum, { askedBack, isDriver }) => sum + (askedBack ? 1 : 2) + (isDriver ? 1000 : 0), 0);
    return { node, at, victims, cost: each + Math.min(size, 1) / 2, heapAt: -1 };
  }

  /** Who has more with it than his ideal gives it up, as he would give up a container. Source: YARN's FifoCandidatesSelector.dropReservedContainer. */
  #mayUseKept(node: string, { holder, mayTakeFrom }: Claim): boolean {
    const kept = this.#ground.places.keptOn?.(node);
    if (kept === undefined) return true;
    const { holders } = this.#ground;
    const keeper = kept.holder === undefined ? undefined : holders.get(kept.holder);
    if (keeper === undefined || kept.holder === holder || mayTakeFrom?.(kept.holder!) === false) return false;
    return !fits(keeper.ideal, plus(keeper.used, kept.size)) && comesBefore(this.#rivalsOf(holder, kept.holder!), NOTHING);
  }

  /** @returns undefined when not enough may be taken there */
  #victimsOn(node: string, { size, holder, mayTakeFrom }: Claim, drivers: boolean): Candidate[] | undefined {
    const { holders } = this.#ground;
    const free = this.#freeOn(node);
    let room = free;
    if (fits(room, size)) return [];
    const losses = new Map<string, Resource>();
    const victims: Candidate[] = [];
    for (const candidate of this.#candidatesOn(node)) {
      const { holder: loser, resource, isDriver } = candidate;
      if ((isDriver && !drivers) || loser === holder || (mayTakeFrom !== undefined && !mayTakeFrom(loser))) continue;
      const lost = losses.get(loser) ?? NOTHING;
      if (!helps({ room, size, brings: resource, lost }, holders.get(loser)!)) continue;
      if (!comesBefore(this.#rivalsOf(holder, loser), plus(lost, resource))) continue;
      losses.set(loser, plus(lost, resource));
      victims.push(candidate);
      room = plus(room, resource);
      if (fits(room, size)) return withoutNeedless(victims, free, size);
    }
    return undefined;
  }

  #rivalsOf(claimer: string, loser: string): Rivals {
    let those = this.#rivals.get(claimer);
    if (those === undefined) this.#rivals.set(claimer, (those = new Map()));
    let rivals = those.get(loser);
    if (rivals === undefined) those.set(loser, (rivals = rivalsOf(this.#ground.holders, claimer, loser)));
    return rivals;
  }

  #freeOn(node: string): Resource {
    let free = this.#free.get(node);
    if (free === undefined) this.#free.set(node, (free = this.#ground.places.freeOn(node)));
    return free;
  }

  /** The first to go is first. */
  #candidatesOn(node: string): readonly Candidate[] {
    let here = this.#here.get(node);
    if (here === undefined) this.#here.set(node, (here = [...this.#ground.places.candidatesOn(node)].sort(firstToGo)));
    return here;
  }
}

/** Others begin at other nodes, or all would want what is on the same ones. */
const placeOf = ({ next, shift }: Found, { nodes, first }: Places): number =>
  next < first ? next : first + ((next - first + shift) % (nodes.length - first));

/** What was asked back before, then the less important, then the youngest: the least work is lost. Ties by id. */
const firstToGo = (a: Candidate, b: Candidate): number =>
  Number(b.askedBack) - Number(a.askedBack) || b.priority - a.priority || b.startedAtMs - a.startedAtMs || (a.id < b.id ? 1 : -1);

type Help = { readonly room: Resource; readonly size: Resource; readonly brings: Resource; readonly lost: Resource };

/** Of what is missing it brings something of which its holder has more than his ideal, and of nothing of that is he left below his floor. */
function helps({ room, size, brings, lost }: Help, { used, ideal, floor }: Holder): boolean {
  let over = false;
  for (const amount of amountsOf(size)) {
    if (amount(size) <= amount(room) || amount(brings) === 0) continue;
    const has = amount(used) - amount(lost);
    if (has - amount(brings) < amount(floor)) return false;
    if (has > amount(ideal)) over = true;
  }
  return over;
}

type Amount = (r: Resource) => number;
const PLAIN: readonly Amount[] = [(r) => r.memoryMb, (r) => r.vcores];
const amountsOf = ({ others }: Resource): readonly Amount[] =>
  others === undefined
    ? PLAIN
    : [
        ...PLAIN,
        ...Object.keys(others).map(
          (name): Amount =>
            (r) =>
              amountOf(r, name),
        ),
      ];

/** Below the holder that both have in common: on whose sides they stand. */
type Rivals = {
  readonly me: Holder;
  readonly him: Holder;
  /** Guarantees are rounded down, and the scheduler reckons with the exact ones. */
  readonly his: Resource | undefined;
};

function rivalsOf(holders: Holders, claimer: string, loser: string): Rivals {
  const [mine, his] = [pathTo(holders, claimer), pathTo(holders, loser)];
  const at = mine.findIndex((name, i) => name !== his[i]);
  const [me, him] = [holders.get(mine[at] ?? claimer)!, holders.get(his[at] ?? loser)!];
  return { me, him, his: him.due && { ...him.due, memoryMb: him.due.memoryMb + 1, vcores: him.due.vcores + 1 } };
}

/** The scheduler would serve the claimer's side before the loser's, which has lost that. */
const comesBefore = ({ me, him, his }: Rivals, lost: Resource): boolean =>
  me.due === undefined || his === undefined || dominantShare(me.used, me.due) < dominantShare(minus(him.used, lost), his);

/** A larger one may have come after smaller ones that are not needed beside it: the last to be chosen stay. */
function withoutNeedless(victims: readonly Candidate[], free: Resource, size: Resource): Candidate[] {
  let kept = [...victims];
  for (const victim of victims) {
    const rest = kept.filter((other) => other !== victim);
    const room = rest.reduce((sum, { resource }) => plus(sum, resource), free);
    if (fits(room, size)) kept = rest;
  }
  return kept;
}
