// count_min_sketch and approx_top_k in JavaScript. Aggregates get the values of a group as a list.
// Source: CountMinSketchAgg, ApproxTopKAggregates.scala, ApproxTopKExpressions.scala of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { DataType } from '../types/data-type.ts';
import { typeFromJson } from '../types/type-json.ts';
import { byRow, byRowWithNulls, type JsFunction } from './js-function.ts';
import { CountMinSketch } from './sketches/count-min.ts';
import { FrequentItems } from './sketches/frequent-items.ts';
import { javaHash } from './sketches/java-hash.ts';

type List = readonly KernelValue[] | null;
const bytesOf = ({ items, nulls }: Counted): Uint8Array => Buffer.from(JSON.stringify({ items: items.toJson(), nulls: String(nulls) }));
function ofBytes(bytes: Uint8Array, maxItems: number): Counted {
  const { items, nulls } = JSON.parse(Buffer.from(bytes).toString('utf8')) as { items: unknown; nulls: string };
  return { items: FrequentItems.ofJson(items, maxItems), nulls: BigInt(nulls) };
}

const keyOf = (value: KernelValue): string => (Object.is(value, -0) ? '-0' : String(value));

/** The value whose key this is. */
function valueOf(key: string, { tag }: DataType): KernelValue {
  switch (tag) {
    case 'boolean':
      return key === 'true';
    case 'byte':
    case 'short':
    case 'integer':
    case 'date':
    case 'yearMonthInterval':
    case 'float':
    case 'double':
      return Number(key);
    case 'long':
    case 'timestamp':
    case 'timestamp_ntz':
    case 'dayTimeInterval':
    case 'time':
      return BigInt(key);
    default:
      return key;
  }
}

/** NULLs are counted beside the table. */
type Counted = { readonly items: FrequentItems; readonly nulls: bigint };

function counted(list: List, type: DataType, maxItems: number): Counted {
  const items = new FrequentItems(maxItems);
  let nulls = 0n;
  for (const value of list ?? [])
    if (value === null) nulls++;
    else items.update({ key: keyOf(value), hashCode: javaHash(value, type) });
  // As Spark's: a task's sketch is written, read, and merged into the one of the result.
  const merged = new FrequentItems(maxItems);
  merged.merge(FrequentItems.ofJson(items.toJson(), maxItems));
  return { items: merged, nulls };
}

function topOf({ items, nulls }: Counted, type: DataType, k: number): KernelValue {
  const top: [KernelValue, bigint][] = items.top(k).map(({ key, count }) => [valueOf(key, type), count]);
  const at = top.findIndex(([, count]) => count < nulls);
  if (nulls > 0n) top.splice(at < 0 ? top.length : at, 0, [null, nulls]);
  return top.slice(0, k);
}

const resultType = (kernelType: string): string => `STRUCT("item" ${kernelType}, "count" BIGINT)[]`;

export const JS_FREQUENT: readonly JsFunction[] = [
  {
    name: 'count_min_sketch',
    make: (kernelType, eps, confidence, seed) => {
      const compute = byRowWithNulls((list: List) => {
        const sketch = new CountMinSketch(Number(eps), Number(confidence), BigInt(seed!));
        for (const value of list ?? []) {
          if (typeof value === 'string') sketch.addBytes(Buffer.from(value));
          else if (value instanceof Uint8Array) sketch.addBytes(value);
          else if (value !== null) sketch.addWhole(BigInt(value as number | bigint));
        }
        return sketch.toBytes();
      });
      return { parameterTypes: [`${kernelType}[]`], returnType: 'BLOB', compute };
    },
  },
  {
    name: 'top_k',
    make: (type, kernelType, k, maxItems) => {
      const item = typeFromJson(type!);
      const compute = byRowWithNulls((list: List) => topOf(counted(list, item, Number(maxItems)), item, Number(k)));
      return { parameterTypes: [`${kernelType}[]`], returnType: resultType(kernelType!), compute };
    },
  },
  {
    name: 'top_k_accumulate',
    make: (type, kernelType, maxItems) => {
      const item = typeFromJson(type!);
      const compute = byRowWithNulls((list: List) => bytesOf(counted(list, item, Number(maxItems))));
      return { parameterTypes: [`${kernelType}[]`], returnType: 'BLOB', compute };
    },
  },
  {
    name: 'top_k_combine',
    make: () => {
      const compute = byRowWithNulls((sketches: List, maxItems: number) => {
        const items = new FrequentItems(maxItems);
        const parts = (sketches ?? []).flatMap((s) => (s === null ? [] : [ofBytes(s as Uint8Array, maxItems)]));
        for (const part of parts) items.merge(part.items);
        return bytesOf({ items, nulls: parts.reduce((n, p) => n + p.nulls, 0n) });
      });
      return { parameterTypes: ['BLOB[]', 'INTEGER'], returnType: 'BLOB', compute };
    },
  },
  {
    name: 'top_k_estimate',
    make: (type, kernelType) => {
      const item = typeFromJson(type!);
      const compute = byRow((sketch: Uint8Array, maxItems: number, k: number) => topOf(ofBytes(sketch, maxItems), item, k));
      return { parameterTypes: ['BLOB', 'INTEGER', 'INTEGER'], returnType: resultType(kernelType!), compute };
    },
  },
];
