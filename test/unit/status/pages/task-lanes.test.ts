import { describe, expect, it } from 'vitest';
import { Prng } from '../../../../src/common/prng.ts';
import { firstEndingAfter, packLanes, phaseShares, taskAt } from '../../../../src/status/pages/browser/task-lanes.ts';
import type { TaskTimeline } from '../../../../src/status/store/status-view.ts';

type Task = readonly [executor: number, launch: number, duration: number, state?: number];
const timeline = (executors: readonly string[], tasks: readonly Task[]): TaskTimeline => ({
  fromMs: 0,
  executors,
  taskId: tasks.map((_, i) => i),
  executor: tasks.map((t) => t[0]),
  launch: tasks.map((t) => t[1]),
  duration: tasks.map((t) => t[2]),
  state: tasks.map((t) => t[3] ?? 1),
  phases: [0, 0, 0, 1, 0, 0, 0].map((share) => tasks.map((t) => t[2] * share)),
});

describe('tasks in rows', () => {
  it('take the first free slot of their executor', () => {
    const t = timeline(
      ['1', '2'],
      [
        [0, 0, 10],
        [0, 0, 20],
        [0, 10, 5],
        [1, 3, 4],
        [0, 12, 5],
      ],
    );
    const lanes = packLanes(t, 0);
    expect([...lanes.rowOfTask]).toEqual([0, 1, 0, 3, 2]);
    expect([...lanes.executorOfRow]).toEqual([0, 0, 0, 1]);
    expect(lanes.to).toBe(20);
  });
  it('running ones reach until now', () => {
    const lanes = packLanes(
      timeline(
        ['1'],
        [
          [0, 0, 0, 0],
          [0, 5, 3],
        ],
      ),
      50,
    );
    expect(lanes.to).toBe(50);
    expect(lanes.rows).toBe(2);
  });
  it('never overlap within a row, whatever comes', () => {
    const random = new Prng(7);
    const tasks = Array.from({ length: 3000 }, (): Task => [random.int(5), random.int(2000), random.int(60)]);
    const t = timeline(['a', 'b', 'c', 'd', 'e'], tasks);
    const lanes = packLanes(t, 0);
    expect(lanes.start[lanes.rows]).toBe(3000);
    for (let row = 0; row < lanes.rows; row++) {
      let free = 0;
      for (let k = lanes.start[row]!; k < lanes.start[row + 1]!; k++) {
        const i = lanes.order[k]!;
        expect(t.launch[i]!).toBeGreaterThanOrEqual(free);
        expect(t.executor[i]).toBe(lanes.executorOfRow[row]);
        free = lanes.end[i]!;
      }
    }
  });
  it('are found by moment, and near it', () => {
    const t = timeline(
      ['1'],
      [
        [0, 0, 10],
        [0, 20, 10],
        [0, 40, 10],
      ],
    );
    const lanes = packLanes(t, 0);
    expect(firstEndingAfter(lanes, 0, 10)).toBe(1);
    expect(taskAt(t, lanes, 0, 25, 0)).toBe(1);
    expect(taskAt(t, lanes, 0, 15, 1)).toBeUndefined();
    expect(taskAt(t, lanes, 0, 38, 3)).toBe(2);
    expect(taskAt(t, lanes, 9, 25, 0)).toBeUndefined();
  });
  it('share their time among phases', () => {
    expect(phaseShares(timeline(['1'], [[0, 0, 10]]))[3]).toBe(1);
    expect(phaseShares(timeline([], []))[3]).toBe(0);
  });
});
