// Hashes as the JVM has them (hand-computed from the definitions of hashCode), so records land where Spark puts them.
import { describe, expect, it } from 'vitest';
import { byteswap32, JavaRandom, XorShiftRandom } from '../../../../src/runtime/rdd/java-random.ts';
import { HashPartitioner, RangePartitioner } from '../../../../src/runtime/rdd/partitioner.ts';
import { portableHash } from '../../../../src/runtime/rdd/portable-hash.ts';

describe('portableHash', () => {
  it.each([
    ['hello', 99162322],
    ['', 0],
    ['Spark', 80085693],
    ['ä€', 15432],
    [0, 0],
    [-0, 0],
    [-5, -5],
    [2 ** 31, -2147483648],
    [2 ** 32, 1],
    [-(2 ** 31) - 1, -2147483648],
    [1.5, 1073217536],
    [0.1, -1507852285],
    [Number.NaN, 2146959360],
    [Infinity, 2146435072],
    [true, 1231],
    [false, 1237],
    [null, 0],
    [undefined, 0],
    [1n, 1],
    [2n ** 40n, 256],
  ])('%o → %i', (key, hash) => {
    expect(portableHash(key)).toBe(hash);
  });

  it('is equal for equal structures, whatever the order of properties', () => {
    expect(portableHash({ a: 1, b: 2 })).toBe(portableHash({ b: 2, a: 1 }));
    expect(portableHash([1, [2]])).toBe(portableHash([1, [2]]));
    expect(portableHash([1, 2])).not.toBe(portableHash([2, 1]));
  });
});

describe('partitioners', () => {
  it('never give a negative partition', () => {
    const hash = new HashPartitioner(7);
    for (const key of [-1, -7, 'zzzzzz', 2 ** 31, -0.5, null]) {
      const p = hash.getPartition(key);
      expect(p >= 0 && p < 7 && !Object.is(p, -0)).toBe(true);
    }
  });

  it('range: a key equal to a bound belongs to the lower range', () => {
    const range = new RangePartitioner(3, true, undefined, [10, 20]);
    expect([5, 10, 11, 20, 21].map((k) => range.getPartition(k))).toEqual([0, 0, 1, 1, 2]);
    const down = new RangePartitioner(3, false, undefined, [10, 20]);
    expect([5, 10, 11, 20, 21].map((k) => down.getPartition(k))).toEqual([2, 2, 1, 1, 0]);
  });
});

describe('random numbers of the JVM', () => {
  it('java.util.Random', () => {
    expect(new JavaRandom(42).nextLong()).toBe(-5025562857975149833n);
    expect(new JavaRandom(0).nextLong()).toBe(-4962768465676381896n);
  });

  it('XORShiftRandom stays in range and repeats', () => {
    const [a, b] = [new XorShiftRandom(7), new XorShiftRandom(7)];
    for (let i = 0; i < 1000; i++) {
      const x = a.nextDouble();
      expect(x >= 0 && x < 1).toBe(true);
      expect(b.nextDouble()).toBe(x);
    }
    const mean = Array.from({ length: 20_000 }, () => a.nextInt(10)).reduce((x, y) => x + y) / 20_000;
    expect(mean).toBeGreaterThan(4.4);
    expect(mean).toBeLessThan(4.6);
  });

  it('byteswap32 of Scala turns the bytes round between two multiplications', () => {
    expect(byteswap32(0)).toBe(0);
    const turned = Buffer.alloc(4);
    turned.writeInt32LE(Math.imul(1, 0x9e3775cd));
    expect(byteswap32(1)).toBe(Math.imul(turned.readInt32BE(0), 0x9e3775cd));
  });
});
