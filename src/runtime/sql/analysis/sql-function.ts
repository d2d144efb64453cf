// Calls of functions that are written in SQL (CREATE FUNCTION … RETURN …): the body with the arguments in the places of its parameters, cast to the
// declared types. Where they are kept: ../engine/sql-functions.ts. Source: ResolveSQLFunctions, SQLFunctionExpression of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { castTo } from '../functions/coercion.ts';
import { makeCall } from '../functions/make-call.ts';
import type { ScalarSpec } from '../functions/spec.ts';
import { aliasOf, type Expr, type ExprId, literal, newAttribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains, transformUp } from '../logical/tree.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import type { PathEntry } from '../plan/path-entry.ts';
import type { Relation } from '../plan/relations.ts';
import { type DataType, STRING } from '../types/data-type.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from './analysis.ts';
import { castOf } from './cast-rules.ts';
import { quoted } from './names.ts';
import type { Scope } from './scope.ts';

/** Without a type an argument stays what it is. */
export type SqlFunctionParameter = { readonly name: string; readonly dataType?: DataType; readonly defaultExpression?: Expression };
/** What names in the body meant when it was made. */
export type NamePlace = {
  /** The database that was current. */
  readonly namespace: string;
  /** The path, if somebody had set it. */
  readonly path?: readonly PathEntry[];
  readonly ansi: boolean;
};
export type SqlFunction = {
  /** With catalogue and schema; a temporary one's bare name. */
  readonly nameParts: readonly string[];
  readonly parameters: readonly SqlFunctionParameter[];
  /** Of a scalar function. Left out: the body's. */
  readonly returnType?: DataType;
  /** Of a table function. Left out: the query's columns. */
  readonly returnColumns?: readonly { readonly name: string; readonly dataType: DataType }[];
  readonly isTable: boolean;
  /** As it says (READS SQL DATA), or as its body does. */
  readonly readsData?: boolean;
  readonly body: Expression | Relation;
  /** Left out: its names mean what they mean to the caller. */
  readonly place?: NamePlace;
};

/** @throws AnalysisException WRONG_NUM_ARGS.…, NOT_A_SCALAR_FUNCTION and what the body ends in */
export function callSqlFunction(
  f: SqlFunction,
  given: readonly Expression[],
  scope: Scope,
  env: Environment,
  analysis: Analysis,
  origin: Origin | undefined,
): Expr {
  if (f.isTable) throw new AnalysisException('NOT_A_SCALAR_FUNCTION', { functionName: quoted(f.nameParts) }, origin);
  const args = given.map((a) => analysis.expression(a.kind === 'namedArgumentExpression' ? a.value : a, scope, env));
  const later = new Map<ExprId, Expr>();
  const marked = args.map((a) => (contains(a, needsGroups) ? placeholder(a, later) : a));
  const bound = bind(f, given, marked, analysis, origin);
  const body = scalarBody(f, { attributes: [], aliases: bound, seenTo: seenTo(f) }, insideOf(f, analysis), origin);
  const value = later.size === 0 ? body : inPlaceOf(later, body, origin);
  const shown = `${f.nameParts.join('.')}(${args.map(prettySql).join(', ')})`;
  const spec: ScalarSpec = {
    name: f.nameParts.join('.'),
    kind: 'scalar',
    arity: [1, 1],
    result: value.dataType,
    resultName: () => shown,
    kernel: '($1)',
  };
  return { kind: 'call', spec, args: [value], dataType: value.dataType, nullable: true, origin };
}

const needsGroups = (e: Expr): boolean => e.kind === 'aggregateCall' || e.kind === 'window';

/** An aggregate of the caller's rows must not be taken for one of the body's: a column stands for it until the body is resolved. */
function placeholder(arg: Expr, later: Map<ExprId, Expr>): Expr {
  const column = newAttribute('argument', arg.dataType, arg.nullable);
  later.set(column.exprId, arg);
  return column;
}

function inPlaceOf(later: ReadonlyMap<ExprId, Expr>, body: Expr, origin: Origin | undefined): Expr {
  const value = withoutQuery(body);
  if (contains(value, (e) => 'plan' in e))
    throw new AnalysisException(
      'NOT_BUILT',
      { feature: 'An aggregate or a window as an argument of a function that asks a table' },
      origin,
    );
  return transformUp(
    value,
    (e) => (e.kind === 'attribute' ? later.get(e.exprId) : e.kind === 'outer' ? later.get(e.attribute.exprId) : e) ?? e,
  );
}

/** `RETURN SELECT x + 1`: a query over no table is its expression. */
function withoutQuery(value: Expr): Expr {
  if (value.kind === 'cast') return { ...value, child: withoutQuery(value.child) };
  if (value.kind !== 'scalarSubquery' || value.plan.kind !== 'project' || value.plan.child.kind !== 'oneRow') return value;
  const [only] = value.plan.projectList;
  return only?.kind === 'alias' && !contains(only, (e) => e.kind === 'generator') ? only.child : value;
}

export const insideOf = (f: SqlFunction, analysis: Analysis): Analysis => (f.place === undefined ? analysis : analysis.inside(f.place));

