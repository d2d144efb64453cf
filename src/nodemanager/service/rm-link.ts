// The one connection to the ResourceManager: register, prove life, report what changed at once, hand orders on. Reconnects for
// ever; while the RM is away containers run on undisturbed, and the next registration tells it everything. Reports of ended
// containers are repeated until acknowledged. What orders mean: orders.ts.
import { AppError } from '../../common/errors.ts';
import type { ContainerId, NodeId } from '../../common/ids.ts';
import type { Logger, Timers } from '../../common/ports.ts';
import { connectPeer, type Identity } from '../../rpc/connect.ts';
import { isList, SILENT_RM_MS } from '../../rpc/connect-any.ts';
import type { BodyOf, ReplyOf, RequestOf, RpcDefinition } from '../../rpc/define-rpc.ts';
import { nodeHeartbeat, nodeOrders, nodeRegister } from '../../rpc/messages/node.ts';
import type { ContainerReport } from '../../rpc/messages/shapes.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Address, Transport } from '../../rpc/transport.ts';

export type Orders = BodyOf<typeof nodeOrders>['orders'];
export type Registered = ReplyOf<typeof nodeRegister>;

export type LinkPorts = {
  readonly nodeId: NodeId;
  /** A proven connection. @throws AppError CONNECT_FAILED, AUTH_REFUSED */
  readonly connect: () => Promise<Peer>;
  readonly registration: () => RequestOf<typeof nodeRegister>;
  readonly report: (id: ContainerId) => ContainerReport | undefined;
  readonly load?: () => RequestOf<typeof nodeHeartbeat>['load'];
  readonly health: () => { readonly healthy: boolean; readonly healthReport: string };
  readonly onRegistered: (reply: Registered) => void;
  /** What the ResourceManager's clock says. */
  readonly onClock: (rmNowMs: number) => void;
  /** They have been replaced. */
  readonly onKeys: (keys: Pick<Registered, 'containerKeys' | 'nmKeys'>) => void;
  readonly onOrders: (orders: Orders) => void;
  readonly onAcked: (ids: readonly ContainerId[]) => void;
  /** How long an answer may take; default as the message says. Shorter where another ResourceManager may be the active one meanwhile. */
  readonly answerMs?: number | undefined;
  readonly timers: Timers;
  readonly logger: Logger;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
};

/** Where the ResourceManager is, or several of which one is active. */
export const rmAt = (transport: Transport, address: Address, me: () => Identity): Pick<LinkPorts, 'connect' | 'answerMs'> => ({
  connect: () => connectPeer(transport, address, 'the ResourceManager', me()),
  answerMs: isList(address) ? SILENT_RM_MS : undefined,
});

const BACKOFF_MS = { first: 50, most: 1_000, mostOfSeveral: 300, refused: 5_000 };

export class RmLink {
  readonly #ports: LinkPorts;
  #peer: Peer | undefined;
  #registered = false;
  #seq = 0;
  #ackedOrders = 0;
  #inFlight = false;
  #again = false;
  #cancelBeat: (() => void) | undefined;
  #cancelRetry: (() => void) | undefined;
  #backoffMs = BACKOFF_MS.first;
  #told = '';
  #stopped = false;
  /** Changed since the RM last confirmed to have heard of it. */
  readonly #changed = new Set<ContainerId>();

  constructor(ports: LinkPorts) {
    this.#ports = ports;
  }

