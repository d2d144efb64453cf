// An executor's blocks as its slots and other executors meet them: here first, then from whoever the driver says has them; copies for levels
// with more than one. Lives in the executor's main thread, which runs no user code. Bytes and files are byte-blocks.ts, the slots' way here is
// block-port.ts, the way between executors block-transfer.ts. Source: Spark's BlockManager.
import type { Logger } from '../../common/ports.ts';
import type { StorageLevel } from '../plan/lineage.ts';
import { type BlockId, blockName, type Piece, TASK_RESULTS } from './block-pieces.ts';
import type { ByteBlocks } from './byte-blocks.ts';
import type { BlockMasterLink, BlockPeer, BlockTransfer, BlockUpdate, OpenBlock, SharedBlocks } from './shared-blocks.ts';

export type BlockManagerOptions = {
  readonly host: string;
  readonly bytes: ByteBlocks;
  readonly master: BlockMasterLink;
  /** undefined: a local master, which has no other executors. */
  readonly transfer: BlockTransfer | undefined;
  readonly log: Logger;
};

type Lease = (index: number) => Piece | Promise<Piece>;
/** A copy on its way: the peers that still take it. */
type Relay = { peers: BlockPeer[]; index: number };

export class BlockManager {
  readonly #options: BlockManagerOptions;
  readonly #leases = new Map<number, Lease>();
  readonly #relays = new Map<string, Relay>();
  #nextLease = 1;

  constructor(options: BlockManagerOptions) {
    this.#options = options;
  }

  get bytes(): ByteBlocks {
    return this.#options.bytes;
  }

  /** @param maker the slot */
  slot(maker: string): SharedBlocks {
    const { bytes } = this.#options;
    return {
      open: (block) => this.#open(block),
      piece: async (lease, index) => await this.#leases.get(lease)!(index),
      close: (lease) => void this.#leases.delete(lease),
      put: async (block, level, piece) => bytes.put(maker, block, level, piece),
      commit: (block, level) => this.#commit(maker, block, level),
      takeBack: async (block) => {
        const pieces = bytes.abandon(maker, block);
        return pieces.length === 0 ? undefined : this.#lease(pieces.length, (index) => pieces[index]!);
      },
      relay: (block, level, piece) => this.#relay(`${maker} ${blockName(block)}`, block, level, piece),
      staysElsewhere: (block) => this.#staysElsewhere(block),
      wroteFile: (block, level, size, isNew) => this.#wroteFile(block, level, size, isNew),
      damaged: (block, detail) => this.#damaged(block, detail),
    };
  }

  /** A slot's thread has ended: what it was making is nobody's. */
  slotEnded(maker: string): void {
    this.#options.bytes.abandonAll(maker);
    for (const key of [...this.#relays.keys()]) if (key.startsWith(`${maker} `)) this.#relays.delete(key);
  }

  /** @returns how many blocks went */
  removeRdd(rddId: number): number {
    return this.#options.bytes.removeRdd(rddId);
  }

  /** From another executor. @returns undefined: not here. A file's path is for readers on this host. */
  serveOpen(block: BlockId): { pieces: number; path: string | undefined } | undefined {
    const found = this.#options.bytes.find(block);
    if (found === undefined) return undefined;
    if ('pieces' in found) return { pieces: found.pieces.length, path: undefined };
    return { pieces: this.#options.bytes.filePieces(block).pieces, path: found.path };
  }

  /** @throws Error when it has gone meanwhile */
  serveRead(block: BlockId, index: number): Piece {
    const found = this.#options.bytes.find(block);
    if (found === undefined) throw new Error(`${blockName(block)} is not here any more`);
    return 'pieces' in found ? found.pieces[index]! : this.#options.bytes.filePieces(block).piece(index);
  }

  servePut(from: string, block: BlockId, level: StorageLevel, piece: Piece): boolean {
    return this.#options.bytes.put(from, block, level, piece);
  }

  async serveCommit(from: string, block: BlockId, level: StorageLevel): Promise<void> {
    await this.#report(this.#options.bytes.commit(from, block, level));
  }

  /**
   * Every block that is bytes to another executor, for one that is being taken out of service. A block that nobody takes stays.
   * @returns how many others have now, and how many nobody took
   */
  async migrateAll(): Promise<{ blocks: number; left: number }> {
    const all = this.#options.bytes.blocks();
    let blocks = 0;
    for (const block of all) {
      const level = this.#options.bytes.levelOf(block);
      if ((await this.#staysElsewhere(block)) || (level !== undefined && (await this.#copy(block, level, 1)) > 0)) blocks++;
    }
    return { blocks, left: all.length - blocks };
  }

  /** What changed without a slot's asking: told, in order with everything else. */
  changed(update: BlockUpdate): void {
    this.#options.log.info(
      update.memoryBytes + update.diskBytes > 0
        ? `Dropping block ${blockName(update)} from memory to disk (${update.diskBytes} bytes)`
        : `Dropping block ${blockName(update)} from memory`,
    );
    if (update.rddId !== TASK_RESULTS) void this.#report(update); // the driver knows where its results are
  }

  async #open(block: BlockId): Promise<OpenBlock | undefined> {
    const found = this.#options.bytes.find(block);
    if (found === undefined) return await this.#openRemote(block);
    if ('path' in found) return { tag: 'file', path: found.path, own: true };
    const { pieces } = found;
    return this.#lease(pieces.length, (index) => pieces[index]!);
  }

  async #openRemote(block: BlockId): Promise<OpenBlock | undefined> {
    const { transfer, master, host, log } = this.#options;
    if (transfer === undefined) return undefined;
    const holders = await master.locate(block);
    // On this host first.
    for (const peer of [...holders].sort((a, b) => Number(b.host === host) - Number(a.host === host))) {
      try {
        const there = await transfer.open(peer, block);
        if (there === undefined) continue;
        if (there.path !== undefined && peer.host === host) return { tag: 'file', path: there.path, own: false };
        return this.#lease(there.pieces, (index) => transfer.read(peer, block, index));
      } catch (error) {
        log.warn(`Failed to fetch remote block ${blockName(block)} from executor ${peer.executorId}: ${(error as Error).message}`);
      }
    }
    return undefined;
  }

  #lease(pieces: number, read: Lease): OpenBlock {
    const lease = this.#nextLease++;
    this.#leases.set(lease, read);
    return { tag: 'pieces', lease, pieces };
  }

  async #commit(maker: string, block: BlockId, level: StorageLevel): Promise<void> {
    await this.#report(this.#options.bytes.commit(maker, block, level));
    if (level.replication > 1) await this.#copy(block, level, level.replication - 1);
  }

