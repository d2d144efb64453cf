// The files that submitters of other hosts left for their applications: staging/<applicationId>/<sha256> in the data folder. A file grows
// aside as `<sha256>.part` and has its name when all of it is there and its hash was checked. Messages: rpc/messages/staging.ts.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { AppError } from '../../common/errors.ts';
import type { ApplicationId } from '../../common/ids.ts';
import type { ReplyOf, RequestOf } from '../../rpc/define-rpc.ts';
import { STAGING_PIECE_BYTES, type stagingGet, type stagingPut } from '../../rpc/messages/staging.ts';

/** What was staged and never submitted: whoever did it has died. */
const FORGOTTEN_MS = 3_600_000;
const MOST_PIECE_BYTES = 4 * STAGING_PIECE_BYTES;

export type StagingLimits = {
  readonly maxBytes: number;
  readonly maxBytesPerUser: number;
  readonly remove: (path: string) => Promise<void>;
};

export class StagedFiles {
  readonly #root: string;
  readonly #limits: StagingLimits;
  /** By path, since this process began: whose a file is, and how large it will be when all of it is there. */
  readonly #announced = new Map<string, { readonly user: string; readonly sizeBytes: number }>();
  /** Who left the first file for an application: nobody else does, before it is known whose it is. */
  readonly #owners = new Map<string, string>();
  /** One piece of a file at a time, whoever sends it. */
  readonly #busy = new Map<string, Promise<unknown>>();

  constructor(root: string, limits: StagingLimits) {
    this.#root = root;
    this.#limits = limits;
  }

  /** Whether it was this user who began to leave files for the application. */
  isOf(applicationId: ApplicationId, user: string): boolean {
    return this.#owners.get(applicationId) === user;
  }

  /** @param user who leaves it @throws AppError STAGING_FULL, STAGING_REFUSED */
  async put(piece: RequestOf<typeof stagingPut>, user: string): Promise<ReplyOf<typeof stagingPut>> {
    const path = this.#path(piece.applicationId, piece.sha256);
    const owner = this.#owners.get(piece.applicationId) ?? user;
    if (owner !== user) throw refused(piece.sha256, `files of ${piece.applicationId} are left by ${owner}`);
    this.#owners.set(piece.applicationId, user);
    const turn = (this.#busy.get(path) ?? Promise.resolve()).then(
      () => this.#put(path, piece, user),
      () => this.#put(path, piece, user),
    );
    this.#busy.set(path, turn);
    const done = () => this.#busy.get(path) === turn && this.#busy.delete(path);
    turn.then(done, done);
    return turn;
  }

  async #put(
    path: string,
    { sha256, sizeBytes, offset, data }: RequestOf<typeof stagingPut>,
    user: string,
  ): Promise<ReplyOf<typeof stagingPut>> {
    if ((await sizeOf(path)) === sizeBytes) return { bytes: sizeBytes, complete: true };
    const part = `${path}.part`;
    let bytes = (await sizeOf(part)) ?? 0;
    try {
      if (offset === bytes && (data.length > 0 || sizeBytes === 0)) {
        if (bytes + data.length > sizeBytes) throw refused(sha256, `more than its ${sizeBytes} bytes came`);
        if (this.#announced.get(path)?.sizeBytes !== sizeBytes) await this.#makeRoom(path, sizeBytes, user);
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const file = await open(part, 'a', 0o600);
        try {
          await file.appendFile(data);
        } finally {
          await file.close();
        }
        bytes += data.length;
      }
      if (bytes < sizeBytes || (await sizeOf(part)) === undefined) return { bytes, complete: false };
      if ((await hashOf(part)) !== sha256) {
        await rm(part, { force: true });
        this.#announced.delete(path);
        return { bytes: 0, complete: false };
      }
      await rename(part, path);
      return { bytes, complete: true };
    } catch (error) {
      if (error instanceof AppError) throw error;
      throw refused(sha256, (error as Error).message);
    }
  }

  /** @throws AppError STAGED_FILE_MISSING */
  async get({ applicationId, sha256, offset, lengthBytes }: RequestOf<typeof stagingGet>): Promise<ReplyOf<typeof stagingGet>> {
    const file = await open(this.#path(applicationId, sha256), 'r').catch((error: unknown) => {
      throw new AppError('STAGED_FILE_MISSING', { applicationId, sha256 }, { cause: error });
    });
    try {
      const { size } = await file.stat();
      const data = Buffer.allocUnsafe(Math.max(0, Math.min(lengthBytes, MOST_PIECE_BYTES, size - offset)));
      const { bytesRead } = await file.read(data, 0, data.length, offset);
      return { data: data.subarray(0, bytesRead), sizeBytes: size };
    } finally {
      await file.close();
    }
  }

  /** Removes what applications left that nobody knows (any more). */
  async sweep(isLive: (id: ApplicationId) => boolean, nowMs: number): Promise<void> {
    for (const name of await readdir(this.#root).catch(() => [])) {
      const folder = join(this.#root, name);
      const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: nowMs }));
      if (!isLive(name as ApplicationId) && nowMs - mtimeMs > FORGOTTEN_MS) await this.#limits.remove(folder);
    }
  }

  /** What is announced counts from the beginning: many files that are begun at once must not together be more than there is room for. */
  async #makeRoom(path: string, sizeBytes: number, user: string): Promise<void> {
    const there = new Map<string, number>();
    for (const name of await readdir(this.#root, { recursive: true }).catch(() => [])) {
      const file = join(this.#root, name).replace(/\.part$/, '');
      if (/\/[0-9a-f]{64}$/.test(file)) there.set(file, (await sizeOf(join(this.#root, name))) ?? 0);
    }
    for (const file of this.#announced.keys()) if (!there.has(file) && !this.#busy.has(file)) this.#announced.delete(file); // gone with its application
    for (const id of this.#owners.keys())
      if (![...this.#busy.keys(), ...there.keys()].some((file) => file.includes(`/${id}/`))) this.#owners.delete(id);
    for (const [file, { sizeBytes: announced }] of this.#announced) there.set(file, Math.max(announced, there.get(file) ?? 0));
    there.delete(path);
    const { maxBytes, maxBytesPerUser } = this.#limits;
    const sum = (files: Iterable<string>) => [...files].reduce((bytes, file) => bytes + there.get(file)!, 0);
    const usedBytes = sum(there.keys());
    if (usedBytes + sizeBytes > maxBytes) throw new AppError('STAGING_FULL', { sizeBytes, usedBytes, maxBytes });
    const his = sum([...there.keys()].filter((file) => this.#announced.get(file)?.user === user));
    if (his + sizeBytes > maxBytesPerUser)
      throw new AppError('STAGING_FULL', { sizeBytes, usedBytes: his, maxBytes: maxBytesPerUser, user });
    this.#announced.set(path, { user, sizeBytes });
  }

  #path(applicationId: ApplicationId, sha256: string): string {
    if (!/^[0-9a-f]{64}$/.test(sha256)) throw refused(sha256.slice(0, 64), 'that is no SHA-256');
    return join(this.#root, applicationId, sha256);
  }
}

const refused = (sha256: string, detail: string) => new AppError('STAGING_REFUSED', { sha256, detail });

const sizeOf = (path: string): Promise<number | undefined> =>
  stat(path).then(
    ({ size }) => size,
    () => undefined,
  );

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 }) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}
