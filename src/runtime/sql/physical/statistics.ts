// How large a plan's rows are, guessed: bytes and rows of files, shares that operators keep. Enough to choose sides and orders of joins;
// real sizes come with exchanges. Source: the idea of SizeInBytesOnlyStatsPlanVisitor and BasicStatsPlanVisitor of Spark 4.2, other figures.
import { contains } from '../logical/tree.ts';
import { conjunctsOf, disjunctsOf, isCall } from '../logical/conjuncts.ts';
import { type Expr, type ExprId, sourceOf } from '../logical/expressions.ts';
import { type Filter, type Join, type LogicalPlan, outputOf, type Scan } from '../logical/plans.ts';
import type { DataType } from '../types/data-type.ts';
import { joinKeys } from './join-keys.ts';
import type { PhysicalPlan } from './physical-plan.ts';

export type Statistics = { readonly rows: number; readonly bytes: number };

/** Bytes of a compressed row of a file for each of its columns, about. */
const FILE_COLUMN_BYTES = 5;

export function widthOf(type: DataType): number {
  switch (type.tag) {
    case 'boolean':
    case 'byte':
      return 1;
    case 'short':
      return 2;
    case 'integer':
    case 'float':
    case 'date':
    case 'yearMonthInterval':
      return 4;
    case 'decimal':
      return type.precision <= 18 ? 8 : 16;
    case 'string':
    case 'char':
    case 'varchar':
    case 'binary':
      return 20;
    case 'array':
    case 'map':
    case 'struct':
    case 'variant':
      return 64;
    default:
      return 8;
  }
}

const known = new WeakMap<LogicalPlan, Statistics>();

export function statisticsOf(plan: LogicalPlan): Statistics {
  let found = known.get(plan);
  if (found === undefined) known.set(plan, (found = sized(plan, rowsOf(plan))));
  return found;
}

/** Of what an exchange moves, or of a plan's rows. */
export const bytesBelow = (plan: PhysicalPlan): number => (plan.kind === 'exchange' ? plan.estimatedBytes : statisticsOf(plan.node).bytes);

const rowWidth = (plan: LogicalPlan): number => outputOf(plan).reduce((sum, a) => sum + widthOf(a.dataType), 8);
const sized = (plan: LogicalPlan, rows: number): Statistics => ({ rows, bytes: rows * rowWidth(plan) });

function rowsOf(plan: LogicalPlan): number {
  switch (plan.kind) {
    case 'oneRow':
      return 1;
    case 'localRelation':
      return plan.rows.length;
    case 'kernelTable':
      if (plan.rdd !== undefined) return 1_000_000; // nobody knows: too many to be sent to all tasks unseen
      return plan.cached === undefined ? 10_000 : statisticsOf(plan.cached.source).rows;
    case 'cteRef':
      return 10_000;
    case 'range':
      return plan.step === 0n ? 0 : Math.max(0, Number((plan.end - plan.start) / plan.step));
    case 'scan':
      return scanRows(plan) * (plan.pushedFilters ?? []).reduce((share, e) => share * selectivity(e), 1);
    case 'filter':
      return statisticsOf(plan.child).rows * (plan.keeps ?? filterShare(plan));
    case 'aggregate':
      return plan.grouping.length === 0
        ? 1
        : Math.min(statisticsOf(plan.child).rows, groups(plan.child, plan.grouping) * (plan.isOfTask ? 2 : 1));
    case 'distinct':
    case 'deduplicate':
      return statisticsOf(plan.child).rows * 0.5;
    case 'expand':
      return statisticsOf(plan.child).rows * plan.projections.length;
    case 'generate':
      return statisticsOf(plan.child).rows * 4;
    case 'limit':
    case 'tail': {
      const most = plan.limit.kind === 'literal' ? Number(plan.limit.value) : Number.POSITIVE_INFINITY;
      return Math.min(most, statisticsOf(plan.child).rows);
    }
    case 'sample':
      return statisticsOf(plan.child).rows * (plan.upperBound - plan.lowerBound);
    case 'union':
      return plan.children.reduce((sum, child) => sum + statisticsOf(child).rows, 0);
    case 'join':
      return joinRows(plan);
    case 'intersect':
    case 'except':
      return statisticsOf(plan.left).rows;
    default:
      return statisticsOf(plan.child).rows;
  }
}

export const scanBytes = (scan: Scan): number => scan.files.reduce((sum, file) => sum + file.size, 0);
/** From the footers where they were read, else from the files' sizes. */
const scanRows = (scan: Scan): number =>
  scan.files.reduce((sum, file) => sum + (file.rows ?? file.size / (FILE_COLUMN_BYTES * Math.max(1, scan.schema.fields.length))), 0);

/** What HAVING keeps is little, as a rule. */
const HAVING_SHARE = 0.05;

function filterShare({ child, condition }: Filter): number {
  const guessed = conjunctsOf(condition).reduce((share, e) => share * selectivity(e), 1);
  return child.kind === 'aggregate' ? Math.min(guessed, HAVING_SHARE) : guessed;
}

/** Of a grouping. Without bounds of a key: a fifth of the rows. */
const groups = (child: LogicalPlan, keys: readonly Expr[]): number => knownGroups(child, keys) ?? statisticsOf(child).rows * 0.2;

