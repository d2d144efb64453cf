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
    fallback: '64m',
    since: '0.1',
    doc: 'A shuffle writer may hold about this much before it sorts and spills to disk (Spark: 5m, growing).',
  }),
  maxBytesInFlight: key({
    name: 'spark.reducer.maxSizeInFlight',
    unit: 'bytes',
    fallback: '48m',
    since: '0.1',
    doc: 'Bytes of remote blocks that one reduce task fetches at once.',
  }),
};
