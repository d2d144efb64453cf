// An Aggregate in two: each task's part of it, and the whole from the parts. What the parts of a function are is its spec's (`partials`).
// Source: AggUtils.planAggregateWithoutDistinct of Spark 4.2.
import { Emitter } from '../emit/emitter.ts';
import { type AggregateSpec, kernelText, type Partials, type ScalarSpec, type SessionSettings } from '../functions/spec.ts';
import { type AggregateCall, type Alias, aliasOf, attributeOf, type Expr, type NamedExpr } from '../logical/expressions.ts';
import type { Aggregate } from '../logical/plans.ts';
import { contains, mapChildren } from '../logical/tree.ts';

/** `final` stands on any plan that has the output of `partial`. */
export type TwoSteps = { readonly partial: Aggregate; readonly final: Aggregate };

const isAggregate = (e: Expr): e is AggregateCall => e.kind === 'aggregateCall';

/** @returns undefined when a function has no parts, or is DISTINCT: rows are brought together first */
export function twoSteps(plan: Aggregate, settings: SessionSettings): TwoSteps | undefined {
  const keyOf = (e: Expr): string => `${new Emitter(settings).emit(e)}:${JSON.stringify(e.dataType)}`;
  const grouping = plan.grouping.map((e, i): Alias | Extract<Expr, { kind: 'attribute' }> =>
    e.kind === 'attribute' ? e : aliasOf(e, `g${i}`),
  );
  const groupKeys = new Map(plan.grouping.map((e, i) => [keyOf(e), attributeOf(grouping[i]!)]));
  const parts: Alias[] = [];
  const finals = new Map<string, Expr>();
  let isPossible = true;

  const finalOf = (call: AggregateCall): Expr => {
    const key = keyOf(call);
    let final = finals.get(key);
    if (final === undefined) {
      const made = split(call, settings);
      if (made === undefined) {
        isPossible = false;
        return call;
      }
      parts.push(...made.parts);
      finals.set(key, (final = made.final));
    }
    return final;
  };
  const rewrite = (e: Expr): Expr => {
    if (isAggregate(e)) return finalOf(e);
    if (contains(e, (x) => x.kind === 'scalarSubquery' || x.kind === 'exists' || x.kind === 'inSubquery')) isPossible = false;
    const group = e.kind === 'literal' ? undefined : groupKeys.get(keyOf(e));
    return group ?? mapChildren(e, rewrite);
  };
  const aggregates = plan.aggregates.map((e): NamedExpr => {
    if (e.kind === 'attribute') return e;
    const child = rewrite(e.child);
    return { ...e, child };
  });
  if (!isPossible) return undefined;
  const partial: Aggregate = { kind: 'aggregate', child: plan.child, grouping: plan.grouping, aggregates: [...grouping, ...parts] };
  return { partial, final: { kind: 'aggregate', child: partial, grouping: grouping.map(attributeOf), aggregates } };
}

function split(call: AggregateCall, settings: SessionSettings): { parts: Alias[]; final: Expr } | undefined {
  if (call.isDistinct || call.order?.length || call.spec.partials === undefined) return undefined;
  const partials = narrowed(call.spec.partials(call), settings);
  const parts = partials.parts.map((part, i) => aliasOf(partialCall(call, part), `${call.spec.name}_${i}`));
  const merged = partials.parts.map((part, i) => mergeCall(call, part, attributeOf(parts[i]!)));
  const spec: ScalarSpec = {
    kind: 'scalar',
    name: call.spec.name,
    arity: [0, Number.POSITIVE_INFINITY],
    result: call.dataType,
    kernel: (args, _, emit) => `CAST(${kernelText(partials.final, args, call, emit)} AS ${emit.typeName(call.dataType)})`,
  };
  return { parts, final: { kind: 'call', spec, args: merged, dataType: call.dataType, nullable: call.nullable } };
}

type Part = Partials['parts'][number];

const NARROW = 18;
/** Digits before the point that a task's part of a sum has at least. */
const LEAST_DIGITS = 12;

/** Sums of decimals between stages in 64 bits: files and hash tables take half. What does not fit is found by the cast, and all is done in full widths. */
function narrowed({ parts, final }: Partials, { wideDecimals }: SessionSettings): Partials {
  if (wideDecimals === true) return { parts, final };
  const narrow = ({ dataType, ...part }: Part): Part => {
    const isWide =
      part.merge === 'sum' && dataType.tag === 'decimal' && dataType.precision > NARROW && dataType.scale <= NARROW - LEAST_DIGITS;
    return { ...part, dataType: isWide ? { ...dataType, precision: NARROW } : dataType, merged: part.merged ?? dataType };
  };
  return { parts: parts.map(narrow), final };
}

function partialCall(call: AggregateCall, { dataType, partial, streamed }: Part): AggregateCall {
  const own = { result: dataType, kernel: typedKernel(partial), ...(streamed && { streamed: streamed.partial }) };
  const typed: AggregateSpec = { ...withoutPartials(call.spec), ...own };
  return { ...call, spec: typed, dataType, nullable: true };
}

/** HUGEINT would be DOUBLE in a file: every part is cast to its type. */
const typedKernel =
  (kernel: AggregateSpec['kernel']): AggregateSpec['kernel'] =>
  (args, call, emit) => {
    if (typeof kernel === 'function') return `CAST(${kernel(args, call, emit)} AS ${emit.typeName(call.dataType)})`;
    const open = kernel.indexOf('(');
    const inner = kernel
      .slice(open + 1, -1)
      .replace(/\$(\*|\d+)/g, (_, w: string) => (w === '*' ? args.join(', ') : (args[Number(w) - 1] ?? '')));
    return `CAST(${emit.aggregateOf(call, kernel.slice(0, open), [inner === '' ? '*' : inner])} AS ${emit.typeName(call.dataType)})`;
  };

function mergeCall(call: AggregateCall, { dataType: own, merged: dataType = own, merge, streamed }: Part, part: Expr): AggregateCall {
  const text: Exclude<AggregateSpec['kernel'], string> =
    typeof merge === 'string' ? (args, c, emit) => emit.aggregateOf(c, merge, args) : merge;
  const kernel: AggregateSpec['kernel'] = (args, c, emit) => `CAST(${text(args, c, emit)} AS ${emit.typeName(dataType)})`;
  const name = typeof merge === 'string' ? merge : call.spec.name;
  const made = { name, result: dataType, kernel, ...(streamed && { streamed: streamed.merge }) };
  const spec: AggregateSpec = { ...withoutPartials(call.spec), ...made };
  return { kind: 'aggregateCall', spec, args: [part], isDistinct: false, dataType, nullable: true };
}

function withoutPartials(spec: AggregateSpec): AggregateSpec {
  const { partials: _, streamed: __, ...rest } = spec;
  return rest;
}
