// Chunks are bounded by bytes as well as by rows: an operation never makes many large rows ahead of what comes after it.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RDD } from '../../../../src/runtime/rdd/rdd.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
beforeEach(() => {
  sc = new InProcessContext();
});
afterEach(() => sc.close());

const large = (i: unknown) => `${String(i).padStart(8, '0')}${'x'.repeat(100_000)}`;

type Made = <T>(row: T) => T;

/** How many rows `make` is ahead of the action, at most. */
async function furthestAhead(rows: RDD<number>, make: (rows: RDD<number>, made: Made) => RDD<any>): Promise<number> {
  let [made, taken, ahead] = [0, 0, 0];
  await make(rows, (row) => {
    made++;
    ahead = Math.max(ahead, made - taken);
    return row;
  }).foreach(() => {
    taken++;
  });
  expect(taken).toBe(3000);
  return ahead;
}

describe('chunks of large rows', () => {
  const numbers = () => sc.range(0, 3000, 1, 1);
  const kinds: [string, (rows: RDD<number>, made: Made) => RDD<any>][] = [
    ['map', (rows, made) => rows.map((i) => made(large(i)))],
    [
      'three maps',
      (rows, made) =>
        rows
          .map(large)
          .map((t) => made(`${t}.`))
          .map((t) => `${t}.`),
    ],
    ['keyBy', (rows, made) => rows.keyBy((i) => made(large(i)))],
    ['mapValues', (rows, made) => rows.keyBy((i) => i).mapValues((i) => made(large(i)))],
    ['flatMap of arrays', (rows, made) => rows.flatMap((i) => made([large(i)]))],
    [
      'flatMap of generators',
      (rows, made) =>
        rows.flatMap(function* (i) {
          made(i);
          yield large(i);
        }),
    ],
    ['mapPartitions', (rows, made) => rows.mapPartitions((part) => part.map((i) => made(large(i))))],
    [
      'an asynchronous mapPartitions',
      (rows, made) =>
        rows.mapPartitions(async function* (part) {
          for (const i of part) {
            made(i);
            yield large(i);
          }
        }),
    ],
  ];

  it.each(kinds)('%s', async (_, make) => {
    expect(await furthestAhead(numbers(), make)).toBeLessThanOrEqual(16);
  });

  it('shrink when rows become large, and grow again', async () => {
    const sizes = (rows: RDD<number>, made: Made) => rows.map((i) => made(i < 1500 ? i : large(i)));
    expect(await furthestAhead(numbers(), sizes)).toBeLessThanOrEqual(1024);
    let rows = 0;
    await sc
      .range(0, 100_000, 1, 1)
      .map((i) => (i < 20 ? large(i) : i))
      .foreachPartition((part) => {
        for (const _ of part) rows++;
      });
    expect(rows).toBe(100_000);
  });

  it('are whole for small rows', async () => {
    const ahead = await furthestAhead(numbers(), (rows, made) => rows.map((i) => made(i)));
    expect(ahead).toBe(1024);
  });

  it('of text lines', async () => {
    const file = path.join(sc.folder, 'lines.txt');
    writeFileSync(file, Array.from({ length: 300 }, (_, i) => `${large(i)}\n`).join(''));
    let [made, taken, ahead] = [0, 0, 0];
    const lines = sc.textFile(file, 1).mapPartitions((part) =>
      part.map((line) => {
        made++;
        ahead = Math.max(ahead, made - taken);
        return line;
      }),
    );
    await lines.foreach(() => {
      taken++;
    });
    expect([taken, ahead <= 16]).toEqual([300, true]);
    expect((await sc.textFile(file, 4).collect()).map((line) => line.slice(0, 8))).toEqual(
      Array.from({ length: 300 }, (_, i) => String(i).padStart(8, '0')),
    );
  });
});
