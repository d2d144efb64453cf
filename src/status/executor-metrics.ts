// Memory and garbage collection of a process, by the names of Spark's ExecutorMetricType. Source: ExecutorMetricType.scala.

/** Memory figures of a process at one moment or their peaks, by Spark's names (ExecutorMetricType), bytes, counts or ms. Absent: 0. */
export type ExecutorMetrics = Readonly<Partial<Record<ExecutorMetricName, number>>>;
export const EXECUTOR_METRICS = [
  'JVMHeapMemory',
  'JVMOffHeapMemory',
  'OnHeapExecutionMemory',
  'OffHeapExecutionMemory',
  'OnHeapStorageMemory',
  'OffHeapStorageMemory',
  'OnHeapUnifiedMemory',
  'OffHeapUnifiedMemory',
  'DirectPoolMemory',
  'MappedPoolMemory',
  'ProcessTreeJVMVMemory',
  'ProcessTreeJVMRSSMemory',
  'ProcessTreePythonVMemory',
  'ProcessTreePythonRSSMemory',
  'ProcessTreeOtherVMemory',
  'ProcessTreeOtherRSSMemory',
  'MinorGCCount',
  'MinorGCTime',
  'MajorGCCount',
  'MajorGCTime',
  'TotalGCTime',
  'ConcurrentGCCount',
  'ConcurrentGCTime',
] as const;
export type ExecutorMetricName = (typeof EXECUTOR_METRICS)[number];
