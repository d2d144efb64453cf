// Parts of a log, cut anywhere, put together are the whole text; a search finds every line, wherever parts end.
import { describe, expect, it } from 'vitest';
import { textOf } from '../../../src/cluster-pages/model/log-text.ts';
import { type ReadPart, searchLog } from '../../../src/cluster-pages/log-search.ts';

const TEXT = 'plain\nÄpfel kosten 3 €\n漢字と🙂 end\n';

describe('text of parts', () => {
  it.each([1, 2, 3, 4, 5, 7, 11])('cut every %i bytes, read from where the one before ended', (size) => {
    const whole = Buffer.from(TEXT);
    let text = '';
    let at = 0;
    for (let rounds = 0; at < whole.length && rounds < 1000; rounds++) {
      // A part too small for one letter is asked for again, larger: as the page does with 128 KiB.
      const part = whole.subarray(at, at + Math.max(size, 4));
      const got = textOf(part, at, at + part.length >= whole.length);
      expect(got.offset).toBe(at);
      text += got.text;
      at = got.end;
    }
    expect(text).toBe(TEXT);
  });
  it('a part that begins within a letter begins after it', () => {
    const whole = Buffer.from('€abc');
    expect(textOf(whole.subarray(1), 1, true)).toEqual({ text: 'abc', offset: 3, end: 6 });
  });
  it('what is no UTF-8 is shown, not swallowed', () => {
    const { text, end } = textOf(Buffer.from([0xff, 0xfe, 0x41]), 0, true);
    expect([text.endsWith('A'), end]).toEqual([true, 3]);
  });
});

const inParts = (whole: Buffer, size: number): ReadPart => {
  return async (offset) => ({ bytes: whole.subarray(offset, offset + size), sizeBytes: whole.length });
};

describe('searching a log', () => {
  const whole = Buffer.from(Array.from({ length: 500 }, (_, i) => `line ${i}${i % 50 === 3 ? ' ÄRGER: FAILED' : ''}`).join('\n'));
  it.each([64, 100, 1_000, 1_000_000])('in parts of %i bytes', async (size) => {
    const { matches, next } = await searchLog(inParts(whole, size), 'ärger: failed', 0);
    expect(next).toBeUndefined();
    expect(matches.map((m) => m.line)).toEqual(Array.from({ length: 10 }, (_, i) => `line ${i * 50 + 3} ÄRGER: FAILED`));
    for (const { offset, line } of matches) expect(whole.toString('utf8', offset, offset + Buffer.byteLength(line))).toBe(line);
  });
  it('says where to go on when there are many, and goes on there', async () => {
    const many = Buffer.from('x\n'.repeat(450));
    const first = await searchLog(inParts(many, 1_000), 'x', 0);
    expect([first.matches.length, first.next]).toEqual([200, 400]);
    const second = await searchLog(inParts(many, 1_000), 'x', first.next!);
    const third = await searchLog(inParts(many, 1_000), 'x', second.next!);
    expect([second.matches[0]?.offset, second.matches.length, third.matches.length, third.next]).toEqual([400, 200, 50, undefined]);
  });
  it('a line without end is searched in pieces of bounded size', async () => {
    const long = Buffer.concat([Buffer.alloc(5_000_000, 'a'), Buffer.from('needle'), Buffer.alloc(10, 'b')]);
    const { matches } = await searchLog(inParts(long, 1_000_000), 'needle', 0);
    expect(matches).toHaveLength(1);
    expect(matches[0]!.line.length).toBeLessThanOrEqual(400);
    expect(matches[0]!.line).toContain('needle');
  });
});
