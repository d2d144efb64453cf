import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import type { CpuProfile } from '../../../../src/runtime/executor/cpu-recorder.ts';
import { foldedLines, foldedProfile, headLine, stateOf, threadStates } from '../../../../src/runtime/executor/thread-profile.ts';

const frame = (functionName: string, url: string, lineNumber: number) => ({ functionName, url, lineNumber });
const profile: CpuProfile = {
  nodes: [
    { id: 1, callFrame: frame('(root)', '', -1), children: [2, 5, 6] },
    { id: 2, callFrame: frame('run', 'file:///x/dist/worker.main.cjs', 20), children: [3] },
    { id: 3, callFrame: frame('perRow', 'file:///home/u/job.ts?v=1', 6), children: [4] },
    { id: 4, callFrame: frame('', 'file:///home/u/job.ts', 8) },
    { id: 5, callFrame: frame('(idle)', '', -1) },
    { id: 6, callFrame: frame('processTicks', 'node:internal/x', 1) },
  ],
  samples: [5, 4, 4, 3, 5, 6],
  timeDeltas: [0, 1000, 1000, 1000, 1000, 1000],
  startTime: 7000,
  endTime: 13_000,
};

test('folded stacks: engine frames by name, the user’s with file and line, idle time left out', () => {
  expect(foldedLines('slot 0', profile)).toEqual([
    'slot 0;run (emberloom);perRow (job.ts:7);(anonymous) (job.ts:9) 2\n',
    'slot 0;run (emberloom);perRow (job.ts:7) 1\n',
  ]);
});

test('how it was recorded stands before the stacks, in a line that tools for folded stacks skip', () => {
  expect(headLine([profile, profile], [3, 5])).toBe('# slots=2 samples=12 idle=6 intervalUs=1000 silent=3,5;\n');
  expect(headLine([], [])).toBe('# slots=0 samples=0 idle=0 intervalUs=0 silent=;\n');
});

test('a thread’s state is its last working sample, the innermost frame first', () => {
  expect(stateOf(2, 7, profile)).toEqual({
    slot: 2,
    taskId: 7,
    state: 'RUNNABLE',
    stack: ['at perRow (job.ts:7)', 'at run (emberloom)'],
  });
  expect(stateOf(0, undefined, { ...profile, samples: [5, 5] })).toEqual({ slot: 0, taskId: -1, state: 'WAITING', stack: [] });
});

test('a sample in a collection does not hide where the thread is, unless there is no other', () => {
  const nodes = profile.nodes.map((node) => (node.id === 5 ? { ...node, callFrame: frame('(garbage collector)', '', -1) } : node));
  expect(stateOf(0, 1, { ...profile, nodes, samples: [3, 5] }).stack).toEqual(['at perRow (job.ts:7)', 'at run (emberloom)']);
  expect(stateOf(0, 1, { ...profile, nodes, samples: [5] })).toMatchObject({ state: 'RUNNABLE', stack: ['at (garbage collector)'] });
});

test('a worker that never comes up for air is seen at its work; one that has ended is left out', async () => {
  const busy = new Worker('function spin() { for (;;) Math.sqrt(2); } require("node:worker_threads").parentPort.postMessage(1); spin();', {
    eval: true,
  });
  await new Promise((resolve) => busy.once('message', resolve));
  const slots = [{ worker: busy, slot: 0, taskId: 3 }];
  const [state] = await threadStates(slots);
  expect(state).toMatchObject({ slot: 0, taskId: 3, state: 'RUNNABLE' });
  expect(state!.stack.join('\n')).toContain('[worker eval]');
  expect(await foldedProfile(slots, 20)).toMatch(/^slot 0;.*worker eval.* \d+$/m);
  await busy.terminate();
  expect(await threadStates(slots)).toEqual([]);
});
