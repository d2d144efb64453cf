// A histogram of numbers with few bins, which move to where the values are. Source: NumericHistogram of Spark 4.2 (of Hive, after Ben-Haim and Tom-Tov,
// "A Streaming Parallel Decision Tree Algorithm", 2010).
import { byRow, type JsFunction } from './js-function.ts';

type Bin = { x: number; y: number };

/** java.util.Random of a seed: which of equally near bins are merged. */
function javaRandom(seed: bigint): () => number {
  const mask = (1n << 48n) - 1n;
  let state = (seed ^ 0x5deece66dn) & mask;
  const next = (bits: bigint): number => {
    state = (state * 0x5deece66dn + 0xbn) & mask;
    return Number(state >> (48n - bits));
  };
  return () => (next(26n) * 2 ** 27 + next(27n)) * 2 ** -53;
}

/** @param values in the order of the rows. @returns bins by place, with how many values each stands for */
export function histogram(values: readonly (number | null)[], most: number): Bin[] {
  const bins: Bin[] = [];
  const random = javaRandom(31183n);
  for (const value of values) {
    if (value === null) continue;
    let [low, high] = [0, bins.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bins[middle]!.x < value) low = middle + 1;
      else high = middle;
    }
    if (bins[low]?.x === value) bins[low]!.y++;
    else {
      bins.splice(low, 0, { x: value, y: 1 });
      if (bins.length > most) mergeNearest(bins, random);
    }
  }
  return bins;
}

function mergeNearest(bins: Bin[], random: () => number): void {
  let [least, at, equals] = [bins[1]!.x - bins[0]!.x, 0, 1];
  for (let i = 1; i < bins.length - 1; i++) {
    const distance = bins[i + 1]!.x - bins[i]!.x;
    if (distance < least) [least, at, equals] = [distance, i, 1];
    else if (distance === least && random() <= 1 / ++equals) at = i;
  }
  const [a, b] = [bins[at]!, bins[at + 1]!];
  const count = a.y + b.y;
  bins.splice(at, 2, { x: a.x * (a.y / count) + (b.x / count) * b.y, y: count });
}

export const JS_HISTOGRAM: readonly JsFunction[] = [
  {
    name: 'histogram_numeric',
    make: (most) => ({
      parameterTypes: ['DOUBLE[]'],
      returnType: 'STRUCT(x DOUBLE, y DOUBLE)[]',
      compute: byRow((values: readonly (number | null)[]) => histogram(values, Number(most)).map(({ x, y }) => [x, y])),
    }),
  },
];
