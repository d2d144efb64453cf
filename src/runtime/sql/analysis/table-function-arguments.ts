// f(name => value) of a table function of the program: arguments in the places of its parameters. Source: UnresolvedPolymorphicPythonUDTF of Spark 4.2, and
// check_args of pyspark.sql.worker.analyze_udtf.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expression } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import type { UserTableFunction } from '../plan/user-function.ts';
import { parameterNames } from '../udf/parameter-names.ts';
import { quoted } from './names.ts';

/**
 * @returns an argument for each place; undefined: the call has none there. What a function needs JavaScript does not know: a `text?` of TypeScript is a `text`
 * @throws AnalysisException UNEXPECTED_POSITIONAL_ARGUMENT, DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.…, UDTF_EVAL_METHOD_ARGUMENTS_DO_NOT_MATCH_SIGNATURE
 */
export function byParameters(
  f: UserTableFunction,
  given: readonly Expression[],
  origin: Origin | undefined,
): readonly (Expression | undefined)[] {
  const keys = given.map((a) => (a.kind === 'namedArgumentExpression' ? a.key : undefined));
  const firstNamed = keys.findIndex((key) => key !== undefined);
  if (firstNamed < 0) return given;
  const routineName = quoted([f.name]);
  const fail = (condition: string, key: string): never => {
    throw new AnalysisException(condition, { routineName, parameterName: quoted([key]) }, origin);
  };
  const late = keys.findIndex((key, i) => key === undefined && i > firstNamed);
  if (late >= 0) fail('UNEXPECTED_POSITIONAL_ARGUMENT', keys[late - 1]!);
  const twice = keys.find((key, i) => key !== undefined && keys.indexOf(key) < i);
  if (twice !== undefined) fail('DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE', twice);
  const { names, method } = signatureOf(f);
  const mismatch = (reason: string): never => {
    const words = { name: f.name, reason };
    if (method === 'eval') throw new AnalysisException('UDTF_EVAL_METHOD_ARGUMENTS_DO_NOT_MATCH_SIGNATURE', words, origin);
    const msg = `Failed to evaluate the user-defined table function '${f.name}' because the function arguments did not match the expected signature of the static 'analyze' method (${reason}). Please update the query so that this table function call provides arguments matching the expected signature, or else update the table function so that its static 'analyze' method accepts the provided arguments, and then try the query again.`;
    throw new AnalysisException('TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON', { msg }, origin);
  };
  const placed: (Expression | undefined)[] = [];
  given.forEach((a, i) => {
    const key = keys[i];
    const at = key === undefined ? i : names.indexOf(key);
    if (at < 0) mismatch(`got an unexpected keyword argument '${key}'`);
    if (placed[at] !== undefined) mismatch(`multiple values for argument '${key}'`);
    placed[at] = a.kind === 'namedArgumentExpression' ? a.value : a;
  });
  return Array.from(placed);
}

/** As the class says in its static `parameters`, else as the text of `analyze` has them, or of `eval`. */
function signatureOf({ body, columns }: UserTableFunction) {
  const handler = body as Function & { analyze?: Function; parameters?: readonly string[] };
  const method = columns === undefined ? 'analyze' : 'eval';
  const own = method === 'analyze' ? handler.analyze! : ((handler.prototype as { eval?: Function } | undefined)?.eval ?? handler);
  return { method, names: handler.parameters ?? parameterNames(own) };
}
