// The REST API's routes of an application's stages and tasks. Source: StagesResource.scala.
import type { StageData } from '../store/api-types.ts';
import type { StatusView, TaskSort } from '../store/status-view.ts';
import type { AppHandle } from './app-source.ts';
import { renderExecutorDistributions, renderTaskSummary } from './render-quantiles.ts';
import { JsonItems } from './java-json.ts';
import { renderStage, renderTasks, type StageExtras } from './render-stages.ts';
import { notFound, pathNumber, type Query, RestError } from './request.ts';
import type { AddRoute } from './routes.ts';
import { dataTable } from './task-data-table.ts';

const STAGE_STATUSES = ['ACTIVE', 'COMPLETE', 'FAILED', 'PENDING', 'SKIPPED'] as const;
const TASK_STATUSES = ['RUNNING', 'SUCCESS', 'FAILED', 'KILLED', 'PENDING', 'UNKNOWN'] as const;
const SUMMARY_QUANTILES = [0, 0.25, 0.5, 0.75, 1];
const TASK_QUANTILES = [0.05, 0.25, 0.5, 0.75, 0.95];

export function stageRoutes(add: AddRoute): void {
  add('/stages', ({ app, query }) =>
    app.view
      .stages(query.words('status', STAGE_STATUSES))
      .filter((stage) => !query.bool('details', false) || hasTasks(stage, query.words('taskStatus', TASK_STATUSES)))
      .map((stage) => renderStage(stage, extras(app.view, stage, query, query.bool('details', false)))),
  );
  add('/stages/:stageId', ({ app, params, query }) => {
    const attempts = app.view.stageAttempts(pathNumber(params['stageId']));
    if (attempts.length === 0) throw notFound(`unknown stage: ${params['stageId']}`);
    return attempts.map((stage) => renderStage(stage, extras(app.view, stage, query, query.bool('details', true))));
  });
  add('/stages/:stageId/:attempt', ({ app, params, query }) => {
    const stage = attemptOf(app, params);
    return renderStage(stage, extras(app.view, stage, query, query.bool('details', true)));
  });
  add('/stages/:stageId/:attempt/taskSummary', ({ app, params, query }) => {
    const [stageId, attempt] = [pathNumber(params['stageId']), pathNumber(params['attempt'])];
    const summary = app.view.taskSummary(stageId, attempt, query.quantiles('quantiles', TASK_QUANTILES));
    if (summary === undefined) throw notFound(`No tasks reported metrics for ${stageId} / ${attempt} yet.`);
    return renderTaskSummary(summary);
  });
  add('/stages/:stageId/:attempt/taskList', ({ app, params, query }) => {
    const [stageId, attempt] = [pathNumber(params['stageId']), pathNumber(params['attempt'])];
    const page = {
      offset: Math.max(0, query.whole('offset', 0)),
      length: Math.max(0, query.whole('length', 20)),
      sort: sorting(query.text('sortBy') ?? 'ID'),
      status: query.words('status', TASK_STATUSES),
    };
    // Of a stage that there is not: none, as in Spark.
    return new JsonItems(renderTasks(app.view.eachTask(stageId, attempt, page)));
  });
  add('/stages/:stageId/:attempt/taskTable', ({ app, params, query }) => {
    const stage = attemptOf(app, params);
    return dataTable(app.view, stage.stageId, stage.attemptId, query);
  });
}

/** Source: StagesResource.stageList. */
function hasTasks(stage: StageData, statuses: readonly (typeof TASK_STATUSES)[number][]): boolean {
  const { numActiveTasks, numCompleteTasks, numFailedTasks, numKilledTasks, numTasks } = stage;
  const known = { RUNNING: numActiveTasks, SUCCESS: numCompleteTasks, FAILED: numFailedTasks, KILLED: numKilledTasks };
  const unknown = numTasks - numActiveTasks - numCompleteTasks - numFailedTasks - numKilledTasks;
  return statuses.length === 0 || statuses.some((status) => (status in known ? known[status as keyof typeof known] : unknown) > 0);
}

/** @throws RestError 404, naming the attempts that there are */
export function attemptOf(app: AppHandle, params: Readonly<Record<string, string>>): StageData {
  const [stageId, attemptId] = [pathNumber(params['stageId']), pathNumber(params['attempt'])];
  const stage = app.view.stage(stageId, attemptId);
  if (stage !== undefined) return stage;
  const ids = app.view.stageAttempts(stageId).map((s) => s.attemptId);
  throw notFound(
    ids.length > 0 ? `unknown attempt for stage ${stageId}.  Found attempts: [${ids.join(',')}]` : `unknown stage: ${stageId}`,
  );
}

/** Source: TaskSorting. @throws RestError 400 */
function sorting(sortBy: string): TaskSort {
  switch (sortBy.toLowerCase()) {
    case 'id':
      return { by: 'taskId', descending: false };
    case 'runtime':
    case '+runtime':
    case 'increasing_runtime':
      return { by: 'executorRunTime', descending: false };
    case '-runtime':
    case 'decreasing_runtime':
      return { by: 'executorRunTime', descending: true };
    default:
      throw new RestError(404, 'HTTP 404 Not Found');
  }
}

function extras(view: StatusView, stage: StageData, query: Query, details: boolean): StageExtras {
  const { stageId, attemptId } = stage;
  const withSummaries = query.bool('withSummaries', false);
  const quantiles = query.quantiles('quantiles', SUMMARY_QUANTILES);
  const executors = details || withSummaries ? view.executorSummary(stageId, attemptId) : undefined;
  const summary = withSummaries ? view.taskSummary(stageId, attemptId, quantiles) : undefined;
  return {
    ...(details && {
      tasks: view.eachTask(stageId, attemptId, {
        offset: 0,
        length: Number.MAX_SAFE_INTEGER,
        status: query.words('taskStatus', TASK_STATUSES),
      }),
      executorSummary: executors,
    }),
    ...(summary && { taskMetricsDistributions: renderTaskSummary(summary) }),
    ...(withSummaries && executors && { executorMetricsDistributions: renderExecutorDistributions(executors, quantiles) }),
  };
}
