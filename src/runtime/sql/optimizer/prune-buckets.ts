// Files of buckets that no row of the answer can be in are left out of scans: where a condition says which values the bucket's column can have, their
// hashes are the buckets. Source: FileSourceStrategy.genBucketSet of Spark 4.2.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import { bucketNumber } from '../functions/bucket-number.ts';
import { aliasOf, type Attribute, type Expr } from '../logical/expressions.ts';
import { conjunctsOf, disjunctsOf } from '../logical/conjuncts.ts';
import type { LogicalPlan, Scan } from '../logical/plans.ts';
import { attributesIn, contains } from '../logical/tree.ts';
import { bucketColumns } from '../physical/buckets.ts';
import { sameType } from '../types/data-type.ts';
import { isDeterministic } from './rule-tools.ts';

/** Rows of a small plan over constants. */
export type Compute = (plan: LogicalPlan) => Promise<KernelValue[][]>;

/** Of more values no hashes are computed. */
const MOST_VALUES = 1000;

/** @returns the scan itself when nothing can be left out */
export async function pruneBuckets(scan: Scan, conditions: readonly Expr[], compute: Compute): Promise<Scan> {
  // Rows are spread by all columns together: one alone says nothing of its bucket.
  const [column, ...others] = bucketColumns(scan) ?? [];
  if (column === undefined || others.length > 0) return scan;
  const values = conditions.map((e) => valuesOf(e, column)).find((found) => found !== undefined && found.length <= MOST_VALUES);
  if (values === undefined) return scan;
  const numbers = values.map((value, i) => aliasOf(bucketNumber(scan.buckets!.count, [value]), `b${i}`));
  try {
    const [row] = await compute({ kind: 'project', child: { kind: 'oneRow' }, projectList: numbers });
    const wanted = new Set(row!.map(Number));
    const files = scan.files.filter((f) => wanted.has(f.bucket!));
    return files.length === scan.files.length ? scan : { ...scan, files };
  } catch {
    // A constant that fails, fails in the query too, if a row gets there.
    return scan;
  }
}

/** Values one of which the column has in every row that meets the condition. undefined: any. */
function valuesOf(e: Expr, column: Attribute): readonly Expr[] | undefined {
  const parts = conjunctsOf(e);
  if (parts.length > 1) return parts.map((p) => valuesOf(p, column)).find((found) => found !== undefined);
  const either = disjunctsOf(e);
  if (either.length > 1) {
    const all = either.map((d) => valuesOf(d, column));
    return all.every((found) => found !== undefined) ? all.flat() : undefined;
  }
  if (e.kind !== 'call') return undefined;
  const isColumn = (x: Expr | undefined) => x?.kind === 'attribute' && x.exprId === column.exprId;
  const isValue = (x: Expr | undefined): x is Expr => x !== undefined && sameType(x.dataType, column.dataType) && isConstant(x);
  const [a, b, ...more] = e.args;
  if (e.spec.name === 'in') return isColumn(a) && [b, ...more].every(isValue) ? ([b, ...more] as Expr[]) : undefined;
  if (e.spec.name !== '==' && e.spec.name !== '<=>') return undefined;
  if (isColumn(a) && isValue(b)) return [b];
  return isColumn(b) && isValue(a) ? [a] : undefined;
}

const isConstant = (e: Expr): boolean =>
  attributesIn(e).length === 0 && isDeterministic(e) && !contains(e, (x) => 'plan' in x || x.kind === 'outer' || x.kind === 'udf');
