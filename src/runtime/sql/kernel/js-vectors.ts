// Vectors of floats: every step is rounded to a float, in Spark's order (eight products at a time), so that the last digit is Spark's.
// Source: VectorFunctionImplUtils, VectorAvg, VectorSum of Spark 4.2.
import { SparkRuntimeException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

type Vector = readonly (number | null)[];
const f = Math.fround;
const SMALLEST_NORMAL = 2 ** -126;
const STEP = 8;

/** Sum of `term` over all places. */
function summed(size: number, term: (i: number) => number): number {
  let sum = 0;
  let i = 0;
  for (const limit = size - (size % STEP); i < limit; i += STEP) {
    let batch = f(term(i));
    for (let k = 1; k < STEP; k++) batch = f(batch + f(term(i + k)));
    sum = f(sum + batch);
  }
  for (; i < size; i++) sum = f(sum + f(term(i)));
  return sum;
}

function checkSizes(name: string, a: Vector, b: Vector): void {
  if (a.length !== b.length)
    throw new SparkRuntimeException('VECTOR_DIMENSION_MISMATCH', {
      functionName: `\`${name}\``,
      leftDim: String(a.length),
      rightDim: String(b.length),
    });
}

const isWhole = (v: Vector): v is readonly number[] => !v.includes(null);
const dot = (a: readonly number[], b: readonly number[]): number => summed(a.length, (i) => a[i]! * b[i]!);

function cosine(a: readonly number[], b: readonly number[]): number | null {
  if (a.length === 0) return null;
  const size = f(Math.sqrt(f(dot(a, a) * dot(b, b))));
  return size < SMALLEST_NORMAL ? null : f(dot(a, b) / size);
}

function distance(a: readonly number[], b: readonly number[]): number {
  return f(
    Math.sqrt(
      summed(a.length, (i) => {
        const d = f(a[i]! - b[i]!);
        return d * d;
      }),
    ),
  );
}

const ofTwo = (name: string, compute: (a: readonly number[], b: readonly number[]) => number | null): JsFunction =>
  jsFunction(
    name,
    ['FLOAT[]', 'FLOAT[]'],
    'FLOAT',
    byRow((a: Vector, b: Vector) => {
      checkSizes(name, a, b);
      return isWhole(a) && isWhole(b) ? compute(a, b) : null;
    }),
  );

function norm(name: string, v: Vector, degree: number): number | null {
  if (degree !== 1 && degree !== 2 && degree !== Number.POSITIVE_INFINITY)
    throw new SparkRuntimeException('INVALID_VECTOR_NORM_DEGREE', { functionName: `\`${name}\``, degree: String(degree) });
  if (!isWhole(v)) return null;
  if (degree === 1) return summed(v.length, (i) => Math.abs(v[i]!));
  if (degree === 2) return f(Math.sqrt(dot(v, v)));
  return v.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
}

function normalized(v: Vector, degree: number): number[] | null {
  const size = norm('vector_normalize', v, degree);
  if (size === null) return null;
  if (v.length === 0) return [];
  return size < SMALLEST_NORMAL ? null : v.map((x) => f(x! / size));
}

/** Vectors with NULLs inside do not count. */
function added(name: string, vectors: readonly (Vector | null)[], add: (sum: number, x: number, count: number) => number): number[] | null {
  let sum: number[] | undefined;
  let count = 0;
  for (const v of vectors) {
    if (v === null || !isWhole(v)) continue;
    count++;
    if (sum === undefined) {
      sum = [...v];
      continue;
    }
    checkSizes(name, sum, v);
    for (let i = 0; i < sum.length; i++) sum[i] = add(sum[i]!, v[i]!, count);
  }
  return sum ?? null;
}

export const JS_VECTORS: readonly JsFunction[] = [
  ofTwo('vector_cosine_similarity', cosine),
  ofTwo('vector_inner_product', dot),
  ofTwo('vector_l2_distance', distance),
  jsFunction(
    'vector_norm',
    ['FLOAT[]', 'FLOAT'],
    'FLOAT',
    byRow((v: Vector, degree: number) => norm('vector_norm', v, degree)),
  ),
  jsFunction('vector_normalize', ['FLOAT[]', 'FLOAT'], 'FLOAT[]', byRow(normalized)),
  jsFunction(
    'vector_sum',
    ['FLOAT[][]'],
    'FLOAT[]',
    byRow((vectors: readonly (Vector | null)[]) => added('vector_sum', vectors, (sum, x) => f(sum + x))),
  ),
  jsFunction(
    'vector_avg',
    ['FLOAT[][]'],
    'FLOAT[]',
    byRow((vectors: readonly (Vector | null)[]) => added('vector_avg', vectors, (mean, x, n) => f(mean + f(f(x - mean) * f(1 / n))))),
  ),
];