/** How many groups the bounds of the keys allow; undefined where nothing tells of some key. */
export function knownGroups(child: LogicalPlan, keys: readonly Expr[]): number | undefined {
  const { rows } = statisticsOf(child);
  const distinct = keys.map((k) => (k.kind === 'attribute' ? distinctOf(child, k.exprId) : undefined));
  if (distinct.some((n) => n === undefined)) return undefined;
  return Math.min(
    rows,
    distinct.reduce<number>((product, n) => product * n!, 1),
  );
}

function joinRows(plan: Join): number {
  const { left, right } = plan;
  const [l, r] = [statisticsOf(left).rows, statisticsOf(right).rows];
  const keys = joinKeys(plan);
  const ofKeys = (side: LogicalPlan, es: readonly Expr[]) =>
    es.map((e) => (e.kind === 'attribute' ? distinctOf(side, e.exprId) : undefined));
  const [dl, dr] = [ofKeys(left, keys.left), ofKeys(right, keys.right)];
  const met = keys.left.length === 1 && dl[0] !== undefined && dr[0] !== undefined ? Math.min(1, dr[0] / dl[0]) : 0.5;
  switch (plan.joinType) {
    case 'leftSemi':
      return l * met;
    case 'leftAnti':
      return l * Math.max(0.1, 1 - met);
    case 'existence':
      return l;
    case 'fullOuter':
      return l + r;
    default:
      return keys.left.length === 0 ? l * r : Math.max(1, inner(plan, l, r, dl, dr));
  }
}

/** As many as meet when the side with fewer keys has no others than the other side. Several keys: they are assumed to go together. */
function inner(
  { left, right }: Join,
  l: number,
  r: number,
  dl: readonly (number | undefined)[],
  dr: readonly (number | undefined)[],
): number {
  if (dl.length === 1) {
    const most = Math.max(dl[0] ?? 0, dr[0] ?? 0);
    return most > 0 ? (l * r) / most : Math.max(l * keptShare(right), r * keptShare(left));
  }
  const product = (rows: number, ds: readonly (number | undefined)[]) =>
    Math.min(
      rows,
      ds.reduce<number>((p, d) => p * (d ?? rows), 1),
    );
  return (l * r) / Math.max(1, Math.min(product(l, dl), product(r, dr)));
}

/** How many values a column has, about; undefined where nothing tells: only whole numbers of files have bounds. */
export function distinctOf(plan: LogicalPlan, id: ExprId): number | undefined {
  const found = distinctBelow(plan, id);
  return found === undefined ? undefined : Math.max(1, Math.min(found, statisticsOf(plan).rows));
}

/** How many whole numbers lie within the bounds of a file's column. */
export function valuesWithin(scan: Scan, id: ExprId): number | undefined {
  const bounds = scan.bounds?.get(scan.columns[scan.output.findIndex((a) => a.exprId === id)] ?? '');
  return bounds && bounds.max - bounds.min + 1;
}

function distinctBelow(plan: LogicalPlan, id: ExprId): number | undefined {
  if (plan.kind === 'scan') return valuesWithin(plan, id);
  if (plan.kind === 'project' || plan.kind === 'aggregate') {
    const source = sourceOf(plan.kind === 'project' ? plan.projectList : plan.aggregates, id);
    return source === undefined ? undefined : distinctOf(plan.child, source);
  }
  if (plan.kind === 'join') return distinctOf(outputOf(plan.left).some((a) => a.exprId === id) ? plan.left : plan.right, id);
  return 'child' in plan ? distinctOf(plan.child, id) : undefined;
}

/** How much of a plan's rows its filters leave: what a join by key with it leaves of the other side. */
export const keptShare = (plan: LogicalPlan): number => Math.min(1, statisticsOf(plan).rows / Math.max(1, baseRows(plan)));

/** Rows without filters. */
export function baseRows(plan: LogicalPlan): number {
  switch (plan.kind) {
    case 'scan':
      return scanRows(plan);
    case 'filter':
    case 'project':
    case 'sort':
    case 'subqueryAlias':
    case 'hint':
    case 'window':
      return baseRows(plan.child);
    case 'join':
      return plan.joinType === 'leftSemi' || plan.joinType === 'leftAnti' || plan.joinType === 'existence'
        ? baseRows(plan.left)
        : Math.max(baseRows(plan.left), baseRows(plan.right));
    default:
      return statisticsOf(plan).rows;
  }
}

/** The share of rows that a condition keeps. */
export function selectivity(e: Expr): number {
  if (isCall(e, 'or'))
    return Math.min(
      1,
      disjunctsOf(e).reduce((sum, d) => sum + selectivity(d), 0),
    );
  if (isCall(e, 'and')) return conjunctsOf(e).reduce((share, c) => share * selectivity(c), 1);
  if (isCall(e, 'isnotnull')) return 1;
  if (isCall(e, '==')) return 0.05;
  if (isCall(e, 'in')) return 0.15;
  if (isCall(e, 'not')) return 0.9;
  return contains(e, (x) => x.kind === 'literal') ? 0.3 : 0.5;
}
