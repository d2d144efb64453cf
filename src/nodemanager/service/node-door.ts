// Who may speak to this node, and with whom they then speak: drivers (`app:<applicationId>`) launch and stop containers, clients read
// logs: of one application with a ticket of the ResourceManager (`log:…`), of all with the cluster's secret (`client:<user>`). Everybody proves it first; strangers are dropped without a word in the log.
import type { Duplex } from 'node:stream';
import { KEYS } from '../../common/config-keys.ts';
import { type ApplicationId, isApplicationId } from '../../common/ids.ts';
import type { Clock, Logger, Timers } from '../../common/ports.ts';
import type { Settings } from '../../common/settings.ts';
import { type Channel, MAX_USER_FRAME_BYTES } from '../../rpc/channel.ts';
import { ConnectionGate, type ConnectionLimits } from '../../rpc/connection-gate.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import { ProvenChannels } from '../../rpc/proven-channels.ts';
import type { Secrets } from '../../common/secrets.ts';
import type { Address, Listener, Transport } from '../../rpc/transport.ts';
import type { DriverService } from './driver-service.ts';
import { type KeyRing, ticketOf } from './key-ring.ts';
import type { LogsService } from './logs-service.ts';
import type { ReachService } from './reach-service.ts';

export type DoorParts = {
  readonly name: string;
  /** The cluster's. */
  readonly secrets: Secrets;
  readonly keys: KeyRing;
  readonly drivers: DriverService;
  readonly logs: LogsService;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly reach: ReachService;
  readonly logger: Logger;
  readonly settings: Settings;
};

const limitsOf = (settings: Settings): ConnectionLimits => ({
  max: settings.need(KEYS.maxConnections),
  maxUnproven: settings.need(KEYS.maxUnproven),
  maxPerIdentity: Number.POSITIVE_INFINITY, // of drivers and readers of logs; the RM has let them in
});

/** How often it is looked whether the secrets of connections still count. */
const LOOK_MS = 1_000;

export class NodeDoor {
  readonly #parts: DoorParts;
  /** Who reads logs. */
  readonly #readers = new Set<Peer>();
  #onUnread: () => void = () => {};
  readonly #proven = new ProvenChannels();

  constructor(parts: DoorParts) {
    this.#parts = parts;
  }

  /** @throws AppError SOCKET_IN_USE, SOCKET_PATH_TOO_LONG */
  open(transport: Transport, address: Address, bindHost?: string): Promise<Listener> {
    const secretOf = (id: string) => this.#secretOf(id);
    const gate = new ConnectionGate(limitsOf(this.#parts.settings));
    const accept = (stream: Duplex): void => {
      if (!gate.enter(stream)) return;
      stream.on('error', () => {});
      // The RM may grant a container here in the turn in which we register: who comes with it is sooner here than the RM's answer with the keys
      // that prove him. To wait is no refusal; who has waited too long tries again.
      void this.#parts.keys.known.then(() => {
        if (stream.destroyed) return;
        acceptChannel(stream, `node ${this.#parts.name}`, secretOf, (channel, id) => {
          gate.proven(stream, id);
          this.#accepted(channel, id);
        });
      });
    };
    this.#parts.timers.every(LOOK_MS, () => this.#proven.look(secretOf));
    return transport.listen(address, accept, bindHost);
  }

  /** When nobody reads logs here (any more). */
  unread(): Promise<void> {
    return new Promise((resolve) => {
      this.#onUnread = resolve;
      if (this.#readers.size === 0) resolve();
    });
  }

  #secretOf(id: string): string | readonly string[] | undefined {
    const [kind, rest] = splitOnce(id);
    if (kind === 'client') return this.#parts.secrets.accepted();
    if (kind === 'log') return this.#parts.keys.logSecret(id, this.#parts.clock.nowMs());
    return kind === 'app' && isApplicationId(rest) ? this.#parts.keys.secretsOf(rest) : undefined;
  }

  #accepted(channel: Channel, id: string): void {
    const { drivers, logs, reach, logger } = this.#parts;
    const [kind, rest] = splitOnce(id);
    channel.maxFrameBytes = MAX_USER_FRAME_BYTES;
    const peer = new Peer(channel, id);
    peer.onFault = (fault) => logger.warn(`${id}: ${fault}`);
    // Tickets are for connecting: what stands when one has expired may go on.
    if (kind === 'client') this.#proven.add(channel, id);
    if (kind === 'app') drivers.serve(peer, rest as ApplicationId);
    else {
      this.#readers.add(peer);
      peer.onClose = () => {
        this.#readers.delete(peer);
        if (this.#readers.size === 0) this.#onUnread();
      };
      const { applicationId } = ticketOf(id) ?? {};
      logs.serve(peer, applicationId as ApplicationId | undefined);
      if (applicationId === undefined) reach.serve(peer);
    }
  }
}

function splitOnce(id: string): [kind: string, rest: string] {
  const at = id.indexOf(':');
  return at < 0 ? [id, ''] : [id.slice(0, at), id.slice(at + 1)];
}