/** Parameters are seen in the query that the body is, and in one query below it. */
export const seenTo = ({ body }: SqlFunction): number => (isRelation(body) || body.kind === 'subqueryExpression' ? 2 : 1);

/** The value that a scalar function returns. @param inside its parameters */
export function scalarBody(f: SqlFunction, inside: Scope, analysis: Analysis, origin: Origin | undefined): Expr {
  const body = isRelation(f.body)
    ? analysis.expression({ kind: 'subqueryExpression', subqueryType: 'scalar', plan: f.body }, inside, { ctes: new Map() })
    : analysis.expression(f.body, inside, { ctes: new Map() });
  return f.returnType === undefined ? body : castOf(body, f.returnType, analysis.settings.ansi ? 'ansi' : 'legacy', origin);
}

/** The rows that a table function returns, with its columns' names and types. @param outer its parameters */
export function tableBody(f: SqlFunction, outer: Scope, analysis: Analysis): LogicalPlan {
  const child = visiblePlan(analysis.relation(f.body as Relation, { ctes: new Map(), outer }));
  const output = outputOf(child);
  const columns = f.returnColumns ?? output.map((a) => ({ name: a.name, dataType: a.dataType }));
  if (columns.length !== output.length)
    throw new AnalysisException('USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH', {
      outputSize: String(output.length),
      returnParamSize: String(columns.length),
      name: f.nameParts.join('.'),
    });
  return { kind: 'project', child, projectList: output.map((a, i) => aliasOf(castTo(a, columns[i]!.dataType), columns[i]!.name)) };
}

/** @throws AnalysisException WRONG_NUM_ARGS.…, NOT_A_TABLE_FUNCTION and what the body ends in */
export function sqlTableFunction(
  f: SqlFunction,
  given: readonly Expression[],
  env: Environment,
  analysis: Analysis,
  origin: Origin | undefined,
): Resolved {
  if (!f.isTable || !isRelation(f.body)) throw new AnalysisException('NOT_A_TABLE_FUNCTION', { functionName: quoted(f.nameParts) }, origin);
  const around: Scope = { attributes: [], ...(env.outer && { outer: env.outer }) };
  const args = given.map((a) => analysis.expression(a.kind === 'namedArgumentExpression' ? a.value : a, around, env));
  const outer: Scope = { attributes: [], aliases: bind(f, given, args, analysis, origin), seenTo: seenTo(f) };
  return over({ kind: 'subqueryAlias', child: tableBody(f, outer, insideOf(f, analysis)), alias: f.nameParts.at(-1)!, qualifier: [] }, env);
}

/** What a parameter's name stands for in the body: `x`, or `f.x` through a struct of all. */
function bind(
  f: SqlFunction,
  given: readonly Expression[],
  args: readonly Expr[],
  analysis: Analysis,
  origin: Origin | undefined,
): (name: string) => Expr | undefined {
  const wrong = (): AnalysisException =>
    new AnalysisException(
      'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
      {
        functionName: quoted(f.nameParts),
        expectedNum: String(f.parameters.length),
        actualNum: String(args.length),
        docroot: 'https://spark.apache.org/docs/latest',
      },
      origin,
    );
  if (args.length > f.parameters.length) throw wrong();
  const values = f.parameters.map((p, i) => {
    const named = given.findIndex((g) => g.kind === 'namedArgumentExpression' && g.key.toLowerCase() === p.name.toLowerCase());
    const byPosition = given[i]?.kind === 'namedArgumentExpression' ? undefined : args[i];
    const value = named >= 0 ? args[named] : byPosition;
    if (value === undefined && p.defaultExpression === undefined) throw wrong();
    const found = value ?? analysis.expression(p.defaultExpression!, { attributes: [] }, { ctes: new Map() });
    if (p.dataType === undefined) return found;
    return castOf(found, p.dataType, analysis.settings.ansi ? 'ansi' : 'legacy', found.origin);
  });
  const at = (name: string) => f.parameters.findIndex((p) => p.name.toLowerCase() === name.toLowerCase());
  const isItsName = (name: string) => name.toLowerCase() === f.nameParts.at(-1)!.toLowerCase();
  const all = () =>
    makeCall(
      'named_struct',
      f.parameters.flatMap((p, i) => [literal(p.name, STRING), values[i]!]),
      analysis.settings,
      origin,
    );
  return (name) => values[at(name)] ?? (isItsName(name) ? all() : undefined);
}

export const isRelation = (body: Expression | Relation): body is Relation => RELATION_BODIES.has(body.kind);
/** Kinds of queries that a RETURN can begin with; all others are expressions. */
const RELATION_BODIES: ReadonlySet<string> = new Set([
  'project',
  'aggregate',
  'filter',
  'having',
  'sort',
  'limit',
  'offset',
  'distinct',
  'setOperation',
  'withCte',
  'inlineTable',
  'read',
  'subqueryAlias',
  'withWindowDefinitions',
  'qualify',
  'join',
  'lateralJoin',
  'pipeSelect',
  'sqlPivot',
]);
