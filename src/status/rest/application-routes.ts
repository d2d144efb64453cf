// The REST API's routes of one application, but for stages (stage-routes.ts). Source: OneApplicationResource.scala, SqlResource.scala.
import { ZipFile } from 'yazl';
import type { AppHandle, ThreadDump } from './app-source.ts';
import { renderEnvironment, renderExecutor } from './render-apps.ts';
import { renderJob, renderRdd, renderSql } from './render-jobs.ts';
import { notFound, pathNumber, RestError } from './request.ts';
import type { AddRoute } from './routes.ts';

export function applicationRoutes(add: AddRoute): void {
  add('/jobs', ({ app, query }) => app.view.jobs(query.words('status', ['RUNNING', 'SUCCEEDED', 'FAILED', 'UNKNOWN'])).map(renderJob));
  add('/jobs/:jobId', ({ app, params }) => {
    const job = app.view.job(pathNumber(params['jobId']));
    if (job === undefined) throw notFound(`unknown job: ${params['jobId']}`);
    return renderJob(job);
  });
  add('/executors', ({ app }) => app.view.executors(true).map(renderExecutor));
  add('/allexecutors', ({ app }) => app.view.executors(false).map(renderExecutor));
  add('/allmiscellaneousprocess', () => []);
  add('/executors/:executorId/threads', async ({ app, params }) => (await threads(app, params['executorId']!)).map(renderThread));
  add('/threads', async ({ app, query }) => {
    const executorId = query.text('executorId') ?? '';
    const taskId = query.whole('taskId', -1);
    const thread = (await threads(app, executorId)).find((t) => t.taskId === taskId);
    if (thread === undefined) throw notFound('No thread dump is available.');
    return renderThread(thread);
  });
  add('/storage/rdd', ({ app }) => app.view.rdds().map(renderRdd));
  add('/storage/rdd/:rddId', ({ app, params }) => {
    const rdd = app.view.rdd(pathNumber(params['rddId']));
    if (rdd === undefined) throw notFound(`no rdd found w/ id ${params['rddId']}`);
    return renderRdd(rdd);
  });
  add('/environment', ({ app }) => {
    const environment = app.view.environment();
    if (environment === undefined) throw new RestError(503, 'The environment of this application is not known yet.');
    return renderEnvironment(environment);
  });
  add('/sql', ({ app, query }) =>
    app.view
      .sqlExecutions(query.whole('offset', 0), query.whole('length', 20))
      .map((sql) => renderSql(sql, query.bool('details', true), query.bool('planDescription', true))),
  );
  add('/sql/:executionId', ({ app, params, query }) => {
    const sql = app.view.sqlExecution(pathNumber(params['executionId']));
    if (sql === undefined) throw notFound(`unknown query execution id: ${params['executionId']}`);
    return renderSql(sql, query.bool('details', true), query.bool('planDescription', true));
  });
  add('/streaming/*', ({ app }) => {
    throw notFound(`no streaming listener attached to ${app.view.application()?.name ?? ''}`);
  });
  add('/logs', ({ app, params }, reply) => {
    const { appId, attemptId } = params;
    const files = app.eventLog?.();
    if (files === undefined || files.length === 0) throw new RestError(503, `Event logs are not available for app: ${appId}.`);
    const zip = new ZipFile();
    for (const { name, path } of files) zip.addFile(path, name);
    zip.end();
    const name = attemptId === undefined ? `eventLogs-${appId}.zip` : `eventLogs-${appId}-${attemptId}.zip`;
    return reply
      .type('application/octet-stream')
      .header('content-disposition', `attachment; filename=${name.replace(/[^\w.-]/g, '_')}`)
      .send(zip.outputStream);
  });
}

const MISSING = 'No thread dump is available.';

/** @throws RestError as Spark's threadDump */
async function threads(app: AppHandle, executorId: string): Promise<readonly ThreadDump[]> {
  if (executorId !== 'driver' && !/^\d+$/.test(executorId)) throw new RestError(400, "Invalid executorId: neither 'driver' nor number.");
  if (app.live === undefined) throw new RestError(503, 'Thread dumps not available through the history server.');
  const executor = app.view.executors(false).find((e) => e.id === executorId);
  if (executor === undefined && executorId !== 'driver') throw notFound('Executor does not exist.');
  if (executor?.isActive === false) throw new RestError(400, 'Executor is not active.');
  const found = await app.live.threads(executorId);
  if (found === undefined) throw notFound(MISSING);
  return found;
}

const renderThread = (thread: ThreadDump): object => ({
  threadId: thread.threadId,
  threadName: thread.threadName,
  threadState: thread.threadState,
  stackTrace: { elems: thread.stackTrace },
  blockedByLock: '',
  holdingLocks: [],
  synchronizers: [],
  monitors: [],
  suspended: false,
  inNative: false,
  isDaemon: false,
  priority: 5,
});
