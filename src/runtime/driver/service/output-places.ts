// Tells slots where map outputs lie now, when blocks are not where their stage was told: an executor that was decommissioned has handed them on, or
// map tasks ran again. The asking half is executor/moved-outputs.ts. Source: MapOutputTrackerMaster answering GetMapOutputStatuses.
import { shuffleLocate } from '../../../rpc/messages/migration.ts';
import type { Peer } from '../../../rpc/peer.ts';
import { encodeOutputs } from '../../plan/stage-install.ts';
import type { MapOutputTracker } from '../core/map-output-tracker.ts';

export function serveOutputPlaces(slot: Peer, outputs: MapOutputTracker): void {
  slot.serve(shuffleLocate, ({ shuffleId }) => {
    if (!outputs.isKnown(shuffleId) || !outputs.isComplete(shuffleId)) return {};
    return { outputs: encodeOutputs(outputs.outputs(shuffleId)) };
  });
}
