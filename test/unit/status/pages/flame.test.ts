import { describe, expect, it } from 'vitest';
import { frameAt, frameBoxes, hottest, ownerOf, recordingOf, unfold } from '../../../../src/status/pages/browser/flame.ts';

const text =
  'main (a.ts:1);work (a.ts:2);parse (b.ts:3) 6\nmain (a.ts:1);work (a.ts:2) 2\nmain (a.ts:1);work (a.ts:2);work (a.ts:2) 1\n(garbage collector) 1\nbroken\n';

describe('folded stacks', () => {
  const root = unfold(text);
  it('become a tree with samples of its own and of all below', () => {
    expect(root.samples).toBe(10);
    const work = frameAt(root, 'main (a.ts:1);work (a.ts:2)');
    expect([work.samples, work.self]).toEqual([9, 2]);
    expect(frameAt(root, 'gone')).toBe(root);
  });
  it('stand side by side, the wider first, none too narrow to see', () => {
    const boxes = frameBoxes(root, 0.1);
    expect(boxes.map((b) => [b.frame.name, b.depth, b.left, b.width])).toEqual([
      ['all', 0, 0, 1],
      ['main (a.ts:1)', 1, 0, 0.9],
      ['work (a.ts:2)', 2, 0, 0.9],
      ['parse (b.ts:3)', 3, 0, 0.6],
      ['work (a.ts:2)', 3, 0.6, 0.1],
      ['(garbage collector)', 1, 0.9, 0.1],
    ]);
    expect(frameBoxes(root, 0.5).length).toBe(4);
  });
  it('count recursion once', () => {
    expect(hottest(root, 2)).toEqual([
      { name: 'parse (b.ts:3)', self: 6, samples: 6 },
      { name: 'work (a.ts:2)', self: 3, samples: 9 },
    ]);
  });
  it('say how they were recorded; the line is no stack', () => {
    const recorded = '# slots=2 samples=90 idle=9 intervalUs=1003 silent=1,4;\nslot 0;f (a.ts:1) 81\n';
    expect(recordingOf(recorded)).toEqual({ slots: 2, samples: 90, idle: 9, intervalUs: 1003, silent: ['1', '4'] });
    expect(unfold(recorded).samples).toBe(81);
    expect(recordingOf(text)).toBeUndefined();
  });
  it('say whose code it is', () => {
    expect(ownerOf('parse (b.ts:3)')).toBe('user');
    expect(ownerOf('run (/opt/emberloom/dist/worker.main.cjs:1)')).toBe('engine');
    expect(ownerOf('drain (emberloom)')).toBe('engine');
    expect(ownerOf('(garbage collector)')).toBe('node');
    expect(ownerOf('runMicrotasks')).toBe('node');
    expect(ownerOf('slot 0')).toBe('idle');
    expect(ownerOf('readFile (node:fs:12)')).toBe('node');
    expect(ownerOf('(idle)')).toBe('idle');
  });
});
