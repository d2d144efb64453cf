// Functions on theta, tuple, HLL and KLL sketches in JavaScript. Aggregates get the values of a group as a list.
// Source: thetasketchesAggregates.scala, tupleSketchAggregates.scala, datasketchesAggregates.scala, kllAggregates.scala of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { byRow, byRowWithNulls, type JsFunction } from './js-function.ts';
import { DEFAULT_LG_K, HllSketch } from './sketches/hll.ts';
import { type ItemKind, itemBytes } from './sketches/item-bytes.ts';
import { KeySketch } from './sketches/key-sketch.ts';
import { type KllItem, kllOfBytes, KllSketch, type KllType } from './sketches/kll.ts';
import { noSummary, type Theta, thetaBytes, thetaOfBytes } from './sketches/theta.ts';
import {
  emptySummary,
  mergeOf,
  type Summary,
  summaryOf,
  thetaOf,
  type Tuple,
  tupleBytes,
  tupleOfBytes,
  type TupleType,
} from './sketches/tuple.ts';

type Bytes = Uint8Array;
type List = readonly KernelValue[] | null;

const quotedName = (name: string): string => `\`${name}\``;
function bad(condition: string, functionName: string, more: Readonly<Record<string, string>> = {}): never {
  throw new AnalysisException(condition, { function: quotedName(functionName), ...more });
}
const thetaFrom = (bytes: Bytes, f: string, lgK = 26): Theta => thetaOfBytes(bytes, lgK) ?? bad('THETA_INVALID_INPUT_SKETCH_BUFFER', f);
const tupleFrom = (bytes: Bytes, type: TupleType, f: string, lgK = 26): Tuple => {
  const made = tupleOfBytes(bytes, type, lgK);
  if (made !== undefined) return made;
  if (thetaOfBytes(bytes, lgK) !== undefined)
    return bad('TUPLE_INVALID_INPUT_SKETCH_BUFFER_FAMILY', f, { actualFamily: 'COMPACT', expectedFamily: 'TUPLE' });
  return bad('TUPLE_INVALID_INPUT_SKETCH_BUFFER', f, { reason: 'no tuple sketch of this type' });
};
const hllFrom = (bytes: Bytes, f: string): HllSketch => HllSketch.ofBytes(bytes) ?? bad('HLL_INVALID_INPUT_SKETCH_BUFFER', f);
const kllFrom = (bytes: Bytes, type: KllType, f: string): KllSketch => kllOfBytes(bytes, type) ?? bad('KLL_INVALID_INPUT_SKETCH_BUFFER', f);

/** Of a group: a list that may be NULL, with NULLs in it. */
const ofList = (elementType: string, compute: (values: readonly KernelValue[]) => KernelValue) => ({
  parameterTypes: [`${elementType}[]`],
  returnType: 'BLOB',
  compute: byRowWithNulls((list: List) => compute((list ?? []).filter((v) => v !== null))),
});
const ofTwo = (compute: (a: Bytes, b: Bytes) => KernelValue) => ({
  parameterTypes: ['BLOB', 'BLOB'],
  returnType: 'BLOB',
  compute: byRow(compute),
});
const ofOne = (returnType: string, compute: (bytes: Bytes) => KernelValue) => ({
  parameterTypes: ['BLOB'],
  returnType,
  compute: byRow(compute),
});

const THETA: readonly JsFunction[] = [
  {
    name: 'theta_build',
    make: (elementType, kind, lgK) =>
      ofList(elementType!, (values) => {
        const sketch: Theta = new KeySketch(Number(lgK));
        for (const value of values) {
          const item = itemBytes(value, kind as ItemKind);
          if (item !== undefined) sketch.update(item, null, noSummary);
        }
        return thetaBytes(sketch);
      }),
  },
  {
    name: 'theta_merge',
    make: (f, how, lgK) => ofList('BLOB', (sketches) => thetaBytes(mergedThetas(sketches as Bytes[], f!, how!, Number(lgK)))),
  },
  { name: 'theta_two', make: (f, how, lgK) => ofTwo((a, b) => thetaBytes(mergedThetas([a, b], f!, how!, Number(lgK)))) },
  { name: 'theta_estimate', make: (f) => ofOne('BIGINT', (bytes) => BigInt(Math.round(thetaFrom(bytes, f!).estimate()))) },
];

