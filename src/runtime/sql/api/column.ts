// Column: an expression that is not resolved yet, with Spark's methods. Whether it fits a DataFrame shows when the DataFrame is used.
// Functions are functions.ts; windows window.ts. Source: org.apache.spark.sql.Column of Spark 4.2.
import { wrongType } from './arguments.ts';
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression, SortOrder } from '../plan/expressions.ts';
import type { DataType } from '../types/data-type.ts';
import { columnText } from './column-text.ts';
import { call, textLiteral, valueExpression } from './literals.ts';
import type { TypeOfName } from './row-types.ts';
import { nameParts, sqlTexts, toDataType } from './sql-text.ts';
import type { WindowSpec } from './window.ts';

/** A Column as it is, a text as the name of one. */
export type ColumnOrName = Column | string;

/** A program's value or a Column; texts are texts. */
export const expressionOf = (value: unknown): Expression => (value instanceof Column ? value.expr : valueExpression(value));
/** `*` and `t.*` are all columns. */
export function namedColumn(name: string, planId?: number): Column {
  if (typeof name !== 'string') throw wrongType('NOT_COLUMN_OR_STR', 'col', 'a Column or a text', name);
  const of = planId !== undefined && { planId };
  if (name === '*') return new Column({ kind: 'unresolvedStar', ...of });
  if (name.endsWith('.*')) return new Column({ kind: 'unresolvedStar', unparsedTarget: nameParts(name.slice(0, -2)), ...of });
  return new Column({ kind: 'unresolvedAttribute', nameParts: nameParts(name), ...of });
}
export const columnOf = (column: ColumnOrName): Column => (column instanceof Column ? column : namedColumn(column));
/** For places where other values than texts are constants: `slice('xs', 1, 2)`. */
export function columnExpression(value: unknown): Expression {
  if (value === undefined) throw wrongType('NOT_COLUMN_OR_STR', 'col', 'a Column or a text', value);
  return typeof value === 'string' ? namedColumn(value).expr : expressionOf(value);
}
/** What must be a Column. @throws SparkIllegalArgumentException NOT_COLUMN */
export function givenColumn(value: unknown, argument: string): Expression {
  if (value instanceof Column) return value.expr;
  const hint = typeof value === 'string' ? `col('${value}')` : `lit(${String(value)})`;
  throw wrongType('NOT_COLUMN', argument, `a Column, such as ${hint}`, value);
}
/** As ORDER BY takes it: ascending unless it says otherwise. */
export function sortOrderOf(column: ColumnOrName): SortOrder {
  const { expr } = columnOf(column);
  return expr.kind === 'sortOrder' ? expr : { kind: 'sortOrder', child: expr, direction: 'ascending', nullOrdering: 'nullsFirst' };
}

/** V is the type of its values and N its name, as far as TypeScript can know them. */
export class Column<V = any, N extends string = any> {
  /** For TypeScript only. */
  declare readonly valueType: V;
  declare readonly columnName: N;
  /** @internal */
  readonly expr: Expression;

  /** @internal Programs use col(), lit(), expr() and df.col(). */
  constructor(expr: Expression) {
    this.expr = expr;
  }

