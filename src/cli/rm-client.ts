// How commands reach the ResourceManager: one authenticated connection. Where it is: platform/find-cluster.ts.
import { type ClientIdentity, clientIdentity } from '../platform/client-identity.ts';
import { asUnreachable, type Cluster } from '../platform/find-cluster.ts';
import { NetTransport } from '../platform/net-transport.ts';
import { connectPeer, untilReached } from '../rpc/connect.ts';
import { isList } from '../rpc/connect-any.ts';
import type { ReplyOf } from '../rpc/define-rpc.ts';
import { applicationNew } from '../rpc/messages/client.ts';
import type { Peer } from '../rpc/peer.ts';

/** @throws AppError RM_UNREACHABLE, AUTH_REFUSED */
export async function connectRm({ address, secretFile, tls }: Cluster, user: string): Promise<Peer> {
  try {
    const identity = clientIdentity(secretFile, address, user);
    const reach = () => connect(new NetTransport({ tls }), address, identity);
    return await (isList(address) ? untilReached(reach) : reach()); // of several one may be about to take over
  } catch (error) {
    throw asUnreachable(error, address);
  }
}

/** A new application's id, and the connection it came on: for who submits, and so waits for a ResourceManager that is on its way. @throws as connectRm */
export async function connectForNew(
  { address, secretFile, tls }: Cluster,
  user: string,
): Promise<{ readonly rm: Peer } & ReplyOf<typeof applicationNew>> {
  const identity = clientIdentity(secretFile, address, user);
  try {
    return await untilReached(async () => {
      const rm = await connect(new NetTransport({ tls }), address, identity);
      return { rm, ...(await rm.call(applicationNew, {})) };
    }, ONCE_SEEN);
  } catch (error) {
    throw asUnreachable(error, address);
  }
}

/** One that dies when it has taken the request is there again in a moment. */
const ONCE_SEEN = { restarts: 'onceSeen' } as const;

const connect = (transport: NetTransport, address: string, identity: ClientIdentity) =>
  connectPeer(transport, address, 'the ResourceManager', identity);
