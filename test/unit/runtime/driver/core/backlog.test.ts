import { expect, test } from 'vitest';
import { backlogByProfile, loadByExecutor } from '../../../../../src/runtime/driver/core/backlog.ts';
import { source, World } from './dag-harness.ts';

test('pending, running and busy are counted by profile and executor, and go to nothing', () => {
  const w = new World(2);
  expect(backlogByProfile(w.core.tasks)).toEqual(new Map());
  w.submit(0, source(5));
  w.submit(1, source(2));
  expect(backlogByProfile(w.core.tasks).get(0)).toEqual({ pending: 5, running: 2, speculativePending: 0 });
  expect([...loadByExecutor(w.core.tasks)]).toEqual([
    ['1', { slots: 1, busy: 1, launches: 1 }],
    ['2', { slots: 1, busy: 1, launches: 1 }],
  ]);
  w.runAll();
  expect(backlogByProfile(w.core.tasks)).toEqual(new Map());
  expect(loadByExecutor(w.core.tasks).get('1')).toEqual({ slots: 1, busy: 0, launches: 4 });
});
