import { existsSync, rmSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Ended, SideBySide } from '../../../scripts/side-by-side.ts';
import { eventually } from '../../helpers/eventually.ts';

const sh = (name: string, script: string) => ({ name, file: '/bin/sh', args: ['-c', script] });

test('each command keeps its output and its exit code, and never more run than there are lanes', async () => {
  const ends: Ended[] = [];
  // The second and third meet only when both run: each waits for the other's file.
  const folder = `/tmp/el-side-by-side.${process.pid}`;
  const meet = (own: string, other: string) =>
    `mkdir -p ${folder}; : > ${folder}/${own}; until [ -e ${folder}/${other} ]; do :; done; echo met`;
  await new SideBySide().run(
    [
      sh('one', 'echo a; echo b >&2; exit 3'),
      sh('two', meet('2', '3')),
      sh('three', meet('3', '2')),
      sh('four', `rm -r ${folder}; kill -9 $$`),
    ],
    2,
    (one) => ends.push(one),
  );
  const of = (name: string) => ends.find((e) => e.name === name);
  expect(ends.length).toBe(4);
  expect(of('one')).toMatchObject({ output: 'a\nb\n', code: 3 });
  expect(of('two')).toMatchObject({ output: 'met\n', code: 0 });
  expect(of('three')).toMatchObject({ output: 'met\n', code: 0 });
  expect(of('four')).toMatchObject({ output: '', code: 137 });
});

test('a command that is not there says so', async () => {
  const ends: Ended[] = [];
  await new SideBySide().run([{ name: 'none', file: '/nowhere/none', args: [] }], 1, (one) => ends.push(one));
  expect(ends[0]).toMatchObject({ code: 127, output: expect.stringContaining('ENOENT') });
});

test('stop signals what runs, with its own children, waits for its end, and begins nothing more', async () => {
  const ends: Ended[] = [];
  const runs = new SideBySide();
  const ready = `/tmp/el-side-by-side.${process.pid}.ready`;
  const script = `trap 'echo torn down; exit 130' TERM; sh -c ': > ${ready}; exec sleep 1000' & wait`;
  const done = runs.run([sh('running', script), sh('never', 'echo begun')], 1, (one) => ends.push(one));
  await eventually(() => existsSync(ready)).toBe(true);
  rmSync(ready);
  runs.stop('SIGTERM');
  await done;
  expect(ends).toMatchObject([{ name: 'running', output: 'torn down\n', code: 130 }]);
});
