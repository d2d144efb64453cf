// The commit protocol of a bucket, which cannot rename: tasks write their files on this machine, the commit uploads all of them as uploads that nobody
// sees, and only when the last byte is there makes them objects, one after the other. So a job that fails has changed nothing. What does not hold: a reader
// while the objects appear sees some of them, and with overwrite the old ones beside them; a process that dies just then leaves that, without `_SUCCESS`.
// Source: the staging committer of Hadoop 3.4's S3A.
import { mkdtempSync } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BucketFiles } from '../file-systems/bucket-files.ts';
import { bucketPath } from '../file-systems/bucket-files.ts';
import type { WriteJob } from './staging.ts';

/** Stores take parts from 5 MB to 5 GB, and at most 10,000 of them. */
const [PART_BYTES, MOST_PARTS] = [16 << 20, 10_000];
const FILES_AT_A_TIME = 4;
const SUCCESS = '_SUCCESS';

type Upload = { readonly key: string; readonly id: string; readonly tags: readonly string[] };

export class BucketJob implements Pick<WriteJob, 'id' | 'staging' | 'isCommitting' | 'commit' | 'abort'> {
  readonly id: string;
  /** A job that fails is never finished by others. */
  readonly isCommitting = false;
  readonly staging = mkdtempSync(join(tmpdir(), 'emberloom-upload-'));
  readonly #files: BucketFiles;
  /** Keys begin with it. */
  readonly #prefix: string;
  readonly #begun: { readonly key: string; readonly id: string }[] = [];

  /** @param folder `s3a://bucket/folder`; @param id unique to the job: it is in its files' names, too */
  constructor(files: BucketFiles, folder: string, id: string) {
    this.#files = files;
    this.id = id;
    const { key } = bucketPath(folder)!;
    this.#prefix = key === '' ? '' : `${key}/`;
  }

  async commit(
    moves: readonly { readonly from: string; readonly to: string }[],
    overwritten: () => Promise<readonly string[]>,
    marksSuccess: boolean,
  ): Promise<void> {
    const { client } = this.#files;
    const deletes = await overwritten();
    const uploads: Upload[] = [];
    await inTurns(moves, async ({ from, to }) => void uploads.push(await this.#upload(join(this.staging, from), `${this.#prefix}${to}`)));
    if (deletes.length > 0) await client.delete(`${this.#prefix}${SUCCESS}`);
    await inTurns(uploads, ({ key, id, tags }) => client.completeUpload(key, id, tags));
    await inTurns(
      deletes.filter((name) => name !== SUCCESS),
      (name) => client.delete(`${this.#prefix}${name}`),
    );
    if (marksSuccess) await client.put(`${this.#prefix}${SUCCESS}`, new Uint8Array());
    await rm(this.staging, { recursive: true, force: true });
  }

  /** What has become an object stays. */
  async abort(): Promise<void> {
    for (const { key, id } of this.#begun) await this.#files.client.abortUpload(key, id).catch(() => undefined);
    await rm(this.staging, { recursive: true, force: true, maxRetries: 10 });
  }

  async #upload(path: string, key: string): Promise<Upload> {
    const { client } = this.#files;
    const { size } = await stat(path);
    const id = await client.beginUpload(key);
    this.#begun.push({ key, id });
    const partBytes = Math.max(PART_BYTES, Math.ceil(size / MOST_PARTS));
    const tags: string[] = [];
    const file = await open(path);
    try {
      for (let at = 0; at < size || tags.length === 0; at += partBytes) {
        const bytes = Buffer.alloc(Math.min(partBytes, size - at));
        await file.read(bytes, 0, bytes.length, at);
        tags.push(await client.uploadPart(key, id, tags.length + 1, bytes));
      }
    } finally {
      await file.close();
    }
    return { key, id, tags };
  }
}

/** A few at a time; the first that fails is told when those beside it have ended. */
async function inTurns<T>(all: readonly T[], work: (one: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < all.length; at += FILES_AT_A_TIME) {
    const ended = await Promise.allSettled(all.slice(at, at + FILES_AT_A_TIME).map(work));
    const failed = ended.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason as Error;
  }
}
