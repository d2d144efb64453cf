// Container logs, wherever they lie: asks every node that answers; packed logs of nodes that are gone are read from their folder, where it
// is this host's or shared. Used by `yarn logs` and `emberloom application logs`.
import { AppError } from '../common/errors.ts';
import type { ApplicationId, ContainerId, NodeId } from '../common/ids.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { connectPeer } from '../rpc/connect.ts';
import { nodeList } from '../rpc/messages/client.ts';
import { logBytes, logsAccess, logsRelayList, logsRelayRead } from '../rpc/messages/logs.ts';
import { logsList, logsRead } from '../rpc/messages/driver.ts';
import type { Peer } from '../rpc/peer.ts';
import { packedLogs } from '../logs/packed-logs.ts';
import { appLogsDir } from '../logs/app-logs-dir.ts';
import type { LogFile } from '../common/log-section.ts';
import type { Cluster } from '../platform/find-cluster.ts';

export type LogPart = { readonly bytes: Buffer; readonly offset: number; readonly sizeBytes: number; readonly running: boolean };
export type NodeLogFile = LogFile & {
  readonly containerId: ContainerId;
  /** Up to `lengthBytes` from there; -n counts from the end. @throws AppError LOG_NOT_FOUND */
  readonly read: (offset: number, lengthBytes: number) => Promise<LogPart>;
};
export type FoundLogs = { readonly files: NodeLogFile[]; readonly unreachable: string[]; close(): void };

const CHUNK_BYTES = 1 << 20;

/**
 * The log files of an application on all nodes, by container and name.
 * @param nodeId look on this node only
 */
export async function findLogs(
  rm: Peer,
  cluster: Cluster,
  user: string,
  applicationId: ApplicationId,
  nodeId?: string,
): Promise<FoundLogs> {
  const { nodes } = await rm.call(nodeList, {});
  // The ResourceManager says who may read; nodes take its word.
  const identity = await rm.call(logsAccess, { applicationId, user });
  const peers: Peer[] = [];
  const files: NodeLogFile[] = [];
  const unreachable: string[] = [];
  const answered = new Set<string>();
  const transport = new NetTransport({ tls: cluster.tls });
  await Promise.all(
    nodes
      .filter((n) => nodeId === undefined || n.nodeId === nodeId)
      .map(async (n) => {
        try {
          const node = await connectPeer(transport, n.address, `node ${n.nodeId}`, identity);
          peers.push(node);
          const listed = await node.call(logsList, { applicationId });
          answered.add(listed.nodeId);
          for (const file of listed.files)
            files.push({ ...file, nodeId: listed.nodeId, aggregated: listed.aggregated === true, read: readFrom(node, file) });
        } catch (error) {
          if (!(error instanceof AppError)) throw error;
          const relayed =
            n.state === 'RUNNING' || n.state === 'DECOMMISSIONING' ? await relay(rm, n.nodeId, applicationId, user) : undefined;
          if (relayed === undefined) unreachable.push(`${n.nodeId} (${n.state}): ${error.message}`);
          else {
            answered.add(n.nodeId);
            files.push(...relayed);
          }
        }
      }),
  );
  for (const archive of await packedLogs(appLogsDir(cluster.settings, cluster.dataDir), applicationId))
    if (!answered.has(archive.nodeId) && (nodeId === undefined || nodeId === archive.nodeId))
      files.push(...archive.files.map((file) => ({ ...file, aggregated: true })));
  files.sort((a, b) => compare(a.containerId, b.containerId) || compare(a.name, b.name));
  return { files, unreachable, close: () => peers.forEach((peer) => peer.close()) };
}

const readFrom =
  (node: Peer, { containerId, name }: { containerId: ContainerId; name: string }): NodeLogFile['read'] =>
  async (offset, lengthBytes) =>
    logBytes(await node.call(logsRead, { containerId, name, offset, lengthBytes }));

/** Of a node that is not to be reached from here, but from the ResourceManager. @returns undefined when it does not reach it either */
async function relay(rm: Peer, nodeId: NodeId, applicationId: ApplicationId, user: string): Promise<NodeLogFile[] | undefined> {
  try {
    const listed = await rm.call(logsRelayList, { nodeId, applicationId, user });
    return listed.files.map((file) => ({
      ...file,
      nodeId,
      aggregated: listed.aggregated === true,
      read: async (offset, lengthBytes) => {
        const { containerId, name } = file;
        return logBytes(await rm.call(logsRelayRead, { nodeId, containerId, name, offset, lengthBytes, user }));
      },
    }));
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Bytes of a file from an offset up to its size at the first read, in pieces.
 * @param offset -n counts from the end
 * @returns whether the container still runs, and where the reading ended
 * @throws AppError LOG_NOT_FOUND
 */
export async function readLog(
  file: NodeLogFile,
  offset: number,
  lengthBytes: number,
  take: (bytes: Buffer) => void,
): Promise<{ running: boolean; next: number }> {
  let first = true;
  let at = offset;
  let left = lengthBytes;
  for (;;) {
    const reply = await file.read(at, Math.min(left, CHUNK_BYTES));
    if (first) left = Math.min(left, Math.max(0, reply.sizeBytes - reply.offset));
    first = false;
    const { bytes } = reply;
    if (bytes.length > 0) take(bytes);
    left -= bytes.length;
    at = reply.offset + bytes.length;
    if (bytes.length === 0 || left <= 0) return { running: reply.running, next: at };
  }
}
