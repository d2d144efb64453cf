import { expect, test } from 'vitest';
import { AnswerBudget } from '../../../../../src/runtime/driver/service/answer-budget.ts';
import { LargeAnswers } from '../../../../../src/runtime/driver/service/large-answers.ts';
import type { SlotLink } from '../../../../../src/runtime/driver/service/slot-link.ts';
import { firstPart, partsOf, PART_BYTES } from '../../../../../src/runtime/plan/frame-parts.ts';

const MIB = 1 << 20;
const RESULT_STAGE = 7;
const MAP_STAGE = 8;

/** One job; slots that note whether they are read, and which frames they were given again. */
function world(maxResultBytes = 0, budgetBytes = 100 * MIB) {
  const job = { resultBytes: 0, resultTasks: 0 };
  const state = {
    maxResultBytes,
    jobs: new Map([[1, job]]),
    core: {
      stageOf: (key: number) => ({ dependency: key === MAP_STAGE ? {} : undefined }),
      tasks: { set: () => ({ spec: { jobId: 1 } }) },
    },
  };
  const again: string[] = [];
  const large = new LargeAnswers(
    state as never,
    (slot, frame) => void again.push(`${slot.id}:${frame.toString()}`),
    new AnswerBudget(budgetBytes),
  );
  const paused = new Set<number>();
  const slots = Array.from({ length: 4 }, (_, id) => {
    const channel = { pause: () => void paused.add(id), resume: () => void paused.delete(id) };
    return { id, channel } as unknown as SlotLink;
  });
  const begin = (id: number, mib: number, stageKey = RESULT_STAGE, count = 1) =>
    large.begin(slots[id]!, { stageKey, count, totalBytes: mib * MIB }, Buffer.from(`first of ${id}`));
  return { large, begin, again, paused, job, slots };
}

test('answers of all slots together stay within the budget: others wait unread, and come in their order', () => {
  const w = world();
  expect([w.begin(0, 60), w.begin(1, 60), w.begin(2, 10)]).toEqual(['goOn', 'waits', 'waits']); // 2 would fit, but 1 was first
  expect([...w.paused]).toEqual([1, 2]);
  expect(w.large.waits(w.slots[1]!, Buffer.from('next of 1'))).toBe(true);
  expect(w.large.waits(w.slots[0]!, Buffer.from('next of 0'))).toBe(false);
  w.large.ended(0);
  expect(w.again).toEqual(['1:first of 1', '1:next of 1', '2:first of 2']);
  expect(w.paused.size).toBe(0);
  expect(w.begin(1, 60)).toBe('goOn'); // what was given again is not asked twice
  expect(w.begin(3, 40)).toBe('waits');
});

test('an answer larger than the budget is put together alone', () => {
  const w = world();
  expect([w.begin(0, 300), w.begin(1, 1)]).toEqual(['goOn', 'waits']);
  w.large.ended(0);
  expect(w.paused.size).toBe(0);
  expect(w.begin(2, 300)).toBe('waits');
  w.large.ended(1);
  expect(w.again).toEqual(['1:first of 1', '2:first of 2']);
});

test('a slot that is gone gives back what it had, and its turn', () => {
  const w = world();
  w.begin(0, 90);
  w.begin(1, 90);
  w.begin(2, 90);
  w.large.gone(1);
  expect(w.again).toEqual([]);
  w.large.gone(0);
  expect(w.again).toEqual(['2:first of 2']);
});

test('more than maxResultSize, with what has come and what is on its way, is refused before it is kept', () => {
  const w = world(100 * MIB, 50 * MIB);
  w.job.resultBytes = 20 * MIB;
  w.job.resultTasks = 2;
  expect(w.begin(0, 40)).toBe('goOn');
  expect(w.begin(1, 40)).toBe('waits');
  expect(w.begin(2, 10, RESULT_STAGE, 3)).toEqual({ bytes: 110 * MIB, limitBytes: 100 * MIB, tasks: 7 });
  expect(w.begin(3, 200, MAP_STAGE)).toBe('waits'); // map outputs are no results
  const unbounded = world(0);
  expect(unbounded.begin(0, 4000)).toBe('goOn');
});

test('what frames have besides results is no reason to refuse', () => {
  const w = world(10 * MIB);
  const frame = Buffer.alloc(10 * MIB + 300);
  frame.writeUInt32LE(RESULT_STAGE, 4);
  frame.writeUInt32LE(1, 8);
  const [first, second] = [...partsOf(frame)] as [Buffer, Buffer];
  expect(frame.length).toBeGreaterThan(PART_BYTES);
  expect(firstPart(first)).toEqual({ stageKey: RESULT_STAGE, count: 1, totalBytes: frame.length });
  expect(firstPart(second)).toBeUndefined();
  expect(w.large.begin(w.slots[0]!, firstPart(first)!, first)).toBe('goOn');
});
