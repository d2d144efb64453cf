// Who may speak to this node, and with whom they then speak: drivers (`app:<applicationId>`) launch and stop containers, clients
// (`client:<user>`) read logs. Everybody proves it first; strangers are dropped without a word in the log.
import type { Duplex } from 'node:stream';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import type { Logger } from '../../common/ports.ts';
import type { Channel } from '../../rpc/channel.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import type { DriverService } from './driver-service.ts';
import type { KeyRing } from './key-ring.ts';
import type { LogsService } from './logs-service.ts';

export type DoorParts = {
  readonly name: string;
  /** The cluster's. */
  readonly secret: string;
  readonly keys: KeyRing;
  readonly drivers: DriverService;
  readonly logs: LogsService;
  readonly logger: Logger;
};

export class NodeDoor {
  readonly #parts: DoorParts;

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
  open(transport: Transport, address: Address, bindHost?: string): Promise<Listener> {
    const secretOf = (id: string) => this.#secretOf(id);
    const accept = (stream: Duplex) =>
      acceptChannel(stream, `node ${this.#parts.name}`, secretOf, (channel, id) => this.#accepted(channel, id));
    return transport.listen(address, accept, bindHost);
  }

  #secretOf(id: string): string | readonly string[] | undefined {
    const [kind, rest] = splitOnce(id);
    if (kind === 'client') return this.#parts.secret;
    return kind === 'app' && isApplicationId(rest) ? this.#parts.keys.secretsOf(rest) : undefined;
  }

  #accepted(channel: Channel, id: string): void {
    const { drivers, logs, logger } = this.#parts;
    const [kind, rest] = splitOnce(id);
    const peer = new Peer(channel, id);
    peer.onFault = (fault) => logger.warn(`${id}: ${fault}`);
    if (kind === 'app') drivers.serve(peer, rest as ApplicationId);
    else logs.serve(peer);
  }
}

function splitOnce(id: string): [kind: string, rest: string] {
  const at = id.indexOf(':');
  return at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)];
}
