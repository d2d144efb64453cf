// Serves ranges of this application's shuffle files to executors of other hosts. Only files below the shuffle folders of this application:
// a path that leads out of them, by `..` or by a link, is refused like a file that is not there. The other end is remote-blocks.ts.
import { open, realpath } from 'node:fs/promises';
import { sep } from 'node:path';
import { AppError } from '../../common/errors.ts';
import { acceptChannel } from '../../rpc/connect.ts';
import { blockFetch } from '../../rpc/messages/executor.ts';
import { Peer } from '../../rpc/peer.ts';
import type { Listener, Transport } from '../../rpc/transport.ts';

const MOST_BYTES = 1024 * 1024;

export type BlockServerOptions = {
  readonly transport: Transport;
  readonly address: string;
  readonly secret: string;
  readonly shuffleDirs: readonly string[];
};

/** @throws AppError SOCKET_IN_USE */
export async function startBlockServer({ transport, address, secret, shuffleDirs }: BlockServerOptions): Promise<Listener> {
  const roots = await Promise.all(shuffleDirs.map((dir) => realpath(dir)));
  return await transport.listen(address, (stream) => {
    acceptChannel(
      stream,
      'this block server',
      (id) => (/^block:\d+$/.test(id) ? secret : undefined),
      (channel, id) => {
        const peer = new Peer(channel, id);
        peer.serve(blockFetch, ({ file, offset, lengthBytes }) => readRange(roots, file, offset, Math.min(lengthBytes, MOST_BYTES)));
      },
    );
  });
}

async function readRange(roots: readonly string[], file: string, offset: number, length: number): Promise<{ data: Uint8Array }> {
  const corrupt = (detail: string) => new AppError('BLOCK_CORRUPT', { path: file, detail });
  const real = await realpath(file).catch((error: NodeJS.ErrnoException) => Promise.reject(corrupt(error.code ?? error.message)));
  if (!roots.some((root) => real.startsWith(root + sep))) throw corrupt('it is no shuffle file of this application');
  const handle = await open(real, 'r');
  try {
    const data = Buffer.allocUnsafe(length);
    let got = 0;
    while (got < length) {
      const { bytesRead } = await handle.read(data, got, length - got, offset + got);
      if (bytesRead === 0) throw corrupt(`it ends at ${offset + got}; ${offset + length} bytes were expected`);
      got += bytesRead;
    }
    return { data };
  } finally {
    await handle.close();
  }
}
