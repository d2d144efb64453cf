// explode and its kin in a select list → a Generate operator below. In the list a generator's columns are its fields (`getField` of it);
// LATERAL VIEW and table functions are relations/generate.ts. Source: ExtractGenerator of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { aliasOf, type Alias, type Attribute, type Expr, type Generator, type NamedExpr, newAttribute } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains, mapChildren } from '../logical/tree.ts';
import type { Origin } from '../plan/origin.ts';
import { inQuotes } from './names.ts';

/** One item of the list for each column that the generator gives. @throws AnalysisException UDTF_ALIAS_NUMBER_MISMATCH */
export function generatorColumns(generator: Generator, names: readonly string[] | undefined): readonly Alias[] {
  const elements = generator.spec.elements(generator.args);
  if (names !== undefined && names.length !== elements.length) throw aliasMismatch(elements.length, names, generator);
  return elements.map((element, ordinal) => {
    const nullable = element.nullable || isOuterGenerator(generator);
    const { dataType } = element;
    const field: Expr = { kind: 'getField', child: generator, ordinal, name: element.name, dataType, nullable, origin: generator.origin };
    return aliasOf(field, names?.[ordinal] ?? element.name);
  });
}

export const aliasMismatch = (size: number, names: readonly string[], generator: Generator): AnalysisException =>
  new AnalysisException('UDTF_ALIAS_NUMBER_MISMATCH', { aliasesSize: String(size), aliasesNames: names.join(',') }, generator.origin);

/** explode_outer gives a row of NULLs where explode gives none. */
export const isOuterGenerator = (generator: Generator): boolean => generator.spec.name.endsWith('_outer');

export function generatorOutput(
  generator: Generator,
  names: readonly string[] | undefined,
  qualifier: readonly string[] = [],
): readonly Attribute[] {
  const elements = generator.spec.elements(generator.args);
  return elements.map((e, i) => newAttribute(names?.[i] ?? e.name, e.dataType, e.nullable || isOuterGenerator(generator), qualifier));
}

type Lifted = { readonly generator: Generator; readonly output: readonly Attribute[] };
const isGenerator = (e: Expr): e is Generator => e.kind === 'generator';

/**
 * Several generators stand one over the other: each row of the one with each of the next. Their columns may be named by items of the same list.
 * @param isAggregate over groups there can be one only
 * @throws AnalysisException UNSUPPORTED_GENERATOR.…
 */
export function liftGenerators(
  plan: LogicalPlan,
  list: readonly NamedExpr[],
  isAggregate: boolean,
): { readonly plan: LogicalPlan; readonly list: readonly NamedExpr[] } {
  if (!list.some((e) => contains(e, isGenerator))) return { plan, list };
  const found = new Map<string, Lifted>();
  const columnOf = (e: Expr): Expr => {
    if (e.kind !== 'getField' || !isGenerator(e.child)) return mapChildren(e, columnOf);
    const key = exprKey(e.child);
    if (!found.has(key)) {
      const generator = mapChildren(e.child, columnOf) as Generator;
      if (generator.args.some((a) => contains(a, isGenerator))) throw nested(e.child, e.origin);
      found.set(key, { generator, output: generatorOutput(generator, undefined) });
    }
    return { ...found.get(key)!.output[e.ordinal]!, origin: e.origin };
  };
  // What names a generator's column may stand before it: generators keep the order of the list.
  for (const e of list) if (e.kind === 'alias' && e.child.kind === 'getField') columnOf(e.child);
  const out = list.map((e): NamedExpr => {
    const made = columnOf(e) as NamedExpr;
    if (contains(made, isGenerator)) throw nested(e.kind === 'alias' ? e.child : e, e.origin);
    return made;
  });
  if (found.size > 1 && isAggregate) {
    const generators = [...found.values()].map(({ generator }) => inQuotes(prettySql(generator))).join(', ');
    throw new AnalysisException('UNSUPPORTED_GENERATOR.MULTI_GENERATOR', { num: String(found.size), generators }, list[0]?.origin);
  }
  const over = (child: LogicalPlan, { generator, output }: Lifted): LogicalPlan => ({
    kind: 'generate',
    child,
    generator,
    isOuter: isOuterGenerator(generator),
    generatorOutput: output,
  });
  return { plan: [...found.values()].reduce(over, plan), list: out };
}

const nested = (e: Expr, origin: Origin | undefined): AnalysisException =>
  new AnalysisException('UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS', { expression: inQuotes(prettySql(e)) }, origin);
