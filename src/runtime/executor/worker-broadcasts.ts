// Broadcast values of one worker thread, decoded once each. Their pieces come from the executor's main thread (broadcast-store.ts).
import type { RebuildContext } from '../closure/rebuild.ts';
import { Broadcast, decodeBroadcast } from '../rdd/broadcast.ts';

const broadcasts = new Map<number, Promise<Broadcast<unknown>>>();

/** A broadcast that the driver has taken back. */
export const forgetBroadcast = (id: number): void => {
  broadcasts.delete(id);
};

/** @param fetch gives its bytes */
export function broadcastOf(id: number, fetch: (id: number) => Promise<Uint8Array>, context: RebuildContext): Promise<Broadcast<unknown>> {
  let known = broadcasts.get(id);
  if (!known) {
    known = fetch(id).then(async (bytes) => new Broadcast(id, await decodeBroadcast(bytes, context)));
    broadcasts.set(id, known);
    known.catch(() => broadcasts.delete(id));
  }
  return known;
}
