// The body of a function in SQL is analysed when the function is made, with its parameters as columns: what it names must be there, and a scalar one is no
// place for aggregates, windows and generators. Source: CreateSQLFunctionCommand of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { newAttribute } from '../logical/expressions.ts';
import { contains } from '../logical/tree.ts';
import { namesIn } from '../plan/names-in.ts';
import { NULL } from '../types/data-type.ts';
import type { Analysis } from './analysis.ts';
import { castOf } from './cast-rules.ts';
import type { Scope } from './scope.ts';
import { insideOf, isRelation, scalarBody, seenTo, type SqlFunction, tableBody } from './sql-function.ts';

const COMPLEX: ReadonlySet<string> = new Set(['aggregateCall', 'window', 'windowCall', 'generator']);

/** @throws AnalysisException USER_DEFINED_FUNCTIONS.…, UNRESOLVED_COLUMN.… and whatever else its body ends in */
export function checkFunctionBody(f: SqlFunction, bodyText: string, analysis: Analysis): void {
  const routine = f.nameParts.at(-1)!;
  for (const p of f.parameters) {
    if (p.defaultExpression === undefined) continue;
    if (hasQuery(p.defaultExpression))
      throw new AnalysisException('USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION', {
        functionName: routine,
        parameterName: p.name,
      });
    const value = analysis.expression(p.defaultExpression, { attributes: [] }, { ctes: new Map() });
    if (p.dataType !== undefined) castOf(value, p.dataType, analysis.settings.ansi ? 'ansi' : 'legacy', undefined);
  }
  const attributes = f.parameters.map((p) => newAttribute(p.name, p.dataType ?? NULL, true, f.nameParts));
  const inside: Scope = { attributes, seenTo: seenTo(f) };
  if (f.isTable) {
    if (!isRelation(f.body)) throw new AnalysisException('USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY', { name: routine });
    tableBody(f, inside, insideOf(f, analysis));
    return;
  }
  const body = scalarBody(f, inside, insideOf(f, analysis), undefined);
  if (contains(body, (e) => COMPLEX.has(e.kind)))
    throw new AnalysisException('USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS', { queryText: bodyText });
}

const hasQuery = (e: object): boolean => namesIn(e).hasQuery;
