// df.na: fill, drop, replace as projects and filters. NaN is missing too in fill and drop. Source: DataFrameNaFunctions of Spark 4.2.
import { castTo, isNumeric, isString } from '../../functions/coercion.ts';
import { makeCall } from '../../functions/make-call.ts';
import { aliasOf, type Attribute, type Expr, literal, type NamedExpr } from '../../logical/expressions.ts';
import type { NaDrop, NaFill, NaReplace } from '../../plan/dataset-relations.ts';
import { type DataType, INTEGER } from '../../types/data-type.ts';
import { type Analysis, type Environment, onTop, over, type Resolved } from '../analysis.ts';
import { resolveLiteral } from '../literals.ts';
import { resolveName, unresolvedColumn } from '../scope.ts';

/** The named columns, all of them when none is named. @throws AnalysisException UNRESOLVED_COLUMN */
function chosen(input: Resolved, names: readonly string[]): readonly Attribute[] {
  if (names.length === 0) return input.scope.attributes;
  return names.map((name) => {
    const found = resolveName([name], input.scope, undefined);
    if (found?.kind !== 'attribute') throw unresolvedColumn([name], input.scope, undefined);
    return found;
  });
}

/** A number fits any number, a text any text. */
function fits(value: DataType, column: DataType): boolean {
  if (isNumeric(value)) return isNumeric(column);
  if (isString(value)) return isString(column);
  return value.tag === column.tag;
}

const isFloating = (t: DataType): boolean => t.tag === 'double' || t.tag === 'float';
const isNaN_ = (a: Expr, analysis: Analysis): Expr => makeCall('==', [a, literal(Number.NaN, a.dataType)], analysis.settings);

export function resolveNaFill(relation: NaFill, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const columns = chosen(input, relation.cols);
  const values = relation.values.map((v) => resolveLiteral(v.value, v.origin, analysis));
  const list = input.scope.attributes.map((a): NamedExpr => {
    const at = columns.findIndex((c) => c.exprId === a.exprId);
    const value = at < 0 ? undefined : (values[at] ?? values[0]!);
    if (value === undefined || !fits(value.dataType, a.dataType)) return a;
    const make = (name: string, args: readonly Expr[]) => makeCall(name, args, analysis.settings);
    const known = isFloating(a.dataType) ? make('when', [make('not', [isNaN_(a, analysis)]), a]) : a;
    return aliasOf(make('coalesce', [known, castTo(value, a.dataType)]), a.name);
  });
  return over({ kind: 'project', child: input.plan, projectList: list }, env);
}

export function resolveNaDrop(relation: NaDrop, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const columns = chosen(input, relation.cols);
  const make = (name: string, args: readonly Expr[]) => makeCall(name, args, analysis.settings);
  const isThere = (a: Attribute): Expr => {
    const notNull = make('isnotnull', [a]);
    return isFloating(a.dataType) ? make('and', [notNull, make('not', [isNaN_(a, analysis)])]) : notNull;
  };
  const least = relation.minNonNulls ?? columns.length;
  if (columns.length === 0) return input;
  const ones = columns.map((a) => make('when', [isThere(a), literal(1, INTEGER), literal(0, INTEGER)]));
  const number = ones.reduce((sum, one) => make('+', [sum, one]));
  return onTop({ kind: 'filter', child: input.plan, condition: make('>=', [number, literal(least, INTEGER)]) }, input);
}

export function resolveNaReplace(relation: NaReplace, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const columns = new Set(chosen(input, relation.cols).map((a) => a.exprId));
  const pairs = relation.replacements.map(({ oldValue, newValue }) => [
    resolveLiteral(oldValue.value, undefined, analysis),
    resolveLiteral(newValue.value, undefined, analysis),
  ]) as readonly (readonly [Expr, Expr])[];
  const make = (name: string, args: readonly Expr[]) => makeCall(name, args, analysis.settings);
  const list = input.scope.attributes.map((a): NamedExpr => {
    const here = columns.has(a.exprId) ? pairs.filter(([old, now]) => fits(kindOf(old, now), a.dataType)) : [];
    if (here.length === 0) return a;
    const branches = here.flatMap(([old, now]) => [make('<=>', [a, castTo(old, a.dataType)]), castTo(now, a.dataType)]);
    return aliasOf(make('when', [...branches, a]), a.name);
  });
  return over({ kind: 'project', child: input.plan, projectList: list }, env);
}

/** NULL can be replaced, and can replace. */
const kindOf = (old: Expr, now: Expr): DataType => (old.dataType.tag === 'null' ? now.dataType : old.dataType);
