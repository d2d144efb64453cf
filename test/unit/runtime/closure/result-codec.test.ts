// What comes back from tasks arrives as it was; what can't come back is refused with its path. Also without code generation from strings.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, test } from 'vitest';
import { decodeResult, encodeResult } from '../../../../src/runtime/closure/result-codec.ts';

const root = path.resolve(import.meta.dirname, '../../../..');
const roundTrip = (value: unknown) => decodeResult(encodeResult(value));

const same: [string, unknown][] = [
  ['whole and broken numbers', [0, 1, -1, 127, 128, 65_536, -40_000, 2 ** 31, 2 ** 40, 2 ** 53, 1.5, 1e300, 5e-324]],
  ['NaN, Infinity, -0', [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, { x: -0 }]],
  ['text', ['', 'a', 'é€😀', 'x'.repeat(100_000)]],
  ['undefined and null', [undefined, null, { a: undefined }]],
  ['bigint', [0n, 1n, -5n, 2n ** 63n, 2n ** 70n, -(2n ** 70n)]],
  ['pairs', Array.from({ length: 1000 }, (_, i) => [`word${i % 50}`, i])],
  ['objects of one shape', Array.from({ length: 1000 }, (_, i) => ({ id: i, name: `n${i}` }))],
  ['objects of many shapes', Array.from({ length: 20_000 }, (_, i) => ({ [`k${i}`]: i, b: 1 }))],
  ['an object as dictionary', Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i]))],
  [
    'Map stays apart from object',
    new Map<unknown, unknown>([
      ['a', { m: new Map() }],
      [{ k: 1 }, new Set([1, 'x'])],
    ]),
  ],
  ['Date', [new Date(0), new Date(1_700_000_000_123), new Date(-5), new Date(253_402_300_799_999), new Date(Number.NaN)]],
  ['RegExp', [/a(b)/gi, /x/u]],
  [
    'typed arrays',
    [new Float64Array([1, 2]), new Uint8Array([1]), Buffer.from('xyz'), new BigInt64Array([1n]), new Int16Array([-3]), new ArrayBuffer(3)],
  ],
  ['URL', new URL('http://x/y?z=1')],
  ['keys that look like prototypes', [JSON.parse('{"__proto__": 5}'), { constructor: 1 }, { toJSON: 2 }, { hasOwnProperty: 3 }]],
];

test.each(same)('%s', (_name, value) => {
  expect(roundTrip(value)).toStrictEqual(value);
});

test('-0 stays -0', () => {
  expect(Object.is((roundTrip([-0]) as number[])[0], -0)).toBe(true);
  expect(Object.is((roundTrip(new Map([['a', -0]])) as Map<string, number>).get('a'), -0)).toBe(true);
});

test('an error keeps its type, message, cause and stack', () => {
  const error = new TypeError('bad', { cause: 'root' });
  const got = roundTrip(error) as TypeError;
  expect(got).toBeInstanceOf(TypeError);
  expect([got.message, got.cause, got.stack]).toEqual(['bad', 'root', error.stack]);
});

test('an instance of a user class arrives as its data', () => {
  class Point {
    x = 1;
    #hidden = 2;
    get sum() {
      return this.x + this.#hidden;
    }
  }
  expect(roundTrip([new Point()])).toStrictEqual([{ x: 1 }]);
});

test('objects of the platform are refused, not emptied', () => {
  for (const value of [new Response('x'), new Blob(['x']), new AbortController(), new TextEncoder(), new Intl.NumberFormat('de')])
    expect(() => encodeResult([value])).toThrow(/is an? \w+: it is more than its properties/);
});

test('cycles keep identity', () => {
  const cyclic: Record<string, unknown> = { a: [1] };
  cyclic['self'] = cyclic;
  const got = roundTrip(cyclic) as typeof cyclic;
  expect(got['self']).toBe(got);
});

test('depth is no limit', () => {
  let deep: unknown = 1;
  for (let i = 0; i < 20_000; i++) deep = [deep];
  let got = roundTrip(deep);
  for (let i = 0; i < 20_000; i++) got = (got as unknown[])[0];
  expect(got).toBe(1);
});

test('results that are kept are not overwritten by later ones', () => {
  const kept = Array.from({ length: 200 }, (_, i) => encodeResult({ i, text: 'x'.repeat(i) }));
  expect(kept.map((bytes) => (decodeResult(bytes) as { i: number }).i)).toEqual(kept.map((_, i) => i));
});

test.each([
  [
    'function',
    { a: [1, () => 1] },
    /^Task not serializable: result of task 3 → \.a\[1\] is a function: functions travel to executors, not back/,
  ],
  ['promise', [Promise.resolve()], /\[0\] is a Promise/],
  ['iterator', { it: [1].values() }, /\.it is a running iterator/],
])('%s is refused with its path', (_name, value, message) => {
  expect(() => encodeResult(value, 'result of task 3')).toThrow(message);
});

test('a table that names a code kind is refused', () => {
  const honest = encodeResult([-0]);
  const forged = Buffer.from(honest);
  const at = forged.indexOf('a', 1); // the kind of the only node
  forged[at] = 'f'.charCodeAt(0);
  expect(() => decodeResult(forged)).toThrow('a result may contain data only');
});

test('works where code may not be made from strings', () => {
  const script = `
    import { decodeResult, encodeResult } from './src/runtime/closure/result-codec.ts';
    const rows = Array.from({ length: 100 }, (_, i) => ({ id: i, tags: new Set([i]) }));
    const got = decodeResult(encodeResult(rows));
    let blocked = false;
    try { new Function('return 1')(); } catch { blocked = true; }
    console.log(blocked, got.length, got[99].id, got[99].tags.has(99));`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '-e', script];
  const output = execFileSync(path.join(root, 'node_modules/node/bin/node'), flags, {
    cwd: root,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
  });
  expect(output.trim()).toBe('true 100 99 true');
});
