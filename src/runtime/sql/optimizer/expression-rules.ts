// Rules that look at one expression at a time, children first: several of them go over a plan together.
import type { Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { mapPlanExprs } from '../logical/plan-tree.ts';
import { mapChildren, transformUp } from '../logical/tree.ts';
import { bottomUpEverywhere } from './bottom-up.ts';
import type { Rule } from './rule.ts';

/** `simplify` gives the expression back as it is, or another of its type in its place. It goes by the expression alone. */
export type ExpressionRule = Rule & { readonly simplify: (e: Expr) => Expr };

export function expressionRule(name: string, simplify: (e: Expr) => Expr): ExpressionRule {
  return { name, simplify, apply: bottomUpEverywhere((node) => withExpressions(node, (e) => transformUp(e, simplify))) };
}

/** Keys of groups, sorts and windows stay as they are: a constant among them would be the number of a column for the kernel. */
function withExpressions(node: LogicalPlan, f: (e: Expr) => Expr): LogicalPlan {
  if (node.kind === 'filter' || node.kind === 'project' || node.kind === 'join') return mapPlanExprs(node, f);
  if (node.kind !== 'aggregate') return node;
  const inCalls = (e: Expr): Expr => (e.kind === 'aggregateCall' ? mapChildren(e, f) : mapChildren(e, inCalls));
  return mapPlanExprs(node, inCalls);
}

const isOfExpressions = (rule: Rule): rule is ExpressionRule => 'simplify' in rule;

/** The same rules; neighbours that look at expressions are one. */
export function together(rules: readonly Rule[]): readonly Rule[] {
  const made: (Rule | ExpressionRule[])[] = [];
  for (const rule of rules) {
    const last = made.at(-1);
    if (!isOfExpressions(rule)) made.push(rule);
    else if (Array.isArray(last)) last.push(rule);
    else made.push([rule]);
  }
  return made.map((rule) => (Array.isArray(rule) ? inOneWalk(rule) : rule));
}

function inOneWalk(rules: readonly ExpressionRule[]): Rule {
  const once = (e: Expr): Expr => {
    let now = e;
    for (const rule of rules) now = rule.simplify(now);
    return now;
  };
  return expressionRule(rules.map((rule) => rule.name).join(', '), once);
}
