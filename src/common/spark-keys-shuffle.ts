// The settings of an application about shuffles (spark.shuffle.*, spark.reducer.*), a part of SPARK_KEYS (spark-keys.ts). What Spark has and is
// not here has no meaning in this engine; such a key is named in the warning about settings without effect.
import { key } from './key.ts';

export const SHUFFLE_KEYS = {
  shuffleServiceEnabled: key({
    name: 'spark.shuffle.service.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: "Executors register their shuffle files with the NodeManager's shuffle service, which serves them when they are gone. Needs spark_shuffle in yarn.nodemanager.aux-services; local masters have none.",
  }),
  readHostLocalDisk: key({
    name: 'spark.shuffle.readHostLocalDisk',
    unit: 'bool',
    fallback: 'true',
    since: '0.1',
    doc: 'Read shuffle files of executors on the same host from disk; false sends all through the block protocol.',
  }),
  shuffleSpillBytes: key({
    name: 'spark.shuffle.spill.initialMemoryThreshold',
    unit: 'bytes',
    fallback: '5m',
    since: '0.1',
    doc: "A sort, a table or a writer holds about this much before it asks the slot's memory pool for more; when it gets no more, it spills to disk.",
  }),
  maxBytesInFlight: key({
    name: 'spark.reducer.maxSizeInFlight',
    unit: 'bytes',
    fallback: '48m',
    since: '0.1',
    doc: 'Bytes of remote blocks that one reduce task fetches at once.',
  }),
  maxRequestsInFlight: key({
    name: 'spark.reducer.maxReqsInFlight',
    unit: 'count',
    fallback: '2147483647',
    since: '0.2',
    doc: 'Requests for remote blocks that one reduce task has open at once, beside spark.reducer.maxSizeInFlight.',
  }),
  maxBlocksPerAddress: key({
    name: 'spark.reducer.maxBlocksInFlightPerAddress',
    unit: 'count',
    fallback: '2147483647',
    since: '0.2',
    doc: 'Blocks that one reduce task asks of one executor or shuffle service at once.',
  }),
  maxFetchToMemory: key({
    name: 'spark.network.maxRemoteBlockSizeFetchToMem',
    unit: 'bytes',
    fallback: '200m',
    since: '0.2',
    doc: "A remote block above this goes to disk while it is fetched; so does what the task's share of memory can't hold.",
  }),
  fetchRetries: key({
    name: 'spark.shuffle.io.maxRetries',
    unit: 'count',
    fallback: '3',
    since: '0.2',
    doc: 'How often a request is repeated after a lost connection or a timeout, before the task reports FETCH_FAILED. An executor on this host that does not answer is gone: it is not asked again.',
  }),
  fetchRetryWaitMs: key({
    name: 'spark.shuffle.io.retryWait',
    unit: 'seconds',
    fallback: '5s',
    since: '0.2',
    doc: 'Wait between those repetitions.',
  }),
  shuffleChecksum: key({
    name: 'spark.shuffle.checksum.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Readers check each block against the CRC-32 of its writer. A wrong one is read again; then the message says whether the disk or the network spoilt it.',
  }),
  shuffleCompress: key({
    name: 'spark.shuffle.compress',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Compress map outputs (Spark: true). Numbers and texts are packed as columns anyway; compression pays where the network or the disk is slow.',
  }),
  spillCompress: key({
    name: 'spark.shuffle.spill.compress',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Compress what sorts and tables spill (Spark: true).',
  }),
  compressionCodec: key({
    name: 'spark.io.compression.codec',
    unit: 'text',
    fallback: 'lz4',
    since: '0.2',
    doc: "How shuffle and spill files are compressed: zstd; or lz4, lzf and snappy, which Node.js has not: they mean zstd's fast mode, about as quick.",
  }),
  zstdLevel: key({
    name: 'spark.io.compression.zstd.level',
    unit: 'count',
    fallback: '1',
    since: '0.2',
    doc: 'Level of zstd: higher is smaller and slower.',
  }),
};
