// What push-based shuffle counts, from ended tasks to the objects of the REST API: tasks, sums of a stage, quantiles, under Spark's names.
import { expect, test } from 'vitest';
import { renderTaskSummary } from '../../../../src/status/rest/render-quantiles.ts';
import { renderStage, renderTask } from '../../../../src/status/rest/render-stages.ts';
import { noPushFigures } from '../../../../src/status/task-metrics.ts';
import { stageInfo, TestApplication } from '../../../helpers/status-events.ts';

const PUSH = {
  corruptMergedBlockChunks: 1,
  mergedFetchFallbackCount: 2,
  remoteMergedBlocksFetched: 3,
  localMergedBlocksFetched: 4,
  remoteMergedChunksFetched: 5,
  localMergedChunksFetched: 6,
  remoteMergedBytesRead: 7,
  localMergedBytesRead: 8,
  remoteMergedReqsDuration: 9,
};

function application() {
  const stage = stageInfo(0, { shuffleMergers: 3 });
  const app = new TestApplication().executor('1').job(0, [stage]).submit(stage);
  // One without them between two that have them: what is left of the first must not count for it.
  app.task(0, 0, { metrics: { shuffleRemoteBlocks: 5, push: PUSH } });
  app.task(0, 1, { metrics: { shuffleRemoteBlocks: 1 } });
  app.task(0, 2, { metrics: { push: PUSH } });
  return app.store;
}
const pushOf = (taskId: number) => {
  const task = renderTask(application().task(taskId)!) as { taskMetrics: { shuffleReadMetrics: { shufflePushReadMetrics: object } } };
  return task.taskMetrics.shuffleReadMetrics.shufflePushReadMetrics;
};

test('of each task', () => {
  expect(pushOf(0)).toEqual(PUSH);
  expect(pushOf(1)).toEqual(noPushFigures());
  expect(pushOf(2)).toEqual(PUSH);
});

test('summed up for the stage, which says how many services merge', () => {
  expect(renderStage(application().stage(0, 0)!)).toMatchObject({
    shuffleRemoteBlocksFetched: 6,
    shuffleCorruptMergedBlockChunks: 2,
    shuffleMergedFetchFallbackCount: 4,
    shuffleMergedRemoteBlocksFetched: 6,
    shuffleMergedLocalBlocksFetched: 8,
    shuffleMergedRemoteChunksFetched: 10,
    shuffleMergedLocalChunksFetched: 12,
    shuffleMergedRemoteBytesRead: 14,
    shuffleMergedLocalBytesRead: 16,
    shuffleMergedRemoteReqsDuration: 18,
    isShufflePushEnabled: true,
    shuffleMergersCount: 3,
  });
});

test('as quantiles', () => {
  const summary = renderTaskSummary(application().taskSummary(0, 0, [0, 1])!) as {
    shuffleReadMetrics: { shufflePushReadMetricsDist: Record<string, Float64Array> };
  };
  const found = Object.entries(summary.shuffleReadMetrics.shufflePushReadMetricsDist).map(([name, of]) => [name, [...of]]);
  expect(found).toEqual(Object.entries(PUSH).map(([name, most]) => [name, [0, most]]));
});
