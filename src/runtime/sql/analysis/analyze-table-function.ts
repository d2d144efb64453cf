// `analyze` of a table function of the program: it is asked once for each call in a plan, with types and constants, and says the columns and how the TABLE
// argument's rows are divided. Source: UserDefinedPythonTableFunctionAnalyzeRunner of Spark 4.2 and pyspark.sql.worker.analyze_udtf.
import { type AnalyzeArgument, type AnalyzeResult, analysisKind } from '../api/table-function-analysis.ts';
import { converterOf } from '../api/values.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { contains } from '../logical/tree.ts';
import type { Origin } from '../plan/origin.ts';
import type { UserTableFunction } from '../plan/user-function.ts';
import type { StructType } from '../types/data-type.ts';
import type { Analysis } from './analysis.ts';

/** An argument by its place; left out where the call has none there. */
export type TableFunctionArgument = { readonly table: StructType } | { readonly value: Expr } | undefined;
export type Analyzed = { readonly result: AnalyzeResult; readonly columns: StructType };

/** @param divides whether the call itself says how the table's rows are divided */
export function analyzed(
  f: UserTableFunction,
  given: readonly TableFunctionArgument[],
  { divides, origin }: { divides: boolean; origin: Origin | undefined },
  analysis: Analysis,
): Analyzed {
  const fail = (msg: string): never => {
    throw new AnalysisException('TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON', { msg }, origin);
  };
  const start = `Failed to evaluate the user-defined table function '${f.name}' because the static 'analyze' method`;
  let result: AnalyzeResult;
  const args = argumentsOf(given, analysis);
  try {
    result = (f.body as { analyze(...args: unknown[]): AnalyzeResult }).analyze(...args);
  } catch (error) {
    return fail(error instanceof Error ? `${error.name}: ${error.message}` : String(error));
  }
  if (analysisKind(result) !== 'AnalyzeResult')
    return fail(`${start} expects a result of type AnalyzeResult, but instead this method returned a value of type: ${typeof result}`);
  const ofWrongType = (field: string, kind: string): never =>
    fail(
      `${start} returned an 'AnalyzeResult' object with the '${field}' field set to a value besides an array of '${kind}' objects. Please update the table function and then try the query again.`,
    );
  for (const [field, kind] of [
    ['partitionBy', 'PartitioningColumn'],
    ['orderBy', 'OrderingColumn'],
    ['select', 'SelectedColumn'],
  ] as const)
    if (!Array.isArray(result[field]) || result[field].some((x) => analysisKind(x) !== kind)) ofWrongType(field, kind);
  const { schema: columns } = result;
  if (columns.tag !== 'struct' || columns.fields.length === 0)
    return fail(
      `${start} expects a result of type AnalyzeResult with a 'schema' field comprising a StructType with columns, but the 'schema' field had the wrong type: ${columns.tag}`,
    );
  const hasTable = given.some((g) => g !== undefined && 'table' in g);
  const without = (what: string) =>
    fail(
      `${start} returned an 'AnalyzeResult' object with the ${what}, but the function call did not provide any table argument. Please update the query so that it provides a table argument, or else update the table function so that its 'analyze' method returns an 'AnalyzeResult' object without it, and then try the query again.`,
    );
  if (!hasTable && result.withSinglePartition) without("'withSinglePartition' field set to 'true'");
  if (!hasTable && result.partitionBy.length > 0) without("'partitionBy' list set to non-empty");
  checkMetadata(f, result, divides, origin);
  return { result, columns };
}

function checkMetadata(f: UserTableFunction, result: AnalyzeResult, divides: boolean, origin: Origin | undefined): void {
  const functionName = f.name;
  const invalid = (reason: string): never => {
    throw new AnalysisException('TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INVALID', { functionName, reason }, origin);
  };
  const isDivided = result.partitionBy.length > 0;
  if (result.withSinglePartition && isDivided)
    invalid("the 'withSinglePartition' field cannot be assigned to true if the 'partitionBy' list is non-empty");
  if (result.orderBy.length > 0 && !result.withSinglePartition && !isDivided)
    invalid(
      "the 'orderBy' field cannot be non-empty unless the 'withSinglePartition' field is set to true or the 'partitionBy' list is non-empty",
    );
  if (divides && (result.withSinglePartition || isDivided))
    throw new AnalysisException(
      'TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INCOMPATIBLE_WITH_CALL',
      {
        functionName,
        requestedMetadata: 'specified its own required partitioning of the input table',
        invalidFunctionCallProperty:
          'specified the WITH SINGLE PARTITION or PARTITION BY clause; please remove these clauses and retry the query again',
      },
      origin,
    );
}

function argumentsOf(given: readonly TableFunctionArgument[], analysis: Analysis): (AnalyzeArgument | undefined)[] {
  const constants = given.flatMap((g) => (g !== undefined && 'value' in g && isConstant(g.value) ? [g.value] : []));
  const values = constants.length === 0 ? [] : analysis.constants!(constants);
  return given.map((g) => {
    if (g === undefined) return undefined;
    if ('table' in g) return { dataType: g.table, value: null, isTable: true, isConstantExpression: false };
    const at = constants.indexOf(g.value);
    const { dataType } = g.value;
    if (at < 0) return { dataType, value: null, isTable: false, isConstantExpression: false };
    const value = values[at] ?? null;
    return {
      dataType,
      value: value === null ? null : (converterOf(dataType)?.(value) ?? value),
      isTable: false,
      isConstantExpression: true,
    };
  });
}

/** Spark's foldable: the same value whenever it is computed. */
const isConstant = (e: Expr): boolean =>
  !contains(
    e,
    (x) =>
      !['literal', 'cast', 'call', 'getField', 'alias', 'lambda', 'lambdaVariable'].includes(x.kind) ||
      (x.kind === 'call' && x.spec.deterministic === false),
  );
