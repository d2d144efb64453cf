// Keys, zero values and functions that programs do hand over, and that are neither plain data nor wrong at first sight.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cloneValue } from '../../../../src/runtime/rdd/clone-value.ts';
import { sameKey } from '../../../../src/runtime/rdd/key-identity.ts';
import { portableHash } from '../../../../src/runtime/rdd/portable-hash.ts';
import { InProcessContext } from '../../../helpers/in-process-context.ts';

let sc: InProcessContext;
beforeEach(() => {
  sc = new InProcessContext();
});
afterEach(() => sc.close());

describe('keys whose content is not in their properties', () => {
  const kinds: [string, (x: string) => object][] = [
    ['RegExp', (x) => new RegExp(x)],
    ['URL', (x) => new URL(`http://host/${x}`)],
    ['Error', (x) => Object.assign(new Error(x), { at: Math.random() })],
    ['ArrayBuffer', (x) => new TextEncoder().encode(x).buffer],
    ['DataView', (x) => new DataView(new TextEncoder().encode(x).buffer)],
    ['boxed text', (x) => Object(x)],
    ['boxed number', (x) => Object(x.length)],
  ];

  it.each(kinds)('%s', (_, make) => {
    expect(sameKey(make('a'), make('a'))).toBe(true);
    expect(sameKey(make('a'), make('bb'))).toBe(false);
    expect(portableHash(make('a'))).toBe(portableHash(make('a')));
  });

  it('are told apart by distinct', async () => {
    expect(await sc.parallelize([/a/, /b/, /a/g, /a/], 2).distinct().count()).toBe(3);
  });
});

describe('zero values', () => {
  class Tally extends Map<string, number> {
    label = 'tally';
    add(key: string) {
      return this.set(key, (this.get(key) ?? 0) + 1);
    }
  }
  class Names extends Set<string> {
    first() {
      return [...this][0];
    }
  }

  it('keep the class of a Map or Set of the program', () => {
    const tally = new Tally().add('x') as Tally;
    const copy = cloneValue(tally);
    copy.add('x');
    expect([copy, copy.get('x'), copy.label, tally.get('x')]).toEqual([expect.any(Tally), 2, 'tally', 1]);
    expect(cloneValue(new Names(['n'])).first()).toBe('n');
  });

  it('of such a class can be changed in place', async () => {
    const sizes = sc
      .parallelize(['a', 'b', 'a'], 1)
      .map((word): [number, string] => [1, word])
      .aggregateByKey(
        new Tally(),
        (tally, word) => tally.add(word) as Tally,
        (a) => a,
        1,
      );
    expect(await sizes.count()).toBe(1);
  });
});

describe('asynchronous functions where nothing awaits them', () => {
  const says = 'the function is asynchronous, but nothing awaits';

  it('are refused when they are handed over', () => {
    const rows = sc.range(3);
    expect(() => rows.map(async (x) => x as never)).toThrow(`map: ${says}`);
    expect(() => rows.filter(async () => false)).toThrow(`filter: ${says}`);
    expect(() => rows.flatMap(async function* () {} as never)).toThrow(`flatMap: ${says}`);
    expect(() => rows.sortBy(async (x) => x)).toThrow(`sortBy: ${says}`);
    expect(() => rows.keyBy((async (x: number) => x) as never)).toThrow(`keyBy: ${says}`);
  });

  it('are refused when they act', async () => {
    await expect(rows(async (x) => (await rows3()).reduce((async () => x) as never))).rejects.toThrow(`reduce: ${says}`);
  });

  it('are found by the promises that they give', async () => {
    const later = (x: number) => Promise.resolve(x);
    await expect(
      sc
        .range(3)
        .map(later as never)
        .count(),
    ).rejects.toThrow(`map: ${says}`);
    await expect(
      sc
        .range(3)
        .filter((x) => later(x))
        .count(),
    ).rejects.toThrow(`filter: ${says}`);
    await expect(
      sc
        .range(3)
        .flatMap(later as never)
        .count(),
    ).rejects.toThrow(`flatMap: ${says}`);
    await expect(
      sc
        .range(3)
        .keyBy((x) => x)
        .mapValues(later as never)
        .count(),
    ).rejects.toThrow(`mapValues: ${says}`);
  });

  const later = (x: unknown): any => Promise.resolve(x);
  const pairs = () => sc.parallelize([['a', 1] as [string, number], ['a', 2], ['a', 3], ['b', 4]], 1);
  const actions: [string, () => Promise<unknown>][] = [
    ['reduce', () => sc.range(0, 9, 1, 2).reduce((a, b) => later(a + b))],
    ['reduce', () => sc.range(0, 2, 1, 2).reduce((a, b) => later(a + b))], // put together in the driver
    ['fold', () => sc.range(9).fold(0, (a, b) => later(a + b))],
    ['aggregate', () => sc.range(9).aggregate(0, (a: number, b) => later(a + b), later)],
    ['aggregate', () => sc.range(9).aggregate(0, (a: number, b) => a + b, later)],
    ['treeReduce', () => sc.range(9).treeReduce(later)],
    ['treeAggregate', () => sc.range(9).treeAggregate(0, later, later)],
    ['reduceByKey', () => pairs().reduceByKey(later, 1).collect()],
    ['foldByKey', () => pairs().foldByKey(0, later).count()],
    [
      'combineByKey',
      () =>
        pairs()
          .combineByKey(
            later,
            (a) => a,
            (a) => a,
          )
          .count(),
    ],
    [
      'combineByKey',
      () =>
        pairs()
          .combineByKey(
            (x) => x,
            later,
            (a) => a,
            1,
            false,
          )
          .count(),
    ],
    ['keyBy', () => sc.range(3).keyBy(later).count()],
    ['groupBy', () => sc.range(3).groupBy(later).count()],
    ['sortBy', () => sc.range(3).sortBy(later).count()],
  ];

  it.each(actions)('are found by the promises that they give: %s', async (method, act) => {
    await expect(act()).rejects.toThrow(`${method}: ${says}`);
  });

  it('are found where combiners of several map tasks come together', async () => {
    const twice = pairs().union(pairs());
    await expect(twice.aggregateByKey(0, (a: number, b) => a + b, later, 1).count()).rejects.toThrow(`aggregateByKey: ${says}`);
  });

  const rows3 = async () => sc.range(3);
  const rows = <R>(f: (x: number) => Promise<R>) => f(1);
});

describe('foreachPartition', () => {
  it('pulls what a generator, an async generator or an iterator has yet to do', async () => {
    const seen: string[] = [];
    const part = sc.range(0, 2, 1, 1);
    await part.foreachPartition(function* (rows) {
      for (const x of rows) yield seen.push(`g${x}`);
    });
    await part.foreachPartition(async function* (rows) {
      for (const x of rows) yield seen.push(`a${x}`);
    });
    await part.foreachPartition((rows) => rows.map((x) => seen.push(`i${x}`)));
    expect(seen).toEqual(['g0', 'g1', 'a0', 'a1', 'i0', 'i1']);
  });
});

describe('compressed text', () => {
  it('is read from .deflate, and refused in codecs that are not here', async () => {
    writeFileSync(path.join(sc.folder, 'a.deflate'), deflateSync('one\ntwo\n'));
    expect(await sc.textFile('a.deflate').collect()).toEqual(['one', 'two']);
    writeFileSync(path.join(sc.folder, 'b.bz2'), readFileSync(path.join(sc.folder, 'a.deflate')));
    expect(() => sc.textFile('b.bz2')).toThrow("this compression can't be read");
  });
});
