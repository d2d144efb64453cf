// What an executor takes for its own size.
import { expect, test } from 'vitest';
import { type ExecutorLaunch, ownSettings } from '../../../../src/runtime/executor/launch-environment.ts';

test('an executor goes by the memory and cores that it was launched with, not by those of the application', () => {
  const launch = { memoryMb: 512, cores: 2 } as ExecutorLaunch;
  const conf = ownSettings(
    [
      ['spark.executor.memory', '1g'],
      ['spark.app.name', 'a'],
    ],
    launch,
  );
  expect([...conf]).toEqual([
    ['spark.executor.memory', '512m'],
    ['spark.app.name', 'a'],
    ['spark.executor.cores', '2'],
  ]);
});
