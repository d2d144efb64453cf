import { Worker } from 'node:worker_threads';
import { afterEach, describe, expect, test } from 'vitest';
import { type CpuProfile, glanceAtCpu, recordCpu, since } from '../../../../src/runtime/executor/cpu-recorder.ts';

const workers: Worker[] = [];
afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.terminate())));

/** Runs `start(f, g)` for ever once V8 has optimised it: `rounds` counts how often it came round. */
async function busyWorker(loop: string): Promise<Worker> {
  const rounds = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(`const { workerData: rounds } = require('node:worker_threads'); let sink = 0; ${loop}`, {
    eval: true,
    workerData: rounds,
  });
  workers.push(worker);
  while (Atomics.load(rounds, 0) < 2_000) {
    const changed = Atomics.waitAsync(rounds, 0, Atomics.load(rounds, 0), 100);
    if (changed.async) await changed.value;
  }
  return worker;
}

/** Samples by the innermost function. */
function ownSamples({ nodes, samples }: CpuProfile): Map<string, number> {
  const names = new Map(nodes.map((node) => [node.id, node.callFrame.functionName]));
  const counts = new Map<string, number>();
  for (const id of samples) counts.set(names.get(id)!, (counts.get(names.get(id)!) ?? 0) + 1);
  return counts;
}

const LAMBDAS = `
const heavy = (x) => { let s = x; for (let i = 0; i < 90; i++) s = (s * 31 + i) % 1000003; return s; };
const light = (x) => { let s = x; for (let i = 0; i < 10; i++) s = (s * 31 + i) % 1000003; return s; };
function pull(f, g) { for (;;) { for (let i = 0; i < 1000; i++) sink += g(f(i)); Atomics.add(rounds, 0, 1); Atomics.notify(rounds, 0); } }
pull(heavy, light);`;
const OPTIMISED_WHILE_IT_RAN = `
function spin() { for (;;) { for (let i = 0; i < 20000; i++) sink = (sink * 31 + i) % 1000003; Atomics.add(rounds, 0, 1); Atomics.notify(rounds, 0); } }
spin();`;

describe('a profile that begins when the code has long been optimised', () => {
  test('counts functions that V8 had put into their caller, each with its share', async () => {
    const worker = await busyWorker(LAMBDAS);
    // A loaded machine gives few samples in a time, and few samples give no share.
    let [heavy, light, all] = [0, 0, 0];
    while (all < 500) {
      const own = ownSamples((await recordCpu([worker.threadId], 300)).get(worker.threadId)!);
      heavy += own.get('heavy') ?? 0;
      light += own.get('light') ?? 0;
      all += [...own.values()].reduce((a, b) => a + b, 0);
    }
    // Nine tenths. Where the sampler has to wait for a processor its samples are some per cent off (five, of 500, on a machine with a load of 18).
    expect(heavy / (heavy + light)).toBeGreaterThan(0.75);
    expect(heavy / (heavy + light)).toBeLessThan(0.99);
    expect(heavy + light).toBeGreaterThan(0.8 * all);
  });

  test('names a loop that never ends', async () => {
    const worker = await busyWorker(OPTIMISED_WHILE_IT_RAN);
    const own = ownSamples((await recordCpu([worker.threadId], 300)).get(worker.threadId)!);
    expect(Math.max(...own.values())).toBe(own.get('spin'));
    const glances: string[] = [];
    while (glances.length < 20) glances.push(...ownSamples((await glanceAtCpu([worker.threadId])).get(worker.threadId)!).keys());
    expect(glances).toContain('spin');
  });

  test('two at once, of which one ends first, and a thread that is gone', async () => {
    const worker = await busyWorker(LAMBDAS);
    const [long, short, gone] = await Promise.all([
      recordCpu([worker.threadId], 300),
      recordCpu([worker.threadId, 9_999], 20),
      recordCpu([9_999], 1),
    ]);
    expect(ownSamples(long.get(worker.threadId)!).get('light')).toBeGreaterThan(0);
    expect([...short.keys()]).toEqual([worker.threadId]);
    expect(gone.size).toBe(0);
  });
});

test('samples before a time are left out', () => {
  const profile: CpuProfile = { nodes: [], startTime: 100, endTime: 150, samples: [1, 2, 3, 4], timeDeltas: [5, 10, 10, 10] };
  expect(since(120, profile)).toEqual({ nodes: [], startTime: 120, endTime: 150, samples: [3, 4], timeDeltas: [10, 10] });
  expect(since(500, profile).samples).toEqual([]);
});
