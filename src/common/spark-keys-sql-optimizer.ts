// Settings of SQL's optimiser and of adaptive execution, under Spark's names; part of spark-keys.ts.
import { key } from './key.ts';

export const SQL_OPTIMIZER_KEYS = {
  sqlAdaptive: key({
    name: 'spark.sql.adaptive.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Later stages are planned from the real sizes of earlier ones.',
  }),
  sqlAdvisoryPartitionSize: key({
    name: 'spark.sql.adaptive.advisoryPartitionSizeInBytes',
    unit: 'bytes',
    fallback: '64m',
    since: '0.2',
    doc: 'What small partitions of an exchange are put together to.',
  }),
  sqlCoalescePartitions: key({
    name: 'spark.sql.adaptive.coalescePartitions.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Whether small partitions of an exchange are put together.',
  }),
  sqlLeastPartitionSize: key({
    name: 'spark.sql.adaptive.coalescePartitions.minPartitionSize',
    unit: 'bytes',
    fallback: '1m',
    since: '0.2',
    doc: 'No partition that was put together is smaller, if it can be helped.',
  }),
  sqlSkewJoin: key({
    name: 'spark.sql.adaptive.skewJoin.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Whether a partition of a join that is much larger than the others becomes several tasks.',
  }),
  sqlSkewThreshold: key({
    name: 'spark.sql.adaptive.skewJoin.skewedPartitionThresholdInBytes',
    unit: 'bytes',
    fallback: '64m',
    since: '0.2',
    doc: 'Smaller partitions are not divided. Bytes of files between stages are about a quarter of what Spark counts.',
  }),
  sqlSkewFactor: key({
    name: 'spark.sql.adaptive.skewJoin.skewedPartitionFactor',
    unit: 'ratio',
    fallback: '5',
    since: '0.2',
    doc: 'A partition that is divided is so many times as large as the median.',
  }),
  sqlExcludedRules: key({
    name: 'spark.sql.optimizer.excludedRules',
    unit: 'text',
    fallback: undefined,
    since: '0.2',
    doc: "Rules of the optimiser that are left out, by Catalyst's class names, with commas between; rules that plans cannot do without stay.",
  }),
  sqlDynamicPartitionPruning: key({
    name: 'spark.sql.optimizer.dynamicPartitionPruning.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: "Folders of a partitioned table that a join's other side has no keys for are not read.",
  }),
  sqlRuntimeFilter: key({
    name: 'spark.sql.optimizer.runtime.bloomFilter.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Keys of the side of a join that is computed first leave rows of the other out before they move: the keys themselves, no Bloom filter.',
  }),
  sqlRuntimeFilterSide: key({
    name: 'spark.sql.optimizer.runtime.bloomFilter.applicationSideScanSizeThreshold',
    unit: 'bytes',
    fallback: '2m',
    since: '0.2',
    doc: 'Rows of fewer bytes are not filtered by the keys of the other side of a join.',
  }),
};
