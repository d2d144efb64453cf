// Broadcast variables of one executor, as pieces that all its slots share: read once, in random order, from executors that have them or else from
// the driver, and served to other executors meanwhile. The driver's side is driver/service/broadcasts.ts; each worker thread makes the value of
// the pieces itself (worker-broadcasts.ts), as threads share no objects. Source: Spark's TorrentBroadcast (readBlocks).
import type { Logger } from '../../common/ports.ts';
import { AppError } from '../../common/errors.ts';
import { broadcastHave, broadcastOpen, broadcastPiece } from '../../rpc/messages/broadcasts.ts';
import type { Peer } from '../../rpc/peer.ts';
import { type BroadcastBytes, missingPiece, pieceFault, pieceName } from '../storage/broadcast-pieces.ts';
import type { MemoryPool } from '../storage/memory-pool.ts';
import type { BlockPeer } from '../storage/shared-blocks.ts';

export type BroadcastHead = {
  readonly pieces: number;
  readonly sizeBytes: number;
  readonly storedBytes: number;
  readonly compressed: boolean;
  readonly checksums: readonly number[];
  readonly data?: Uint8Array | undefined;
};
type PieceRequest = {
  readonly broadcastId: number;
  readonly index: number;
  readonly have: number[];
  readonly failed: string[];
  readonly keeps: boolean;
};
/** The driver. */
export interface BroadcastLink {
  /** @throws AppError BROADCAST_MISSING */
  open(broadcastId: number): Promise<BroadcastHead>;
  /** @throws AppError BROADCAST_MISSING */
  piece(request: PieceRequest): Promise<{ readonly data?: Uint8Array | undefined; readonly holders: readonly BlockPeer[] }>;
  have(broadcastId: number, have: number[]): void;
}
export type BroadcastStoreOptions = {
  readonly driver: BroadcastLink;
  /** Asks another executor for a piece. */
  readonly fromPeer: (at: BlockPeer, broadcastId: number, index: number) => Promise<Uint8Array>;
  readonly pool: MemoryPool;
  /** 0 ≤ x < 1 */
  readonly random: () => number;
  readonly log: Logger;
};

/** On their way at once. */
const LANES = 2;

class Reading {
  readonly pieces: Uint8Array[] = [];
  /** Asked of the driver and not there yet; undefined in the end: it did not send the piece. */
  readonly arriving = new Map<number, Promise<Uint8Array | undefined>>();
  /** Got, and the driver does not know. */
  fresh: number[] = [];
  /** Executors that don't answer, or answer wrong. */
  readonly bad = new Set<string>();
  countedBytes = 0;
  keeps = false;
  dropped = false;
  fromDriver = 0;
  readonly id: number;

  constructor(id: number) {
    this.id = id;
  }
}

export class BroadcastStore {
  readonly #options: BroadcastStoreOptions;
  readonly #known = new Map<number, { readonly reading: Reading; readonly whole: Promise<BroadcastBytes> }>();

  constructor(options: BroadcastStoreOptions) {
    this.#options = options;
  }

  /** @throws AppError BROADCAST_MISSING, BLOCK_CORRUPT */
  broadcast(id: number): Promise<BroadcastBytes> {
    const known = this.#known.get(id);
    if (known !== undefined) return known.whole;
    const reading = new Reading(id);
    const whole = this.#read(reading);
    this.#known.set(id, { reading, whole });
    whole.then(
      () => reading.keeps || this.#forget(reading),
      () => this.#forget(reading),
    );
    return whole;
  }

  /** Slots that wait for it get it; nothing is kept. */
  drop(id: number): void {
    const known = this.#known.get(id);
    if (known !== undefined) this.#forget(known.reading);
  }

  /** For another executor. @throws AppError BROADCAST_MISSING */
  async serve(id: number, index: number): Promise<Uint8Array> {
    const reading = this.#known.get(id)?.reading;
    const piece = reading?.pieces[index] ?? (await reading?.arriving.get(index));
    if (piece === undefined) throw missingPiece(id, index);
    return piece;
  }

