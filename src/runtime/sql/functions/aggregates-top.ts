// max_by and min_by with how many: pairs of key and value, sorted by key, the first of them. Source: MaxMinByK of Spark 4.2.
import type { AggregateCall, Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { literalOf, mismatch } from './arguments.ts';
import { castTo, isIntegral } from './coercion.ts';
import type { KernelContext, Partials } from './spec.ts';

type Name = 'min_by' | 'max_by';
const MOST = 100_000;

/** @throws AnalysisException DATATYPE_MISMATCH.… */
export function howMany(name: Name, args: readonly Expr[]): Expr {
  const k = args[2]!;
  const constant = literalOf(k);
  if (constant === undefined || !isIntegral(k.dataType))
    throw mismatch('NON_FOLDABLE_INPUT', name, args, { inputName: '`k`', inputType: '"INT"', inputExpr: `"${prettySql(k)}"` });
  const value = Number(constant.value);
  if (value >= 1 && value <= MOST) return castTo(k, T.INTEGER);
  throw mismatch('VALUE_OUT_OF_RANGE', name, args, { exprName: '`k`', valueRange: `[1, ${MOST}]`, currentValue: String(value) });
}

/** As many pairs as are wanted, in order. Rows without a key count for nothing. */
function pairs(name: Name, [x, y]: readonly string[], call: AggregateCall, emit: KernelContext): string {
  const list = emit.aggregateOf(call, 'list', [`struct_pack(k := ${y}, v := ${x})`], { where: `${y} IS NOT NULL` });
  return first(name, list, call, emit);
}

const first = (name: Name, list: string, call: AggregateCall, emit: KernelContext): string =>
  `list_sort(${list}, '${name === 'max_by' ? 'DESC' : 'ASC'}', 'NULLS LAST')[1:${emit.emit(call.args[2]!)}]`;

const values = (list: string, call: AggregateCall, emit: KernelContext): string =>
  `coalesce(list_transform(${list}, lambda p: struct_extract(p, 'v')), []::${emit.typeName(call.dataType)})`;

export const topKernel = (name: Name, args: readonly string[], call: AggregateCall, emit: KernelContext): string =>
  values(pairs(name, args, call, emit), call, emit);

export const topPartials = (name: Name, { args }: AggregateCall): Partials => ({
  parts: [
    {
      dataType: T.arrayType(T.structType([T.structField('k', args[1]!.dataType), T.structField('v', args[0]!.dataType)])),
      partial: (texts, call, emit) => pairs(name, texts, call, emit),
      merge: 'flatten(list($1))',
    },
  ],
  final: ([list], call, emit) => values(first(name, list!, call, emit), call, emit),
});
