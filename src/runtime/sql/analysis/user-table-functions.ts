// Table functions of the program in FROM: f(1, 'a'), LATERAL f(t.a), f(TABLE(t) PARTITION BY k ORDER BY o). A TABLE argument's rows are brought together
// by partition as one list each. What computes them: ../udf/table.ts. Source: ResolveFunctions, FunctionTableSubqueryArgumentExpression of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { makeCall } from '../functions/make-call.ts';
import type { AggregateSpec, GeneratorSpec } from '../functions/spec.ts';
import { type AggregateCall, aliasOf, type Expr, type Generator, type NamedExpr, newAttribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { transformUp } from '../logical/tree.ts';
import type { Expression, SubqueryExpression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import type { JoinType } from '../plan/relations.ts';
import type { UserFunction, UserTableFunction } from '../plan/user-function.ts';
import { arrayType, NULL } from '../types/data-type.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from './analysis.ts';
import { resolveOrder } from './resolve-function.ts';

export function userTableFunction(
  f: UserTableFunction,
  given: readonly Expression[],
  env: Environment,
  analysis: Analysis,
  origin: Origin | undefined,
): Resolved {
  const isTable = (a: Expression): a is SubqueryExpression => a.kind === 'subqueryExpression' && a.subqueryType === 'tableArg';
  const named = given.find((a) => a.kind === 'namedArgumentExpression');
  if (named !== undefined)
    throw new AnalysisException('NOT_BUILT', { feature: `Named arguments of the table function ${f.name}` }, named.origin);
  const tables = given.filter(isTable);
  if (tables.length > 1)
    throw new AnalysisException('TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS', { num: String(tables.length) }, tables[1]!.origin);
  const around = { attributes: [], ...(env.outer && { outer: env.outer }) };
  const scalar = (a: Expression) => analysis.expression(a, around, env);
  if (tables.length === 0) {
    const generator = generatorOf(f, { how: 'table' }, given.map(scalar), origin);
    return over({ kind: 'generate', child: { kind: 'oneRow' }, generator, isOuter: false, generatorOutput: columnsOf(f) }, env);
  }
  const tableAt = given.findIndex(isTable);
  const child = partitions(tables[0]!, env, analysis);
  const list = outputOf(child).at(-1)!;
  const args = given.map((a, i) => (i === tableAt ? list : scalar(a)));
  const generatorOutput = columnsOf(f);
  const generator = generatorOf(f, { how: 'partition', tableAt }, args, origin);
  const made: LogicalPlan = { kind: 'generate', child, generator, isOuter: false, generatorOutput };
  return over({ kind: 'project', child: made, projectList: generatorOutput }, env);
}

const columnsOf = ({ columns }: UserTableFunction) => columns.fields.map((c) => newAttribute(c.name, c.dataType, c.nullable));

function generatorOf(
  f: UserTableFunction,
  use: Pick<UserFunction, 'how' | 'tableAt'>,
  args: readonly Expr[],
  origin: Origin | undefined,
): Generator {
  const { name, columns, deterministic, body } = f;
  const step: UserFunction = { name, returnType: arrayType(columns), deterministic, body, ...use };
  const spec: GeneratorSpec = {
    kind: 'generator',
    name,
    arity: [0, Number.POSITIVE_INFINITY],
    result: NULL,
    deterministic,
    elements: () => columns.fields,
    list: (texts, call, emit) =>
      `${emit.userFunction(
        step,
        call.args.map((a) => a.dataType),
      )}(${texts.join(', ')})`,
  };
  return { kind: 'generator', spec, args, dataType: NULL, nullable: true, origin };
}

/** The table's rows by partition: the last column is the list of a partition's rows, in order. */
function partitions(e: SubqueryExpression, env: Environment, analysis: Analysis): LogicalPlan {
  const table = analysis.relation(e.plan!, env);
  const child = visiblePlan(table);
  const { partitionSpec = [], orderSpec = [] } = e.tableArgOptions ?? {};
  const grouping = partitionSpec.map((p) => analysis.expression(p, table.scope, env));
  const order = orderSpec.map((o) => resolveOrder(o, table.scope, env, analysis));
  const row = makeCall('struct', outputOf(child), analysis.settings);
  const dataType = arrayType(row.dataType, false);
  const rows: AggregateCall = { kind: 'aggregateCall', spec: ROWS, args: [row], isDistinct: false, dataType, nullable: true, order };
  return { kind: 'aggregate', child, grouping, aggregates: [aliasOf(rows, 'rows')] };
}

const ROWS: AggregateSpec = {
  kind: 'aggregate',
  name: 'table_argument',
  arity: [1, 1],
  result: ([row]) => arrayType(row!.dataType, false),
  kernel: (args, call, emit) => {
    const order = (call.order ?? []).map((o) => emit.sortKey(o)).join(', ');
    return emit.aggregateOf(call, 'list', args, order === '' ? {} : { order });
  },
};

/**
 * `left, LATERAL f(left.a)` with a table function of the program: its rows beside those of the left side, without a join, so that it is called once for
 * each row. @returns undefined when the right side is something else
 */
export function besideLeft(
  left: LogicalPlan,
  right: LogicalPlan,
  joinType: JoinType,
  condition: Expr | undefined,
  names: readonly string[] = [],
): LogicalPlan | undefined {
  const isOuter = joinType === 'leftOuter';
  if (!(isOuter || joinType === 'inner' || joinType === 'cross') || (isOuter && condition !== undefined)) return undefined;
  if (right.kind === 'subqueryAlias') {
    const qualifier = names.length > 0 ? names : [...right.qualifier, right.alias];
    return besideLeft(left, right.child, joinType, condition, qualifier);
  }
  const named = <E extends NamedExpr>(e: E): E => (names.length > 0 ? { ...e, qualifier: names } : e);
  if (right.kind === 'project') {
    const inside = besideLeft(left, right.child, joinType, undefined);
    const list = [...outputOf(left), ...right.projectList.map(named)];
    return inside && filtered({ kind: 'project', child: inside, projectList: list }, condition);
  }
  if (right.kind !== 'generate' || right.child.kind !== 'oneRow' || !('list' in right.generator.spec)) return undefined;
  const ids = new Set(outputOf(left).map((a) => a.exprId));
  const args = right.generator.args.map((arg) =>
    transformUp(arg, (x) => (x.kind === 'outer' && ids.has(x.attribute.exprId) ? x.attribute : x)),
  );
  const generatorOutput = right.generatorOutput.map(named);
  return filtered({ ...right, child: left, generator: { ...right.generator, args }, isOuter, generatorOutput }, condition);
}

const filtered = (child: LogicalPlan, condition: Expr | undefined): LogicalPlan =>
  condition === undefined ? child : { kind: 'filter', child, condition };
