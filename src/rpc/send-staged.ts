// The submitter's half of staging over the wire: sends files to the ResourceManager piece by piece, goes on where it was when the connection
// broke, and sends nothing that is there already. The other half: resourcemanager/service/staged-files.ts.
import { open } from 'node:fs/promises';
import { AppError } from '../common/errors.ts';
import type { ApplicationId } from '../common/ids.ts';
import { untilReached } from './connect.ts';
import { STAGING_PIECE_BYTES, stagingPut } from './messages/staging.ts';
import type { Peer } from './peer.ts';

export type StagedFile = { readonly path: string; readonly sha256: string; readonly sizeBytes: number };
/** A ResourceManager that restarts is back by then; it keeps what it has got. */
const PATIENCE = { reachMs: 60_000, restarts: true };
type Way = { readonly rm: Peer; readonly reconnect: () => Promise<Peer> };

/** @throws AppError STAGING_FULL, STAGING_REFUSED, RM_UNREACHABLE; LOCALIZATION_FAILED when a file was changed meanwhile */
export async function sendStaged({ rm, reconnect }: Way, applicationId: ApplicationId, files: readonly StagedFile[]): Promise<void> {
  let peer = rm;
  try {
    for (const file of files)
      await untilReached(async () => {
        if (peer.closed) peer = await reconnect();
        await sendOne(peer, applicationId, file);
      }, PATIENCE);
  } finally {
    if (peer !== rm) peer.close();
  }
}

async function sendOne(peer: Peer, applicationId: ApplicationId, { path, sha256, sizeBytes }: StagedFile): Promise<void> {
  const head = { applicationId, sha256, sizeBytes };
  let there = await peer.call(stagingPut, { ...head, offset: 0, data: new Uint8Array() });
  if (there.complete) return;
  const file = await open(path, 'r');
  try {
    for (let sent = there.bytes; !there.complete; sent = there.bytes) {
      const data = Buffer.allocUnsafe(Math.min(STAGING_PIECE_BYTES, sizeBytes - sent));
      const { bytesRead } = await file.read(data, 0, data.length, sent);
      there = await peer.call(stagingPut, { ...head, offset: sent, data: data.subarray(0, bytesRead) });
      if (!there.complete && there.bytes <= sent)
        throw new AppError('LOCALIZATION_FAILED', { resource: path, detail: 'it was changed while it was sent' });
    }
  } finally {
    await file.close();
  }
}
