// A broadcast variable's bytes, cut into pieces that travel one by one, and put together again. The driver cuts (driver-storage.ts), a worker
// thread puts together; on the way between them is executor/broadcast-store.ts. Source: Spark's TorrentBroadcast (blockifyObject).
import { constants, crc32, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { AppError } from '../../common/errors.ts';

export type PieceSettings = {
  /** spark.broadcast.blockSize, bytes */
  readonly blockBytes: number;
  readonly compress: boolean;
  readonly checksum: boolean;
};

/** Enough to make the value again. */
export type BroadcastBytes = {
  /** Before compression. */
  readonly sizeBytes: number;
  readonly compressed: boolean;
  readonly pieces: readonly Uint8Array[];
};
export type CutBroadcast = BroadcastBytes & {
  /** Of all pieces. */
  readonly storedBytes: number;
  /** CRC-32 of each piece; empty: they are not checked. */
  readonly checksums: readonly number[];
};

/** A piece must fit into a frame, with room for what is around it. */
const LEAST_PIECE_BYTES = 1024;
const MOST_PIECE_BYTES = 32 << 20;
const ZSTD_LEVEL = 1;

export function cutBroadcast(bytes: Uint8Array, { blockBytes, compress, checksum }: PieceSettings): CutBroadcast {
  const packed = compress ? zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: ZSTD_LEVEL } }) : bytes;
  // What zstd can't make smaller travels as it is: nobody has to unpack it.
  const compressed = packed.length < bytes.length;
  const stored = compressed ? packed : bytes;
  const step = Math.min(MOST_PIECE_BYTES, Math.max(LEAST_PIECE_BYTES, blockBytes));
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < stored.length; at += step) pieces.push(stored.subarray(at, at + step));
  const checksums = checksum ? pieces.map((piece) => crc32(piece)) : [];
  return { sizeBytes: bytes.length, storedBytes: stored.length, compressed, pieces, checksums };
}

export function joinBroadcast({ sizeBytes, compressed, pieces }: BroadcastBytes): Uint8Array {
  const stored = pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces);
  return compressed ? zstdDecompressSync(stored, { chunkSize: Math.max(64, Math.min(sizeBytes, MOST_PIECE_BYTES)) }) : stored;
}

export const pieceName = (broadcastId: number, index: number): string => `broadcast_${broadcastId}_piece${index}`;

export const missingPiece = (broadcastId: number, index: number): AppError =>
  new AppError('BROADCAST_MISSING', { piece: pieceName(broadcastId, index), broadcast: `broadcast_${broadcastId}` });

/** @returns what is wrong with the piece, undefined: nothing. @param expected undefined: it is not checked */
export function pieceFault(piece: Uint8Array, expected: number | undefined): string | undefined {
  const found = expected === undefined ? undefined : crc32(piece);
  return found === expected ? undefined : `its checksum is ${found}, ${expected} was expected`;
}
