// The way from a slot's thread to its executor's blocks: calls over a MessagePort, answered in any order. Bytes that a slot puts are handed over,
// not copied; bytes that it reads are copied. Both ends are here because they share the words. What is asked is shared-blocks.ts.
import type { MessagePort, TransferListItem } from 'node:worker_threads';
import { AppError, errorFromWire } from '../../common/errors.ts';
import type { StorageLevel } from '../plan/lineage.ts';
import type { BlockId, Piece } from './block-pieces.ts';
import type { BroadcastBytes } from './broadcast-pieces.ts';
import type { OpenBlock, SharedBlocks } from './shared-blocks.ts';

/** What a slot asks of its executor's main thread. */
export type SlotBlocks = SharedBlocks & {
  /** @throws AppError BROADCAST_MISSING, BLOCK_CORRUPT */
  broadcast(id: number): Promise<BroadcastBytes>;
  /** Keeps what a task brought until the driver fetches it; the parts are handed over. @throws AppError LOCAL_DISK */
  keepResult(taskId: number, parts: readonly Uint8Array[]): Promise<void>;
};
type Call = { readonly id: number; readonly op: keyof SlotBlocks; readonly args: readonly unknown[] };
type Reply = { readonly id: number; readonly value?: unknown; readonly error?: string; readonly code?: string; readonly params?: unknown };

/** In a slot's thread. */
export class BlockPortClient implements SlotBlocks {
  readonly #port: MessagePort;
  readonly #waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  #nextId = 1;

  constructor(port: MessagePort) {
    this.#port = port;
    port.on('message', ({ id, value, error, code, params }: Reply) => {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (code !== undefined) waiting?.reject(errorFromWire(code, params));
      else if (error !== undefined) waiting?.reject(new Error(error));
      else waiting?.resolve(value as never);
    });
  }

  open(block: BlockId): Promise<OpenBlock | undefined> {
    return this.#call('open', [block]);
  }

  piece(lease: number, index: number): Promise<Piece> {
    return this.#call('piece', [lease, index]);
  }

  close(lease: number): void {
    void this.#call('close', [lease]);
  }

  put(block: BlockId, level: StorageLevel, piece: Piece): Promise<boolean> {
    return this.#call('put', [block, flags(level), piece], [piece.bytes.buffer as ArrayBuffer]);
  }

  commit(block: BlockId, level: StorageLevel): Promise<void> {
    return this.#call('commit', [block, flags(level)]);
  }

  takeBack(block: BlockId): Promise<OpenBlock | undefined> {
    return this.#call('takeBack', [block]);
  }

  relay(block: BlockId, level: StorageLevel, piece: Piece | undefined): Promise<number> {
    return this.#call('relay', [block, flags(level), piece], piece ? [piece.bytes.buffer as ArrayBuffer] : []);
  }

  staysElsewhere(block: BlockId): Promise<boolean> {
    return this.#call('staysElsewhere', [block]);
  }

  wroteFile(block: BlockId, level: StorageLevel, bytes: number, isNew: boolean): Promise<void> {
    return this.#call('wroteFile', [block, flags(level), bytes, isNew]);
  }

  damaged(block: BlockId, detail: string): Promise<void> {
    return this.#call('damaged', [block, detail]);
  }

  broadcast(id: number): Promise<BroadcastBytes> {
    return this.#call('broadcast', [id]);
  }

  keepResult(taskId: number, parts: readonly Uint8Array[]): Promise<void> {
    return this.#call(
      'keepResult',
      [taskId, parts],
      parts.map(({ buffer }) => buffer as ArrayBuffer),
    );
  }

  #call<R>(op: Call['op'], args: readonly unknown[], hand: TransferListItem[] = []): Promise<R> {
    const id = this.#nextId++;
    return new Promise<R>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as (value: never) => void, reject });
      this.#port.postMessage({ id, op, args } satisfies Call, hand);
    });
  }
}

/** In the executor's main thread. @param ended is called when the slot's thread is gone */
export function serveSlotBlocks(port: MessagePort, blocks: SlotBlocks, ended: () => void): void {
  port.on('message', ({ id, op, args }: Call) => void answer(port, blocks, id, op, args));
  port.on('close', ended);
  port.unref();
}

async function answer(port: MessagePort, blocks: SlotBlocks, id: number, op: Call['op'], args: readonly unknown[]): Promise<void> {
  try {
    const value = await (blocks[op] as (...args: readonly unknown[]) => unknown)(...args);
    port.postMessage({ id, value } satisfies Reply);
  } catch (error) {
    const known = error instanceof AppError ? { code: error.code, params: error.params } : {};
    port.postMessage({ id, error: (error as Error).message, ...known } satisfies Reply);
  }
}

/** A level may be an instance of a class; only its flags travel. */
const flags = ({ useDisk, useMemory, useOffHeap, deserialized, replication }: StorageLevel): StorageLevel => ({
  useDisk,
  useMemory,
  useOffHeap,
  deserialized,
  replication,
});
