// Where a reduce task's blocks lie, asked anew when one was not where the stage was told: a decommissioned executor has handed it on. The task goes on
// with the new places; only when the driver knows no other place is it FETCH_FAILED. The answering half is driver/service/output-places.ts.
import { AppError } from '../../common/errors.ts';
import { shuffleLocate } from '../../rpc/messages/migration.ts';
import type { Peer } from '../../rpc/peer.ts';
import { decodeOutputs, type ShuffleOutputs } from '../plan/stage-install.ts';

/** undefined: some outputs are missing, or the driver can't be asked. */
export type LocateOutputs = (shuffleId: number) => Promise<ShuffleOutputs | undefined>;

export const locateOver =
  (driver: Peer): LocateOutputs =>
  async (shuffleId) => {
    const { outputs } = await driver.call(shuffleLocate, { shuffleId });
    return outputs && inOrder(decodeOutputs(outputs));
  };

/** By map partition: rows come in the same order whoever made them. */
export const inOrder = (shuffle: ShuffleOutputs): ShuffleOutputs => ({
  ...shuffle,
  outputs: [...shuffle.outputs].sort((a, b) => a.mapIndex - b.mapIndex),
});

/**
 * Fetches all that a task reads, and what has moved once more from where the driver knows it now, as long as that is another place.
 * @returns where all of it was at the end. @throws AppError FETCH_FAILED, or what `fetch` throws
 */
export async function fetchedWhereTheyLie(
  known: ReadonlyMap<number, ShuffleOutputs>,
  reads: readonly { readonly shuffleId: number; readonly partition: number }[],
  locate: LocateOutputs | undefined,
  fetch: (shuffle: ShuffleOutputs, partition: number) => Promise<void>,
): Promise<ReadonlyMap<number, ShuffleOutputs>> {
  let shuffles = known;
  for (let at = 0; at < reads.length; ) {
    const { shuffleId, partition } = reads[at]!;
    const shuffle = shuffles.get(shuffleId)!;
    try {
      await fetch(shuffle, partition);
      at++;
    } catch (error) {
      if (locate === undefined || !(error instanceof AppError) || error.code !== 'FETCH_FAILED') throw error;
      const { mapIndex } = error.params as { mapIndex: number };
      const now = await locate(shuffleId).catch(() => undefined);
      if (now === undefined || placeOf(now, mapIndex) === placeOf(shuffle, mapIndex)) throw error;
      shuffles = new Map(shuffles).set(shuffleId, now);
      at = 0; // what was fetched under its old place is wanted under the new one
    }
  }
  return shuffles;
}

function placeOf({ outputs }: ShuffleOutputs, mapIndex: number): string {
  const output = outputs.find((o) => o.mapIndex === mapIndex);
  return `${output?.blockAddress} ${output?.file}`;
}
