import { expect, test } from 'vitest';
import { PART_BYTES, PartJoiner, partsOf } from '../../../../src/runtime/plan/frame-parts.ts';

/** As task-frames.ts begins a status frame: op 2, stage key 77, 3 tasks. */
function frameOf(bytes: number): Buffer {
  const frame = Buffer.alloc(bytes, 9);
  frame.writeUInt32LE(2, 0);
  frame.writeUInt32LE(77, 4);
  frame.writeUInt32LE(3, 8);
  return frame;
}

test('a small frame goes as it is', () => {
  const frame = frameOf(PART_BYTES);
  expect([...partsOf(frame)]).toEqual([frame]);
});

test('a large one is whole again after its last part, and the joiner is ready for the next', () => {
  const joiner = new PartJoiner(1 << 30);
  for (const size of [PART_BYTES + 1, 2 * PART_BYTES, 2 * PART_BYTES + 5]) {
    const frame = frameOf(size);
    const joined = [...partsOf(frame)].map((part) => joiner.add(part));
    expect(joined.slice(0, -1).every(({ tag }) => tag === 'more')).toBe(true);
    const last = joined.at(-1)!;
    expect(last.tag === 'whole' && last.frame.equals(frame)).toBe(true);
  }
});

test('more than the limit is never kept; who it was from is told with the first part, and the last is known', () => {
  const joiner = new PartJoiner(PART_BYTES);
  const totalBytes = 2 * PART_BYTES + 1;
  expect([...partsOf(frameOf(totalBytes))].map((part) => joiner.add(part))).toEqual(
    [false, false, true].map((last) => ({ tag: 'tooLarge', stageKey: 77, count: 3, totalBytes, last })),
  );
  expect(joiner.add([...partsOf(frameOf(PART_BYTES + 1))][0]!).tag).toBe('tooLarge');
});

test('parts that do not follow each other are refused', () => {
  const [first, second, third] = [...partsOf(frameOf(3 * PART_BYTES))] as [Buffer, Buffer, Buffer];
  expect(() => new PartJoiner(1 << 30).add(second)).toThrow(RangeError);
  const joiner = new PartJoiner(1 << 30);
  joiner.add(first);
  expect(() => joiner.add(third)).toThrow(RangeError);
  expect(() => new PartJoiner(1 << 30).add(Buffer.from([3, 0, 0, 0]))).toThrow(RangeError);
});
