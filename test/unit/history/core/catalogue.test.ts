import { expect, test } from 'vitest';
import { applicationPage } from '../../../../src/history/core/application-page.ts';
import { type Attempt, applicationInfo, applicationsOf } from '../../../../src/history/core/catalogue.ts';

const attempt = (
  applicationId: string,
  attemptId: string | undefined,
  startedAtMs: number,
  more: { endedAtMs?: number; inProgress?: boolean; name?: string } = {},
): Attempt => ({
  log: {
    key: `${applicationId}_${attemptId}`,
    inProgress: more.inProgress ?? false,
    parts: [],
    sizeBytes: 1,
    changedAtMs: startedAtMs + 50,
    fault: undefined,
  },
  summary: {
    applicationId,
    attemptId,
    name: more.name ?? applicationId,
    user: 'u',
    sparkVersion: '4.0.1',
    startedAtMs,
    endedAtMs: more.endedAtMs,
  },
  note: undefined,
});
const list = (attempts: Attempt[]) => [...applicationsOf(attempts)].map(([id, mine]) => applicationInfo(id, mine));

test('attempts of one application are one entry, the newest first; applications by their last start', () => {
  const found = list([attempt('a', '1', 100), attempt('b', undefined, 200), attempt('a', '2', 300), attempt('a', '10', 300)]);
  expect(found.map((app) => [app.id, app.attempts.map((a) => a.attemptId)])).toEqual([
    ['a', ['10', '2', '1']],
    ['b', [undefined]],
  ]);
});

test('an end is what the log says; of a closed log without one its last change; of one in progress none', () => {
  const [ended, closed, running] = [
    attempt('a', undefined, 100, { endedAtMs: 130 }),
    attempt('b', undefined, 90),
    attempt('c', undefined, 80, { inProgress: true }),
  ];
  expect(list([ended, closed, running]).map((app) => app.attempts[0])).toMatchObject([
    { completed: true, endTimeMs: 130, durationMs: 30 },
    { completed: true, endTimeMs: 140, durationMs: 50 },
    { completed: false, endTimeMs: -1, durationMs: 50 },
  ]);
});

test('a log that says it ended is completed although its name says in progress', () => {
  expect(list([attempt('a', undefined, 100, { endedAtMs: 120, inProgress: true })])[0]!.attempts[0]).toMatchObject({
    completed: true,
    endTimeMs: 120,
  });
});

test('a page of the list: words, order, state', () => {
  const all = list([
    attempt('a', undefined, 100, { name: 'Pi' }),
    attempt('b', undefined, 200, { name: 'sort', inProgress: true }),
    attempt('c', undefined, 300, { name: 'api' }),
  ]);
  const page = (more: object) =>
    applicationPage(all, { offset: 0, length: 10, sortBy: 'startTime', descending: true, search: '', completed: undefined, ...more });
  expect(page({ search: 'PI' }).applications.map((a) => a.id)).toEqual(['c', 'a']);
  expect(page({ sortBy: 'name', descending: false }).applications.map((a) => a.id)).toEqual(['c', 'a', 'b']);
  expect(page({ completed: false })).toMatchObject({ total: 1, applications: [{ id: 'b' }] });
  expect(page({ offset: 1, length: 1 })).toMatchObject({ total: 3, applications: [{ id: 'b' }] });
  expect(page({ sortBy: '__proto__' }).total).toBe(3);
});
