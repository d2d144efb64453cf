// Answers administrators about which of several ResourceManagers this is: its state, its health, and orders to change. Served by the active
// one and by those that stand by.
import type { ReplyOf } from '../../rpc/define-rpc.ts';
import { haState, haTransition } from '../../rpc/messages/ha.ts';
import type { Peer } from '../../rpc/peer.ts';

export type AdminParts = {
  readonly state: () => ReplyOf<typeof haState>;
  /** @throws AppError HA_TRANSITION_REFUSED */
  readonly transition: (to: 'active' | 'standby') => 'active' | 'standby';
};

export function serveAdmin(peer: Peer, { state, transition }: AdminParts): void {
  peer.serve(haState, () => state());
  peer.serve(haTransition, ({ to }) => ({ state: transition(to) }));
}
