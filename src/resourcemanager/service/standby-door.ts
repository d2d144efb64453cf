// What a ResourceManager that stands by answers: to nodes, drivers and clients one word, that another one is active (rpc/auth.ts); to
// administrators, who come as `admin:<name>`, what it is and their orders. The active one's door: active-rm.ts.
import type { Duplex } from 'node:stream';
import type { Secrets } from '../../common/secrets.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import { type AdminParts, serveAdmin } from './admin-service.ts';

export function standbyDoor(secrets: Secrets, admin: AdminParts): (stream: Duplex) => void {
  return (stream) =>
    acceptChannel(
      stream,
      'a peer',
      () => secrets.accepted(),
      (channel, id) => serveAdmin(new Peer(channel, id), admin),
      () => {},
      (id) => !id.startsWith('admin:'),
    );
}
