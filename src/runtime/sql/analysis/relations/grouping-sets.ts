// ROLLUP, CUBE, GROUPING SETS and their mixtures: the sets multiplied out, each row once per set by Expand, and the id that tells the sets apart,
// from which grouping() and grouping_id() read. Source: ResolveGroupingAnalytics of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import type { ScalarSpec, SessionSettings } from '../../functions/spec.ts';
import {
  aliasOf,
  type Attribute,
  attributeOf,
  type Call,
  type Expr,
  literal,
  type NamedExpr,
  newAttribute,
} from '../../logical/expressions.ts';
import { exprKey, sameExpr } from '../../logical/expr-key.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { attributesIn, mapChildren } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Aggregate } from '../../plan/relations.ts';
import { BYTE, LONG } from '../../types/data-type.ts';
import { isGroupingCall, isGroupingId } from '../grouping-call.ts';
import { type SelectBlock, selectBlock } from '../select-block.ts';

export type GroupingSets = { readonly keys: readonly Expr[]; readonly sets: readonly (readonly Expr[])[] };
type Sets = readonly (readonly Expr[])[];

/** @returns undefined: a plain GROUP BY */
export function setsOf(relation: Aggregate, resolve: (e: Expression) => Expr): GroupingSets | undefined {
  const { groupType, groupingExpressions, groupingSets } = relation;
  if (groupType === 'groupingSets') {
    const sets = (groupingSets ?? []).map((set) => set.map(resolve));
    return { keys: distinct([...groupingExpressions.map(resolve), ...sets.flat()]), sets };
  }
  if (groupType === 'rollup' || groupType === 'cube') {
    const parts = groupingExpressions.map((e) => columnsOf(e).map(resolve));
    return made(groupType === 'rollup' ? rollup(parts) : cube(parts), parts.flat());
  }
  if (!groupingExpressions.some(isAnalytics)) return undefined;
  const factors = groupingExpressions.map((e) => setsOfElement(e, resolve));
  const all = factors.flatMap((f) => f.flat());
  return made(
    factors.reduce<Sets>((left, right) => left.flatMap((l) => right.map((r) => [...l, ...r])), [[]]),
    all,
  );
}

const made = (sets: Sets, all: readonly Expr[]): GroupingSets => ({ keys: distinct(all), sets });
const distinct = (es: readonly Expr[]): readonly Expr[] => es.filter((e, i) => es.findIndex((o) => sameExpr(o, e)) === i);
const isAnalytics = (e: Expression): boolean =>
  e.kind === 'unresolvedFunction' && e.isInternal === true && ['rollup', 'cube', 'grouping_sets'].includes(e.functionName);
/** `(a, b)` counts as one in ROLLUP and CUBE. */
const columnsOf = (e: Expression): readonly Expression[] => (e.kind === 'rowConstructor' ? e.elements : [e]);

function setsOfElement(e: Expression, resolve: (e: Expression) => Expr): Sets {
  if (e.kind !== 'unresolvedFunction' || !isAnalytics(e)) return [columnsOf(e).map(resolve)];
  if (e.functionName === 'grouping_sets') return e.arguments.flatMap((a) => setsOfElement(a, resolve));
  const parts = e.arguments.map((a) => columnsOf(a).map(resolve));
  return e.functionName === 'rollup' ? rollup(parts) : cube(parts);
}

const rollup = (parts: Sets): Sets => Array.from({ length: parts.length + 1 }, (_, i) => parts.slice(0, parts.length - i).flat());
function cube(parts: Sets): Sets {
  if (parts.length === 0) return [[]];
  const [first, ...rest] = parts as [readonly Expr[], ...Sets];
  const smaller = cube(rest);
  return [...smaller.map((set) => [...first, ...set]), ...smaller];
}

const MOST_KEYS = 64;

