import { expect, test } from 'vitest';
import { MODES, planRound } from '../../chaos/schedule.ts';

const faultsOf = () => ['a', 'b', 'c', 'd', 'e'];

test('a seed and a number give the same round each time, and other numbers give others', () => {
  expect(planRound(7, 3, 8, faultsOf)).toEqual(planRound(7, 3, 8, faultsOf));
  const rounds = Array.from({ length: 200 }, (_, n) => planRound(7, n, 8, faultsOf));
  expect(new Set(rounds.map((r) => JSON.stringify({ ...r, number: 0 }))).size).toBe(200);
  expect(new Set(rounds.map((r) => r.mode))).toEqual(new Set(MODES));
  expect(new Set(rounds.flatMap((r) => r.strikes.map((s) => s.fault)))).toEqual(new Set(faultsOf()));
});

test('a mode without faults is not drawn; strikes come in their order', () => {
  const drawn = Array.from({ length: 50 }, (_, n) => planRound(1, n, 1, (mode) => (mode === 'cluster' ? [] : ['a'])));
  expect(new Set(drawn.map((r) => r.mode))).toEqual(new Set(MODES.filter((mode) => mode !== 'cluster')));
  for (let n = 0; n < 50; n++) {
    const times = planRound(2, n, 3, faultsOf).strikes.map((s) => s.afterMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  }
});
