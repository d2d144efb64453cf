// A slot that is silent while tasks wait in it gives them up, and others run them. Timers are turned by hand; nothing passes by itself.
import { expect, test } from 'vitest';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { source } from '../core/dag-harness.ts';

const SHORT_MS = 0.5;

/** Turns the timers that are due now, then lets answers arrive. */
async function look(world: DriverWorld): Promise<void> {
  for (const run of world.timers.splice(0)) run();
  await new Promise((resolve) => setImmediate(resolve));
  world.turn();
}

/** A job of 40 short tasks whose first have ended: each of two slots has a frame or two. */
function shortTasks(world: DriverWorld) {
  const done = world.submit(0, source(40));
  world.turn();
  for (const slot of [0, 1]) world.succeed(world.take(slot), SHORT_MS);
  world.turn();
  return done;
}

const onSlot = (world: DriverWorld, slot: number) => world.flying.filter((task) => task.slot === slot).map(({ taskId }) => taskId);

test('tasks behind a long one go to the other slot, and are told as never begun', async () => {
  const world = new DriverWorld(2);
  const done = shortTasks(world);
  const behind = onSlot(world, 0).slice(1);
  expect(behind.length).toBeGreaterThan(0);
  const asked: number[] = [];
  world.recall = (slot) => {
    asked.push(slot);
    return 2; // the first task that it was sent has ended, the second runs
  };
  await look(world); // both slots are seen silent
  world.succeed(world.take(1, 1), SHORT_MS); // one is not
  await look(world);
  expect(asked).toEqual([0]);
  while (world.flying.some(({ slot }) => slot === 1)) {
    world.succeed(world.take(1), SHORT_MS);
    world.turn();
  }
  expect(onSlot(world, 0).slice(1)).toEqual(behind); // they are still to come back from there
  // All but the one that takes long.
  expect(world.recorder.of('taskEnd')).toHaveLength(39);
  const [long, ...others] = world.take(0);
  expect(others.map(({ taskId }) => taskId)).toEqual(behind);
  world.succeed([long!], 5_000);
  world.giveBack(others); // late: nobody's any more
  expect(await done).toBeUndefined();
  expect(world.recorder.of('taskEnd')).toHaveLength(40);
});

test('a slot that can not be asked keeps what it has', async () => {
  const world = new DriverWorld(2);
  void shortTasks(world);
  const before = onSlot(world, 0);
  expect(before.length).toBeGreaterThan(1);
  await look(world);
  await look(world);
  expect(onSlot(world, 0)).toEqual(before);
  while (world.flying.some(({ slot }) => slot === 1)) {
    world.succeed(world.take(1), SHORT_MS);
    world.turn();
  }
  // 40, less those of slot 0 that have not ended.
  expect(world.recorder.of('taskEnd')).toHaveLength(40 - before.length);
});