/** Aggregate over Expand: grouping columns are copies that are NULL outside of their sets; aggregate functions see the originals. */
export function expandSets(input: LogicalPlan, list: readonly NamedExpr[], { keys, sets }: GroupingSets): SelectBlock {
  if (keys.length > MOST_KEYS) throw new AnalysisException('GROUPING_SIZE_LIMIT_EXCEEDED', { maxSize: String(MOST_KEYS) });
  const columns = keys.map((k) => (k.kind === 'attribute' ? k : aliasOf(k, prettySql(k))));
  const computed = columns.filter((c) => c.kind === 'alias');
  const below = outputOf(input);
  const child: LogicalPlan = computed.length === 0 ? input : { kind: 'project', child: input, projectList: [...below, ...computed] };
  const copies = columns.map((c) => newAttribute(c.name, c.dataType, true, c.kind === 'attribute' ? c.qualifier : []));
  const gid = newAttribute('spark_grouping_id', LONG, false);
  const setKeys = sets.map((set) => new Set(set.map(exprKey)));
  const ids = setKeys.map((set) => keys.reduce((id, k) => (id << 1n) | (set.has(exprKey(k)) ? 0n : 1n), 0n));
  // The same set twice gives its groups twice: a position tells them apart.
  const repeats = new Set(ids).size < ids.length;
  const position = newAttribute('_gen_grouping_pos', LONG, false);
  const projections = setKeys.map((set, i) => [
    ...below,
    ...keys.map((k, j): Expr => (set.has(exprKey(k)) ? attributeOf(columns[j]!) : literal(null, k.dataType))),
    literal(ids[i]!, LONG),
    ...(repeats ? [literal(BigInt(i), LONG)] : []),
  ]);
  const marks = repeats ? [gid, position] : [gid];
  const plan: LogicalPlan = { kind: 'expand', child, projections, output: [...below, ...copies, ...marks] };
  const above = (e: Expr): Expr => aboveSets(e, keys, copies, gid);
  const block = selectBlock(
    plan,
    list.map((e) => renamedAbove(e, above, copies)),
    [...copies, ...marks],
  );
  return { ...block, above, keys };
}

/** Whether it is GROUPING SETS (()): the one group of all rows, which is there without rows, too. */
export const isOneGroup = ({ keys, sets }: GroupingSets, settings: SessionSettings): boolean =>
  keys.length === 0 && sets.length === 1 && settings.get('spark.sql.analyzer.lowerEmptyGroupingSetToGlobalAggregate.enabled') !== 'false';

export function oneGroup(input: LogicalPlan, list: readonly NamedExpr[]): SelectBlock {
  const above = (e: Expr): Expr => aboveSets(e, [], [], literal(0n, LONG));
  const block = selectBlock(
    input,
    list.map((e) => renamedAbove(e, above, [])),
    [],
  );
  return { ...block, above, keys: [] };
}

/** A grouping column is called as before. */
function renamedAbove(e: NamedExpr, above: (e: Expr) => Expr, copies: readonly Attribute[]): NamedExpr {
  if (e.kind === 'alias') {
    const child = above(e.child);
    const usesCopy = attributesIn(child).some((a) => copies.some((c) => c.exprId === a.exprId));
    return { ...e, child, nullable: child.nullable || usesCopy };
  }
  const copy = above(e);
  return copy.kind === 'attribute' ? copy : aliasOf(copy, e.name);
}

function aboveSets(e: Expr, keys: readonly Expr[], copies: readonly Attribute[], gid: Expr): Expr {
  if (e.kind === 'aggregateCall') return e;
  if (isGroupingCall(e)) return groupingBits(e, keys, copies, gid);
  const at = e.kind === 'literal' ? -1 : keys.findIndex((k) => sameExpr(k, e));
  if (at >= 0) return { ...copies[at]!, origin: e.origin };
  return mapChildren(e, (c) => aboveSets(c, keys, copies, gid));
}

function groupingBits(e: Call, keys: readonly Expr[], copies: readonly Attribute[], gid: Expr): Expr {
  const isKey = (a: Expr, i: number) => sameExpr(a, keys[i]!) || sameExpr(a, copies[i]!);
  const list = keys.map(prettySql).join(', ');
  if (isGroupingId(e)) {
    const same = e.args.length === 0 || (e.args.length === keys.length && e.args.every(isKey));
    if (same) return gid;
    const groupingIdColumn = e.args.map(prettySql).join(', ');
    throw new AnalysisException('GROUPING_ID_COLUMN_MISMATCH', { groupingIdColumn, groupByColumns: list }, e.origin);
  }
  const at = keys.findIndex((_, i) => isKey(e.args[0]!, i));
  if (at < 0) throw new AnalysisException('GROUPING_COLUMN_MISMATCH', { grouping: prettySql(e.args[0]!), groupingColumns: list }, e.origin);
  return { kind: 'call', spec: bitOf(keys.length - 1 - at), args: [gid], dataType: BYTE, nullable: false, origin: e.origin };
}

const bitOf = (bit: number): ScalarSpec => ({
  name: `grouping_bit_${bit}`,
  kind: 'scalar',
  arity: [1, 1],
  result: BYTE,
  nullable: false,
  kernel: `((($1) >> ${bit}) & 1)::TINYINT`,
});
