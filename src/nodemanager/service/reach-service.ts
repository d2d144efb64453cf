// Answers `emberloom doctor`: whom this node reaches, and what time it has. Only what belongs to the cluster is tried: whoever asks must not make
// this host look into networks that he does not reach himself. Messages: rpc/messages/reach.ts.
import { farPartOf, socketPathOf } from '../../common/address.ts';
import type { Clock } from '../../common/ports.ts';
import type { Secrets } from '../../common/secrets.ts';
import { ADDRESS_SEPARATOR } from '../../common/rm-addresses.ts';
import type { Identity } from '../../rpc/connect.ts';
import { nodeReach } from '../../rpc/messages/reach.ts';
import type { Peer } from '../../rpc/peer.ts';
import { type Probe, probe } from '../../rpc/probe.ts';
import type { Address, Transport } from '../../rpc/transport.ts';
import { shuffleSocketOf } from './shuffle-service.ts';

export type ReachParts = {
  readonly transport: Transport;
  readonly clock: Clock;
  readonly name: string;
  readonly secrets: Secrets;
  /** Of this node's settings, one or a list. */
  readonly rmAddress: Address;
  /** Of NodeManagers. @throws AppError when the ResourceManager is away */
  readonly peers: () => Promise<readonly Address[]>;
  readonly shuffleAddress: () => Address | undefined;
};

type Known = { readonly daemons: ReadonlySet<string>; readonly hosts: ReadonlySet<string>; readonly sockets: ReadonlySet<string> };

/** Below are services of the system, and no shuffle service. */
const FIRST_USER_PORT = 1024;

export class ReachService {
  readonly #parts: ReachParts;
  /** What the ResourceManager said last: while it is away the ways to the other nodes can still be tried. */
  #peers: readonly Address[] = [];

  constructor(parts: ReachParts) {
    this.#parts = parts;
  }

  serve(peer: Peer): void {
    const { transport, clock, name, secrets, shuffleAddress } = this.#parts;
    const me = (): Identity => ({ id: `client:nm-${name}`, secret: secrets.current() });
    peer.serve(nodeReach, async ({ daemons, ports }) => {
      const known = await this.#known();
      const tried = (address: Address, isKnown: boolean, as: Identity | undefined) =>
        isKnown ? probe(transport, address, as) : Promise.resolve(stranger(address));
      return {
        nowMs: clock.nowMs(),
        shuffleAddress: shuffleAddress(),
        probes: await Promise.all([
          ...daemons.map((address) => tried(address, known.daemons.has(placeOf(address)), me())),
          ...ports.map((address) => tried(address, isShuffleOf(address, known), undefined)),
        ]),
      };
    });
  }

  async #known(): Promise<Known> {
    const { peers, rmAddress } = this.#parts;
    this.#peers = await peers().catch(() => this.#peers);
    const daemons = [...rmAddress.split(ADDRESS_SEPARATOR), ...this.#peers];
    return {
      daemons: new Set(daemons.map(placeOf)),
      hosts: new Set(this.#peers.flatMap((address) => far(address)?.host ?? [])),
      sockets: new Set(this.#peers.flatMap((address) => socketPathOf(address) ?? []).map(shuffleSocketOf)),
    };
  }
}

const stranger = (address: Address): Probe => ({
  address,
  reached: false,
  fault: 'stranger',
  detail: 'it is no address of this cluster; nothing was tried',
  tookMs: 0,
});

function far(address: Address): ReturnType<typeof farPartOf> {
  try {
    return farPartOf(address);
  } catch {
    return undefined;
  }
}

/** Two names for the same place are one. */
function placeOf(address: Address): string {
  const net = far(address);
  return net === undefined ? address.replace(/^unix:/, '') : `${net.host}:${net.port}`;
}

function isShuffleOf(address: Address, { hosts, sockets }: Known): boolean {
  const net = far(address);
  if (net === undefined) return sockets.has(address.replace(/^unix:/, ''));
  return net.port >= FIRST_USER_PORT && hosts.has(net.host);
}
