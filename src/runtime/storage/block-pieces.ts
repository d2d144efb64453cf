// A partition as bytes: pieces of about 1 MiB, each some batches of rows (rdd/row-codec.ts), compressed when the settings say so. In memory,
// on disk, on the way to another executor and in checkpoint files it is the same pieces. Files are block-file.ts.
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { type Batch, encodeRows, readBatches } from '../rdd/row-codec.ts';

/** A partition of a persisted RDD; or, where rddId is TASK_RESULTS, what a task brought, by its task id. */
export type BlockId = { readonly rddId: number; readonly partition: number };
/** `rows` counts the rows of the piece; its bytes are in a buffer of their own, so that they can be handed to another thread. */
export type Piece = { readonly bytes: Uint8Array; readonly rows: number };

/** No RDD: results of tasks that wait for the driver to fetch them (executor/result-blocks.ts). */
export const TASK_RESULTS = -1;

/** Spark's names: `rdd_3_0`, `taskresult_17`. */
export const blockName = ({ rddId, partition }: BlockId): string =>
  rddId === TASK_RESULTS ? `taskresult_${partition}` : `rdd_${rddId}_${partition}`;

/** A piece is full when it has so many bytes, before compression. */
export const PIECE_BYTES = 1 << 20;

/** Rows in, pieces out. */
export class PieceEncoder {
  readonly #compress: boolean;
  #batches: Buffer[] = [];
  #bytes = 0;
  #rows = 0;

  constructor(compress: boolean) {
    this.#compress = compress;
  }

  /** @returns a piece when one is full. @throws Error for rows that can't be bytes (functions, sockets) */
  add(rows: readonly unknown[], n: number): Piece | undefined {
    if (n === 0) return undefined;
    const batch = encodeRows(rows, 0, n);
    this.#batches.push(batch);
    this.#bytes += batch.length;
    this.#rows += n;
    return this.#bytes >= PIECE_BYTES ? this.finish() : undefined;
  }

  /** What is left. */
  finish(): Piece | undefined {
    if (this.#rows === 0) return undefined;
    const whole = new Uint8Array(this.#bytes);
    let at = 0;
    for (const batch of this.#batches) {
      whole.set(batch, at);
      at += batch.length;
    }
    const rows = this.#rows;
    this.#batches = [];
    this.#bytes = 0;
    this.#rows = 0;
    return { bytes: this.#compress ? alone(zstdCompressSync(whole)) : whole, rows };
  }
}

/** The batches of a piece. */
export const batchesOf = (bytes: Uint8Array, compressed: boolean): Generator<Batch> =>
  readBatches(compressed ? zstdDecompressSync(bytes) : bytes);

/** A copy whose ArrayBuffer has nothing else in it. */
function alone(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(bytes.length);
  copy.set(bytes);
  return copy;
}
