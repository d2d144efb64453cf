// The settings of the listener bus and the event log (spark.eventLog.*), with Spark 4's names and defaults. Part of SPARK_KEYS (spark-keys.ts).
import { key } from './key.ts';

export const EVENT_KEYS = {
  eventLogEnabled: key({
    name: 'spark.eventLog.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Write what happens in the application to a log that the history server shows (docs/EVENT-LOG.md).',
  }),
  eventLogDir: key({
    name: 'spark.eventLog.dir',
    unit: 'text',
    fallback: 'file:///tmp/spark-events',
    since: '0.2',
    doc: 'Folder of event logs. It must exist; one for all applications, where the history server looks for them.',
  }),
  eventLogOverwrite: key({
    name: 'spark.eventLog.overwrite',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Replace a log of the same application that is there already; false ends the application with an error.',
  }),
  eventLogCompress: key({
    name: 'spark.eventLog.compress',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Compress the event log; a log is some twenty times smaller.',
  }),
  eventLogCodec: key({
    name: 'spark.eventLog.compression.codec',
    unit: 'text',
    fallback: 'zstd',
    since: '0.2',
    doc: 'How event logs are compressed: zstd. The others that Spark has are not available.',
  }),
  eventLogBufferKb: key({
    name: 'spark.eventLog.buffer.kb',
    unit: 'count',
    fallback: '100',
    since: '0.2',
    doc: 'Text that is gathered before it is written, KiB. What is in it is written at the end of every job.',
  }),
  eventLogRolling: key({
    name: 'spark.eventLog.rolling.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'A folder of files for each application instead of one file, so that old parts can be compacted.',
  }),
  eventLogMaxFileSize: key({
    name: 'spark.eventLog.rolling.maxFileSize',
    unit: 'bytes',
    fallback: '128m',
    since: '0.2',
    doc: 'Size after which a rolling log begins its next file. At least 10m.',
  }),
  eventLogBlockUpdates: key({
    name: 'spark.eventLog.logBlockUpdates.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Log every block that is stored or dropped: the Storage page of the history server needs it; logs grow.',
  }),
  eventLogStageMetrics: key({
    name: 'spark.eventLog.logStageExecutorMetrics',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: "Log each executor's peaks of memory and garbage collection while a stage ran.",
  }),
  zstdLevel: key({
    name: 'spark.io.compression.zstd.level',
    unit: 'count',
    fallback: '1',
    since: '0.2',
    doc: 'Level of zstd for event logs: higher is smaller and slower.',
  }),
  eventQueueCapacity: key({
    name: 'spark.scheduler.listenerbus.eventqueue.capacity',
    unit: 'count',
    fallback: '10000',
    since: '0.2',
    doc: 'Events that may wait for a slow listener of the program before further ones are dropped for it. Status store and event log are not dropped.',
  }),
};
