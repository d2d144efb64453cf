// IDENTIFIER(expression) as the name that a command acts on: the expression is computed first, and the command gets the parts of the name.
// Names in queries are the analyser's. Source: ResolveIdentifierClause, PlanWithUnresolvedIdentifier of Spark 4.2.
import type { Command, Name } from '../plan/commands.ts';
import type { Expression } from '../plan/expressions.ts';

const NAMED = ['table', 'source', 'view', 'namespace', 'function', 'name', 'procedure'];

const expressionOf = (name: unknown): Expression | undefined => {
  const { kind, nameExpression } = (name ?? {}) as { readonly kind?: string; readonly nameExpression?: Expression };
  return kind === 'relationByExpression' ? nameExpression : undefined;
};

/** @param read gives the parts of a name. @throws AnalysisException NOT_A_CONSTANT_STRING.… */
export async function withNames<C extends Command>(command: C, read: (e: Expression) => Promise<readonly string[]>): Promise<C> {
  const known = async (name: Name): Promise<Name> => {
    const expression = expressionOf(name);
    return expression === undefined ? name : read(expression);
  };
  const given = command as unknown as { readonly [key: string]: unknown };
  const changed: { [key: string]: unknown } = {};
  for (const key of NAMED) if (expressionOf(given[key]) !== undefined) changed[key] = await known(given[key] as Name);
  if (command.kind === 'createVariable' && command.variables.some((v) => expressionOf(v) !== undefined))
    changed.variables = await Promise.all(command.variables.map(known));
  return Object.keys(changed).length === 0 ? command : ({ ...command, ...changed } as C);
}