  /** Resolves after the first registration. @throws AppError of the first attempt when the RM was there and refused (AUTH_REFUSED, NODE_REFUSED) */
  start(): Promise<void> {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        this.#connect().then(resolve, (error: unknown) => {
          const refused = error instanceof AppError && (error.code === 'AUTH_REFUSED' || error.code === 'NODE_REFUSED');
          if (refused) reject(error);
          this.#lost(error instanceof Error ? error.message : String(error), refused ? BACKOFF_MS.refused : undefined, attempt);
        });
      };
      attempt();
    });
  }

  /** Reports this container now. */
  changed(id: ContainerId): void {
    this.#changed.add(id);
    this.#beat();
  }

  /** A question that changes nothing. @throws AppError RM_UNREACHABLE while there is no connection, or what the call threw */
  async ask<Q, A>(rpc: RpcDefinition<Q, A>, question: Q): Promise<A> {
    if (this.#peer === undefined || !this.#registered)
      throw new AppError('RM_UNREACHABLE', { address: 'the address of the settings', detail: 'this node has no connection to it' });
    return this.#peer.call(rpc, question, this.#ports.answerMs);
  }

  /** Register again on the same connection: the RM has new keys. */
  async registerAgain(): Promise<void> {
    if (this.#peer !== undefined) await this.#register(this.#peer);
  }

  /** @returns when what changed has been told, or can't be told */
  async stop(graceMs: number): Promise<void> {
    if (this.#registered && (this.#changed.size > 0 || this.#inFlight)) {
      await new Promise<void>((resolve) => {
        const cancel = this.#ports.timers.after(graceMs, resolve);
        this.#onQuiet = () => {
          cancel();
          resolve();
        };
        if (!this.#inFlight) this.#beat();
      });
    }
    this.#stopped = true;
    this.#cancelBeat?.();
    this.#cancelRetry?.();
    this.#peer?.close();
  }
  #onQuiet: () => void = () => {};

  async #connect(): Promise<void> {
    const peer = await this.#ports.connect();
    if (this.#stopped) return peer.close();
    this.#peer = peer;
    peer.on(nodeOrders, ({ orders }) => this.#ordered(orders));
    peer.onFault = (fault) => this.#ports.logger.warn(fault);
    try {
      await this.#register(peer);
    } catch (error) {
      this.#peer = undefined;
      peer.close();
      throw error;
    }
    peer.onClose = (reason) => this.#lost(reason, undefined, () => void this.#reconnect());
    if (peer.closed) peer.onClose('closed');
  }

  async #reconnect(): Promise<void> {
    try {
      await this.#connect();
    } catch (error) {
      const refused = error instanceof AppError && (error.code === 'AUTH_REFUSED' || error.code === 'NODE_REFUSED');
      this.#lost((error as Error).message, refused ? BACKOFF_MS.refused : undefined, () => void this.#reconnect());
    }
  }

  #lost(reason: string, waitMs: number | undefined, again: () => void): void {
    this.#registered = false;
    this.#peer = undefined;
    this.#cancelBeat?.();
    this.#inFlight = false;
    this.#onQuiet();
    if (this.#stopped) return;
    // An outage is one line, not one a second.
    if (this.#told !== reason)
      this.#ports.logger.warn(`No connection to the ResourceManager (${reason.replace(/\.$/, '')}). Trying again; containers run on.`);
    this.#told = reason;
    const delay = waitMs ?? this.#backoffMs;
    this.#backoffMs = Math.min(this.#backoffMs * 2, this.#ports.answerMs === undefined ? BACKOFF_MS.most : BACKOFF_MS.mostOfSeveral);
    this.#cancelRetry = this.#ports.timers.after(delay * (0.75 + 0.5 * this.#ports.random()), again);
  }

  async #register(peer: Peer): Promise<void> {
    // Everything is in the registration. What changes from here on, be it of a container that is in it, is told again.
    const told = [...this.#changed];
    this.#changed.clear();
    this.#ackedOrders = 0;
    this.#seq = 0;
    const request = this.#ports.registration();
    let reply: Registered;
    try {
      reply = await peer.call(nodeRegister, request, this.#ports.answerMs);
    } catch (error) {
      for (const id of told) this.#changed.add(id);
      throw error;
    }
    // Ends are acknowledged by heartbeats only: told once more, so that they can be forgotten here.
    for (const c of request.containers) if (c.state === 'COMPLETED') this.#changed.add(c.containerId);
    this.#registered = true;
    this.#backoffMs = BACKOFF_MS.first;
    this.#told = '';
    if (reply.nowMs !== undefined) this.#ports.onClock(reply.nowMs);
    this.#ports.onRegistered(reply);
    this.#cancelBeat?.();
    this.#cancelBeat = this.#ports.timers.every(Math.max(100, reply.heartbeatMs), () => this.#beat());
    this.#beat();
  }

  #ordered(orders: Orders): void {
    this.#ports.onOrders(orders);
    for (const { orderSeq } of orders) this.#ackedOrders = Math.max(this.#ackedOrders, orderSeq);
    // There may be no later heartbeat, and without this word the RM would refuse whoever starts the node again.
    if (orders.some(({ order }) => order === 'shutdown')) this.#beat();
  }

  /** One heartbeat is on its way at a time; what changes meanwhile goes with the next, sent as soon as the reply is there. */
  #beat(): void {
    const peer = this.#peer;
    if (peer === undefined || !this.#registered) return;
    if (this.#inFlight) {
      this.#again = true;
      return;
    }
    this.#inFlight = true;
    this.#again = false;
    const ids = [...this.#changed];
    this.#changed.clear();
    const reports = ids.flatMap((id) => this.#ports.report(id) ?? []);
    const request = {
      nodeId: this.#ports.nodeId,
      seq: ++this.#seq,
      reports,
      ackedOrders: this.#ackedOrders,
      ...this.#ports.health(),
      load: this.#ports.load?.(),
    };
    peer.call(nodeHeartbeat, request, this.#ports.answerMs).then(
      (reply) => this.#answered(reply, reports),
      (error: unknown) => this.#failed(peer, error, ids),
    );
  }

  #answered(reply: ReplyOf<typeof nodeHeartbeat>, reports: readonly ContainerReport[]): void {
    this.#inFlight = false;
    const { containerKeys, nmKeys, nowMs } = reply;
    if (nowMs !== undefined) this.#ports.onClock(nowMs);
    if (containerKeys !== undefined && nmKeys !== undefined) this.#ports.onKeys({ containerKeys, nmKeys });
    const acked = new Set(reply.acked);
    // An end that was not acknowledged is sent again with the next heartbeat, not at once: the RM may be unable just now.
    for (const r of reports) if (r.state === 'COMPLETED' && !acked.has(r.containerId)) this.#changed.add(r.containerId);
    if (acked.size > 0) this.#ports.onAcked(reply.acked);
    if (this.#again) this.#beat();
    else if (this.#changed.size === 0) this.#onQuiet();
  }

  #failed(peer: Peer, error: unknown, ids: readonly ContainerId[]): void {
    this.#inFlight = false;
    for (const id of ids) this.#changed.add(id);
    if (this.#peer !== peer) return; // the connection is being made anew
    const code = error instanceof AppError ? error.code : undefined;
    this.#ports.logger.warn(`Heartbeat: ${(error as Error).message}`);
    if (code === 'NODE_UNKNOWN' || code === 'HEARTBEAT_STALE')
      this.#register(peer).catch(() => peer.channel.destroy('registration failed'));
    else peer.channel.destroy('no answer to the heartbeat');
  }
}
