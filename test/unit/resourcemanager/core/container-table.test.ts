// An attempt's containers by their ids.
import { expect, it } from 'vitest';
import { attemptId, applicationId, containerId } from '../../../../src/common/ids.ts';
import { Prng } from '../../../../src/common/prng.ts';
import { ContainerTable } from '../../../../src/resourcemanager/core/container-table.ts';
import type { Container } from '../../../../src/resourcemanager/core/entities.ts';

const application = applicationId(1_700_000_000_000, 1);
const container = (attempt: number, seq: number): Container =>
  ({ id: containerId(attemptId(application, attempt), 0, seq), nextThere: undefined }) as Container;

it('has just those that came and did not leave, also where numbers of two attempts are the same', () => {
  const random = new Prng(4);
  const all = [1, 2].flatMap((attempt) => [7, 8, 15, 16, 99_999, 100_007, 1_000_007, 123_456].map((seq) => container(attempt, seq)));
  for (let seq = 200; seq < 260; seq++) all.push(container(1, seq));
  const [table, expected] = [new ContainerTable(), new Set<Container>()];
  for (let i = 0; i < 4_000; i++) {
    const one = all[random.int(all.length)]!;
    if (expected.delete(one)) table.delete(one);
    else {
      table.add(one);
      expected.add(one);
    }
    expect(table.size).toBe(expected.size);
    for (const each of all) expect(table.get(each.id)).toBe(expected.has(each) ? each : undefined);
  }
  expect(new Set(table.values())).toEqual(expected);
});

it('gives them in the order of their ids, and all away at once', () => {
  const table = new ContainerTable();
  const inOrder = [3, 11, 999_999, 1_000_000].map((seq) => container(1, seq));
  for (const at of [2, 0, 3, 1]) table.add(inOrder[at]!);
  expect(table.values()).toEqual(inOrder);
  expect(table.takeAll()).toEqual(inOrder);
  expect(table.size).toBe(0);
  expect(table.has(inOrder[0]!.id)).toBe(false);
  table.add(inOrder[0]!);
  expect(table.values()).toEqual([inOrder[0]]);
});
