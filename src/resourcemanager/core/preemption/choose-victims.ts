// Which containers must go so that those who are below their due get what they wait for. Pure: claims, holders and nodes in, room with
// its victims out. Who is below and above his due is reckoned elsewhere: capacity-ideals.ts, intra-queue.ts, fair-plan.ts; on which node
// a claim is met is find-place.ts.
//
// Four rules keep it from going back and forth: nobody is taken below his floor, nobody is given more than his ideal by it, nothing is
// taken unless together with what is free on that node it makes room for one whole container that waits, and only for somebody whose turn
// the scheduler would find to come before the loser's. What was asked back before is chosen first, so that the same containers are meant
// from round to round until they have gone or nobody needs them any more.
import { dominantShare, fits, minus, NOTHING, plus } from '../../../common/resource.ts';
import { PlaceSearch } from './find-place.ts';
import { type Claim, type Ground, type Room, upFrom } from './ground.ts';

/** Bounds the work of a round; the rest has the next one. */
const MOST_CONTAINERS_CLAIMED = 500;

export function chooseVictims<C extends Claim>(ground: Ground<C>): Room<C>[] {
  const rooms: Room<C>[] = [];
  const search = new PlaceSearch(ground);
  let [taken, looked, anything] = [NOTHING, 0, false];
  for (const claim of ground.claims) {
    const claimer = ground.holders.get(claim.holder)!;
    const around = claim.within === undefined ? claimer : ground.holders.get(claim.within)!;
    for (let i = 0; i < claim.count && looked < MOST_CONTAINERS_CLAIMED; i++, looked++) {
      if (![claimer, around].every(({ used, ideal }) => fits(ideal, plus(used, claim.size)))) break;
      const place = search.cheapest(claim);
      if (place === undefined) break;
      const more = place.victims.reduce((sum, { resource }) => plus(sum, resource), taken);
      if (anything && dominantShare(more, ground.total) > ground.budget) return rooms;
      taken = more;
      anything ||= place.victims.length > 0;
      search.take(place, claim);
      for (const up of upFrom(ground.holders, claim.holder)) up.used = plus(up.used, claim.size);
      for (const { holder, resource } of place.victims) for (const up of upFrom(ground.holders, holder)) up.used = minus(up.used, resource);
      rooms.push({ claim, ...place });
    }
  }
  return rooms;
}
