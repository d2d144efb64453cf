// Who is connected: one peer per node and per attempt (a new connection replaces the old one), clients that watch applications.
import type { ApplicationId, AttemptId, NodeId } from '../../common/ids.ts';
import type { Peer } from '../../rpc/peer.ts';

export class Connections {
  readonly nodes = new Map<NodeId, Peer>();
  readonly drivers = new Map<AttemptId, Peer>();
  readonly #watchers = new Map<ApplicationId, Set<Peer>>();

  watch(id: ApplicationId, peer: Peer): void {
    const peers = this.#watchers.get(id);
    if (peers) peers.add(peer);
    else this.#watchers.set(id, new Set([peer]));
  }

  watchersOf(id: ApplicationId): Iterable<Peer> {
    return this.#watchers.get(id) ?? [];
  }

  /** Nobody needs to hear of it any more. */
  unwatch(id: ApplicationId): void {
    this.#watchers.delete(id);
  }

  forgetClient(peer: Peer): void {
    for (const [id, peers] of this.#watchers) {
      peers.delete(peer);
      if (peers.size === 0) this.#watchers.delete(id);
    }
  }
}
