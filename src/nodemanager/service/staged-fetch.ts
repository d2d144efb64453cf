// Fetches files that a submitter of another host left with the ResourceManager (rpc/messages/staging.ts), piece by piece over one connection
// of its own beside the heartbeats', and goes on where it was when that breaks. Whether the content is right is file-cache.ts's to say.
import { open } from 'node:fs/promises';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import { untilReached } from '../../rpc/connect.ts';
import { STAGING_PIECE_BYTES, stagingGet } from '../../rpc/messages/staging.ts';
import type { Peer } from '../../rpc/peer.ts';

/** Without a byte for so long, ms: the launch fails, and the driver asks another node. */
const PATIENCE_MS = 60_000;

export class StagedFetch {
  readonly #connect: () => Promise<Peer>;
  readonly #patienceMs: number;
  #peer: Promise<Peer> | undefined;
  #users = 0;

  /** @param connect to the ResourceManager, as this node */
  constructor(connect: () => Promise<Peer>, patienceMs = PATIENCE_MS) {
    this.#connect = connect;
    this.#patienceMs = patienceMs;
  }

  /** @throws AppError STAGED_FILE_MISSING; RM_UNREACHABLE, CONNECTION_LOST after a minute without a byte */
  async fetch(applicationId: ApplicationId, sha256: string, to: string): Promise<void> {
    this.#users++;
    const file = await open(to, 'w', 0o600);
    try {
      let offset = 0;
      for (;;) {
        const request = { applicationId, sha256, offset, lengthBytes: STAGING_PIECE_BYTES };
        const { data, sizeBytes } = await untilReached(async () => (await this.#reach()).call(stagingGet, request), {
          reachMs: this.#patienceMs,
          restarts: true,
        });
        await file.write(data, 0, data.length, offset);
        offset += data.length;
        if (offset >= sizeBytes) return;
        if (data.length === 0) throw new AppError('STAGED_FILE_MISSING', { applicationId, sha256 });
      }
    } finally {
      await file.close();
      if (--this.#users === 0) this.#close();
    }
  }

  #reach(): Promise<Peer> {
    if (this.#peer !== undefined) return this.#peer;
    const peer = this.#connect().then((connected) => {
      connected.onClose = () => this.#forget(peer);
      return connected;
    });
    peer.catch(() => this.#forget(peer));
    this.#peer = peer;
    return peer;
  }

  #forget(peer: Promise<Peer>): void {
    if (this.#peer === peer) this.#peer = undefined;
  }

  #close(): void {
    const peer = this.#peer;
    this.#peer = undefined;
    peer?.then(
      (connected) => connected.close(),
      () => {},
    );
  }
}
