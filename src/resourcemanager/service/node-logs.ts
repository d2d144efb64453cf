// Log files of containers, asked of the nodes that have them and passed on to who can't reach those himself: a browser, a `yarn logs` on another
// network. A node that is gone is asked for no more; what it packed is read where the folder is this host's, too. Who may read an
// application's logs is asked first, by the same rule as for all else of it.
import type { Secrets } from '../../common/secrets.ts';
import type { ContainerLog, ContainerLogs, FoundLogs, LogBytes } from '../../common/container-logs.ts';
import { AppError } from '../../common/errors.ts';
import { type ApplicationId, applicationOfContainer, attemptOfContainer, type ContainerId, type NodeId } from '../../common/ids.ts';
import type { Timers } from '../../common/ports.ts';
import { packedLogs } from '../../logs/packed-logs.ts';
import { connectPeer } from '../../rpc/connect.ts';
import { logsList, logsRead } from '../../rpc/messages/driver.ts';
import { logBytes } from '../../rpc/messages/logs.ts';
import type { RequestOf } from '../../rpc/define-rpc.ts';
import type { Peer } from '../../rpc/peer.ts';
import type { Transport } from '../../rpc/transport.ts';
import type { Cluster } from '../core/cluster.ts';
import { type Access, rightsOf, type Who } from './access.ts';

/** A connection that nobody has used for so long is closed. */
const IDLE_MS = 30_000;
/** When nobody knows on which node a container was, so many are asked; in a larger cluster the client must ask them himself. */
const MOST_ASKED = 64;

export type NodeLogsParts = {
  readonly cluster: Cluster;
  readonly access: Access;
  readonly transport: Transport;
  readonly timers: Timers;
  readonly secrets: Secrets;
  /** Of packed logs. */
  readonly folder: string;
};
type Connected = { readonly peer: Promise<Peer>; used: boolean };

export class NodeLogs implements ContainerLogs<Who> {
  readonly #parts: NodeLogsParts;
  readonly #peers = new Map<NodeId, Connected>();
  readonly #stopLooking: () => void;

  constructor(parts: NodeLogsParts) {
    this.#parts = parts;
    this.#stopLooking = parts.timers.every(IDLE_MS, () => this.#closeIdle());
  }

  readonly files = async (id: ContainerId, who: Who): Promise<FoundLogs> => {
    const applicationId = applicationOfContainer(id);
    await this.mayRead(applicationId, who);
    const nodes = this.#nodesOf(id);
    const answers = await Promise.allSettled(nodes.map((nodeId) => this.list(nodeId, applicationId)));
    for (const answer of answers) {
      if (answer.status === 'rejected') continue;
      const files = ofContainer(answer.value.files, id, answer.value.aggregated ?? false);
      if (files.length > 0) return { nodeId: answer.value.nodeId, files };
    }
    for (const { nodeId, files } of await packedLogs(this.#parts.folder, applicationId)) {
      const own = ofContainer(files, id, true);
      if (own.length > 0) return { nodeId, files: own };
    }
    const failed = answers.find((answer) => answer.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { nodeId: nodes[0] ?? '', files: [] };
  };

  readonly read = async (
    { nodeId, files }: FoundLogs,
    id: ContainerId,
    name: string,
    offset: number,
    lengthBytes: number,
  ): Promise<LogBytes> => {
    if (!files.some((file) => file.name === name)) throw new AppError('LOG_NOT_FOUND', { what: `${name} of ${id}` });
    try {
      return logBytes(await this.readOn(nodeId as NodeId, { containerId: id, name, offset, lengthBytes }));
    } catch (error) {
      const archives = await packedLogs(this.#parts.folder, applicationOfContainer(id));
      const packed = archives.flatMap((a) => a.files).find((file) => file.containerId === id && file.name === name);
      if (packed === undefined) throw error;
      return await packed.read(offset, lengthBytes);
    }
  };

  /** @throws AppError ACCESS_DENIED */
  async mayRead(applicationId: ApplicationId, who: Who): Promise<void> {
    const { cluster, access } = this.#parts;
    const application = cluster.applications.get(applicationId);
    await access.may(
      who,
      application ? { tag: 'view', application: rightsOf(application) } : { tag: 'administer', what: `logs of ${applicationId}` },
      { operation: 'Get Container Logs Request', target: 'RMWebServices', applicationId },
    );
  }

  /** @throws AppError NODE_UNKNOWN, CONNECTION_LOST, RPC_TIMEOUT */
  async list(nodeId: NodeId, applicationId: ApplicationId) {
    return await (await this.#peer(nodeId)).call(logsList, { applicationId });
  }

  /** @throws AppError as list, LOG_NOT_FOUND */
  async readOn(nodeId: NodeId, request: RequestOf<typeof logsRead>) {
    return await (await this.#peer(nodeId)).call(logsRead, request);
  }

  close(): void {
    this.#stopLooking();
    for (const { peer } of this.#peers.values()) void peer.then((p) => p.close()).catch(() => {});
    this.#peers.clear();
  }

  /** Of a container that the core knows: where it is or was. Else those that may have files of its application, or all. */
  #nodesOf(id: ContainerId): NodeId[] {
    const { cluster } = this.#parts;
    const attempt = cluster.attempt(attemptOfContainer(id));
    const known = cluster.containers.get(id)?.node.id ?? attempt?.ended.find((c) => c.id === id)?.nodeId;
    if (known !== undefined) return [known];
    if (attempt?.am?.containerId === id) return [attempt.am.nodeId];
    const some = [...(attempt?.application.nodes.of(cluster.numbered) ?? [])];
    const there = (some.length === 0 ? cluster.numbered : some).filter((node) => node.connected);
    return there.length > MOST_ASKED ? [] : there.map((node) => node.id);
  }

  #peer(nodeId: NodeId): Promise<Peer> {
    const found = this.#peers.get(nodeId);
    if (found !== undefined) {
      found.used = true;
      return found.peer;
    }
    const connected: Connected = { peer: this.#connect(nodeId), used: true };
    const forget = () => {
      if (this.#peers.get(nodeId) === connected) this.#peers.delete(nodeId);
    };
    this.#peers.set(nodeId, connected);
    connected.peer.then((peer) => (peer.onClose = forget), forget);
    return connected.peer;
  }

  async #connect(nodeId: NodeId): Promise<Peer> {
    const { cluster, transport, secrets } = this.#parts;
    const node = cluster.nodes.get(nodeId);
    if (node === undefined) throw new AppError('NODE_UNKNOWN', { nodeId });
    return await connectPeer(transport, node.address, `node ${nodeId}`, { id: 'client:resourcemanager', secret: secrets.current() });
  }

  #closeIdle(): void {
    for (const [nodeId, connected] of this.#peers) {
      if (connected.used) connected.used = false;
      else {
        this.#peers.delete(nodeId);
        void connected.peer.then((peer) => peer.close()).catch(() => {});
      }
    }
  }
}

type Listed = { readonly containerId: ContainerId; readonly name: string; readonly sizeBytes: number; readonly modifiedAtMs: number };
const ofContainer = (files: readonly Listed[], id: ContainerId, aggregated: boolean): ContainerLog[] =>
  files
    .filter(({ containerId }) => containerId === id)
    .map(({ name, sizeBytes, modifiedAtMs }) => ({ name, sizeBytes, modifiedAtMs, aggregated }));
