// functions.*: Spark's functions as makers of Columns. Most come from function-table.ts; here is what makes them and those with ways of their own.
// They look nothing up: whether a function exists and fits its arguments shows when the DataFrame is used.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression, SortOrder, UnresolvedFunction, UnresolvedNamedLambdaVariable } from '../plan/expressions.ts';
import type { DataType } from '../types/data-type.ts';
import { typeToJson } from '../types/type-json.ts';
import { Column, type ColumnOrName, columnExpression, columnOf, expressionOf, givenColumn, namedColumn, sqlColumn } from './column.ts';
import { FUNCTION_TABLE } from './function-table.ts';
import type { ColumnArgument, TableFunctions } from './function-types.ts';
import { call, textLiteral, valueExpression } from './literals.ts';
import type { ColumnName } from './row-types.ts';
import { udaf } from './udaf.ts';
import { udf } from './udf.ts';
import { udtf } from './udtf.ts';

type Schema = DataType | string | Column;
type Options = { readonly [key: string]: string | number | boolean };
type LiteralType<V> =
  V extends Column<infer W> ? W : V extends string ? string : V extends boolean ? boolean : V extends number ? number : any;
type HasHint = { hint(name: string, ...parameters: unknown[]): unknown };

let lambdas = 0;

/** `x => x.plus(1)` called once with variables that are columns. */
function lambdaOf(f: (...columns: Column[]) => Column, most: number): Expression {
  const count = Math.min(most, Math.max(1, f.length));
  const names = ['x', 'y', 'z'].slice(0, count).map((n) => `${n}_${++lambdas}`);
  const variables = names.map((name): UnresolvedNamedLambdaVariable => ({ kind: 'unresolvedNamedLambdaVariable', nameParts: [name] }));
  const body = f(...variables.map((v) => new Column(v)));
  if (!(body instanceof Column))
    throw new SparkIllegalArgumentException(
      'HIGHER_ORDER_FUNCTION_SHOULD_RETURN_COLUMN',
      '42K0D',
      'The function of a higher-order function must return a Column.',
    );
  return { kind: 'lambdaFunction', function: body.expr, arguments: variables };
}

function tableFunction(name: string, codes: readonly string[]): (...args: unknown[]) => Column {
  const kinds = codes.map((c) => c.replace(/[?*]$/, ''));
  const isVariadic = codes.at(-1)?.endsWith('*') ?? false;
  const least = codes.filter((c) => !/[?*]$/.test(c)).length;
  return (...given) => {
    const args = isVariadic ? given.flatMap((a) => (Array.isArray(a) ? a : [a])) : given;
    while (!isVariadic && args.length > least && args.at(-1) === undefined) args.pop();
    if (args.length < least || (!isVariadic && args.length > codes.length))
      throw new SparkIllegalArgumentException(
        'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
        '42605',
        `The \`${name}\` requires ${least === codes.length ? least : `${least} to ${isVariadic ? 'any number of' : codes.length}`} parameters but the actual number is ${args.length}.`,
      );
    return new Column(call(name, ...args.map((a, i) => argument(a, kinds[Math.min(i, kinds.length - 1)]!))));
  };
}

function argument(value: unknown, kind: string): Expression {
  if (kind === 'c') return columnExpression(value);
  if (kind === 'v') return expressionOf(value);
  if (typeof value !== 'function')
    throw new SparkIllegalArgumentException('NOT_CALLABLE', '42K09', `A function of columns is expected here, not ${typeof value}.`);
  return lambdaOf(value as (...columns: Column[]) => Column, kind === 'f3' ? 3 : kind === 'f1' ? 1 : 2);
}

const made: Record<string, (...args: unknown[]) => Column> = {};
for (const [codes, names] of Object.entries(FUNCTION_TABLE))
  for (const name of names.split(' ')) made[name] = tableFunction(name, codes === '' ? [] : codes.split(' '));

const named = (name: string, ...args: readonly ColumnArgument[]): Column => new Column(call(name, ...args.map(columnExpression)));
const distinct = (name: string, args: readonly ColumnArgument[]): Column =>
  new Column({ ...(named(name, ...args).expr as UnresolvedFunction), isDistinct: true });
