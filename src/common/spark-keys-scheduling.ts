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
};
