// An Aggregate with Aggregators of the program → a step that computes its groups (../udf/groups.ts), and the list over what the step leaves. Of other
// aggregate functions beside them the kernel computes the text over the step's rows: also of an Aggregator with DISTINCT or FILTER, as a list.
import { type AggregateCall, type Alias, aliasOf, attributeOf, type Expr } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import { exprsOfPlan, hasSubquery, outerIn, visitPlan } from '../logical/plan-tree.ts';
import type { Aggregate, LogicalPlan } from '../logical/plans.ts';
import { attributesIn, contains } from '../logical/tree.ts';
import { columnName, type Emit } from './emit-context.ts';
import { byColumns, fromWhere, selectList } from './emit-plan.ts';

const isStreamed = (e: Expr): e is AggregateCall =>
  e.kind === 'aggregateCall' && e.spec.streamed !== undefined && !e.isDistinct && e.filter === undefined && e.args.length > 0;

/** Whether a text of its own can compute what it is over: nothing refers to the query around. */
export function canBeStep(node: Aggregate): boolean {
  const exprs = exprsOfPlan(node);
  if (!exprs.some((e) => contains(e, isStreamed)) || exprs.some((e) => hasSubquery(e) || contains(e, (x) => x.kind === 'outer')))
    return false;
  return outerIn(node.child).length === 0 && !readsOutside(node.child);
}

/** Whether it reads a common table expression that is named above it. */
function readsOutside(plan: LogicalPlan): boolean {
  const [named, read] = [new Set<number>(), new Set<number>()];
  visitPlan(plan, (p) => {
    if (p.kind === 'cteRef') read.add(p.id);
    if (p.kind === 'withCte') for (const d of p.definitions) named.add(d.id);
  });
  return [...read].some((id) => !named.has(id));
}

/** @returns the step without its name, and the list of SELECT over it */
export function groupStepOf(node: Aggregate, emit: Emit) {
  const [streamed, others] = [new Map<string, Alias>(), new Map<string, Alias>()];
  const { pulled, keys, list } = byColumns(node, (call) => {
    const made = isStreamed(call) ? streamed : others;
    const key = call.spec.deterministic === false ? `${made.size}` : exprKey(call);
    let alias = made.get(key);
    if (alias === undefined) made.set(key, (alias = aliasOf(call, call.spec.name)));
    return attributeOf(alias);
  });
  const columns = new Map(pulled.map((p) => [columnName(p.exprId), emit.emit(p.child)]));
  for (const name of [...keys, ...[...others.values()].flatMap(attributesIn).map((a) => columnName(a.exprId))])
    if (!columns.has(name)) columns.set(name, name);
  const calls = [...streamed.values()].map(({ child, exprId }) => {
    const { spec, args } = child as AggregateCall;
    const names = args.map((a) => {
      const name = a.kind === 'attribute' ? columnName(a.exprId) : `a${columns.size}`;
      columns.set(name, emit.emit(a));
      return name;
    });
    return { ...spec.streamed!, args: names, column: columnName(exprId) };
  });
  const select = [...columns].map(([name, text]) => (name === text ? name : `${text} AS ${name}`));
  return {
    step: {
      sql: `SELECT ${select.join(', ')} FROM ${fromWhere(node.child, emit)}`,
      keys: [...new Set(keys)],
      aggregates: [...others.values()].map((a) => selectList([a], emit)),
      calls,
    },
    list: selectList(list, emit),
  };
}
