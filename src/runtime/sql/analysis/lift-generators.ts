// explode and its kin in a select list → a Generate operator below. In the list a generator's columns are its fields (`getField` of it);
// LATERAL VIEW and table functions are relations/generate.ts. Source: ExtractGenerator of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { aliasOf, type Alias, type Attribute, type Expr, type Generator, type NamedExpr, newAttribute } from '../logical/expressions.ts';
import { exprKey } from '../logical/expr-key.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { contains } from '../logical/tree.ts';
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

/** @throws AnalysisException UNSUPPORTED_GENERATOR.… */
export function liftGenerators(
  plan: LogicalPlan,
  list: readonly NamedExpr[],
): { readonly plan: LogicalPlan; readonly list: readonly NamedExpr[] } {
  const isGenerator = (e: Expr): e is Generator => e.kind === 'generator';
  if (!list.some((e) => contains(e, isGenerator))) return { plan, list };
  const found = new Map<string, { readonly generator: Generator; readonly output: readonly Attribute[] }>();
  const out = list.map((e): NamedExpr => {
    if (e.kind !== 'alias' || !contains(e, isGenerator)) return e;
    const field = e.child;
    if (field.kind !== 'getField' || field.child.kind !== 'generator')
      throw new AnalysisException('UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS', { expression: inQuotes(prettySql(e.child)) }, e.origin);
    const generator = field.child;
    if (generator.args.some((a) => contains(a, isGenerator)))
      throw new AnalysisException('UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS', { expression: inQuotes(prettySql(generator)) }, e.origin);
    const key = exprKey(generator);
    if (!found.has(key)) found.set(key, { generator, output: generatorOutput(generator, undefined) });
    return { ...e, child: found.get(key)!.output[field.ordinal]! };
  });
  if (found.size > 1) {
    const generators = [...found.values()].map(({ generator }) => inQuotes(prettySql(generator))).join(', ');
    throw new AnalysisException('UNSUPPORTED_GENERATOR.MULTI_GENERATOR', { num: String(found.size), generators }, list[0]?.origin);
  }
  const [{ generator, output }] = [...found.values()] as [{ generator: Generator; output: readonly Attribute[] }];
  return {
    plan: { kind: 'generate', child: plan, generator, isOuter: isOuterGenerator(generator), generatorOutput: output },
    list: out,
  };
}