const nullsIgnored = (name: string, ignoreNulls: boolean | undefined, args: readonly Expression[]): Column =>
  new Column({ ...(call(name, ...args) as UnresolvedFunction), ...(ignoreNulls && { ignoreNulls }) });
const schemaText = (schema: Schema): Expression =>
  schema instanceof Column ? schema.expr : textLiteral(typeof schema === 'string' ? schema : typeToJson(schema));
const withOptions = (name: string, args: readonly Expression[], options: Options | undefined): Column => {
  const pairs = Object.entries(options ?? {}).flatMap(([k, v]) => [textLiteral(k), textLiteral(String(v))]);
  return new Column(call(name, ...args, ...(pairs.length > 0 ? [call('map', ...pairs)] : [])));
};
const sorted =
  (direction: SortOrder['direction'], nullOrdering: SortOrder['nullOrdering']) =>
  (column: ColumnOrName): Column =>
    new Column({ kind: 'sortOrder', child: columnOf(column).expr, direction, nullOrdering });

const special = {
  /** A column by name: `a`, `t.a`, `s.field`, `` `a.b` ``, `*`. Which DataFrame's shows when it is used. */
  col: <const N extends string>(name: N): Column<any, ColumnName<N>> => namedColumn(name),
  column: <const N extends string>(name: N): Column<any, ColumnName<N>> => namedColumn(name),
  /** A constant: literals.ts says which type each value of JavaScript has. */
  lit: <V>(value: V): Column<LiteralType<V>> => new Column(expressionOf(value)),
  /** SQL text. @throws ParseException */
  expr: (text: string): Column => sqlColumn(text),
  not: (column: ColumnOrName): Column => columnOf(column).not(),
  when: (condition: Column, value: unknown): Column => new Column(call('when', givenColumn(condition, 'condition'), expressionOf(value))),
  array: (...columns: (ColumnArgument | readonly ColumnArgument[])[]): Column => named('array', ...columns.flat()),
  create_map: (...columns: (ColumnArgument | readonly ColumnArgument[])[]): Column => named('map', ...columns.flat()),
  map: (...columns: ColumnArgument[]): Column => named('map', ...columns),
  struct: (...columns: (ColumnOrName | readonly ColumnOrName[])[]): Column => named('struct', ...columns.flat()),
  call_function: (name: string, ...columns: ColumnArgument[]): Column =>
    new Column({ kind: 'callFunction', functionName: name, arguments: columns.map(columnExpression) }),
  call_udf: (name: string, ...columns: ColumnArgument[]): Column => named(name, ...columns),

  /** `count('*')` counts rows. */
  count: (column: ColumnArgument): Column => (column === '*' ? new Column(call('count', valueExpression(1))) : named('count', column)),
  string_agg_distinct: (column: ColumnArgument, delimiter?: string): Column => special.listagg_distinct(column, delimiter),
  count_distinct: (column: ColumnArgument, ...more: ColumnArgument[]): Column => distinct('count', [column, ...more]),
  countDistinct: (column: ColumnArgument, ...more: ColumnArgument[]): Column => distinct('count', [column, ...more]),
  sum_distinct: (column: ColumnArgument): Column => distinct('sum', [column]),
  listagg_distinct: (column: ColumnArgument, delimiter?: string): Column =>
    new Column({
      ...(call('listagg', columnExpression(column), ...(delimiter === undefined ? [] : [textLiteral(delimiter)])) as UnresolvedFunction),
      isDistinct: true,
    }),
  first: (column: ColumnArgument, ignoreNulls?: boolean): Column => nullsIgnored('first', ignoreNulls, [columnExpression(column)]),
  last: (column: ColumnArgument, ignoreNulls?: boolean): Column => nullsIgnored('last', ignoreNulls, [columnExpression(column)]),
  first_value: (column: ColumnArgument, ignoreNulls?: boolean): Column =>
    nullsIgnored('first_value', ignoreNulls, [columnExpression(column)]),
  last_value: (column: ColumnArgument, ignoreNulls?: boolean): Column =>
    nullsIgnored('last_value', ignoreNulls, [columnExpression(column)]),
  any_value: (column: ColumnArgument, ignoreNulls?: boolean): Column => nullsIgnored('any_value', ignoreNulls, [columnExpression(column)]),
  nth_value: (column: ColumnArgument, offset: number, ignoreNulls?: boolean): Column =>
    nullsIgnored('nth_value', ignoreNulls, [columnExpression(column), valueExpression(offset)]),

  negate: (column: ColumnArgument): Column => named('negative', column),
  pow: (column: ColumnArgument, exponent: ColumnArgument): Column => named('power', column, exponent),
  toDegrees: (column: ColumnArgument): Column => named('degrees', column),
  toRadians: (column: ColumnArgument): Column => named('radians', column),
  bitwise_not: (column: ColumnArgument): Column => named('~', column),
  timestamp_add: (unit: string, quantity: ColumnArgument, timestamp: ColumnArgument): Column =>
    new Column(call('timestampadd', textLiteral(unit), columnExpression(quantity), columnExpression(timestamp))),
  timestamp_diff: (unit: string, start: ColumnArgument, end: ColumnArgument): Column =>
    new Column(call('timestampdiff', textLiteral(unit), columnExpression(start), columnExpression(end))),
  collate: (column: ColumnArgument, collation: string): Column =>
    new Column({ kind: 'collate', child: columnExpression(column), collation: [collation] }),

  from_json: (column: ColumnArgument, schema: Schema, options?: Options): Column =>
    withOptions('from_json', [columnExpression(column), schemaText(schema)], options),
  from_csv: (column: ColumnArgument, schema: Schema, options?: Options): Column =>
    withOptions('from_csv', [columnExpression(column), schemaText(schema)], options),
  from_xml: (column: ColumnArgument, schema: Schema, options?: Options): Column =>
    withOptions('from_xml', [columnExpression(column), schemaText(schema)], options),
  to_json: (column: ColumnArgument, options?: Options): Column => withOptions('to_json', [columnExpression(column)], options),
  to_csv: (column: ColumnArgument, options?: Options): Column => withOptions('to_csv', [columnExpression(column)], options),
  to_xml: (column: ColumnArgument, options?: Options): Column => withOptions('to_xml', [columnExpression(column)], options),
  schema_of_json: (json: unknown, options?: Options): Column => withOptions('schema_of_json', [expressionOf(json)], options),
  schema_of_csv: (csv: unknown, options?: Options): Column => withOptions('schema_of_csv', [expressionOf(csv)], options),
  schema_of_xml: (xml: unknown, options?: Options): Column => withOptions('schema_of_xml', [expressionOf(xml)], options),

  /** A function of the program: `const half = udf((x: number) => x / 2, 'double')`. */
  udf,
  /** An Aggregator of the program as a function of Columns: `udaf(new GeometricMean(), 'double')`. */
  udaf,
  /** A table function of the program, for spark.udtf.register. */
  udtf,

  asc: sorted('ascending', 'nullsFirst'),
  asc_nulls_first: sorted('ascending', 'nullsFirst'),
  asc_nulls_last: sorted('ascending', 'nullsLast'),
  desc: sorted('descending', 'nullsLast'),
  desc_nulls_first: sorted('descending', 'nullsFirst'),
  desc_nulls_last: sorted('descending', 'nullsLast'),
  /** The DataFrame, marked as small enough for every executor. */
  broadcast: <D extends HasHint>(df: D): D => df.hint('broadcast') as D,
  /** NULL of a type, a typed constant: `typedLit(null, 'int')`. */
  typedLit: (value: unknown, type: DataType | string): Column => new Column(expressionOf(value)).cast(type),
};

export type Functions = TableFunctions & typeof special;
/** Spark's functions by name: `const { col, lit, sum, upper } = functions`. */
export const functions: Functions = Object.assign(made as unknown as TableFunctions, special);
