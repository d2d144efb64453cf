// AND, OR and NOT with constants, twice the same, and what all alternatives of an OR have in common: TPC-H Q19 finds its join key there.
// Source: BooleanSimplification of Spark 4.2.
import { allOf, anyOf, conjunctsOf, disjunctsOf, isCall } from '../logical/conjuncts.ts';
import type { Expr } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import { expressionRule } from './expression-rules.ts';
import { isMovable, textOf } from './rule-tools.ts';

const isLiteral = (e: Expr, value: boolean): boolean => e.kind === 'literal' && e.value === value;
const constant = (value: boolean): Expr => literal(value, { tag: 'boolean' });

function distinctOf(es: readonly Expr[]): readonly Expr[] {
  const seen = new Set<string>();
  return es.filter((e) => {
    if (!isMovable(e)) return true;
    const text = textOf(e);
    return !seen.has(text) && seen.add(text);
  });
}

function simplifiedAnd(e: Expr): Expr {
  const parts = conjunctsOf(e);
  if (parts.some((p) => isLiteral(p, false))) return constant(false);
  const kept = distinctOf(parts.filter((p) => !isLiteral(p, true)));
  return kept.length === parts.length ? e : (allOf(kept) ?? constant(true));
}

function simplifiedOr(e: Expr): Expr {
  const parts = disjunctsOf(e);
  if (parts.some((p) => isLiteral(p, true))) return constant(true);
  const kept = distinctOf(parts.filter((p) => !isLiteral(p, false)));
  if (kept.length === 0) return constant(false);
  if (!kept.every(isMovable)) return kept.length === parts.length ? e : anyOf(kept)!;
  const each = kept.map((p) => new Map(conjunctsOf(p).map((c) => [textOf(c), c])));
  const common = [...each[0]!].filter(([text]) => each.every((m) => m.has(text)));
  if (common.length === 0 || kept.length === 1) return kept.length === parts.length ? e : anyOf(kept)!;
  const texts = new Set(common.map(([text]) => text));
  const rests = each.map((m) => allOf([...m].filter(([text]) => !texts.has(text)).map(([, c]) => c)));
  const shared = common.map(([, c]) => c);
  return rests.some((r) => r === undefined) ? allOf(shared)! : allOf([...shared, anyOf(rests as Expr[])!])!;
}

function simplified(e: Expr): Expr {
  if (isCall(e, 'and')) return simplifiedAnd(e);
  if (isCall(e, 'or')) return simplifiedOr(e);
  if (e.kind !== 'call' || !isCall(e, 'not')) return e;
  const [inner] = e.args as [Expr];
  if (inner.kind === 'literal' && inner.value !== null) return constant(!inner.value);
  return inner.kind === 'call' && isCall(inner, 'not') ? inner.args[0]! : e;
}

export const booleanSimplification = expressionRule('BooleanSimplification', simplified);
