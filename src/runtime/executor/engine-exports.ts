// What `import … from 'emberloom'` gives inside user functions on executors. What only the driver has is there by name and says so.
import { CollectionAccumulator, DoubleAccumulator, LongAccumulator } from '../rdd/accumulators.ts';
import { Broadcast } from '../rdd/broadcast.ts';
import { HashPartitioner, Partitioner, RangePartitioner } from '../rdd/partitioner.ts';
import { useRecordCodecs } from '../rdd/record-classes.ts';
import { ExecutorResourceRequests, ResourceProfile, ResourceProfileBuilder, TaskResourceRequests } from '../rdd/resource-profile.ts';
import { SparkFiles } from '../rdd/spark-files.ts';
import { StatCounter } from '../rdd/stat-counter.ts';
import { StorageLevel, StorageLevels } from '../rdd/storage-level.ts';
import { BarrierTaskContext } from '../rdd/barrier-task-context.ts';
import { TaskContext } from '../rdd/task-context.ts';
import { loadSqlFunctions } from '../load-sql.ts';

const driverOnly = (name: string) =>
  class {
    static builder(): never {
      throw new Error(`${name} only exists in the driver; a task can't start jobs (SPARK-5063)`);
    }

    static getOrCreate(): never {
      throw new Error(`${name} only exists in the driver; a task can't start jobs (SPARK-5063)`);
    }

    constructor() {
      throw new Error(`${name} only exists in the driver; a task can't start jobs (SPARK-5063)`);
    }
  };

/** SQL's classes, loaded when a function names one: most tasks never do. */
const OF_SQL = [
  'Aggregator',
  'AnalyzeResult',
  'CalendarInterval',
  'DayTimeInterval',
  'Decimal',
  'Encoder',
  'Encoders',
  'LocalDate',
  'LocalTime',
  'LocalTimestamp',
  'OrderingColumn',
  'PartitioningColumn',
  'SelectedColumn',
  'SkipRestOfInputTableException',
  'SqlRow',
  'Timestamp',
  'VariantVal',
  'YearMonthInterval',
] as const;

export const ENGINE: Readonly<Record<string, unknown>> = {
  Broadcast,
  CollectionAccumulator,
  DoubleAccumulator,
  LongAccumulator,
  HashPartitioner,
  Partitioner,
  RangePartitioner,
  ExecutorResourceRequests,
  ResourceProfile,
  ResourceProfileBuilder,
  TaskResourceRequests,
  SparkFiles,
  StatCounter,
  StorageLevel,
  StorageLevels,
  BarrierTaskContext,
  TaskContext,
  SparkSession: driverOnly('SparkSession'),
  SparkContext: driverOnly('SparkContext'),
};
for (const name of OF_SQL) {
  const get = () => {
    useRecordCodecs(); // what a function makes of them keeps its class
    return loadSqlFunctions().PROGRAM_CLASSES[name];
  };
  Object.defineProperty(ENGINE, name, { enumerable: true, get });
}
