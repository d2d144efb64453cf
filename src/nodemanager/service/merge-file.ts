// One merged shuffle file on disk: carries out what the core decides (core/merge-machine.ts). A batch of blocks is written behind one another, then
// its records go to the index beside it (rpc/merged-index.ts), which is the journal: a service that was killed finds there what counts.
// Who pushes, and which file a block goes to, is block-merger.ts.
import { constants, open, readFile, stat, truncate } from 'node:fs/promises';
import { step } from '../../common/machine.ts';
import { decodeMergedBlocks, encodeMergedBlocks, RECORD_BYTES } from '../../rpc/merged-index.ts';
import type { Lanes } from '../../rpc/serve-blocks.ts';
import { type Merge, type MergeEffect, type MergeEvent, MergedSoFar, mergeTable, type Verdict } from '../core/merge-machine.ts';

export type BlockToMerge = { readonly mapIndex: number; readonly data: Uint8Array; readonly checksum: number };
export type Finalized = { readonly file: string; readonly merged: MergedSoFar };

export class MergeFile {
  readonly path: string;
  readonly #lanes: Lanes;
  readonly #onFailure: (error: Error) => void;
  readonly #pushes = new Map<number, { readonly data: Uint8Array; readonly resolve: (verdict: Verdict) => void }>();
  readonly #ends: ((end: Finalized) => void)[] = [];
  #state: Merge;
  #nextToken = 0;

  private constructor(path: string, merged: MergedSoFar, lanes: Lanes, onFailure: (error: Error) => void) {
    this.path = path;
    this.#lanes = lanes;
    this.#onFailure = onFailure;
    this.#state = { tag: 'IDLE', merged, failures: 0, uncut: true };
  }

  /** Goes on with what is there. @param lanes files are written in @param onFailure a batch could not be written */
  static async open(path: string, chunkBytes: number, lanes: Lanes, onFailure: (error: Error) => void): Promise<MergeFile> {
    const merged = new MergedSoFar(chunkBytes);
    const index = await readFile(`${path}.index`).catch(() => Buffer.alloc(0));
    const size =
      index.length === 0
        ? 0
        : await stat(path).then(
            (found) => found.size,
            () => 0,
          );
    for (const block of decodeMergedBlocks(index)) {
      if (merged.bytes + block.bytes > size) break;
      merged.add(block);
    }
    return new MergeFile(path, merged, lanes, onFailure);
  }

  push({ mapIndex, data, checksum }: BlockToMerge): Promise<Verdict> {
    return new Promise((resolve) => {
      const token = this.#nextToken++;
      this.#pushes.set(token, { data, resolve });
      this.#take({ tag: 'pushed', block: { token, mapIndex, bytes: data.length, checksum } });
    });
  }

  finalize(): Promise<Finalized> {
    return new Promise((resolve) => {
      this.#ends.push(resolve);
      this.#take({ tag: 'finalize' });
    });
  }

  #take(event: MergeEvent): void {
    const { next, effects } = step(mergeTable, this.#state, event);
    this.#state = next;
    for (const effect of effects) this.#carryOut(effect);
  }

  #carryOut(effect: MergeEffect): void {
    switch (effect.tag) {
      case 'answer':
        this.#pushes.get(effect.token)!.resolve(effect.verdict);
        this.#pushes.delete(effect.token);
        return;
      case 'tellFinalized':
        for (const tell of this.#ends.splice(0)) tell({ file: this.path, merged: this.#state.merged });
        return;
      case 'write':
        this.#lanes
          .run(() => this.#write(effect))
          .then(
            () => this.#take({ tag: 'written' }),
            (error: Error) => {
              this.#onFailure(error);
              this.#take({ tag: 'writeFailed' });
            },
          );
        return;
      default:
        effect satisfies never;
    }
  }

  async #write({ batch, atByte, atBlock, cut }: Extract<MergeEffect, { tag: 'write' }>): Promise<void> {
    if (cut) await cutTo(`${this.path}.index`, atBlock * RECORD_BYTES);
    await writeAt(
      this.path,
      batch.map(({ token }) => this.#pushes.get(token)!.data),
      atByte,
    );
    await writeAt(`${this.path}.index`, [encodeMergedBlocks(batch)], atBlock * RECORD_BYTES);
  }
}

/** A file that is not there is short enough. */
async function cutTo(path: string, bytes: number): Promise<void> {
  await truncate(path, bytes).catch((error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? undefined : Promise.reject(error)));
}

/** Whoever is behind one another in `buffers` lies behind one another in the file. @throws Error: ENOSPC, EIO, … */
async function writeAt(path: string, buffers: readonly Uint8Array[], at: number): Promise<void> {
  const handle = await open(path, constants.O_WRONLY | constants.O_CREAT, 0o600);
  try {
    const whole = buffers.length === 1 ? buffers[0]! : Buffer.concat(buffers);
    for (let done = 0; done < whole.length; ) done += (await handle.write(whole, done, whole.length - done, at + done)).bytesWritten;
  } finally {
    await handle.close();
  }
}
