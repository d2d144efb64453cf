// Tasks that wait for a place near their data go further when their wait is over, whoever came or went meanwhile.
import { expect, test } from 'vitest';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { source } from '../core/dag-harness.ts';

test('a slot that comes when there was none is not only asked once: tasks near data elsewhere get it after their wait', () => {
  const world = new DriverWorld(0);
  void world.submit(0, source(2));
  world.turn();
  const [set] = world.loop.core.tasks.sets;
  set!.prefer(() => [{ host: 'elsewhere' }]);
  world.addSlot(0);
  expect(world.flying).toEqual([]);
  world.nowMs += 3_001;
  for (const run of world.timers.splice(0)) run();
  expect(world.flying).toHaveLength(1);
});
