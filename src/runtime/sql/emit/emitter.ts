// Resolved plans and expressions → DuckDB SQL. Columns are called c<exprId>, so names and qualifiers of the user never meet DuckDB; every
// expression has the type that the analyser said. Plans: emit-plan.ts; casts: casts.ts; functions: the registry's kernels.
import { quoteText } from '../../../common/kernel-quotes.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { conditionSentence } from '../errors/conditions.ts';
import { placeMark } from '../errors/query-context.ts';
import { makeCall } from '../functions/make-call.ts';
import { fill, kernelText, type SessionSettings } from '../functions/spec.ts';
import type { AggregateCall, Expr, SortOrder, UdfCall, WindowExpr } from '../logical/expressions.ts';
import { sqlNameOf } from '../kernel/js-functions.ts';
import { type Aggregate, type EvalAsync, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { type UserFunction, userFunctionName } from '../plan/user-function.ts';
import type { Origin } from '../plan/origin.ts';
import { attributesIn } from '../logical/tree.ts';
import type { DataType } from '../types/data-type.ts';
import { castText } from './casts.ts';
import { duckdbType } from './duckdb-types.ts';
import { columnName, type Emit } from './emit-context.ts';
import { inSubqueryText } from './emit-join.ts';
import { planText } from './emit-plan.ts';
import { canBeStep, groupStepOf } from './group-step.ts';
import type { NeededStep } from './needed-steps.ts';
import { Outside } from './outside.ts';
import { literalText } from './literals.ts';
import { boundText } from './window-bounds.ts';

/** A function of the user's program or of the engine in JavaScript, to be registered before the text runs. */
export type NeededFunction =
  | { readonly sqlName: string; readonly user: UserFunction; readonly types: readonly DataType[] }
  | { readonly sqlName: string; readonly engine: string; readonly parameters: readonly string[] };

let steps = 0;
const NEVER = (_: LogicalPlan): boolean => false;

/** Their results have a type of their own, whatever their arguments were computed in. */
const SUMS = /^(try_)?(sum|avg|mean)$/;

/** Conditions whose place in the text Spark tells; the others it does not. */
const WITH_CONTEXT =
  /^(DIVIDE_BY_ZERO|REMAINDER_BY_ZERO|INTERVAL_DIVIDED_BY_ZERO|INTERVAL_ARITHMETIC_OVERFLOW|CAST_INVALID_INPUT|INVALID_ARRAY_INDEX|INVALID_INDEX_OF_ZERO)/;

export class Emitter implements Emit {
  readonly settings: SessionSettings;
  readonly needed = new Map<string, NeededFunction>();
  readonly #steps = new Map<EvalAsync | Aggregate, NeededStep>();
  readonly #groupTexts = new Map<Aggregate, string>();
  readonly outside = new Outside();
  /** What stands in OVER (…) of the function being printed. */
  #over: string | undefined;
  #aliases = 0;
  #isNarrow = false;
  /** Of the expression being printed, or of the nearest one around it that has one. */
  #origin: Origin | undefined;
  /** Whether a decimal was printed for 64 bits. */
  hasNarrowDecimals = false;

  /** Whether errors are to carry the places of what fails. Without, equal expressions have equal texts wherever they stand. */
  readonly #tellsPlaces: boolean;
  readonly #hasManyRows: (plan: LogicalPlan) => boolean;

  /** @param hasManyRows of what Aggregators are over: their groups are a step then. Left out: there are no steps for them. */
  constructor(settings: SessionSettings, { tellsPlaces = false, hasManyRows = NEVER } = {}) {
    this.settings = settings;
    this.#tellsPlaces = tellsPlaces;
    this.#hasManyRows = hasManyRows;
  }

  /** A whole query: SELECT … */
  plan(plan: LogicalPlan): string {
    const around = this.#origin;
    this.#origin = undefined;
    const text = planText(plan, this);
    this.#origin = around;
    return text;
  }

  asyncStep(node: EvalAsync): string {
    let step = this.#steps.get(node);
    if (step === undefined) this.#steps.set(node, (step = this.#makeStep(node)));
    return step.name;
  }

  groupStep(node: Aggregate): string | undefined {
    if (!canBeStep(node) || !this.#hasManyRows(node.child)) return undefined;
    let text = this.#groupTexts.get(node);
    if (text === undefined) {
      const name = `groups${++steps}`;
      const { step, list } = groupStepOf(node, this);
      this.#steps.set(node, { name, ...step });
      this.#groupTexts.set(node, (text = `SELECT ${list} FROM ${name}`));
    }
    return text;
  }

  /** Those that others read come first. */
  get steps(): readonly NeededStep[] {
    return [...this.#steps.values()];
  }

  #makeStep({ child, calls }: EvalAsync): NeededStep {
    const inner = this.plan(child);
    const args: string[] = [];
    const made = calls.map((alias) => {
      const call = alias.child as UdfCall;
      const names = call.args.map((a) => `a${args.push(this.emit(a)) - 1}`);
      return { user: call.function, types: call.args.map((a) => a.dataType), args: names, column: columnName(alias.exprId) };
    });
    const columns = [...new Set(outputOf(child).map((a) => columnName(a.exprId)))];
    const list = [...columns, ...args.map((text, i) => `${text} AS a${i}`)];
    return { name: `async${++steps}`, sql: `SELECT ${list.join(', ') || '1 AS none'} FROM (${inner}) q`, calls: made, columns };
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
    return `error(${quoteText(conditionSentence(condition, parameters) + this.#mark(condition))})`;
  }

  raiseWith(condition: string, parameters: Readonly<Record<string, string>>, computed: Readonly<Record<string, string>>): string {
    const marks = Object.keys(computed).map((name) => [name, `\u0001${name}\u0001`] as const);
    const sentence = conditionSentence(condition, { ...parameters, ...Object.fromEntries(marks) });
    const parts = sentence.split('\u0001').map((part, i) => (i % 2 === 1 ? `(${computed[part]})` : quoteText(part)));
    const mark = this.#mark(condition);
    return `error(${parts.join(' || ')}${mark === '' ? '' : ` || ${quoteText(mark)}`})`;
  }

  #mark(condition: string): string {
    return this.#tellsPlaces && this.#origin !== undefined && WITH_CONTEXT.test(condition) ? placeMark(this.#origin) : '';
  }

  jsFunction(name: string, ...parameters: string[]): string {
    const sqlName = sqlNameOf(name, parameters);
    this.needed.set(sqlName, { sqlName, engine: name, parameters });
    return sqlName;
  }

  userFunction(user: UserFunction, types: readonly DataType[]): string {
    const sqlName = userFunctionName(user);
    this.needed.set(`${sqlName}(${types.map(duckdbType).join()})`, { sqlName, user, types });
    return sqlName;
  }

  emit(e: Expr): string {
    const around = this.#origin;
    if (e.origin !== undefined) this.#origin = e.origin;
    const text = this.#text(e);
    this.#origin = around;
    return text;
  }

  #text(e: Expr): string {
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
        // Of an array of structs: the field of each.
        return e.child.dataType.tag === 'array'
          ? `list_transform(${this.emit(e.child)}, lambda s: struct_extract(s, ${quoteText(e.name)}))`
          : `struct_extract(${this.emit(e.child)}, ${quoteText(e.name)})`;
      case 'lambda':
        // Functions with lambdas print them themselves: functions/kernel-text.ts.
        return '';
      case 'scalarSubquery':
        return `(${this.plan(e.plan)})`;
      case 'exists':
        return `EXISTS (${this.plan(e.plan)})`;
      case 'inSubquery':
        return inSubqueryText(e, this);
      case 'udf': {
        const types = e.args.map((a) => a.dataType);
        return `${this.userFunction(e.function, types)}(${this.all(e.args).join(', ')})`;
      }
      case 'generator':
        throw new AnalysisException('NOT_BUILT', { feature: `The generator ${e.spec.name} in this place` });
    }
  }

  all(args: readonly Expr[]): string[] {
    return args.map((a) => this.emit(a));
  }

  aggregate(e: AggregateCall): string {
    const around = this.#isNarrow;
    this.#isNarrow ||= this.settings.wideDecimals !== true && SUMS.test(e.spec.name) && e.args[0]?.dataType.tag === 'decimal';
    const args = this.#argumentsOf(e);
    this.#isNarrow = around;
    return this.#aggregateText(e, args);
  }

  /** What FILTER leaves out is not computed: it may be what the condition is there for, `sum(1 / x) FILTER (WHERE x > 0)`. */
  #argumentsOf({ args, filter }: AggregateCall): string[] {
    const condition = filter && this.emit(filter);
    const isPlain = (a: Expr): boolean => a.kind === 'attribute' || attributesIn(a).length === 0;
    return args.map((a) => (condition === undefined || isPlain(a) ? this.emit(a) : `CASE WHEN ${condition} THEN ${this.emit(a)} END`));
  }

  readonly narrowsDecimals = (): boolean => {
    this.hasNarrowDecimals ||= this.#isNarrow;
    return this.#isNarrow;
  };

  #aggregateText(e: AggregateCall, args: readonly string[]): string {
    const { kernel } = e.spec;
    if (typeof kernel === 'function') {
      const around = this.#origin;
      this.#origin = undefined; // of an aggregate Spark tells no place
      const text = kernel(args, e, this);
      this.#origin = around;
      return text;
    }
    const open = kernel.indexOf('(');
    return this.aggregateOf(e, kernel.slice(0, open), [fill(kernel.slice(open + 1, -1), args)]);
  }

  aggregateOf(
    call: AggregateCall,
    name: string,
    args: readonly string[],
    { where, order, isDistinct = call.isDistinct }: { where?: string; order?: string; isDistinct?: boolean } = {},
  ): string {
    if (name.includes('$1')) return fill(name, args);
    const text = `${name}(${isDistinct ? 'DISTINCT ' : ''}${args.join(', ')}${order ? ` ORDER BY ${order}` : ''})`;
    const conditions = [...(call.filter === undefined ? [] : [this.emit(call.filter)]), ...(where === undefined ? [] : [where])];
    const filtered = conditions.length === 0 ? text : `${text} FILTER (WHERE ${conditions.join(' AND ')})`;
    return this.#over === undefined ? filtered : `${filtered} OVER (${this.#over})`;
  }

  windowOf(call: { readonly ignoreNulls?: boolean }, name: string, args: readonly string[]): string {
    return `${name}(${args.join(', ')}${call.ignoreNulls ? ' IGNORE NULLS' : ''}) OVER (${this.#over ?? ''})`;
  }

  isWindow(): boolean {
    return this.#over !== undefined;
  }

  sortKey({ child, ascending, nullsFirst }: SortOrder): string {
    return `${this.emit(child)} ${ascending ? 'ASC' : 'DESC'} NULLS ${nullsFirst ? 'FIRST' : 'LAST'}`;
  }

  #call(e: Extract<Expr, { kind: 'call' }>): string {
    const { spec } = e;
    if (spec.rewrite !== undefined)
      return this.emit(spec.rewrite(e.args, (name, args) => makeCall(name, args, this.settings), this.settings));
    return kernelText(spec.kernel!, this.all(spec.name === 'when' ? withElseCases(e.args) : e.args), e, this);
  }

  #window({ function: f, partition, order, frame }: WindowExpr): string {
    const parts = [
      partition.length > 0 ? `PARTITION BY ${this.all(partition).join(', ')}` : '',
      order.length > 0 ? `ORDER BY ${order.map((o) => this.sortKey(o)).join(', ')}` : '',
      takesFrame(f)
        ? `${frame.type === 'rows' ? 'ROWS' : 'RANGE'} BETWEEN ${boundText(frame.lower, frame, order, this)} AND ${boundText(frame.upper, frame, order, this)}`
        : '',
    ];
    const around = this.#over;
    const args = f.kind === 'aggregateCall' ? this.#argumentsOf(f) : this.all(f.args);
    this.#over = parts.filter((p) => p !== '').join(' ');
    const text = f.kind === 'aggregateCall' ? this.#aggregateText(f, args) : kernelText(f.spec.kernel, args, f, this);
    this.#over = around;
    return text;
  }
}

const takesFrame = (f: WindowExpr['function']): boolean => f.kind === 'aggregateCall' || /^(first|last|nth)_value$/.test(f.spec.name);

/** A CASE in the ELSE of another is more branches of it: hundreds of them are one level. */
function withElseCases(args: readonly Expr[]): readonly Expr[] {
  const all = [...args];
  for (let last = all.at(-1)!; all.length % 2 === 1 && last.kind === 'call' && last.spec.name === 'when'; last = all.at(-1)!)
    all.splice(-1, 1, ...last.args);
  return all;
}
