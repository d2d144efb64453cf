// How commands reach the ResourceManager: one authenticated connection. Where it is: platform/find-cluster.ts.
import { asUnreachable, type Cluster, readSecret } from '../platform/find-cluster.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { connectPeer } from '../rpc/connect.ts';
import type { Peer } from '../rpc/peer.ts';

/** @throws AppError RM_UNREACHABLE, AUTH_REFUSED */
export async function connectRm({ address, secretFile }: Cluster, user: string): Promise<Peer> {
  const secret = readSecret(secretFile, address);
  try {
    return await connectPeer(new NetTransport(), address, 'the ResourceManager', { id: `client:${user}`, secret });
  } catch (error) {
    throw asUnreachable(error, address);
  }
}
