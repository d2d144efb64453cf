// The settings of scheduling inside an application (spark.scheduler.*, spark.speculation.*, spark.excludeOnFailure.*, spark.task.*), with
// Spark's names and defaults. Part of SPARK_KEYS (spark-keys.ts).
import { key } from './key.ts';

export const SCHEDULING_KEYS = {
  schedulerMode: key({
    name: 'spark.scheduler.mode',
    unit: 'text',
    fallback: 'FIFO',
    since: '0.2',
    doc: 'FIFO: jobs of one application get slots in the order of their submission. FAIR: they share them (docs/SCHEDULING.md).',
  }),
  allocationFile: key({
    name: 'spark.scheduler.allocation.file',
    unit: 'text',
    fallback: undefined,
    since: '0.2',
    doc: 'File of the pools of FAIR scheduling, XML or YAML. Default: fairscheduler.xml, else fairscheduler.yaml, in the folder of settings.',
  }),
  cancelledGroupsTracked: key({
    name: 'spark.scheduler.numCancelledJobGroupsToTrack',
    unit: 'count',
    fallback: '1000',
    since: '0.2',
    doc: 'Groups that cancelJobGroupAndFutureJobs remembers; the oldest is forgotten first.',
  }),
  localityWaitProcessMs: key({
    name: 'spark.locality.wait.process',
    unit: 'ms',
    fallback: undefined,
    since: '0.2',
    doc: 'The same for tasks that wait for a slot or executor that holds their data. Default: spark.locality.wait.',
  }),
  localityWaitNodeMs: key({
    name: 'spark.locality.wait.node',
    unit: 'ms',
    fallback: undefined,
    since: '0.2',
    doc: 'The same for tasks that wait for a host. Default: spark.locality.wait.',
  }),
  localityWaitRackMs: key({
    name: 'spark.locality.wait.rack',
    unit: 'ms',
    fallback: undefined,
    since: '0.2',
    doc: 'The same for tasks that wait for a rack. Default: spark.locality.wait.',
  }),
  speculation: key({
    name: 'spark.speculation',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Run a copy of a task that takes much longer than the others of its stage; the first answer counts, the other attempt is killed.',
  }),
  speculationIntervalMs: key({
    name: 'spark.speculation.interval',
    unit: 'ms',
    fallback: '100ms',
    since: '0.2',
    doc: 'How often slow tasks are looked for.',
  }),
  speculationMultiplier: key({
    name: 'spark.speculation.multiplier',
    unit: 'ratio',
    fallback: '3',
    since: '0.2',
    doc: 'A task is slow when it runs this many times the median of its stage.',
  }),
  speculationQuantile: key({
    name: 'spark.speculation.quantile',
    unit: 'ratio',
    fallback: '0.9',
    since: '0.2',
    doc: 'Part of the tasks of a stage that must have succeeded before slow ones are looked for.',
  }),
  speculationMinRuntimeMs: key({
    name: 'spark.speculation.minTaskRuntime',
    unit: 'ms',
    fallback: '100ms',
    since: '0.2',
    doc: 'A task that has run less than this is never slow.',
  }),
  speculationThresholdMs: key({
    name: 'spark.speculation.task.duration.threshold',
    unit: 'ms',
    fallback: undefined,
    since: '0.2',
    doc: 'A stage with no more tasks than one executor has slots need not wait for the quantile: tasks that ran so long are slow.',
  }),
};
