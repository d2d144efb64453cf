// Files that lie in the order of a key (an id, a date's number) are cut into tasks by its values instead of by rows: equal keys are then in one
// task as they are, of every table cut alike, and joins and groupings by the key need no exchange. What lies how is known from the row groups'
// bounds in the footers. Source: the idea of storage-partitioned joins of Spark 4.2 (KeyGroupedPartitioning), with ranges found in the files.
import { attributeOf, type Expr, type ExprId } from '../logical/expressions.ts';
import type { LogicalPlan, Scan, ValueCut } from '../logical/plans.ts';
import { transformPlan, visitPlan } from '../logical/plan-tree.ts';
import { joinKeys } from './join-keys.ts';
import { windowsIn } from './spread.ts';
import { scanBytes } from './statistics.ts';

/** A row group of a file: the least and the greatest value of a column. */
export type GroupRange = { readonly path: string; readonly min: bigint; readonly max: bigint; readonly rows: number };
/** A column by which a scan may be cut. `family`: columns that joins set equal have the same one. */
export type Candidate = { readonly scan: Scan; readonly id: ExprId; readonly column: string; readonly family: ExprId };

/** So many times the rows that are there may be read, as row groups on a border are read by both tasks. */
const MOST_READ = 1.35;
/** So many times its share of the rows a task may have, as far as it is known. */
const MOST_UNEVEN = 1.5;
const WHOLE_NUMBERS = new Set(['byte', 'short', 'integer', 'long']);

/** Columns of whole numbers in Parquet files that something above groups or joins by. */
export function candidatesIn(plan: LogicalPlan): readonly Candidate[] {
  const families = new Families();
  const wanted = new Set<ExprId>();
  const want = (keys: readonly Expr[]): void => {
    for (const key of keys) if (key.kind === 'attribute') wanted.add(key.exprId);
  };
  const scans: Scan[] = [];
  visitPlan(plan, (p) => {
    switch (p.kind) {
      case 'scan':
        if (p.format === 'parquet') scans.push(p);
        break;
      case 'join': {
        const { left, right } = joinKeys(p);
        want([...left, ...right]);
        for (const [i, l] of left.entries()) families.join(l, right[i]!);
        break;
      }
      case 'project':
        for (const e of p.projectList) if (e.kind === 'alias') families.join(e.child, attributeOf(e));
        break;
      case 'aggregate':
        want(p.grouping);
        for (const e of p.aggregates) if (e.kind === 'alias') families.join(e.child, attributeOf(e));
        break;
      case 'window':
        for (const window of p.windows.flatMap((w) => windowsIn(w as Expr))) want(window.partition);
        break;
      case 'deduplicate':
        want(p.keys);
        break;
    }
  });
  const useful = new Set([...wanted].map((id) => families.of(id)));
  return scans.flatMap((scan) =>
    scan.columns.flatMap((column, i) => {
      const { exprId: id, dataType } = scan.output[i]!;
      const family = families.of(id);
      return WHOLE_NUMBERS.has(dataType.tag) && useful.has(family) ? [{ scan, id, column, family }] : [];
    }),
  );
}

/** @param groupsOf row groups of a candidate; undefined: not known, or some value is NULL. @param tasksOf how many tasks a scan is */
export function withValueRanges(
  plan: LogicalPlan,
  candidates: readonly Candidate[],
  groupsOf: (candidate: Candidate) => readonly GroupRange[] | undefined,
  tasksOf: (scan: Scan) => number,
): LogicalPlan {
  const cuts = new Map<Scan, ValueCut>();
  for (const family of bySize(candidates)) {
    const free = family.filter(({ scan }) => !cuts.has(scan));
    const bounds = boundsOf(free, groupsOf, tasksOf);
    if (bounds === undefined) continue;
    for (const candidate of free) {
      const groups = groupsOf(candidate);
      if (groups !== undefined && isInOrder(groups, bounds))
        cuts.set(candidate.scan, { id: candidate.id, column: candidate.column, bounds, files: filesOf(groups) });
    }
  }
  return cuts.size === 0 ? plan : transformPlan(plan, (p) => (p.kind === 'scan' && cuts.has(p) ? { ...p, cut: cuts.get(p)! } : p));
}

