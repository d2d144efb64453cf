// The public API for authors of applications: all that examples/ may import, and what `import … from 'emberloom'` gives.
export { AppError } from './common/errors.ts';
export { type ErrorContext, SparkError, SparkIllegalArgumentException } from './common/spark-error.ts';
export { SparkConf } from './runtime/driver/service/spark-conf.ts';
export type { SparkListener } from './runtime/driver/service/spark-listener.ts';
export { SparkContext } from './runtime/driver/service/spark-context.ts';
export type { SparkExecutorInfo, SparkJobInfo, SparkStageInfo, StatusTracker } from './runtime/driver/service/status-tracker.ts';
export { CollectionAccumulator, DoubleAccumulator, LongAccumulator } from './runtime/rdd/accumulators.ts';
export { RDDBarrier } from './runtime/rdd/barrier.ts';
export { BarrierTaskContext, type BarrierTaskInfo } from './runtime/rdd/barrier-task-context.ts';
export { Broadcast } from './runtime/rdd/broadcast.ts';
export type { Row, Widened } from './runtime/rdd/inference.ts';
export type { Partitioning } from './runtime/rdd/pair-transformations.ts';
export { HashPartitioner, Partitioner, RangePartitioner } from './runtime/rdd/partitioner.ts';
export { RDD } from './runtime/rdd/rdd.ts';
export {
  type ExecutorResourceRequest,
  ExecutorResourceRequests,
  ResourceProfile,
  ResourceProfileBuilder,
  type TaskResourceRequest,
  TaskResourceRequests,
} from './runtime/rdd/resource-profile.ts';
export { SparkFiles } from './runtime/rdd/spark-files.ts';
export { StatCounter } from './runtime/rdd/stat-counter.ts';
export { StorageLevel, StorageLevels } from './runtime/rdd/storage-level.ts';
export { TaskContext } from './runtime/rdd/task-context.ts';
export type { PartitionOutput, PartitionRows } from './runtime/rdd/transformations.ts';
export { Aggregator } from './runtime/sql/api/aggregator.ts';
export { Column, type ColumnOrName } from './runtime/sql/api/column.ts';
export { DataFrame } from './runtime/sql/api/dataframe.ts';
export { Dataset } from './runtime/sql/api/dataset.ts';
export { Encoder, Encoders } from './runtime/sql/api/encoders.ts';
export { Decimal } from './runtime/sql/api/decimal.ts';
export { type Functions, functions } from './runtime/sql/api/functions.ts';
export { GeometryVal } from './runtime/sql/api/geometry-val.ts';
export { KeyValueGroupedDataset } from './runtime/sql/api/key-value-grouped.ts';
export { GroupedData } from './runtime/sql/api/grouped-data.ts';
export { Observation } from './runtime/sql/api/observation.ts';
export { Row as SqlRow, type TypedRow } from './runtime/sql/api/rows.ts';
export {
  CalendarInterval,
  DayTimeInterval,
  LocalDate,
  LocalTime,
  LocalTimestamp,
  Timestamp,
  YearMonthInterval,
} from './runtime/sql/api/times.ts';
export { TableValuedFunctions } from './runtime/sql/api/table-valued-functions.ts';
export {
  ArrayType,
  BinaryType,
  BooleanType,
  ByteType,
  CalendarIntervalType,
  DataType,
  DateType,
  DecimalType,
  DoubleType,
  FloatType,
  IntegerType,
  LongType,
  MapType,
  NullType,
  ShortType,
  StringType,
  StructField,
  StructType,
  TimestampNTZType,
  TimestampType,
  VariantType,
} from './runtime/sql/api/types.ts';
export { VariantVal } from './runtime/sql/api/variant-val.ts';
export type { Udaf } from './runtime/sql/api/udaf.ts';
export { type Udf, type UdfOptions, UdfRegistration } from './runtime/sql/api/udf.ts';
export { TableArg } from './runtime/sql/api/table-arg.ts';
export {
  type AnalyzeArgument,
  AnalyzeResult,
  OrderingColumn,
  PartitioningColumn,
  SelectedColumn,
  SkipRestOfInputTableException,
} from './runtime/sql/api/table-function-analysis.ts';
export { type Udtf, type UdtfHandler, type UdtfOptions, UdtfRegistration, type UdtfRows } from './runtime/sql/api/udtf.ts';
export { Window, WindowSpec } from './runtime/sql/api/window.ts';
export { RuntimeConfig } from './runtime/runtime-config.ts';
export { SparkSession } from './runtime/session.ts';
export { SparkSessionBuilder } from './runtime/session-builder.ts';
