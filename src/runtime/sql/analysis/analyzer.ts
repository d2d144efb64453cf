// Unresolved plan → resolved plan, in one pass from the leaves up. Source: Spark 4's single-pass Resolver, with the meaning of Analyzer.scala.
import { type Analysis, type AnalyzerContext, type Resolved, visiblePlan } from './analysis.ts';
import { constantText } from './constant-text.ts';
import { checkFunctionBody } from './check-function-body.ts';
import { checkSubqueries } from './check-subqueries.ts';
import { asksForMetadata } from './file-metadata.ts';
import { withInputFiles } from './input-files.ts';
import { rewriteCollations } from './rewrite-collations.ts';
import { withPlaceOf } from '../plan/called-from.ts';
import { parametersIn, questionMarksOf } from '../plan/parameter-marks.ts';
import { resolveExpression } from './resolve-expression.ts';
import { resolveRelation } from './resolve-relation.ts';
import type { SqlFunction } from './sql-function.ts';
import type { Attribute, Expr } from '../logical/expressions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Relation } from '../plan/relations.ts';

/** @throws AnalysisException */
export function analyze(relation: Relation, context: AnalyzerContext): LogicalPlan {
  const plan = visiblePlan(resolved(relation, context));
  checkSubqueries(plan);
  return withInputFiles(rewriteCollations(plan), context.settings);
}

function resolved(relation: Relation, context: AnalyzerContext): Resolved {
  const resolve = (hasMetadata: boolean) => analysisOf(context, relation, new Map(), hasMetadata).relation(relation, { ctes: new Map() });
  try {
    return resolve(false);
  } catch (error) {
    if (!asksForMetadata(error)) throw error;
    return resolve(true);
  }
}

/** An expression that sees no columns: defaults, OPTIONS, SET VARIABLE. */
export function analyzeConstant(expression: Expression, context: AnalyzerContext): Expr {
  return analysisOf(context, expression).expression(expression, { attributes: [] }, { ctes: new Map() });
}

/** The parts of the name that IDENTIFIER(expression) says. @throws AnalysisException NOT_A_CONSTANT_STRING.… */
export function analyzeName(expression: Expression, context: AnalyzerContext): readonly string[] {
  return constantText(expression, { ctes: new Map() }, analysisOf(context, expression));
}

/** The body of a function in SQL that is being made. @throws AnalysisException of what is wrong with it */
export function analyzeFunction(f: SqlFunction, bodyText: string, context: AnalyzerContext): void {
  checkFunctionBody(f, bodyText, analysisOf(context, f.body));
}

function analysisOf(
  context: AnalyzerContext,
  root: unknown,
  columnsOfPlans = new Map<number, readonly Attribute[]>(),
  hasMetadata = false,
): Analysis {
  let marks: readonly number[] | undefined;
  const remember = (planId: number | undefined, made: Resolved): Resolved => {
    const columns = [...made.scope.attributes, ...(hasMetadata ? (made.scope.hidden ?? []).flat() : [])];
    if (planId !== undefined) columnsOfPlans.set(planId, [...(columnsOfPlans.get(planId) ?? []), ...columns]);
    return made;
  };
  const analysis: Analysis = {
    ...context,
    columnsOfPlans,
    hasMetadata,
    questionMarks: () => (marks ??= questionMarksOf(parametersIn(root))),
    relation: (r, env) => {
      try {
        return remember(r.planId, resolveRelation(r, env, analysis));
      } catch (error) {
        throw withPlaceOf(error, r);
      }
    },
    expression: (e, scope, env) => resolveExpression(e, scope, env, analysis),
    inside: (place) => (context.at === undefined ? analysis : analysisOf(context.at(place), root, columnsOfPlans, hasMetadata)),
  };
  return analysis;
}
