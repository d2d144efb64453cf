// Unresolved plan → resolved plan, in one pass from the leaves up. Source: Spark 4's single-pass Resolver, with the meaning of Analyzer.scala.
import { resolveExpression } from './resolve-expression.ts';
import { resolveRelation } from './resolve-relation.ts';
import type { Analysis, AnalyzerContext } from './analysis.ts';
import type { Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';

export function analyze(relation: Relation, context: AnalyzerContext): LogicalPlan {
  return analysisOf(context).relation(relation, { ctes: new Map() }).plan;
}

/** An expression that sees no columns: defaults, OPTIONS, SET VARIABLE. */
export function analyzeConstant(expression: Expression, context: AnalyzerContext): Expr {
  return analysisOf(context).expression(expression, { attributes: [] }, { ctes: new Map() });
}

function analysisOf(context: AnalyzerContext): Analysis {
  const analysis: Analysis = {
    ...context,
    relation: (r, env) => resolveRelation(r, env, analysis),
    expression: (e, scope, env) => resolveExpression(e, scope, env, analysis),
  };
  return analysis;
}
