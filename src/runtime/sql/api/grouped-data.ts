// df.groupBy(…): what can be asked of groups. Source: org.apache.spark.sql.RelationalGroupedDataset of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Expression, Literal } from '../plan/expressions.ts';
import type { Aggregate } from '../plan/relations.ts';
import { text } from './arguments.ts';
import { Column, type ColumnOrName, columnOf, givenColumn, namedColumn } from './column.ts';
import type { DataFrameBase } from './dataframe-base.ts';
import type { DataFrame } from './dataframe.ts';
import { call, integerLiteral, valueExpression } from './literals.ts';
import type { Aggregated } from './row-types.ts';
import { schemaOf } from './schema.ts';

/** More values of a pivot than this are refused, as Spark's `spark.sql.pivotMaxValues` says. */
const MOST_PIVOT_VALUES = 10_000;

type GroupType = 'groupBy' | 'rollup' | 'cube' | 'pivot' | 'groupingSets';

/** G: the grouping columns, as far as TypeScript knows them. */
export class GroupedData<G = any> {
  readonly #df: DataFrameBase;
  readonly #type: GroupType;
  readonly #grouping: readonly Expression[];
  readonly #pivot: { readonly col: Expression; readonly values?: readonly Literal[] } | undefined;
  readonly #sets: readonly (readonly Expression[])[] | undefined;

  /** @internal Programs use groupBy, rollup, cube and groupingSets. */
  constructor(
    df: DataFrameBase<any>,
    type: GroupType,
    grouping: readonly Expression[],
    more: { readonly pivot?: { col: Expression; values?: readonly Literal[] }; readonly sets?: readonly (readonly Expression[])[] } = {},
  ) {
    this.#df = df;
    this.#type = type;
    this.#grouping = grouping;
    this.#pivot = more.pivot;
    this.#sets = more.sets;
  }

  /** `agg(sum('a'), max('b').as('m'))` or `agg({ a: 'sum' })`. The grouping columns come first. */
  agg<const C extends readonly Column[]>(...aggregates: C): DataFrame<Aggregated<G, C>>;
  agg(...aggregates: readonly Column[] | readonly [{ readonly [column: string]: string }]): DataFrame;
  agg(...aggregates: readonly Column[] | readonly [{ readonly [column: string]: string }]): DataFrame {
    const [first] = aggregates;
    if (first === undefined) throw new SparkIllegalArgumentException('CANNOT_BE_EMPTY', '42000', 'agg() needs at least one aggregate.');
    const isNamed = typeof first === 'object' && !(first instanceof Column);
    const exprs = isNamed
      ? Object.entries(first).map(([c, f]) => namedAggregate(text(f, 'func'), c))
      : aggregates.map((a) => givenColumn(a, 'exprs'));
    return this.#aggregated(exprs);
  }

  /** Rows of each group. */
  count(): DataFrame<Aggregated<G, readonly [Column<bigint, 'count'>]>> {
    return this.#aggregated([{ kind: 'alias', expr: call('count', integerLiteral(1)), name: ['count'] }]);
  }
  sum(...columns: readonly string[]): DataFrame {
    return this.#each('sum', columns);
  }
  avg(...columns: readonly string[]): DataFrame {
    return this.#each('avg', columns);
  }
  mean(...columns: readonly string[]): DataFrame {
    return this.#each('avg', columns);
  }
  min(...columns: readonly string[]): DataFrame {
    return this.#each('min', columns);
  }
  max(...columns: readonly string[]): DataFrame {
    return this.#each('max', columns);
  }

  /** Values of a column become columns. @param values asked of the data when left out: a query of its own, at most 10,000 */
  pivot(column: ColumnOrName, values?: readonly unknown[]): GroupedData {
    if (this.#type !== 'groupBy')
      throw new SparkIllegalArgumentException('UNSUPPORTED_FEATURE.PIVOT_AFTER_GROUP_BY', '0A000', `pivot() stands after groupBy() only.`);
    const col = columnOf(column).expr;
    return new GroupedData(this.#df, 'pivot', this.#grouping, { pivot: { col, ...(values && { values: values.map(pivotValue) }) } });
  }

  #each(name: string, columns: readonly string[]): DataFrame {
    if (columns.length > 0) return this.#aggregated(columns.map((c) => call(name, namedColumn(c).expr)));
    const { session } = this.#df;
    // All numeric columns: which these are is known when the schema is.
    return this.#df.derive({
      kind: 'deferred',
      source: {
        load: async () => {
          const engine = session.engine();
          const { fields } = schemaOf(await engine.analyze(this.#df.relation));
          const grouped = new Set(this.#grouping.map((g) => (g.kind === 'unresolvedAttribute' ? g.nameParts.at(-1)!.toLowerCase() : '')));
          const numeric = fields.filter((f) => NUMERIC.has(f.dataType.tag) && !grouped.has(f.name.toLowerCase()));
          const exprs = numeric.map((f) => call(name, { kind: 'unresolvedAttribute', nameParts: [f.name] }));
          return engine.analyze(this.#relation(exprs, this.#pivot?.values ?? []));
        },
      },
    });
  }

  #aggregated(exprs: readonly Expression[]): DataFrame {
    const pivot = this.#pivot;
    if (pivot === undefined || pivot.values !== undefined) return this.#df.derive(this.#relation(exprs, pivot?.values ?? []));
    return this.#df.derive({
      kind: 'deferred',
      source: { load: async () => this.#df.session.engine().analyze(this.#relation(exprs, await this.#pivotValues(pivot.col))) },
    });
  }

  #relation(exprs: readonly Expression[], values: readonly Literal[]): Aggregate {
    const common = { kind: 'aggregate', input: this.#df.relation, groupingExpressions: this.#grouping } as const;
    if (this.#type === 'pivot')
      return { ...common, groupType: 'pivot', aggregateExpressions: exprs, pivot: { col: this.#pivot!.col, values } };
    const sets = this.#sets && { groupingSets: this.#sets };
    return { ...common, groupType: this.#type, ...sets, aggregateExpressions: [...this.#grouping, ...exprs] };
  }

  async #pivotValues(col: Expression): Promise<readonly Literal[]> {
    const value = new Column(col).as('value');
    const df = this.#df.derive({ kind: 'project', input: this.#df.relation, expressions: [value.expr] });
    const rows = await df
      .distinct()
      .orderBy('value')
      .limit(MOST_PIVOT_VALUES + 1)
      .collect();
    if (rows.length > MOST_PIVOT_VALUES)
      throw new SparkIllegalArgumentException(
        'PIVOT_VALUE_LIMIT',
        '54000',
        `The pivot column has more than ${MOST_PIVOT_VALUES} distinct values: name those that you need.`,
      );
    return rows.map((row) => pivotValue(row.get(0)));
  }
}

const NUMERIC = new Set(['byte', 'short', 'integer', 'long', 'float', 'double', 'decimal']);
const pivotValue = (value: unknown): Literal => {
  const made = valueExpression(value);
  if (made.kind !== 'literal')
    throw new SparkIllegalArgumentException('NON_LITERAL_PIVOT_VALUES', '42K08', 'A pivot value is a constant: a text, a number, a date.');
  return made;
};
/** `{ a: 'sum' }`, and `{ '*': 'count' }`. */
const namedAggregate = (name: string, column: string): Expression =>
  call(name.toLowerCase(), column === '*' ? integerLiteral(1) : namedColumn(column).expr);
