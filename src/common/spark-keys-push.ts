// The settings of an application about push-based shuffle (spark.shuffle.push.*), a part of SPARK_KEYS (spark-keys.ts). Those of the service that
// merges are a NodeManager's (config-keys.ts, spark.shuffle.push.server.*). Source: Spark's internal.config package.
import { key } from './key.ts';

export const PUSH_KEYS = {
  pushEnabled: key({
    name: 'spark.shuffle.push.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Executors push the blocks of their map outputs to shuffle services, which merge those of one reduce partition; reduce tasks then read few large chunks instead of many small blocks. Needs spark.shuffle.service.enabled; a warning says so where it is missing.',
  }),
  pushMaxBlockBytes: key({
    name: 'spark.shuffle.push.maxBlockSizeToPush',
    unit: 'bytes',
    fallback: '1m',
    since: '0.2',
    doc: 'Larger blocks are not pushed: reduce tasks read them from the map outputs.',
  }),
  pushBatchBytes: key({
    name: 'spark.shuffle.push.maxBlockBatchSize',
    unit: 'bytes',
    fallback: '3m',
    since: '0.2',
    doc: 'Blocks of one map output that go to the same service are pushed together up to this.',
  }),
  pushThreads: key({
    name: 'spark.shuffle.push.numPushThreads',
    unit: 'count',
    fallback: undefined,
    since: '0.2',
    doc: 'Map outputs that one executor pushes at once. Default: as many as it has cores.',
  }),
  pushFinalizeMs: key({
    name: 'spark.shuffle.push.finalize.timeout',
    unit: 'seconds',
    fallback: '10s',
    since: '0.2',
    doc: 'So long the driver waits, after all map tasks of a stage have ended, for blocks that are still pushed.',
  }),
  pushResultsMs: key({
    name: 'spark.shuffle.push.results.timeout',
    unit: 'seconds',
    fallback: '10s',
    since: '0.2',
    doc: 'So long the driver waits for services to say what they merged; of those that have not, the map outputs are read.',
  }),
  pushMinBytesToWait: key({
    name: 'spark.shuffle.push.minShuffleSizeToWait',
    unit: 'bytes',
    fallback: '500m',
    since: '0.2',
    doc: 'For shuffles smaller than this the driver does not wait for pushed blocks, and nothing merged is read.',
  }),
  pushMinCompletedRatio: key({
    name: 'spark.shuffle.push.minCompletedPushRatio',
    unit: 'ratio',
    fallback: '1.0',
    since: '0.2',
    doc: 'When so much of the map outputs has been pushed, the driver waits no longer.',
  }),
  pushMergersMinRatio: key({
    name: 'spark.shuffle.push.mergersMinThresholdRatio',
    unit: 'ratio',
    fallback: '0.05',
    since: '0.2',
    doc: 'Of the services that a shuffle wants (one for each executor that its reduce tasks fill) at least so many must be there, or it is not pushed.',
  }),
  pushMergersMinStatic: key({
    name: 'spark.shuffle.push.mergersMinStaticThreshold',
    unit: 'count',
    fallback: '5',
    since: '0.2',
    doc: 'And at least so many, unless it wants fewer.',
  }),
  pushMaxRetainedMergers: key({
    name: 'spark.shuffle.push.maxRetainedMergerLocations',
    unit: 'count',
    fallback: '500',
    since: '0.2',
    doc: 'Services that the driver remembers for merging, also when no executor of the application is on their node any more.',
  }),
};