  async #wroteFile(block: BlockId, level: StorageLevel, size: number, isNew: boolean): Promise<void> {
    await this.#report(this.#options.bytes.fileWritten(block, level, size));
    if (level.replication > 1 && isNew) await this.#copy(block, level, level.replication - 1);
  }

  async #damaged(block: BlockId, detail: string): Promise<void> {
    this.#options.log.warn(`Block ${blockName(block)} can't be read and is computed again: ${detail}`);
    const update = this.#options.bytes.remove(block);
    if (update !== undefined) await this.#report(update);
  }

  /** The driver being out of reach is the executor's end anyway: its connection says so. */
  async #report(update: BlockUpdate): Promise<void> {
    await this.#options.master.report([update]).catch((error: Error) => {
      this.#options.log.warn(`The driver could not be told of ${blockName(update)}: ${error.message}`);
    });
  }

  // ---- copies

  /** @returns copies made */
  async #copy(block: BlockId, level: StorageLevel, wanted: number): Promise<number> {
    const open = await this.#openOwn(block);
    if (open === undefined) return 0;
    const relay = await this.#startRelay(block, wanted);
    for (let index = 0; index < open.pieces; index++) await this.#relayPiece(relay, block, level, open.piece(index));
    return await this.#endRelay(relay, block, level, wanted);
  }

  #openOwn(block: BlockId): { pieces: number; piece: (index: number) => Piece } | undefined {
    const found = this.#options.bytes.find(block);
    if (found === undefined) return undefined;
    if ('pieces' in found) return { pieces: found.pieces.length, piece: (index) => found.pieces[index]! };
    const file = this.#options.bytes.filePieces(block);
    return { pieces: file.pieces, piece: (index) => file.piece(index) };
  }

  async #relay(key: string, block: BlockId, level: StorageLevel, piece: Piece | undefined): Promise<number> {
    let relay = this.#relays.get(key);
    if (relay === undefined) this.#relays.set(key, (relay = await this.#startRelay(block, level.replication - 1)));
    if (piece === undefined) {
      this.#relays.delete(key);
      return await this.#endRelay(relay, block, level, level.replication - 1);
    }
    await this.#relayPiece(relay, block, level, piece);
    return 0;
  }

  async #staysElsewhere(block: BlockId): Promise<boolean> {
    const { master } = this.#options;
    const [peers, holders] = await Promise.all([master.peers(), master.locate(block)]);
    return holders.some((holder) => peers.some(({ executorId }) => executorId === holder.executorId));
  }

  async #startRelay(block: BlockId, wanted: number): Promise<Relay> {
    if (this.#options.transfer === undefined) return { peers: [], index: 0 };
    const [peers, holders] = await Promise.all([this.#options.master.peers(), this.#options.master.locate(block)]);
    const free = peers.filter(({ executorId }) => !holders.some((holder) => holder.executorId === executorId));
    return { peers: free.slice(0, wanted), index: 0 };
  }

  async #relayPiece(relay: Relay, block: BlockId, level: StorageLevel, piece: Piece): Promise<void> {
    const index = relay.index++;
    const takes = await Promise.all(
      relay.peers.map((peer) =>
        this.#options.transfer!.put(peer, block, level, index, piece).catch((error: Error) => {
          this.#options.log.warn(`Failed to replicate ${blockName(block)} to executor ${peer.executorId}: ${error.message}`);
          return false;
        }),
      ),
    );
    relay.peers = relay.peers.filter((_, i) => takes[i]);
  }

  async #endRelay(relay: Relay, block: BlockId, level: StorageLevel, wanted: number): Promise<number> {
    const made = await Promise.all(
      relay.peers.map((peer) =>
        this.#options.transfer!.commit(peer, block, level).then(
          () => true,
          () => false,
        ),
      ),
    );
    const count = made.filter(Boolean).length;
    if (count < wanted) this.#options.log.warn(`Block ${blockName(block)} replicated to only ${count} peer(s) instead of ${wanted} peers`);
    return count;
  }
}