/** Families, the one with the most bytes first; in each the largest scan first. */
function bySize(candidates: readonly Candidate[]): readonly (readonly Candidate[])[] {
  const families = new Map<ExprId, Candidate[]>();
  for (const c of candidates) families.set(c.family, [...(families.get(c.family) ?? []), c]);
  const bytes = (all: readonly Candidate[]) => all.reduce((sum, { scan }) => sum + scanBytes(scan), 0);
  return [...families.values()].map((all) => all.sort((a, b) => scanBytes(b.scan) - scanBytes(a.scan))).sort((a, b) => bytes(b) - bytes(a));
}

/** Of the largest scan that lies in order: borders of its row groups, by which its tasks have about as many rows each. */
function boundsOf(
  family: readonly Candidate[],
  groupsOf: (candidate: Candidate) => readonly GroupRange[] | undefined,
  tasksOf: (scan: Scan) => number,
): readonly bigint[] | undefined {
  for (const candidate of family) {
    const tasks = tasksOf(candidate.scan);
    const groups = tasks < 2 ? undefined : groupsOf(candidate);
    if (groups === undefined) continue;
    const bounds = quantiles(groups, tasks);
    if (bounds.length > 0 && isInOrder(groups, bounds) && isEven(groups, bounds)) return bounds;
  }
  return undefined;
}

function quantiles(groups: readonly GroupRange[], tasks: number): readonly bigint[] {
  const sorted = [...groups].sort((a, b) => (a.min < b.min ? -1 : 1));
  const total = rowsOf(groups);
  const bounds: bigint[] = [];
  let before = 0;
  for (const { min, rows } of sorted) {
    const isFirst = min <= (bounds.at(-1) ?? sorted[0]!.min);
    // The border that is nearer to where the next task should begin: this one, or that behind this row group.
    const next = ((bounds.length + 1) * total) / tasks;
    if (!isFirst && bounds.length < tasks - 1 && before + rows / 2 >= next) bounds.push(min);
    before += rows;
  }
  return bounds;
}

function isInOrder(groups: readonly GroupRange[], bounds: readonly bigint[]): boolean {
  const partOf = (value: bigint): number => bounds.filter((b) => value >= b).length;
  const read = groups.reduce((sum, { min, max, rows }) => sum + rows * (partOf(max) - partOf(min) + 1), 0);
  return read <= MOST_READ * rowsOf(groups);
}

const rowsOf = (groups: readonly GroupRange[]): number => groups.reduce((sum, { rows }) => sum + rows, 0);

/** Whether no task has far more rows than its share, if the values of each row group lie evenly between its bounds. */
function isEven(groups: readonly GroupRange[], bounds: readonly bigint[]): boolean {
  const parts = new Array<number>(bounds.length + 1).fill(0);
  for (const { min, max, rows } of groups) {
    const width = Number(max - min) + 1;
    for (const [i, sum] of parts.entries()) {
      const first = i === 0 || bounds[i - 1]! < min ? min : bounds[i - 1]!;
      const last = i === bounds.length || bounds[i]! > max ? max : bounds[i]! - 1n;
      if (last >= first) parts[i] = sum + (rows * (Number(last - first) + 1)) / width;
    }
  }
  return Math.max(...parts) <= (MOST_UNEVEN * rowsOf(groups)) / parts.length;
}

function filesOf(groups: readonly GroupRange[]): ValueCut['files'] {
  const files = new Map<string, { min: bigint; max: bigint }>();
  for (const { path, min, max } of groups) {
    const known = files.get(path);
    files.set(path, {
      min: known !== undefined && known.min < min ? known.min : min,
      max: known !== undefined && known.max > max ? known.max : max,
    });
  }
  return files;
}

/** Columns that are equal, or the same under another name. */
class Families {
  readonly #parents = new Map<ExprId, ExprId>();

  of(id: ExprId): ExprId {
    let at = id;
    for (let next = this.#parents.get(at); next !== undefined; next = this.#parents.get(at)) at = next;
    return at;
  }

  join(a: Expr, b: Expr): void {
    if (a.kind !== 'attribute' || b.kind !== 'attribute') return;
    const [l, r] = [this.of(a.exprId), this.of(b.exprId)];
    if (l !== r) this.#parents.set(l, r);
  }
}
