// How shuffle and spill files are compressed: batch by batch, so that a block stays a sequence of batches and can be read piece by piece. Reading
// needs no setting: a packed batch says what it is (rdd/row-codec.ts). Source: spark.io.compression.codec; Node.js has zstd of Spark's codecs.
import { constants, zstdCompressSync } from 'node:zlib';
import { AppError } from '../../common/errors.ts';
import { PACKED_HEAD, writePackedHead } from '../rdd/row-codec.ts';

export type Pack = (batch: Buffer) => Buffer;

/** Not worth a call. */
const LEAST_BYTES = 256;
/** What the fast codecs of Spark stand for: zstd's own fast mode, about as quick and as small. */
const FAST_LEVEL = -3;
const FAST_CODECS = ['lz4', 'lzf', 'snappy'];

/** @param codec spark.io.compression.codec @param level spark.io.compression.zstd.level. @throws AppError CONFIG_BAD_VALUE */
export function packWith(codec: string, level: number): Pack {
  const isZstd = codec.toLowerCase() === 'zstd';
  if (!isZstd && !FAST_CODECS.includes(codec.toLowerCase()))
    throw new AppError('CONFIG_BAD_VALUE', {
      key: 'spark.io.compression.codec',
      value: codec,
      expected: `zstd, ${FAST_CODECS.join(', ')}`,
      where: "the application's settings",
    });
  const params = { [constants.ZSTD_c_compressionLevel]: isZstd ? level : FAST_LEVEL };
  return (batch) => {
    if (batch.length < LEAST_BYTES) return batch;
    const packed = zstdCompressSync(batch, { params });
    const size = (PACKED_HEAD + packed.length + 7) & ~7;
    if (size >= batch.length) return batch;
    const out = Buffer.allocUnsafeSlow(size);
    writePackedHead(out, batch, packed.length);
    packed.copy(out, PACKED_HEAD);
    out.fill(0, PACKED_HEAD + packed.length);
    return out;
  };
}
