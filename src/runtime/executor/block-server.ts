// Serves ranges of this application's shuffle files to executors of other hosts. Only files below the shuffle folders of this application.
// How is rpc/serve-blocks.ts, which the NodeManager's shuffle service has too. The other end is remote-blocks.ts.
import { realpath } from 'node:fs/promises';
import { acceptChannel } from '../../rpc/connect.ts';
import { Peer } from '../../rpc/peer.ts';
import { Lanes, serveBlocks } from '../../rpc/serve-blocks.ts';
import type { Listener, Transport } from '../../rpc/transport.ts';

/** Reads at once, of all readers. */
const READS_AT_ONCE = 4;

export type BlockServerOptions = {
  readonly transport: Transport;
  readonly address: string;
  readonly secret: string;
  readonly applicationId: string;
  readonly shuffleDirs: readonly string[];
};

/** @throws AppError SOCKET_IN_USE */
export async function startBlockServer({ transport, address, secret, applicationId, shuffleDirs }: BlockServerOptions): Promise<Listener> {
  const roots = await Promise.all(shuffleDirs.map((dir) => realpath(dir)));
  const lanes = new Lanes(READS_AT_ONCE);
  const served = { requests: 0, blocks: 0, bytes: 0 };
  const isOurs = (id: string) => id.startsWith(`block:${applicationId}/`);
  return await transport.listen(address, (stream) => {
    acceptChannel(
      stream,
      'this block server',
      (id) => (isOurs(id) ? secret : undefined),
      (channel, id) => serveBlocks(new Peer(channel, id), () => roots, lanes, served),
    );
  });
}
