// Map outputs that do not count are deleted where they were written, and no others.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { removeMapOutput } from '../../../../../src/runtime/executor/shuffle-removal.ts';
import { DriverWorld } from '../../../../helpers/driver-world.ts';
import { shuffled, source } from '../core/dag-harness.ts';

const speculation = {
  intervalMs: 100,
  multiplier: 3,
  quantile: 0.5,
  minRuntimeMs: 100,
  durationThresholdMs: undefined,
  efficiency: undefined,
  decommissionKillMs: undefined,
};

/** Two map tasks; the one on slot 0 is slow and has a copy on slot 1. */
function worldWithCopy() {
  const world = new DriverWorld(2, true, { speculation });
  void world.submit(0, shuffled(1, [source(2), 0]));
  world.turn();
  const slow = world.take(0);
  world.write(world.take(1));
  world.nowMs += 1_000;
  for (const run of world.periodic) run();
  const copy = world.take(1);
  return { world, slow, copy };
}

test.each(['copy', 'original'] as const)('of two attempts the file of the second to end goes, when the %s was first', (first) => {
  const { world, slow, copy } = worldWithCopy();
  const [winner, loser] = first === 'copy' ? [copy, slow] : [slow, copy];
  world.write(winner);
  expect(world.discarded).toEqual([]);
  world.write(loser);
  expect(world.discarded).toEqual([`/f${loser[0]!.taskId}`]);
});

test('what comes when its job is gone', () => {
  const { world, slow } = worldWithCopy();
  world.loop.cancel(0, 'enough');
  world.write(slow);
  expect(world.discarded).toEqual([`/f${slow[0]!.taskId}`]);
});

test('the worker deletes the file and its index, in its own folders only', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'outputs-'));
  for (const name of ['shuffle_1_0_7.data', 'shuffle_1_0_7.data.index', 'shuffle_1_0_8.data', 'other'])
    writeFileSync(path.join(dir, name), '');
  await removeMapOutput(['/elsewhere'], path.join(dir, 'shuffle_1_0_8.data'));
  await removeMapOutput([dir], path.join(dir, 'other'));
  await removeMapOutput([dir], path.join(dir, 'shuffle_1_0_7.data'));
  expect(readdirSync(dir).sort()).toEqual(['other', 'shuffle_1_0_8.data']);
  rmSync(dir, { recursive: true });
});
