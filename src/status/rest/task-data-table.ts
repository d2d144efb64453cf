// `taskTable`: pages of tasks by the protocol of DataTables, with the column names of Spark's stage page. Source: StagesResource.taskTable and
// ApiHelper.scala; datatables.net/manual/server-side.
import type { StatusView } from '../store/status-view.ts';
import { renderTask } from './render-stages.ts';
import type { Query } from './request.ts';

/** What the page calls its columns → what tasks are sorted by. */
const COLUMNS: Readonly<Record<string, string>> = {
  ID: 'taskId',
  Index: 'index',
  Attempt: 'attempt',
  Status: 'status',
  'Locality Level': 'taskLocality',
  'Executor ID': 'executorId',
  Executor: 'executorId',
  Host: 'host',
  Logs: 'index',
  'Launch Time': 'launchTime',
  Duration: 'duration',
  'Scheduler Delay': 'schedulerDelay',
  'Task Deserialization Time': 'executorDeserializeTime',
  'GC Time': 'gcTime',
  'Result Serialization Time': 'resultSerializationTime',
  'Getting Result Time': 'gettingResultTime',
  'Peak Execution Memory': 'peakExecutionMemory',
  'Input Size': 'inputBytes',
  'Input Size / Records': 'inputBytes',
  'Output Size': 'outputBytes',
  'Output Size / Records': 'outputBytes',
  'Write Time': 'shuffleWriteTimeNs',
  'Shuffle Write Time': 'shuffleWriteTimeNs',
  'Shuffle Write Size / Records': 'shuffleBytesWritten',
  'Shuffle Read Blocked Time': 'shuffleFetchWaitTime',
  'Shuffle Read Fetch Wait Time': 'shuffleFetchWaitTime',
  'Shuffle Read Size / Records': 'shuffleReadBytes',
  'Shuffle Remote Reads': 'shuffleRemoteBytes',
  'Shuffle Spill (Memory)': 'memoryBytesSpilled',
  'Spill (Memory)': 'memoryBytesSpilled',
  'Shuffle Spill (Disk)': 'diskBytesSpilled',
  'Spill (Disk)': 'diskBytesSpilled',
  Errors: 'errorMessage',
};

export function dataTable(view: StatusView, stageId: number, attemptId: number, query: Query): object {
  const search = query.text('search[value]') || undefined;
  const total = query.text('numTasks') ?? String(view.taskCount(stageId, attemptId, {}));
  const tasks = view.tasks(stageId, attemptId, {
    offset: Math.max(0, query.whole('start', 0)),
    length: Math.max(0, query.whole('length', 20)),
    sort: {
      by: COLUMNS[query.text('columnNameToSort') ?? 'Index'] ?? 'index',
      descending: query.text('order[0][dir]')?.toLowerCase() === 'desc',
    },
    search,
  });
  return {
    recordsFiltered: search === undefined ? total : String(view.taskCount(stageId, attemptId, { search })),
    aaData: tasks.map(renderTask),
    recordsTotal: total,
  };
}