function mergedThetas(sketches: readonly Bytes[], f: string, how: string, lgK: number): Theta {
  const [first, ...rest] = sketches.map((bytes) => thetaFrom(bytes, f, lgK));
  const made = first ?? new KeySketch<null>(lgK);
  for (const other of rest) combine(made, other, how, noSummary);
  return made;
}

function combine<S>(into: KeySketch<S>, other: KeySketch<S>, how: string, merge: (a: S, b: S) => S): void {
  if (how === 'union') into.union(other, merge);
  else if (how === 'intersection') into.intersect(other, (hash, own) => merge(own, other.entries.get(hash)!));
  else into.subtract(other);
}

const TUPLE: readonly JsFunction[] = [
  {
    name: 'tuple_build',
    make: (keyType, kind, type, lgK, mode) => {
      const merge = mergeOf(type as TupleType, mode!);
      const summaryType = type === 'string' ? 'VARCHAR[]' : type === 'integer' ? 'INTEGER' : 'DOUBLE';
      return ofList(`STRUCT(k ${keyType}, s ${summaryType})`, (values) => {
        const sketch: Tuple = new KeySketch(Number(lgK));
        for (const pair of values) {
          const [key, summary] = pair as readonly [KernelValue, KernelValue];
          const item = itemBytes(key, kind as ItemKind);
          if (item !== undefined && summary !== null) sketch.update(item, mode === 'alwaysone' ? 1 : (summary as Summary), merge);
        }
        return tupleBytes(sketch, type as TupleType);
      });
    },
  },
  {
    name: 'tuple_merge',
    make: (f, how, type, lgK, mode) =>
      ofList('BLOB', (sketches) => mergedTuples(sketches as Bytes[], f!, how!, type as TupleType, Number(lgK), mode!)),
  },
  {
    name: 'tuple_two',
    make: (f, how, type, lgK, mode) => ofTwo((a, b) => mergedTuples([a, b], f!, how!, type as TupleType, Number(lgK), mode!)),
  },
  {
    name: 'tuple_theta',
    make: (f, how, type, lgK, mode) =>
      ofTwo((a, b) => {
        const [made, theta] = [tupleFrom(a, type as TupleType, f!, Number(lgK)), thetaFrom(b, f!)];
        if (how === 'intersection') made.intersect(theta, (_, own) => own);
        else if (how === 'difference') made.subtract(theta);
        else made.union(withSummaries(theta, emptySummary(type as TupleType, mode!)), (own) => own);
        return tupleBytes(made, type as TupleType);
      }),
  },
  { name: 'tuple_estimate', make: (f, type) => ofOne('DOUBLE', (bytes) => tupleFrom(bytes, type as TupleType, f!).estimate()) },
  { name: 'tuple_theta_of', make: (f, type) => ofOne('DOUBLE', (bytes) => thetaOf(tupleFrom(bytes, type as TupleType, f!))) },
  {
    name: 'tuple_summary',
    make: (f, type, mode) =>
      ofOne(type === 'integer' ? 'BIGINT' : 'DOUBLE', (bytes) => {
        const value = summaryOf(tupleFrom(bytes, type as TupleType, f!), type as TupleType, mode!);
        return value === null || type !== 'integer' ? value : BigInt(value);
      }),
  },
];

function withSummaries(theta: Theta, summary: Summary): Tuple {
  const made: Tuple = new KeySketch(theta.lgK);
  made.theta = theta.theta;
  made.isEmpty = theta.isEmpty;
  for (const hash of theta.entries.keys()) made.entries.set(hash, summary);
  return made;
}

function mergedTuples(sketches: readonly Bytes[], f: string, how: string, type: TupleType, lgK: number, mode: string): Bytes {
  const [first, ...rest] = sketches.map((bytes) => tupleFrom(bytes, type, f, lgK));
  const made = first ?? new KeySketch<Summary>(lgK);
  for (const other of rest) combine(made, other, how, mergeOf(type, mode));
  return tupleBytes(made, type);
}

