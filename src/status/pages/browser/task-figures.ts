// Which figures of tasks the Stage page shows, once for its quantiles and its task table: where each stands in the REST API's objects, what it is
// sorted by on the server (page-routes.ts), and whether it is shown at first. Source: Spark's stagepage.js and TaskDetailsClassNames.
import { bytes, count, duration } from '../../../browser/format.ts';
import type { Stage, Task, TaskMetricGroups, TaskSummary } from './rest.ts';

type Five = readonly number[];
export type Figure = {
  readonly key: string;
  readonly title: string;
  readonly hint: string;
  /** Chosen by check box; else shown when the stage has any. */
  readonly optional: boolean;
  readonly text: (value: number) => string;
  readonly ofSummary: (s: TaskSummary) => Five;
  readonly ofTask: (m: TaskMetricGroups, t: Task) => number;
  /** Records that go with the size. */
  readonly records?: { readonly ofSummary: (s: TaskSummary) => Five; readonly ofTask: (m: TaskMetricGroups) => number };
  /** A field of TaskData or of TaskMetrics. */
  readonly sortBy: string;
  readonly has: (s: Stage) => boolean;
};

const nanos = (ns: number): string => duration(Math.round(ns / 1e6));
const always = (): boolean => true;

export const FIGURES: readonly Figure[] = [
  {
    key: 'schedulerDelay',
    title: 'Scheduler delay',
    hint: 'From the launch in the driver to the start on the executor, and back again. Long: the driver is busy, or results are large.',
    optional: true,
    text: duration,
    ofSummary: (s) => s.schedulerDelay,
    ofTask: (_, t) => t.schedulerDelay,
    sortBy: 'schedulerDelay',
    has: always,
  },
  {
    key: 'deserializeTime',
    title: 'Task deserialisation',
    hint: 'Reading the task, its closure and broadcast values on the executor.',
    optional: true,
    text: duration,
    ofSummary: (s) => s.executorDeserializeTime,
    ofTask: (m) => m.executorDeserializeTime,
    sortBy: 'executorDeserializeTime',
    has: always,
  },
  {
    key: 'gcTime',
    title: 'GC time',
    hint: 'Garbage collection in the thread of the task while it ran.',
    optional: false,
    text: duration,
    ofSummary: (s) => s.jvmGcTime,
    ofTask: (m) => m.jvmGcTime,
    sortBy: 'gcTime',
    has: always,
  },
  {
    key: 'serializationTime',
    title: 'Result serialisation',
    hint: 'Packing the result on the executor.',
    optional: true,
    text: duration,
    ofSummary: (s) => s.resultSerializationTime,
    ofTask: (m) => m.resultSerializationTime,
    sortBy: 'resultSerializationTime',
    has: always,
  },
  {
    key: 'gettingResultTime',
    title: 'Getting result',
    hint: 'The driver fetching a result that was too large to come with the task’s end.',
    optional: true,
    text: duration,
    ofSummary: (s) => s.gettingResultTime,
    ofTask: (_, t) => t.gettingResultTime,
    sortBy: 'gettingResultTime',
    has: always,
  },
  {
    key: 'resultSize',
    title: 'Result size',
    hint: 'Bytes that the task sent back to the driver.',
    optional: true,
    text: bytes,
    ofSummary: (s) => s.resultSize,
    ofTask: (m) => m.resultSize,
    sortBy: 'resultSize',
    has: always,
  },
  {
    key: 'peakMemory',
    title: 'Peak execution memory',
    hint: 'The most that sorts, joins and aggregations of the task held at once.',
    optional: true,
    text: bytes,
    ofSummary: (s) => s.peakExecutionMemory,
    ofTask: (m) => m.peakExecutionMemory,
    sortBy: 'peakExecutionMemory',
    has: always,
  },
  {
    key: 'input',
    title: 'Input size / records',
    hint: 'Read from storage or cached partitions.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.inputMetrics.bytesRead,
    ofTask: (m) => m.inputMetrics.bytesRead,
    records: { ofSummary: (s) => s.inputMetrics.recordsRead, ofTask: (m) => m.inputMetrics.recordsRead },
    sortBy: 'inputBytes',
    has: (s) => s.inputBytes > 0 || s.inputRecords > 0,
  },
  {
    key: 'output',
    title: 'Output size / records',
    hint: 'Written to storage.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.outputMetrics.bytesWritten,
    ofTask: (m) => m.outputMetrics.bytesWritten,
    records: { ofSummary: (s) => s.outputMetrics.recordsWritten, ofTask: (m) => m.outputMetrics.recordsWritten },
    sortBy: 'outputBytes',
    has: (s) => s.outputBytes > 0 || s.outputRecords > 0,
  },
  {
    key: 'fetchWait',
    title: 'Shuffle fetch wait',
    hint: 'The task stood still waiting for blocks of other executors.',
    optional: true,
    text: duration,
    ofSummary: (s) => s.shuffleReadMetrics.fetchWaitTime,
    ofTask: (m) => m.shuffleReadMetrics.fetchWaitTime,
    sortBy: 'shuffleFetchWaitTime',
    has: (s) => s.shuffleReadBytes > 0,
  },
  {
    key: 'shuffleRead',
    title: 'Shuffle read size / records',
    hint: 'Read from earlier stages, local and remote.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.shuffleReadMetrics.readBytes,
    ofTask: (m) => m.shuffleReadMetrics.localBytesRead + m.shuffleReadMetrics.remoteBytesRead,
    records: { ofSummary: (s) => s.shuffleReadMetrics.readRecords, ofTask: (m) => m.shuffleReadMetrics.recordsRead },
    sortBy: 'shuffleReadBytes',
    has: (s) => s.shuffleReadBytes > 0,
  },
  {
    key: 'remoteRead',
    title: 'Shuffle remote reads',
    hint: 'Of the shuffle read, what came from other executors.',
    optional: true,
    text: bytes,
    ofSummary: (s) => s.shuffleReadMetrics.remoteBytesRead,
    ofTask: (m) => m.shuffleReadMetrics.remoteBytesRead,
    sortBy: 'shuffleRemoteBytes',
    has: (s) => s.shuffleReadBytes > 0,
  },
  {
    key: 'shuffleWrite',
    title: 'Shuffle write size / records',
    hint: 'Written for later stages.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.shuffleWriteMetrics.writeBytes,
    ofTask: (m) => m.shuffleWriteMetrics.bytesWritten,
    records: { ofSummary: (s) => s.shuffleWriteMetrics.writeRecords, ofTask: (m) => m.shuffleWriteMetrics.recordsWritten },
    sortBy: 'shuffleBytesWritten',
    has: (s) => s.shuffleWriteBytes > 0,
  },
  {
    key: 'shuffleWriteTime',
    title: 'Shuffle write time',
    hint: 'Writing shuffle files.',
    optional: true,
    text: nanos,
    ofSummary: (s) => s.shuffleWriteMetrics.writeTime,
    ofTask: (m) => m.shuffleWriteMetrics.writeTime,
    sortBy: 'shuffleWriteTimeNs',
    has: (s) => s.shuffleWriteBytes > 0,
  },
  {
    key: 'memorySpill',
    title: 'Spill (memory)',
    hint: 'Size in memory of what was spilled.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.memoryBytesSpilled,
    ofTask: (m) => m.memoryBytesSpilled,
    sortBy: 'memoryBytesSpilled',
    has: (s) => s.memoryBytesSpilled > 0,
  },
  {
    key: 'diskSpill',
    title: 'Spill (disk)',
    hint: 'Size on disk of what was spilled.',
    optional: false,
    text: bytes,
    ofSummary: (s) => s.diskBytesSpilled,
    ofTask: (m) => m.diskBytesSpilled,
    sortBy: 'diskBytesSpilled',
    has: (s) => s.diskBytesSpilled > 0,
  },
];

/** @param chosen keys of optional figures */
export const shownFigures = (stage: Stage, chosen: ReadonlySet<string>): readonly Figure[] =>
  FIGURES.filter((f) => f.has(stage) && (!f.optional || chosen.has(f.key)));

export const figureText = (f: Figure, value: number | undefined, records?: number): string =>
  value === undefined ? '–' : records === undefined ? f.text(value) : `${f.text(value)} / ${count(records)}`;
