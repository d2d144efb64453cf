// `emberloom doctor`: tries every way between the hosts of a cluster, from here and from each node, and says of each that is closed where it
// ends and what to do. What a way is: rpc/probe.ts; what a node tries: nodemanager/service/reach-service.ts.
import { AppError } from '../common/errors.ts';
import { ADDRESS_SEPARATOR } from '../common/rm-addresses.ts';
import { clientIdentity } from '../platform/client-identity.ts';
import type { Cluster } from '../platform/find-cluster.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { connectPeer, type Identity } from '../rpc/connect.ts';
import { clusterInfo, nodeList } from '../rpc/messages/client.ts';
import { nodeReach } from '../rpc/messages/reach.ts';
import type { NodeReport } from '../rpc/messages/shapes.ts';
import type { Peer } from '../rpc/peer.ts';
import { type Probe, probe } from '../rpc/probe.ts';
import { connectRm } from './rm-client.ts';

/** from: `here` or a node id. to: what it is for a person. */
export type Way = Probe & { readonly from: string; readonly to: string };
export type Clock = { readonly of: string; readonly aheadMs: number };
export type Findings = { readonly ways: readonly Way[]; readonly clocks: readonly Clock[]; readonly nodes: readonly NodeReport[] };

/** Tokens expire by the clocks of two hosts: a minute apart, containers are refused. */
export const CLOCK_LIMIT_MS = 5_000;

type Looking = {
  readonly cluster: Cluster;
  readonly user: string;
  readonly transport: NetTransport;
  readonly ways: Way[];
  readonly clocks: Clock[];
};
type Target = { readonly address: string; readonly to: string };

/** Never rejects for what a network does. @throws AppError when the settings or the secret of this host can't be read */
export async function diagnose(cluster: Cluster, user: string): Promise<Findings> {
  const transport = new NetTransport({ tls: cluster.tls });
  const looking: Looking = { cluster, user, transport, ways: [], clocks: [] };
  const me = clientIdentity(cluster.secretFile, cluster.address, user);
  const rms = cluster.address.split(ADDRESS_SEPARATOR).map((address) => ({ address, to: 'the ResourceManager' }));
  for (const { address, to } of rms) looking.ways.push({ ...(await probe(transport, address, me)), from: 'here', to });
  if (!looking.ways.some((way) => way.reached)) return { ...looking, nodes: [] };
  const rm = await connectRm(cluster, user);
  try {
    const { nodes } = await rm.call(nodeList, {});
    await clockOf(looking, 'the ResourceManager', async () => (await rm.call(clusterInfo, {})).nowMs);
    const alive = nodes.filter(({ state }) => state !== 'LOST' && state !== 'DECOMMISSIONED' && state !== 'REBOOTED');
    const shuffles: Target[] = [];
    const peers = await Promise.all(alive.map((node) => fromHere(looking, node, me, shuffles)));
    await Promise.all(alive.map((node, index) => fromNode(looking, node, peers[index], { rms, alive, shuffles })));
    for (const peer of peers) peer?.close();
    return { ...looking, nodes };
  } finally {
    rm.close();
  }
}

async function fromHere(
  { transport, ways, clocks }: Looking,
  node: NodeReport,
  me: Identity,
  shuffles: Target[],
): Promise<Peer | undefined> {
  // Whoever has only a secret of his own is no client of a node: he sees whether the port is open, and asks it nothing.
  const isOperator = me.id.startsWith('client:');
  const way = await probe(transport, node.address, isOperator ? me : undefined);
  ways.push({ ...way, from: 'here', to: `the NodeManager ${node.nodeId}` });
  if (!way.reached || !isOperator) return undefined;
  try {
    const peer = await connectPeer(transport, node.address, node.nodeId, me);
    let shuffle: string | undefined;
    await clockOf({ clocks }, node.nodeId, async () => {
      const { nowMs, shuffleAddress } = await peer.call(nodeReach, { daemons: [], ports: [] });
      shuffle = shuffleAddress;
      return nowMs;
    });
    if (shuffle !== undefined) shuffles.push({ address: shuffle, to: `the shuffle service of ${node.nodeId}` });
    return peer;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return undefined; // it ended since; the next look says so
  }
}

type Everybody = { readonly rms: readonly Target[]; readonly alive: readonly NodeReport[]; readonly shuffles: readonly Target[] };

async function fromNode({ ways }: Looking, node: NodeReport, peer: Peer | undefined, { rms, alive, shuffles }: Everybody): Promise<void> {
  if (peer === undefined) return;
  const others = alive.filter(({ nodeId }) => nodeId !== node.nodeId);
  const daemons = [...rms, ...others.map(({ address, nodeId }) => ({ address, to: `the NodeManager ${nodeId}` }))];
  const ports = shuffles.filter(({ to }) => !to.endsWith(` ${node.nodeId}`));
  const addresses = (targets: readonly Target[]) => targets.map(({ address }) => address);
  try {
    const { probes } = await peer.call(nodeReach, { daemons: addresses(daemons), ports: addresses(ports) });
    const targets = [...daemons, ...ports];
    ways.push(...probes.map((one, index) => ({ ...one, from: node.nodeId as string, to: targets[index]!.to })));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const to = 'whoever asks it';
    ways.push({ address: node.address, reached: false, fault: 'silent', detail: error.message, tookMs: 0, from: node.nodeId, to });
  }
}

/** Half of the way there and back counts as the way there. */
async function clockOf({ clocks }: Pick<Looking, 'clocks'>, of: string, ask: () => Promise<number | undefined>): Promise<void> {
  const before = Date.now();
  const there = await ask();
  if (there !== undefined) clocks.push({ of, aheadMs: Math.round(there - (before + Date.now()) / 2) });
}
