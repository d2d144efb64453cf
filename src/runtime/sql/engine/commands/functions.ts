// SHOW FUNCTIONS and DESCRIBE FUNCTION. Source: functions.scala and SQLFunction.toExpressionInfo of Spark 4.2.
import type { SqlFunction } from '../../analysis/sql-function.ts';
import { CATALOG, type FunctionEntry } from '../../catalog/entries.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { findFunction, functionNames } from '../../functions/registry.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import { DEFAULT_PATH, quotedPath } from '../../plan/path-entry.ts';
import { quoteIdentifier, sqlType } from '../../types/type-names.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { byPattern, resultRows, text } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

/** Ours, the session's, and those of one database with their whole names; a pattern looks at the last part. */
export async function showFunctions(
  { scope, namespace, pattern }: Of<'showFunctions'>,
  { catalog, userFunctions }: CommandContext,
): Promise<LogicalPlan> {
  const database = catalog.databaseName(namespace === undefined ? [] : partsOf(namespace));
  const stored = scope === 'system' ? [] : catalog.storedFunctions(database);
  const [ours, others] = [scope === 'user' ? [] : functionNames(), scope === 'system' ? [] : userFunctions()];
  const names = [
    ...[...new Set([...ours, ...others])].map((name) => [name, name] as const),
    ...stored.map(({ name }) => [name, `${CATALOG}.${database}.${name}`] as const),
  ];
  const shown = byPattern(names, ([name]) => name, pattern).map(([, whole]) => whole);
  return resultRows(
    [text('function')],
    shown.sort().map((n) => [n]),
  );
}

export async function describeFunction(command: Of<'describeFunction'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.function);
  const spec = parts.length === 1 || parts.at(-2)!.toLowerCase() === 'builtin' ? findFunction(parts.at(-1)!) : undefined;
  const written = spec === undefined ? context.describedFunction(parts) : undefined;
  if (written !== undefined) return described(written, command.isExtended);
  if (spec === undefined)
    throw new AnalysisException('UNRESOLVED_ROUTINE', {
      routineName: parts.map(quoteIdentifier).join('.'),
      searchPath: quotedPath(context.settings.names?.path ?? DEFAULT_PATH),
    });
  const [least, most] = spec.arity;
  const usage = `Usage: ${spec.name}(…) - ${spec.kind} function of ${least === most ? least : `${least} to ${most === Number.POSITIVE_INFINITY ? 'any number of' : most}`} arguments.`;
  return resultRows([text('function_desc')], [[`Function: ${spec.name}`], [usage]]);
}

function described(f: FunctionEntry | SqlFunction, isExtended: boolean): LogicalPlan {
  const isStored = 'namespace' in f;
  const name = isStored ? f.name : f.nameParts.at(-1)!;
  const whole = isStored ? `${CATALOG}.${f.database}.${f.name}` : name;
  const lines = [`Function: ${whole}`, 'Class: sqlFunction.', `Usage: ${JSON.stringify(isStored ? factsOf(f) : parameterFacts(f))}`];
  if (isExtended) lines.push(`Extended Usage:\n    No example/argument for ${name}.\n`);
  return resultRows(
    [text('function_desc')],
    lines.map((line) => [line]),
  );
}

/** As Spark keeps them with the function. */
const factsOf = (f: FunctionEntry): Readonly<Record<string, string>> => ({
  'catalogAndNamespace.numParts': '2',
  'catalogAndNamespace.part.0': CATALOG,
  'catalogAndNamespace.part.1': f.namespace,
  'sqlConfig.spark.sql.ansi.enabled': String(f.ansi),
  ...commentOf(f.characteristics),
  'sqlFunction.createTime': String(f.createdMs),
  [/^\s*(select|with|from|values|table)\b/i.test(f.body) ? 'sqlFunction.query' : 'sqlFunction.expression']: f.body,
  ...(f.parameters !== '' && { 'sqlFunction.inputParam': f.parameters }),
  'sqlFunction.isTableFunc': String(f.isTable),
  ...(f.returns !== undefined && { 'sqlFunction.returnType': f.returns }),
});

function commentOf(characteristics: readonly string[]): Readonly<Record<string, string>> {
  const comment = characteristics.find((c) => /^comment\b/i.test(c));
  return comment === undefined ? {} : { 'sqlFunction.comment': comment.replace(/^comment\s*/i, '').slice(1, -1) };
}

const parameterFacts = (f: SqlFunction): Readonly<Record<string, string>> => ({
  'sqlFunction.inputParam': f.parameters.map((p) => `${p.name}${p.dataType === undefined ? '' : ` ${sqlType(p.dataType)}`}`).join(', '),
  'sqlFunction.isTableFunc': String(f.isTable),
  ...(f.returnType && { 'sqlFunction.returnType': sqlType(f.returnType) }),
});
