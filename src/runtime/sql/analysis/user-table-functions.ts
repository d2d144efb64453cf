// Table functions of the program in FROM: f(1, 'a'), LATERAL f(t.a), f(TABLE(t) PARTITION BY k ORDER BY o). A TABLE argument's rows are brought together
// by partition as one list each. What computes them: ../udf/table.ts. Source: ResolveFunctions, FunctionTableSubqueryArgumentExpression of Spark 4.2.
import type { AnalyzeResult } from '../api/table-function-analysis.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { makeCall } from '../functions/make-call.ts';
import type { AggregateSpec, GeneratorSpec } from '../functions/spec.ts';
import {
  type AggregateCall,
  aliasOf,
  type Expr,
  type Generator,
  literal,
  type NamedExpr,
  newAttribute,
  type SortOrder,
} from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { transformUp } from '../logical/tree.ts';
import { parseExpression } from '../parser/parse.ts';
import type { Expression, SubqueryExpression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import type { JoinType } from '../plan/relations.ts';
import type { UserFunction, UserTableFunction } from '../plan/user-function.ts';
import { arrayType, NULL, type StructType } from '../types/data-type.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from './analysis.ts';
import { analyzed } from './analyze-table-function.ts';
import { resolveOrder } from './resolve-function.ts';
import { byParameters } from './table-function-arguments.ts';

export function userTableFunction(
  f: UserTableFunction,
  given: readonly Expression[],
  env: Environment,
  analysis: Analysis,
  origin: Origin | undefined,
): Resolved {
  const placed = byParameters(f, given, origin);
  const tables = placed.filter(isTable);
  if (tables.length > 1)
    throw new AnalysisException('TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS', { num: String(tables.length) }, tables[1]!.origin);
  const around = { attributes: [], ...(env.outer && { outer: env.outer }) };
  const table = tables[0] && analysis.relation(tables[0].plan!, env);
  const tableAt = placed.findIndex(isTable);
  const scalars = placed.map((a, i) =>
    i === tableAt ? undefined : a === undefined ? literal(null, NULL) : analysis.expression(a, around, env),
  );
  const made = definitionOf(f, placed, { scalars, table, tableAt, origin }, env, analysis);
  const generatorOutput = made.columns.fields.map((c) => newAttribute(c.name, c.dataType, c.nullable));
  if (table === undefined) {
    const generator = generatorOf(made, { how: 'table' }, scalars as readonly Expr[], origin);
    return over({ kind: 'generate', child: { kind: 'oneRow' }, generator, isOuter: false, generatorOutput }, env);
  }
  const child = partitions(made.divided ?? dividedBy(tables[0]!, table, env, analysis), table, analysis);
  const list = outputOf(child).at(-1)!;
  const generator = generatorOf(
    made,
    { how: 'partition', tableAt },
    scalars.map((s) => s ?? list),
    origin,
  );
  const plan: LogicalPlan = { kind: 'generate', child, generator, isOuter: false, generatorOutput };
  return over({ kind: 'project', child: plan, projectList: generatorOutput }, env);
}

const isTable = (a: Expression | undefined): a is SubqueryExpression => a?.kind === 'subqueryExpression' && a.subqueryType === 'tableArg';

/** A call's columns and body: its `analyze` has been asked, where it has one. */
type Definition = UserTableFunction & { readonly columns: StructType; readonly divided?: Division };
/** How a TABLE argument's rows are brought together, and what the function gets of each; left out: all columns. */
type Division = {
  readonly grouping: readonly Expr[];
  readonly order: readonly SortOrder[];
  readonly row?: readonly NamedExpr[] | undefined;
};

type Call = {
  readonly scalars: readonly (Expr | undefined)[];
  readonly table: Resolved | undefined;
  readonly tableAt: number;
  readonly origin: Origin | undefined;
};

function definitionOf(
  f: UserTableFunction,
  placed: readonly (Expression | undefined)[],
  { scalars, table, tableAt, origin }: Call,
  env: Environment,
  analysis: Analysis,
): Definition {
  const { columns } = f;
  if (columns !== undefined) return { ...f, columns };
  const ofTable = table && makeCall('struct', outputOf(visiblePlan(table)), analysis.settings).dataType;
  const given = placed.map((a, i) => {
    if (i === tableAt) return { table: ofTable as StructType };
    return a === undefined ? undefined : { value: scalars[i]! };
  });
  const divides = table !== undefined && (placed[tableAt] as SubqueryExpression).tableArgOptions !== undefined;
  const { result, columns: said } = analyzed(f, given, { divides, origin }, analysis);
  const made = { ...f, columns: said, body: { handler: f.body, analyzed: result } };
  if (table === undefined) return made;
  const asked = requested(result, table, origin, analysis);
  const divided = divides ? { ...dividedBy(placed[tableAt] as SubqueryExpression, table, env, analysis), row: asked.row } : asked;
  return { ...made, divided };
}

/** What `analyze` asked for, whose names are SQL text over the table's columns. */
function requested(
  { partitionBy, orderBy, select }: AnalyzeResult,
  table: Resolved,
  origin: Origin | undefined,
  analysis: Analysis,
): Division {
  const env: Environment = { ctes: new Map() };
  const parsed = (text: string) => {
    const e = parseExpression(text);
    return e.kind === 'alias' ? { alias: e.name[0]!, e: e.expr } : { alias: undefined, e };
  };
  const resolve = (e: Expression) => analysis.expression(e, table.scope, env);
  const order = orderBy.map(({ name, ascending, overrideNullsFirst = ascending }) => {
    const { alias, e } = parsed(name);
    if (alias !== undefined)
      throw new AnalysisException('UDTF_INVALID_ALIAS_IN_REQUESTED_ORDERING_STRING_FROM_ANALYZE_METHOD', { aliasName: alias }, origin);
    const direction = ascending ? ('ascending' as const) : ('descending' as const);
    const nullOrdering = overrideNullsFirst ? ('nullsFirst' as const) : ('nullsLast' as const);
    return resolveOrder({ kind: 'sortOrder', child: e, direction, nullOrdering }, table.scope, env, analysis);
  });
  const row = select.map(({ name, alias }): NamedExpr => {
    const { alias: own, e } = parsed(name);
    const made = resolve(e);
    const as = alias || own;
    if (as !== undefined && as !== '') return aliasOf(made, as);
    if (made.kind === 'attribute') return made;
    throw new AnalysisException(
      'UDTF_INVALID_REQUESTED_SELECTED_EXPRESSION_FROM_ANALYZE_METHOD_REQUIRES_ALIAS',
      { expression: prettySql(made) },
      origin,
    );
  });
  return { grouping: partitionBy.map((p) => resolve(parsed(p.name).e)), order, ...(row.length > 0 && { row }) };
}

/** What the call says. */
function dividedBy(e: SubqueryExpression, table: Resolved, env: Environment, analysis: Analysis): Division {
  const { partitionSpec = [], orderSpec = [] } = e.tableArgOptions ?? {};
  return {
    grouping: partitionSpec.map((p) => analysis.expression(p, table.scope, env)),
    order: orderSpec.map((o) => resolveOrder(o, table.scope, env, analysis)),
  };
}

function generatorOf(
  f: Definition,
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
function partitions({ grouping, order, row: wanted }: Division, table: Resolved, analysis: Analysis): LogicalPlan {
  const child = visiblePlan(table);
  const row = makeCall('struct', wanted ?? outputOf(child), analysis.settings);
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
