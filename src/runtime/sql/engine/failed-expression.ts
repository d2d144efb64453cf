// Which piece of the SQL text failed on a value. An error that a function raises itself carries its place (errors/query-context.ts); what the kernel
// finds on its own carries none, and is looked for among the expressions that can fail so, by their types and constants. Where several are left,
// those of constants are computed alone, and the input of the others is looked through for the value of the message: where that tells no single one,
// no place is told rather than a wrong one. Which conditions, and what can fail with them: can-fail.ts.
import { readPlaceMark } from '../errors/query-context.ts';
import type { SparkRuntimeException } from '../errors/spark-error.ts';
import { makeCall } from '../functions/make-call.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { aliasOf, type Expr, literal } from '../logical/expressions.ts';
import { exprsOfPlan, visitPlan } from '../logical/plan-tree.ts';
import { childrenOf, type LogicalPlan } from '../logical/plans.ts';
import { childrenOfExpr, contains } from '../logical/tree.ts';
import { Origin } from '../plan/origin.ts';
import { BOOLEAN } from '../types/data-type.ts';
import { CAN_FAIL, type Failure } from './can-fail.ts';
import { queryBytes } from './execute-settings.ts';

/** An expression in the plan's node `at`; one without a place of its own (an implicit cast) has that of the expression around it. */
type Placed = { readonly expr: Expr; readonly origin: Origin; readonly at: LogicalPlan };

/** How expressions are tried. */
export type Trial = {
  readonly settings: SessionSettings;
  /** Whether an expression of constants ends in the same error. */
  readonly fails: (expr: Expr) => Promise<boolean>;
  /** The one row of a plan. */
  readonly row: (plan: LogicalPlan) => Promise<readonly unknown[]>;
};

/** @returns undefined when it is not known */
export async function placeOf(error: SparkRuntimeException, plan: LogicalPlan, trial: Trial): Promise<Origin | undefined> {
  const { condition, messageParameters: parameters, cause } = error;
  const failure: Failure = { parameters, words: cause instanceof Error ? cause.message : '' };
  const mark = readPlaceMark(failure.words);
  if (mark !== undefined) {
    const text = placedExprs(plan).find(({ origin }) => origin.sqlText.id === mark.textId)?.origin.sqlText;
    return text && new Origin(text, mark.start, mark.stop);
  }
  const rule = CAN_FAIL[condition];
  if (rule === undefined) return undefined;
  const candidates = distinct(placedExprs(plan).filter(({ expr }) => rule.can(expr, failure)));
  if (candidates.length <= 1) return candidates[0]?.origin;
  const constant = candidates.filter(({ expr }) => isConstant(expr)).slice(0, MOST_TRIED);
  for (const { expr, origin } of constant) if (await trial.fails(expr)) return origin;
  const others = candidates.filter(({ expr }) => !isConstant(expr)).slice(0, MOST_TRIED);
  if (others.length <= 1 || rule.operands === undefined) return others.length === 1 ? others[0]!.origin : undefined;
  const met = await withValue(others, (expr) => rule.operands!(expr, failure), trial);
  return met.length === 1 ? met[0]!.origin : undefined;
}

const MOST_TRIED = 16;
/** Input of more is not read a second time. */
const MOST_BYTES = 1 << 30;

/** Those whose operands have the values of the message in some row of their input. */
async function withValue(
  candidates: readonly Placed[],
  operandsOf: (expr: Expr) => readonly (readonly [Expr, Expr])[],
  { settings, row }: Trial,
): Promise<readonly Placed[]> {
  const found: Placed[] = [];
  for (const [at, placed] of Map.groupBy(candidates, (c) => c.at)) {
    const [child, ...more] = childrenOf(at);
    if (child === undefined || more.length > 0 || !isCheap(child) || queryBytes(child) > MOST_BYTES) return [];
    const met = placed.map(({ expr }) => {
      const same = operandsOf(expr).map(([operand, value]) => makeCall('==', [operand, value], settings) as Expr);
      const all = same.reduce((a, b) => makeCall('and', [a, b], settings) as Expr);
      return aliasOf(makeCall('bool_or', [makeCall('coalesce', [all, literal(false, BOOLEAN)], settings)], settings), '');
    });
    const values = await row({ kind: 'aggregate', grouping: [], aggregates: met, child });
    found.push(...placed.filter((_, i) => values[i] === true));
  }
  return found;
}

const CHEAP = new Set<LogicalPlan['kind']>([
  'scan',
  'project',
  'filter',
  'subqueryAlias',
  'localRelation',
  'range',
  'kernelTable',
  'generate',
]);
const isCheap = (plan: LogicalPlan): boolean => CHEAP.has(plan.kind) && childrenOf(plan).every(isCheap);

/** Inner ones first. */
function placedExprs(plan: LogicalPlan): Placed[] {
  const found: Placed[] = [];
  const visit = (expr: Expr, around: Origin | undefined, at: LogicalPlan): void => {
    const origin = expr.origin ?? around;
    for (const child of childrenOfExpr(expr)) visit(child, origin, at);
    if (origin !== undefined) found.push({ expr, origin, at });
  };
  visitPlan(plan, (at) => {
    for (const e of exprsOfPlan(at)) visit(e, undefined, at);
  });
  return found;
}

/** A query's subtrees may stand in its plan more than once. */
const distinct = (placed: readonly Placed[]): Placed[] => [
  ...new Map(placed.map((p) => [`${p.origin.sqlText.id}:${p.origin.start}-${p.origin.stop}`, p])).values(),
];

const isConstant = (expr: Expr): boolean =>
  !contains(expr, (e) => e.kind === 'attribute' || e.kind === 'outer' || e.kind === 'aggregateCall' || e.kind === 'window' || 'plan' in e);