  #forget(reading: Reading): void {
    if (reading.dropped) return;
    reading.dropped = true;
    reading.keeps = false;
    this.#options.pool.releaseStorage(reading.countedBytes);
    this.#known.delete(reading.id);
  }

  async #read(reading: Reading): Promise<BroadcastBytes> {
    const { driver, pool, log } = this.#options;
    const head = await driver.open(reading.id);
    if (!reading.dropped && pool.acquireStorage(head.storedBytes, undefined)) {
      reading.countedBytes = head.storedBytes;
      reading.keeps = true;
    } else if (!reading.dropped) {
      log.warn(`Not enough memory to keep broadcast_${reading.id} (${head.storedBytes} bytes): slots that need it later fetch it again`);
    }
    if (head.data !== undefined) this.#take(reading, head, 0, head.data);
    else await this.#readAll(reading, head);
    if (reading.keeps && reading.fresh.length > 0) driver.have(reading.id, reading.fresh);
    log.info(`Read broadcast variable ${reading.id}: ${head.pieces} pieces, ${reading.fromDriver} of them from the driver`);
    const { sizeBytes, compressed } = head;
    return { sizeBytes, compressed, pieces: reading.pieces };
  }

  /** In random order, so that executors that begin at once get different pieces of the driver and have something to give each other. */
  async #readAll(reading: Reading, head: BroadcastHead): Promise<void> {
    const order = Array.from({ length: head.pieces }, (_, index) => index);
    for (let i = order.length - 1; i > 0; i--) {
      const j = Math.floor(this.#options.random() * (i + 1));
      [order[i], order[j]] = [order[j]!, order[i]!];
    }
    const lane = async () => {
      try {
        for (let index = order.pop(); index !== undefined; index = order.pop()) await this.#readPiece(reading, head, index);
      } catch (error) {
        order.length = 0; // the other lane need not go on
        throw error;
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #readPiece(reading: Reading, head: BroadcastHead, index: number): Promise<void> {
    const { driver } = this.#options;
    const without = new Set<string>();
    for (;;) {
      const have = reading.keeps ? reading.fresh : [];
      reading.fresh = [];
      const failed = [...reading.bad, ...without];
      const asking = driver.piece({ broadcastId: reading.id, index, have, failed, keeps: reading.keeps });
      const given = asking.then(({ data }) => data && this.#take(reading, head, index, data));
      reading.arriving.set(
        index,
        given.catch(() => undefined),
      );
      try {
        if ((await given) !== undefined) return;
      } finally {
        reading.arriving.delete(index);
      }
      const { holders } = await asking;
      if (holders.length === 0) throw missingPiece(reading.id, index);
      for (const at of holders) {
        if (!reading.bad.has(at.executorId) && (await this.#readFrom(reading, head, index, at))) return;
        without.add(at.executorId);
      }
    }
  }

  async #readFrom(reading: Reading, head: BroadcastHead, index: number, at: BlockPeer): Promise<boolean> {
    let fault: string | undefined;
    try {
      const data = await this.#options.fromPeer(at, reading.id, index);
      fault = pieceFault(data, head.checksums[index]);
      if (fault === undefined) {
        reading.pieces[index] = alone(data);
        reading.fresh.push(index);
        return true;
      }
    } catch (error) {
      // It has dropped it meanwhile: nothing is wrong with it.
      if (error instanceof AppError && error.code === 'BROADCAST_MISSING') return false;
      fault = (error as Error).message;
    }
    reading.bad.add(at.executorId);
    this.#options.log.warn(`${pieceName(reading.id, index)} is fetched elsewhere: from executor ${at.executorId}: ${fault}`);
    return false;
  }

  /** From the driver, which knows that it is here. */
  #take(reading: Reading, head: BroadcastHead, index: number, data: Uint8Array): Uint8Array {
    const fault = pieceFault(data, head.checksums[index]);
    if (fault !== undefined) throw new AppError('BLOCK_CORRUPT', { path: pieceName(reading.id, index), detail: fault });
    const piece = alone(data);
    reading.pieces[index] = piece;
    reading.fromDriver++;
    return piece;
  }
}

export const broadcastsOver = (driver: Peer): BroadcastLink => ({
  open: (broadcastId) => driver.call(broadcastOpen, { broadcastId }),
  piece: (request) => driver.call(broadcastPiece, request),
  have: (broadcastId, have) => void driver.push(broadcastHave, { broadcastId, have }),
});

/** What is kept must not keep the frame that it came in, and goes to the slots' threads without it. */
const alone = (bytes: Uint8Array): Uint8Array => new Uint8Array(bytes);
