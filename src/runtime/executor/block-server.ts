// Serves ranges of this application's shuffle files to executors of other hosts, and this executor's cached blocks (block-transfer.ts)
// and pieces of broadcast variables (broadcast-store.ts); to the driver results of tasks (result-blocks.ts). Only files below the shuffle folders of this application.
// How is rpc/serve-blocks.ts, which the NodeManager's shuffle service has too. The other end is remote-blocks.ts.
import { realpath } from 'node:fs/promises';
import type { Duplex } from 'node:stream';
import { acceptChannel } from '../../rpc/connect.ts';
import { broadcastRead } from '../../rpc/messages/broadcasts.ts';
import { listenFrom, type ListenOptions } from '../../rpc/listen-from.ts';
import { Peer } from '../../rpc/peer.ts';
import { Lanes, serveBlocks } from '../../rpc/serve-blocks.ts';
import type { BlockManager } from '../storage/block-manager.ts';
import { missingPiece } from '../storage/broadcast-pieces.ts';
import type { BroadcastStore } from './broadcast-store.ts';
import { serveCached } from './block-transfer.ts';
import { type ResultBlocks, serveResults } from './result-blocks.ts';
import type { Listener, Transport } from '../../rpc/transport.ts';

/** Reads at once, of all readers. */
const READS_AT_ONCE = 4;

export type BlockServerOptions = {
  readonly transport: Transport;
  readonly address: string;
  readonly how?: ListenOptions;
  readonly secret: string;
  readonly applicationId: string;
  readonly shuffleDirs: readonly string[];
  /** The executor's cached blocks, once it has any. */
  readonly manager?: () => BlockManager | undefined;
  /** Its broadcast variables, likewise. */
  readonly broadcasts?: () => BroadcastStore | undefined;
  /** Results that wait for the driver, likewise. */
  readonly results?: () => ResultBlocks | undefined;
};

/** @throws AppError SOCKET_IN_USE */
export async function startBlockServer({
  transport,
  address,
  how = {},
  secret,
  applicationId,
  shuffleDirs,
  manager = () => undefined,
  broadcasts = () => undefined,
  results = () => undefined,
}: BlockServerOptions): Promise<Listener> {
  const roots = await Promise.all(shuffleDirs.map((dir) => realpath(dir)));
  const lanes = new Lanes(READS_AT_ONCE);
  let connections = 0;
  const served = { requests: 0, blocks: 0, bytes: 0 };
  const isOurs = (id: string) => id.startsWith(`block:${applicationId}/`);
  const accept = (stream: Duplex) => {
    acceptChannel(
      stream,
      'this block server',
      (id) => (isOurs(id) ? secret : undefined),
      (channel, id) => {
        const peer = new Peer(channel, id);
        serveBlocks(peer, () => roots, lanes, served);
        peer.serve(broadcastRead, async ({ broadcastId, index }) => {
          const store = broadcasts();
          if (store === undefined) throw missingPiece(broadcastId, index);
          return { data: await store.serve(broadcastId, index) };
        });
        serveResults(peer, results);
        serveCached(peer, `copy-${++connections}`, manager);
      },
    );
  };
  return await listenFrom(transport, address, accept, how);
}
