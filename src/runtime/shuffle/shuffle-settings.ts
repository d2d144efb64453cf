// What the application's settings say about its shuffles, read once for each stage on a worker.
import { type Key, settingOf, type Unit } from '../../common/key.ts';
import { SPARK_KEYS } from '../../common/spark-keys.ts';

export type ShuffleSettings = {
  /** May be held by a sort or a table before it asks for memory. */
  readonly spillBytes: number;
  readonly inFlightBytes: number;
  readonly requestsInFlight: number;
  readonly blocksPerAddress: number;
  readonly toMemoryBytes: number;
  readonly checksum: boolean;
  readonly compressShuffle: boolean;
  readonly compressSpills: boolean;
  readonly codec: string;
  readonly zstdLevel: number;
};

/** @throws AppError CONFIG_BAD_VALUE */
export function shuffleSettings(conf: ReadonlyMap<string, string>): ShuffleSettings {
  const read = <U extends Unit>(key: Key<U>) => settingOf(conf, key);
  return {
    spillBytes: read(SPARK_KEYS.shuffleSpillBytes),
    inFlightBytes: read(SPARK_KEYS.maxBytesInFlight),
    requestsInFlight: Math.max(1, read(SPARK_KEYS.maxRequestsInFlight)),
    blocksPerAddress: Math.max(1, read(SPARK_KEYS.maxBlocksPerAddress)),
    toMemoryBytes: read(SPARK_KEYS.maxFetchToMemory),
    checksum: read(SPARK_KEYS.shuffleChecksum),
    compressShuffle: read(SPARK_KEYS.shuffleCompress),
    compressSpills: read(SPARK_KEYS.spillCompress),
    codec: read(SPARK_KEYS.compressionCodec),
    zstdLevel: read(SPARK_KEYS.zstdLevel),
  };
}
