// Resolved plans and expressions → DuckDB SQL. Columns are called c<exprId>, so names and qualifiers of the user never meet DuckDB; every
// expression has the type that the analyser said. Plans: emit-plan.ts; casts: casts.ts; functions: the registry's kernels.
import { AnalysisException } from '../errors/spark-error.ts';
import { conditionSentence } from '../errors/conditions.ts';
import { makeCall } from '../functions/make-call.ts';
import { fill, kernelText, type SessionSettings } from '../functions/spec.ts';
import type { AggregateCall, Expr, FrameBound, SortOrder, WindowExpr } from '../logical/expressions.ts';
import { sqlNameOf } from '../kernel/js-functions.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { DataType } from '../types/data-type.ts';
import { castText } from './casts.ts';
import { duckdbType, quoteText } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';
import { planText } from './emit-plan.ts';
import { literalText } from './literals.ts';

/** A function of the user's program or of the engine in JavaScript, to be registered before the text runs. */
export type NeededFunction = {
  readonly sqlName: string;
  readonly expr: Extract<Expr, { kind: 'udf' }> | { readonly engine: string; readonly parameters: readonly string[] };
};

export class Emitter implements Emit {
  readonly settings: SessionSettings;
  readonly needed = new Map<string, NeededFunction>();
  #aliases = 0;

  constructor(settings: SessionSettings) {
    this.settings = settings;
  }

  /** A whole query: SELECT … */
  plan(plan: LogicalPlan): string {
    return planText(plan, this);
  }

  nextAlias(): string {
    return `t${++this.#aliases}`;
  }

  typeName(type: DataType): string {
    return duckdbType(type);
  }

  quote(text: string): string {
    return quoteText(text);
  }

  raise(condition: string, parameters: Readonly<Record<string, string>> = {}): string {
    return `error(${quoteText(conditionSentence(condition, parameters))})`;
  }

  raiseWith(condition: string, parameters: Readonly<Record<string, string>>, computed: Readonly<Record<string, string>>): string {
    const marks = Object.keys(computed).map((name) => [name, `\u0001${name}\u0001`] as const);
    const sentence = conditionSentence(condition, { ...parameters, ...Object.fromEntries(marks) });
    const parts = sentence.split('\u0001').map((part, i) => (i % 2 === 1 ? `(${computed[part]})` : quoteText(part)));
    return `error(${parts.join(' || ')})`;
  }

  jsFunction(name: string, ...parameters: string[]): string {
    const sqlName = sqlNameOf(name, parameters);
    this.needed.set(sqlName, { sqlName, expr: { engine: name, parameters } });
    return sqlName;
  }

  emit(e: Expr): string {
    switch (e.kind) {
      case 'attribute':
        return columnName(e.exprId);
      case 'outer':
        return columnName(e.attribute.exprId);
      case 'lambdaVariable':
        return `l${e.exprId}`;
      case 'literal':
        return literalText(e);
      case 'alias':
        return this.emit(e.child);
      case 'cast':
        return castText(e, this);
      case 'call':
        return this.#call(e);
      case 'aggregateCall':
        return this.aggregate(e);
      case 'windowCall':
        return kernelText(e.spec.kernel, this.all(e.args), e, this);
      case 'window':
        return this.#window(e);
      case 'getField':
        return `struct_extract(${this.emit(e.child)}, ${quoteText(e.name)})`;
      case 'lambda':
        return `lambda ${e.args.map((a) => `l${a.exprId}`).join(', ')}: ${this.emit(e.body)}`;
      case 'scalarSubquery':
        return `(${this.plan(e.plan)})`;
      case 'exists':
        return `EXISTS (${this.plan(e.plan)})`;
      case 'inSubquery': {
        const [value, ...more] = this.all(e.values);
        return `(${more.length === 0 ? value : `(${[value, ...more].join(', ')})`} IN (${this.plan(e.plan)}))`;
      }
      case 'udf': {
        const sqlName = `udf_${this.needed.size}`;
        this.needed.set(sqlName, { sqlName, expr: e });
        return `${sqlName}(${this.all(e.args).join(', ')})`;
      }
      case 'generator':
        throw new AnalysisException('NOT_BUILT', { feature: `The generator ${e.spec.name} in this place` });
    }
  }

  all(args: readonly Expr[]): string[] {
    return args.map((a) => this.emit(a));
  }

  aggregate(e: AggregateCall): string {
    const args = this.all(e.args);
    const { kernel } = e.spec;
    if (typeof kernel === 'function') return kernel(args, e, this);
    const open = kernel.indexOf('(');
    return this.aggregateOf(e, kernel.slice(0, open), [fill(kernel.slice(open + 1, -1), args)]);
  }

  aggregateOf(call: AggregateCall, name: string, args: readonly string[]): string {
    const text = `${name}(${call.isDistinct ? 'DISTINCT ' : ''}${args.join(', ')})`;
    return call.filter === undefined ? text : `${text} FILTER (WHERE ${this.emit(call.filter)})`;
  }

  sortKey({ child, ascending, nullsFirst }: SortOrder): string {
    return `${this.emit(child)} ${ascending ? 'ASC' : 'DESC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  }

  #call(e: Extract<Expr, { kind: 'call' }>): string {
    const { spec } = e;
    if (spec.rewrite !== undefined)
      return this.emit(spec.rewrite(e.args, (name, args) => makeCall(name, args, this.settings), this.settings));
    return kernelText(spec.kernel!, this.all(e.args), e, this);
  }

  #window({ function: f, partition, order, frame }: WindowExpr): string {
    const parts = [
      partition.length > 0 ? `PARTITION BY ${this.all(partition).join(', ')}` : '',
      order.length > 0 ? `ORDER BY ${order.map((o) => this.sortKey(o)).join(', ')}` : '',
      takesFrame(f)
        ? `${frame.type === 'rows' ? 'ROWS' : 'RANGE'} BETWEEN ${this.#bound(frame.lower)} AND ${this.#bound(frame.upper)}`
        : '',
    ];
    return `${this.emit(f)} OVER (${parts.filter((p) => p !== '').join(' ')})`;
  }

  #bound(bound: FrameBound): string {
    switch (bound.tag) {
      case 'currentRow':
        return 'CURRENT ROW';
      case 'unboundedPreceding':
        return 'UNBOUNDED PRECEDING';
      case 'unboundedFollowing':
        return 'UNBOUNDED FOLLOWING';
      default:
        return `${this.emit(bound.value)} ${bound.tag.toUpperCase()}`;
    }
  }
}

const takesFrame = (f: WindowExpr['function']): boolean => f.kind === 'aggregateCall' || /^(first|last|nth)_value$/.test(f.spec.name);