const HLL: readonly JsFunction[] = [
  {
    name: 'hll_build',
    make: (elementType, kind, lgK) =>
      ofList(elementType!, (values) => {
        const sketch = new HllSketch(Number(lgK));
        for (const value of values) {
          const item = itemBytes(value, kind as ItemKind);
          if (item !== undefined) sketch.update(item);
        }
        return sketch.bytes();
      }),
  },
  { name: 'hll_merge', make: (f, allows) => ofList('BLOB', (sketches) => mergedHlls(sketches as Bytes[], f!, allows === 'true')) },
  { name: 'hll_two', make: (f, allows) => ofTwo((a, b) => mergedHlls([a, b], f!, allows === 'true')) },
  { name: 'hll_estimate', make: (f) => ofOne('BIGINT', (bytes) => BigInt(Math.round(hllFrom(bytes, f!).estimate()))) },
];

/** Of the least lgK. */
function mergedHlls(sketches: readonly Bytes[], f: string, allowsDifferent: boolean): Bytes {
  const all = sketches.map((bytes) => hllFrom(bytes, f));
  const other = all.find((s) => s.lgK !== all[0]!.lgK);
  if (other !== undefined && !allowsDifferent) bad('HLL_UNION_DIFFERENT_LG_K', f, { left: String(all[0]!.lgK), right: String(other.lgK) });
  const made = new HllSketch(all.length === 0 ? DEFAULT_LG_K : Math.min(...all.map((s) => s.lgK)));
  for (const sketch of all) made.union(sketch);
  return made.bytes();
}

const KLL: readonly JsFunction[] = [
  {
    name: 'kll_build',
    make: (elementType, type, k) =>
      ofList(elementType!, (values) => {
        const sketch = new KllSketch(Number(k), type as KllType);
        for (const value of values) sketch.update(type === 'bigint' ? BigInt(value as number) : (value as KllItem));
        return sketch.bytes();
      }),
  },
  { name: 'kll_merge', make: (f, type, k) => ofList('BLOB', (sketches) => mergedKlls(sketches as Bytes[], f!, type as KllType, k!)) },
  { name: 'kll_two', make: (f, type) => ofTwo((a, b) => mergedKlls([a, b], f!, type as KllType, '')) },
  { name: 'kll_n', make: (f, type) => ofOne('BIGINT', (bytes) => kllFrom(bytes, type as KllType, f!).n) },
  { name: 'kll_text', make: (f, type) => ofOne('VARCHAR', (bytes) => kllFrom(bytes, type as KllType, f!).toString()) },
  {
    name: 'kll_quantile',
    make: (f, type, kernelType, isList) => {
      const at = (bytes: Bytes, ranks: readonly number[]): readonly (KllItem | null)[] => {
        if (ranks.some((r) => !(r >= 0 && r <= 1)))
          throw new AnalysisException('KLL_SKETCH_INVALID_QUANTILE_RANGE', { functionName: quotedName(f!) });
        const sketch = kllFrom(bytes, type as KllType, f!);
        return ranks.map((rank) => sketch.quantile(rank));
      };
      return perItem(isList === 'true', 'DOUBLE', kernelType!, at as PerItem);
    },
  },
  {
    name: 'kll_rank',
    make: (f, type, kernelType, isList) =>
      perItem(isList === 'true', kernelType!, 'DOUBLE', (bytes, items) => {
        const sketch = kllFrom(bytes, type as KllType, f!);
        return items.map((item) => sketch.rank(type === 'bigint' ? BigInt(item as bigint) : Number(item)));
      }),
  },
];

type PerItem = (bytes: Bytes, items: readonly KernelValue[]) => readonly KernelValue[];

/** Of one argument, or of each in a list. */
function perItem(isList: boolean, from: string, to: string, compute: PerItem): ReturnType<JsFunction['make']> {
  const one = byRow((bytes: Bytes, item: KernelValue) => compute(bytes, [item])[0]!);
  const all = byRow((bytes: Bytes, items: readonly KernelValue[]) => compute(bytes, items));
  return isList
    ? { parameterTypes: ['BLOB', `${from}[]`], returnType: `${to}[]`, compute: all }
    : { parameterTypes: ['BLOB', from], returnType: to, compute: one };
}

/** @param k of the result; empty: the first sketch's */
function mergedKlls(sketches: readonly Bytes[], f: string, type: KllType, k: string): Bytes {
  const all = sketches.map((bytes) => kllFrom(bytes, type, f));
  const made = new KllSketch(k === '' ? (all[0]?.k ?? 200) : Number(k), type);
  for (const sketch of all) made.merge(sketch);
  return made.bytes();
}

export const JS_SKETCHES: readonly JsFunction[] = [...THETA, ...TUPLE, ...HLL, ...KLL];
