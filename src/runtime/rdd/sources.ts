// RDDs that start a lineage: SparkContext's source methods. Slicing as Spark's ParallelCollectionRDD and SparkContext.range.
import type { RddContext } from './context.ts';
import type { Row } from './inference.ts';
import { planSplits, planWholeFiles } from './input-splits.ts';
import { newRdd } from './rdd-base.ts';
import './rdd.ts'; // says which class newRdd makes
import type { RDD } from './rdd.ts';

const demandSlices = (n: number) => {
  if (!Number.isInteger(n) || n < 1) throw new RangeError('Positive number of partitions required');
};

/** The values are read when a job is submitted; slice i is [i*n/slices, (i+1)*n/slices). */
export function parallelize<T extends Row>(
  context: RddContext,
  values: Iterable<T>,
  numSlices: number = context.defaultParallelism,
): RDD<T> {
  demandSlices(numSlices);
  const all = Array.isArray(values) ? (values as readonly T[]) : [...values];
  const slice = (p: number) => all.slice(Math.floor((p * all.length) / numSlices), Math.floor(((p + 1) * all.length) / numSlices));
  return newRdd(context, {
    kind: 'ParallelCollectionRDD',
    op: { tag: 'parallelize', slice },
    dependencies: [],
    partitions: numSlices,
    callSite: context.callSite('parallelize'),
  });
}

/** Whole numbers from start (inclusive) to end (exclusive); without `end`: 0 to start. Only the ends travel. */
export function range(
  context: RddContext,
  start: number,
  end?: number,
  step = 1,
  numSlices: number = context.defaultParallelism,
): RDD<number> {
  if (step === 0) throw new RangeError('step cannot be 0');
  demandSlices(numSlices);
  const [from, to] = end === undefined ? [0, start] : [start, end];
  for (const x of [from, to, step]) if (!Number.isSafeInteger(x)) throw new RangeError(`range: ${x} is not a whole number`);
  const count = Math.max(0, Math.ceil((to - from) / step));
  context.nextRddId(); // Spark's range is two RDDs: samples of what follows are seeded by ids
  const op = { tag: 'range', start: from, step, count, slices: numSlices } as const;
  return newRdd(context, { op, dependencies: [], partitions: numSlices, callSite: context.callSite('range') });
}

export function emptyRDD<T>(context: RddContext): RDD<T> {
  return newRdd(context, {
    kind: 'EmptyRDD',
    op: { tag: 'empty' },
    dependencies: [],
    partitions: 0,
    callSite: context.callSite('emptyRDD'),
  });
}

export function union<T>(first: RDD<T>, ...others: RDD<T>[]): RDD<T> {
  return first.union(...others);
}

/**
 * Lines of text files: UTF-8, ended by \n, \r\n or \r. A path may be a file, a folder, a glob, or several of them with commas.
 * @throws AppError PATH_NOT_FOUND at once (Spark: at the first action)
 */
export function textFile(context: RddContext, path: string, minPartitions: number = Math.min(context.defaultParallelism, 2)): RDD<string> {
  const callSite = context.callSite('textFile');
  const splits = planSplits(resolved(context, path), minPartitions);
  const op = { tag: 'textFile', splits } as const;
  const files = newRdd<string>(context, { kind: 'HadoopRDD', op, dependencies: [], partitions: splits.length, callSite }).setName(path);
  return files.rows<string>('textFile', 'identity', []).setName(path);
}

/** Pairs of absolute path and whole content. */
export function wholeTextFiles(
  context: RddContext,
  path: string,
  minPartitions: number = Math.min(context.defaultParallelism, 2),
): RDD<[string, string]> {
  const callSite = context.callSite('wholeTextFiles');
  const groups = planWholeFiles(resolved(context, path), minPartitions);
  const op = { tag: 'wholeTextFiles', groups } as const;
  return newRdd<[string, string]>(context, { kind: 'WholeTextFileRDD', op, dependencies: [], partitions: groups.length, callSite }).setName(
    path,
  );
}

const resolved = (context: RddContext, path: string) => splitPaths(path).map((part) => context.resolvePath(part));

/** Commas separate paths, except inside {a,b} of a glob. */
export function splitPaths(path: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i <= path.length; i++) {
    const c = path[i];
    if (c === '{') depth++;
    else if (c === '}') depth--;
    else if (i === path.length || (c === ',' && depth === 0)) {
      if (i > from) parts.push(path.slice(from, i).trim());
      from = i + 1;
    }
  }
  return parts;
}
