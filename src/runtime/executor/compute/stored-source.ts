// A stored partition as rows: from a file of this host, or piece by piece from the executor's main thread, the next on its way while one is read.
// A file that can't be read is reported, and what else there is is asked for. Who writes them is stored-rows.ts.
import { columnRows } from '../../rdd/columns.ts';
import type { Batch } from '../../rdd/row-codec.ts';
import { BlockFile } from '../../storage/block-file.ts';
import { batchesOf, type BlockId, blockName, type Piece } from '../../storage/block-pieces.ts';
import type { OpenBlock } from '../../storage/shared-blocks.ts';
import { END, Rows } from './rows.ts';
import type { Task } from './running-task.ts';
import type { StoredBlocks } from './stored-rows.ts';

/** A damaged file, then its replica, then another's: no more. */
const TRIES = 4;

/** @returns undefined: nobody has it */
export async function openStored(block: BlockId, stored: StoredBlocks, task: Task): Promise<Rows | undefined> {
  for (let tries = 0; tries < TRIES; tries++) {
    const found = await stored.shared.open(block);
    if (found === undefined) return undefined;
    if (found.tag === 'pieces') return leaseRows(found, stored, task);
    try {
      return new FileRows(new BlockFile(found.path), task.check);
    } catch (error) {
      const detail = (error as Error).message;
      if (found.own) await stored.shared.damaged(block, detail);
      else {
        stored.log.warn(`Block ${blockName(block)} of another executor can't be read: ${detail}`);
        return undefined;
      }
    }
  }
  return undefined;
}

/** Rows of a lease; it is closed when they end, or with the task. */
export function leaseRows(open: Extract<OpenBlock, { tag: 'pieces' }>, stored: StoredBlocks, task: Task): Rows {
  const rows = new LeaseRows(open, stored, task.check);
  task.cleanUp.push(() => rows.close());
  return rows;
}

/** Batches of pieces as rows. */
abstract class PieceRows extends Rows {
  readonly #check: () => void;
  #batches: Iterator<Batch> | undefined;

  constructor(check: () => void) {
    super();
    this.#check = check;
  }

  protected use(batches: Iterator<Batch>): void {
    this.#batches = batches;
  }

  /** @returns undefined: the piece has no more */
  protected some(): number | undefined {
    this.#check();
    const batch = this.#batches?.next();
    if (batch === undefined || batch.done) return undefined;
    this.rows = columnRows(batch.value.column, batch.value.rows) as unknown[];
    return batch.value.rows;
  }
}

export class FileRows extends PieceRows {
  readonly #file: BlockFile;
  #at = 0;

  constructor(file: BlockFile, check: () => void) {
    super(check);
    this.#file = file;
  }

  override next(): number {
    for (;;) {
      const n = this.some();
      if (n !== undefined) return n;
      if (this.#at === this.#file.pieces) return END;
      this.use(batchesOf(this.#file.piece(this.#at++).bytes, this.#file.compressed));
    }
  }
}

class LeaseRows extends PieceRows {
  readonly #open: Extract<OpenBlock, { tag: 'pieces' }>;
  readonly #stored: StoredBlocks;
  #at = 0;
  #coming: Promise<Piece> | undefined;
  #closed = false;

  constructor(open: Extract<OpenBlock, { tag: 'pieces' }>, stored: StoredBlocks, check: () => void) {
    super(check);
    this.#open = open;
    this.#stored = stored;
  }

  override next(): number | Promise<number> {
    const n = this.some();
    if (n !== undefined) return n;
    if (this.#at === this.#open.pieces) {
      this.close();
      return END;
    }
    const coming = this.#coming ?? this.#ask(this.#at);
    return coming.then(({ bytes }) => {
      this.#at++;
      this.#coming = this.#at < this.#open.pieces ? this.#ask(this.#at) : undefined;
      this.use(batchesOf(bytes, this.#stored.compressed));
      return this.next();
    });
  }

  close(): void {
    if (!this.#closed) this.#stored.shared.close(this.#open.lease);
    this.#closed = true;
  }

  #ask(index: number): Promise<Piece> {
    const asked = this.#stored.shared.piece(this.#open.lease, index);
    asked.catch(() => {}); // told when its turn comes
    return asked;
  }
}