  #with(name: string, ...others: readonly unknown[]): Column {
    return new Column(call(name, this.expr, ...others.map(expressionOf)));
  }

  eq(other: unknown): Column<boolean | null> {
    return this.#with('==', other);
  }
  equalTo(other: unknown): Column<boolean | null> {
    return this.eq(other);
  }
  /** `<=>`: NULL equals NULL. */
  eqNullSafe(other: unknown): Column<boolean> {
    return this.#with('<=>', other);
  }
  neq(other: unknown): Column<boolean | null> {
    return this.eq(other).not();
  }
  notEqual(other: unknown): Column<boolean | null> {
    return this.neq(other);
  }
  gt(other: unknown): Column<boolean | null> {
    return this.#with('>', other);
  }
  lt(other: unknown): Column<boolean | null> {
    return this.#with('<', other);
  }
  geq(other: unknown): Column<boolean | null> {
    return this.#with('>=', other);
  }
  leq(other: unknown): Column<boolean | null> {
    return this.#with('<=', other);
  }
  between(lower: unknown, upper: unknown): Column {
    return this.geq(lower).and(this.leq(upper));
  }
  plus(other: unknown): Column {
    return this.#with('+', other);
  }
  minus(other: unknown): Column {
    return this.#with('-', other);
  }
  multiply(other: unknown): Column {
    return this.#with('*', other);
  }
  divide(other: unknown): Column {
    return this.#with('/', other);
  }
  mod(other: unknown): Column {
    return this.#with('%', other);
  }
  /** −column. */
  negate(): Column {
    return this.#with('negative');
  }
  bitwiseAND(other: unknown): Column {
    return this.#with('&', other);
  }
  bitwiseOR(other: unknown): Column {
    return this.#with('|', other);
  }
  bitwiseXOR(other: unknown): Column {
    return this.#with('^', other);
  }
  and(other: unknown): Column<boolean | null> {
    return this.#with('and', other);
  }
  or(other: unknown): Column<boolean | null> {
    return this.#with('or', other);
  }
  not(): Column<boolean | null> {
    return this.#with('not');
  }

  isNull(): Column<boolean> {
    return this.#with('isnull');
  }
  isNotNull(): Column<boolean> {
    return this.#with('isnotnull');
  }
  isNaN(): Column {
    return this.#with('isnan');
  }
  like(pattern: unknown): Column {
    return this.#with('like', pattern);
  }
  ilike(pattern: unknown): Column {
    return this.#with('ilike', pattern);
  }
  rlike(pattern: unknown): Column {
    return this.#with('rlike', pattern);
  }
  contains(other: unknown): Column {
    return this.#with('contains', other);
  }
  startsWith(other: unknown): Column {
    return this.#with('startswith', other);
  }
  endsWith(other: unknown): Column {
    return this.#with('endswith', other);
  }
  /** @param values one array, or the values themselves */
  isin(...values: readonly unknown[]): Column<boolean | null> {
    return this.#with('in', ...(values.length === 1 && Array.isArray(values[0]) ? (values[0] as unknown[]) : values));
  }
  /** @param start position from 1; negative: from the end */
  substr(start: unknown, length: unknown): Column {
    return this.#with('substr', start, length);
  }

  cast<const D extends DataType | string>(to: D): Column<TypeOfName<D>, N> {
    return new Column({ kind: 'cast', expr: this.expr, type: toDataType(to) });
  }
  astype<const D extends DataType | string>(to: D): Column<TypeOfName<D>, N> {
    return this.cast(to);
  }
  /** NULL where the value does not fit. */
  try_cast<const D extends DataType | string>(to: D): Column<TypeOfName<D>, N> {
    return new Column({ kind: 'cast', expr: this.expr, type: toDataType(to), evalMode: 'try' });
  }
  /** @param names one, or several for a function that gives several columns */
  as<const M extends string>(name: M): Column<V, M>;
  as(...names: readonly [string, ...string[]]): Column;
  as(...names: readonly [string, ...string[]]): Column {
    return new Column({ kind: 'alias', expr: this.expr, name: names });
  }
  alias<const M extends string>(name: M): Column<V, M>;
  alias(...names: readonly [string, ...string[]]): Column;
  alias(...names: readonly [string, ...string[]]): Column {
    return this.as(...names);
  }
  name<const M extends string>(name: M): Column<V, M> {
    return this.as(name);
  }

  asc(): Column {
    return this.asc_nulls_first();
  }
  desc(): Column {
    return this.desc_nulls_last();
  }
  asc_nulls_first(): Column {
    return this.#sorted('ascending', 'nullsFirst');
  }
  asc_nulls_last(): Column {
    return this.#sorted('ascending', 'nullsLast');
  }
  desc_nulls_first(): Column {
    return this.#sorted('descending', 'nullsFirst');
  }
  desc_nulls_last(): Column {
    return this.#sorted('descending', 'nullsLast');
  }
  #sorted(direction: SortOrder['direction'], nullOrdering: SortOrder['nullOrdering']): Column {
    return new Column({ kind: 'sortOrder', child: this.expr, direction, nullOrdering });
  }

  /** Of the query around, for DataFrames in exists(), scalar() and lateralJoin(). */
  outer(): Column {
    const e = this.expr;
    if (e.kind !== 'unresolvedAttribute')
      throw new SparkIllegalArgumentException(
        'INVALID_OUTER_COLUMN',
        '42000',
        'outer() stands after the name of a column: col("a").outer().',
      );
    return new Column({ ...e, isOuter: true });
  }

  /** An element by position from 0, or a map's value by key. */
  getItem(key: unknown): Column {
    return new Column({ kind: 'unresolvedExtractValue', child: this.expr, extraction: expressionOf(key) });
  }
  /** A field of a struct. */
  getField(name: string): Column {
    return new Column({ kind: 'unresolvedExtractValue', child: this.expr, extraction: textLiteral(name) });
  }
  /** The struct with this field put in or replaced; `a.b` is inside a. */
  withField(fieldName: string, value: Column): Column {
    return new Column({ kind: 'updateFields', structExpression: this.expr, fieldName, valueExpression: expressionOf(value) });
  }
  dropFields(...fieldNames: readonly string[]): Column {
    return fieldNames.reduce<Column>(
      (struct, fieldName) => new Column({ kind: 'updateFields', structExpression: struct.expr, fieldName }),
      this,
    );
  }

  /** After when(): the next condition, for rows that none before it took. @throws Error when this is no when() */
  when(condition: Column, value: unknown): Column {
    return new Column(call('when', ...this.#branches('when'), givenColumn(condition, 'condition'), expressionOf(value)));
  }
  /** After when(): the value of all other rows; without it NULL. */
  otherwise(value: unknown): Column {
    return new Column(call('when', ...this.#branches('otherwise'), expressionOf(value)));
  }
  #branches(method: string): readonly Expression[] {
    const e = this.expr;
    if (e.kind !== 'unresolvedFunction' || e.functionName !== 'when')
      throw new SparkIllegalArgumentException(
        'INVALID_WHEN_USAGE',
        '42000',
        `${method}() can only be applied on a Column that when() made.`,
      );
    if (e.arguments.length % 2 === 1)
      throw new SparkIllegalArgumentException('INVALID_WHEN_USAGE', '42000', `${method}() cannot be applied once otherwise() is applied.`);
    return e.arguments;
  }

  over(window: WindowSpec): Column {
    return new Column({ kind: 'window', windowFunction: this.expr, ...window.spec });
  }

  /** `f(this)`, for chains. */
  transform(f: (column: Column) => Column): Column {
    return f(this);
  }

  toString(): string {
    return `Column<${columnText(this.expr)}>`;
  }

  /** JavaScript has no operators for objects, so `a + b` would make nonsense of two columns. @throws Error always */
  [Symbol.toPrimitive](hint: string): string {
    if (hint === 'string') return this.toString();
    throw new SparkIllegalArgumentException(
      'CANNOT_CONVERT_COLUMN',
      '0A000',
      'A Column has no value in the program, so +, <, > and the like do not work on it: use plus(), lt(), gt() and so on.',
    );
  }
}

/** SQL text as a Column. @throws ParseException */
export const sqlColumn = (text: string): Column => new Column(sqlTexts().parseExpression(text));
