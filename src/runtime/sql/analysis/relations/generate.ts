// LATERAL VIEW, and functions in FROM: range(…), explode(…) as a table. Generators in select lists are ../lift-generators.ts.
// Source: ResolveGenerate, ResolveTableValuedFunctions of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { findFunction } from '../../functions/registry.ts';
import { type Expr, type Generator, newAttribute } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { seesSession, writtenFunction } from '../resolve-function.ts';
import { sqlTableFunction } from '../sql-function.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { UnresolvedTableValuedFunction } from '../../plan/relations.ts';
import type { Generate } from '../../plan/sql-relations.ts';
import { LONG } from '../../types/data-type.ts';
import { type Analysis, type Environment, over, type Resolved, scopeOf } from '../analysis.ts';
import { constantText } from '../constant-text.ts';
import { aliasMismatch, generatorOutput, isOuterGenerator } from '../lift-generators.ts';
import { inQuotes, quoted } from '../names.ts';
import { userTableFunction } from '../user-table-functions.ts';
import { constantTable } from './constant-tables.ts';

export function resolveGenerate(relation: Generate, env: Environment, analysis: Analysis): Resolved {
  const input = analysis.relation(relation.input, env);
  const made = analysis.expression(relation.generator, input.scope, env);
  if (made.kind !== 'generator') throw notAGenerator(made, relation.generator);
  const names = relation.columnAliases.length > 0 ? relation.columnAliases : undefined;
  const output = generatorOutput(made, names, [relation.alias]);
  if (names !== undefined && names.length !== output.length) throw aliasMismatch(output.length, names, made);
  const plan = generate(input.plan, made, output, relation.isOuter);
  const added = outputOf(plan).slice(-output.length);
  const { attributes, hidden, whole } = input.scope;
  const more = { ...(hidden && { hidden }), ...(whole && { whole: [...whole, ...added] }) };
  return { plan, scope: scopeOf([...attributes, ...added], env, more) };
}

const generate = (
  child: LogicalPlan,
  generator: Generator,
  generatorOut: ReturnType<typeof generatorOutput>,
  isOuter: boolean,
): LogicalPlan => ({
  kind: 'generate',
  child,
  generator,
  isOuter: isOuter || isOuterGenerator(generator),
  generatorOutput: generatorOut,
});

const notAGenerator = (made: Expr, e: Expression): AnalysisException =>
  new AnalysisException(
    'UNSUPPORTED_GENERATOR.NOT_GENERATOR',
    { functionName: quoted([nameOf(made)]), classCanonicalName: nameOf(made) },
    e.origin,
  );
const nameOf = (e: Expr): string => ('spec' in e ? e.spec.name : prettySql(e));

export function resolveTableFunction(relation: UnresolvedTableValuedFunction, env: Environment, analysis: Analysis): Resolved {
  if (relation.program !== undefined) return userTableFunction(relation.program, relation.arguments, env, analysis, relation.origin);
  const name = (
    relation.nameExpression
      ? constantText(relation.nameExpression, env, analysis).at(-1)!
      : (relation.nameParts ?? [relation.functionName]).at(-1)!
  ).toLowerCase();
  const fullName = (relation.nameParts ?? [relation.functionName]).join('.').toLowerCase();
  const own = seesSession(fullName, analysis) ? analysis.findUserTableFunction?.(name) : undefined;
  if (own !== undefined) return userTableFunction(own, relation.arguments, env, analysis, relation.origin);
  if (name === 'range') return over(rangeOf(relation, env, analysis), env);
  const constant = constantTable(name, analysis.settings);
  if (constant !== undefined) return over(constant, env);
  const written = writtenFunction(fullName, analysis);
  if (written !== undefined) return sqlTableFunction(written, relation.arguments, env, analysis, relation.origin);
  if (findFunction(name)?.kind !== 'generator')
    throw new AnalysisException(
      'UNRESOLVABLE_TABLE_VALUED_FUNCTION',
      { name: quoted(relation.nameParts ?? [relation.functionName]) },
      relation.origin,
    );
  const call: Expression = {
    kind: 'unresolvedFunction',
    functionName: name,
    arguments: relation.arguments,
    ...(relation.origin && { origin: relation.origin }),
  };
  const made = analysis.expression(call, { attributes: [], ...(env.outer && { outer: env.outer }) }, env) as Generator;
  return over(generate({ kind: 'oneRow' }, made, generatorOutput(made, undefined), false), env);
}

/** range(end), range(start, end), with step, with partitions. */
function rangeOf({ arguments: given, origin }: UnresolvedTableValuedFunction, env: Environment, analysis: Analysis): LogicalPlan {
  const args = given.map((a) => analysis.expression(a.kind === 'namedArgumentExpression' ? a.value : a, { attributes: [] }, env));
  if (args.length < 1 || args.length > 4)
    throw new AnalysisException(
      'WRONG_NUM_ARGS.WITHOUT_SUGGESTION',
      { functionName: '`range`', expectedNum: '[1, 2, 3, 4]', actualNum: String(args.length) },
      origin,
    );
  const numbers = args.map((a, i) => wholeNumber(a, i));
  const [start, end, step = 1n, partitions] = numbers.length === 1 ? [0n, numbers[0]!] : (numbers as [bigint, bigint, bigint?, bigint?]);
  if (step === 0n) throw new AnalysisException('FAILED_FUNCTION_CALL', { funcName: '`range`' }, origin);
  return {
    kind: 'range',
    output: [newAttribute('id', LONG, false)],
    start,
    end,
    step,
    numPartitions: partitions === undefined ? undefined : Number(partitions),
  };
}

const NAMES = ['start', 'end', 'step', 'numSlices'];

function wholeNumber(e: Expr, i: number): bigint {
  const value = constantOf(e);
  if (value === null) throw new AnalysisException('FAILED_FUNCTION_CALL', { funcName: '`range`' }, e.origin);
  if (value !== undefined) return value;
  throw new AnalysisException(
    'UNEXPECTED_INPUT_TYPE',
    {
      functionName: '`range`',
      paramIndex: String(i + 1),
      requiredType: '"BIGINT"',
      inputSql: inQuotes(prettySql(e)),
      inputType: inQuotes(NAMES[i]!),
    },
    e.origin,
  );
}

/** Whole numbers and arithmetic on them. undefined: something else. */
function constantOf(e: Expr): bigint | null | undefined {
  if (e.kind === 'cast') return constantOf(e.child);
  if (e.kind === 'literal') {
    if (e.value === null) return null;
    if (typeof e.value === 'bigint') return e.value;
    if (typeof e.value === 'number' && Number.isInteger(e.value)) return BigInt(e.value);
    return typeof e.value === 'string' && /^[+-]?\d+(\.\d+)?$/.test(e.value) ? BigInt(e.value.split('.')[0]!) : undefined;
  }
  if (e.kind !== 'call') return undefined;
  const [a, b] = e.args.map(constantOf);
  if (a === undefined || a === null) return a;
  if (e.spec.name === 'negative') return -a;
  if (b === undefined || b === null) return b;
  return { '+': a + b, '-': a - b, '*': a * b }[e.spec.name];
}
