// Answers `emberloom doctor`: whom this node reaches, and what time it has. Messages: rpc/messages/reach.ts.
import type { Clock } from '../../common/ports.ts';
import type { Identity } from '../../rpc/connect.ts';
import { nodeReach } from '../../rpc/messages/reach.ts';
import type { Peer } from '../../rpc/peer.ts';
import { probe } from '../../rpc/probe.ts';
import type { Address, Transport } from '../../rpc/transport.ts';

export type ReachParts = {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly me: Identity;
  readonly shuffleAddress: () => Address | undefined;
};

export class ReachService {
  readonly #parts: ReachParts;

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  serve(peer: Peer): void {
    const { transport, clock, me, shuffleAddress } = this.#parts;
    peer.serve(nodeReach, async ({ daemons, ports }) => ({
      nowMs: clock.nowMs(),
      shuffleAddress: shuffleAddress(),
      probes: await Promise.all([
        ...daemons.map((address) => probe(transport, address, me)),
        ...ports.map((address) => probe(transport, address, undefined)),
      ]),
    }));
  }
}
