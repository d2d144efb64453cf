// The words of what preemption reckons with: who holds and who claims, what may be taken on which node. Who chooses is choose-victims.ts.
import type { Resource } from '../../../common/resource.ts';

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
export type Holders = ReadonlyMap<string, Holder>;
/** One container that may be taken. */
export type Candidate = {
  readonly id: string;
  readonly holder: string;
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
/** Nodes that take containers, by name: looked at one by one, and no more of them than are needed. */
export type Places = {
  readonly nodes: readonly string[];
  /** So many of them come first for every claim, for they have containers that were asked back before. */
  readonly first: number;
  readonly freeOn: (node: string) => Resource;
  readonly candidatesOn: (node: string) => readonly Candidate[];
  /** Who has it kept for a container of that size; `holder` undefined: somebody of whom nothing can be taken here. */
  readonly keptOn?: ((node: string) => { readonly holder: string | undefined; readonly size: Resource } | undefined) | undefined;
};
/** Bounds the work of a round: how many looks at a node are left, and the most for claims of one holder and size, which may fit nowhere. */
export type Looks = { left: number; readonly each: number };
export type Ground<C extends Claim = Claim> = {
  readonly holders: Holders;
  /** In the order in which they are served. */
  readonly claims: readonly C[];
  readonly places: Places;
  readonly total: Resource;
  /** Most of the cluster's dominant resource in this round, 0 to 1; one claim is always met. */
  readonly budget: number;
  readonly looks: Looks;
};
/** Room for one container of the claim on that node, when all of these have gone. None: there is room that is kept for somebody else. */
export type Room<C extends Claim = Claim> = { readonly claim: C; readonly node: string; readonly victims: readonly Candidate[] };

/** From the outermost holder down. */
export function pathTo(holders: Holders, name: string): string[] {
  const path: string[] = [];
  for (let at: string | undefined = name; at !== undefined && holders.has(at); at = holders.get(at)!.parent) path.unshift(at);
  return path;
}

export const upFrom = (holders: Holders, name: string): Holder[] => pathTo(holders, name).map((at) => holders.get(at)!);
