import { expect, test } from 'vitest';
import { applicationSummary } from '../../../src/status/summary.ts';
import { stageInfo, TestApplication } from '../../helpers/status-events.ts';

test('the summary: stages, shares of the slots, one advice', () => {
  const app = new TestApplication()
    .executor('1', 2)
    .job(0, [stageInfo(0)])
    .submit(stageInfo(0));
  for (let i = 0; i < 4; i++)
    app.task(0, i, {
      durationMs: 4_000,
      metrics: { executorRunTime: 3_800, gcTime: 1_900, executorDeserializeTime: 100, inputBytes: 1024 * 1024 },
    });
  app.nowMs = 11_000;
  app.complete(stageInfo(0)).endJob(0);
  app.store.on({ tag: 'applicationEnd', atMs: 11_000, exitCode: 0 });
  expect(applicationSummary(app.store).split('\n')).toEqual([
    'test (app-1): 10.0 s, 1 job, 1 stage, 4 tasks',
    '  Stage  Name               Tasks    Time    Work     Read  Written  Spilled',
    '  0.0    count at job.ts:0      4  10.0 s  15.2 s  4.0 MiB    0.0 B    0.0 B',
    'Time of the slots (20.0 s): work 38 %, idle slots 20 %, scheduler delay 2 %, garbage collection 38 %, functions and results coded 2 %',
    expect.stringMatching(/^Advice: stage 0: 50 % of the tasks' run time was garbage collection .* spark\.executor\.memory/),
    '',
  ]);
});

test('nothing happened: nothing stands out', () => {
  const app = new TestApplication();
  app.store.on({ tag: 'applicationEnd', atMs: 1_500, exitCode: 0 });
  expect(applicationSummary(app.store)).toBe('test (app-1): 500 ms, 0 jobs, 0 stages, 0 tasks\nAdvice: nothing stands out.\n');
});
