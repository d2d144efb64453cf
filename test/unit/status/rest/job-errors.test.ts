// Why jobs failed, for the pages: Spark's REST API has no such field.
import fastify from 'fastify';
import { expect, test } from 'vitest';
import { pageDataRoutes } from '../../../../src/status/rest/page-data-routes.ts';
import { renderJob } from '../../../../src/status/rest/render-jobs.ts';
import { stageInfo, TestApplication } from '../../../helpers/status-events.ts';

test('a job that ends without a failed stage says why in jobs/errors; the REST API stays as Spark’s', async () => {
  const app = new TestApplication()
    .job(0, [stageInfo(0)])
    .endJob(0, 'cancelled before it began')
    .job(1, [stageInfo(1)]);
  app
    .submit(stageInfo(1))
    .complete(stageInfo(1))
    .endJob(1)
    .job(2, [stageInfo(2)]);
  const server = fastify();
  pageDataRoutes(server, () => ({ view: app.store }));
  const answer = await server.inject('/ui/api/jobs/errors');
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ 0: 'cancelled before it began' });
  expect(renderJob(app.store.job(0)!)).not.toHaveProperty('error');
});
