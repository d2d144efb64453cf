// Instances of the program's classes in batches of rows, as two threads with a registry each would see them.
import { describe, expect, it } from 'vitest';
import { registerRecordClass, tagInstances } from '../../../../src/runtime/rdd/record-classes.ts';
import { decodeRows, encodeRows } from '../../../../src/runtime/rdd/row-codec.ts';

class Point {
  readonly x: number;
  constructor(x: number) {
    this.x = x;
  }
  get double() {
    return this.x * 2;
  }
}
class Hidden {
  readonly #x = 1;
  get x() {
    return this.#x;
  }
}
class List extends Array<number> {
  get last() {
    return this.at(-1);
  }
}
class Tally extends Map<string, number> {
  label = 'tally';
  override set(key: string, value: number): this {
    return super.set(key, value * 2);
  }
}
class Names extends Set<Point> {}
registerRecordClass({ hash: 'h1', textKey: 't.1', owner: Point, hasPrivates: false });
registerRecordClass({ hash: 'h2', textKey: 't.2', owner: Hidden, hasPrivates: true });
registerRecordClass({ hash: 'h3', textKey: 't.3', owner: List, hasPrivates: false });
registerRecordClass({ hash: 'h4', textKey: 't.4', owner: Tally, hasPrivates: false });
registerRecordClass({ hash: 'h5', textKey: 't.5', owner: Names, hasPrivates: false });

describe('records that are instances', () => {
  it('keep their class wherever they stand', () => {
    const rows = [
      new Point(1),
      undefined,
      ['k', [new Point(2), null]],
      { p: new Point(-0) },
      new Map([[new Point(3), new Set([new Point(4)])]]),
    ];
    const back = decodeRows(encodeRows(rows)) as typeof rows;
    expect(back).toEqual(rows);
    expect(back[0]).toBeInstanceOf(Point);
    expect((back[0] as Point).double).toBe(2);
    const pairs = decodeRows(
      encodeRows([
        ['a', new Point(1)],
        ['b', undefined],
      ]),
    ) as [string, Point][];
    expect(pairs[0]![1]).toBeInstanceOf(Point);
  });

  it('keep class and content when the class extends Map, Set or Array', () => {
    const rows = [List.from([1, 2]), new Tally().set('a', 2), new Names([new Point(1)]), [new List(), 1]];
    const back = decodeRows(encodeRows(rows)) as [List, Tally, Names, [List, number]];
    expect(back).toEqual(rows);
    expect([back[0].last, back[1].get('a'), back[1].label, back[3][0]]).toEqual([2, 4, 'tally', expect.any(List)]);
    expect([...back[2]][0]!.double).toBe(2);
  });

  it('leave other values as they are', () => {
    expect(tagInstances([1, 'a', { a: [1] }, new Date(1)])).toBeUndefined();
  });

  it('are refused when they have private fields', () => {
    expect(() => encodeRows([new Hidden()])).toThrow("an instance of Hidden can't be a record");
  });

  it('are found by the text of their class when its statics have changed', () => {
    const bytes = encodeRows([new Point(7)]);
    registerRecordClass({ hash: 'h9', textKey: 't.1', owner: Point, hasPrivates: false });
    const renamed = Buffer.from(bytes.toString('latin1').replace('h1 t.1', 'hX t.1'), 'latin1');
    expect(decodeRows(renamed)[0]).toBeInstanceOf(Point);
    const unknown = Buffer.from(bytes.toString('latin1').replace('h1 t.1', 'hX t.X'), 'latin1');
    expect(() => decodeRows(unknown)).toThrow('not known here');
  });
});
