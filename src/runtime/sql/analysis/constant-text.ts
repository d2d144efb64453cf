// IDENTIFIER(expression): a constant text that is read as a name. Source: ResolveIdentifierClause of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { parseMultipartIdentifier } from '../parser/parse.ts';
import type { Expression } from '../plan/expressions.ts';
import { typeName } from '../types/type-names.ts';
import type { Analysis, Environment } from './analysis.ts';
import { inQuotes } from './names.ts';

/** @returns the parts of the name. @throws AnalysisException NOT_A_CONSTANT_STRING.… */
export function constantText(expression: Expression, env: Environment, analysis: Analysis): readonly string[] {
  const e = analysis.expression(expression, { attributes: [] }, { ctes: env.ctes });
  const fail = (why: string): never => {
    const parameters = { name: 'IDENTIFIER', expr: inQuotes(prettySql(e)), dataType: typeName(e.dataType).toUpperCase() };
    throw new AnalysisException(`NOT_A_CONSTANT_STRING.${why}`, parameters, e.origin);
  };
  if (e.dataType.tag !== 'string') fail(e.dataType.tag === 'null' ? 'NULL' : 'WRONG_TYPE');
  const text = fold(e);
  if (text === undefined) fail('NOT_CONSTANT');
  if (text === null) fail('NULL');
  return parseMultipartIdentifier(text!);
}

/** Texts joined, lower and upper case: what names are made of. undefined: no constant that is known here. */
function fold(e: Expr): string | null | undefined {
  if (e.kind === 'literal') return e.value as string | null;
  if (e.kind === 'cast') return e.child.kind === 'literal' && e.child.value !== null ? String(e.child.value) : undefined;
  if (e.kind !== 'call') return undefined;
  const args = e.args.map(fold);
  if (args.some((a) => a === undefined)) return undefined;
  if (args.includes(null)) return null;
  switch (e.spec.name) {
    case 'concat':
    case '||':
      return args.join('');
    case 'lower':
      return args[0]!.toLowerCase();
    case 'upper':
      return args[0]!.toUpperCase();
    case 'variablereference':
    case 'coalesce':
      return args[0];
    default:
      return undefined;
  }
}
