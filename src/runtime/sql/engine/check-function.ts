// What a function in SQL may refer to, looked at when it is made: not itself through others, nothing of the session if it is stored, and no data
// if it CONTAINS SQL. Source: CreateSQLFunctionCommand, SQLFunction.checkDataAccess of Spark 4.2.
import type { SqlFunction } from '../analysis/sql-function.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { namesIn } from '../plan/names-in.ts';
import { quoteIdentifier } from '../types/type-names.ts';

export type References = {
  readonly find: (nameParts: readonly string[]) => SqlFunction | undefined;
  readonly isTemporaryView: (name: string) => boolean;
};
const isStored = (f: SqlFunction): boolean => f.nameParts.length > 1;
const same = (a: SqlFunction, b: SqlFunction): boolean => shown(a).toLowerCase() === shown(b).toLowerCase();
const shown = ({ nameParts }: SqlFunction): string => nameParts.join('.');

/** @throws AnalysisException CYCLIC_FUNCTION_REFERENCE, INVALID_TEMP_OBJ_REFERENCE, INVALID_SQL_FUNCTION_DATA_ACCESS */
export function checkFunction(f: SqlFunction, isDataFree: boolean, references: References): void {
  const called = calledBy(f, references);
  for (const g of called) checkCycle(f, g, [f], references);
  const { tables } = namesIn(f.body);
  if (isStored(f)) {
    const temporary = called.find((g) => !isStored(g));
    if (temporary !== undefined) throw outOfSession(f, 'FUNCTION', temporary.nameParts);
    const view = tables.find((parts) => parts.length === 1 && references.isTemporaryView(parts[0]!));
    if (view !== undefined) throw outOfSession(f, 'VIEW', view);
  }
  if (isDataFree && (tables.length > 0 || called.some((g) => g.readsData === true)))
    throw new AnalysisException('INVALID_SQL_FUNCTION_DATA_ACCESS');
}

/** Whether a function reads tables, by itself or by what it calls. */
export const readsData = (f: SqlFunction, references: References): boolean =>
  namesIn(f.body).tables.length > 0 || calledBy(f, references).some((g) => g.readsData === true);

const calledBy = (f: SqlFunction, { find }: References): readonly SqlFunction[] =>
  namesIn(f.body).functions.flatMap((parts) => find(parts) ?? []);

function checkCycle(made: SqlFunction, next: SqlFunction, path: readonly SqlFunction[], references: References): void {
  if (same(made, next)) throw new AnalysisException('CYCLIC_FUNCTION_REFERENCE', { path: [...path, made].map(shown).join(' -> ') });
  if (path.some((f) => same(f, next))) return;
  for (const g of calledBy(next, references)) checkCycle(made, g, [...path, next], references);
}

const outOfSession = (f: SqlFunction, tempObj: string, name: readonly string[]): AnalysisException =>
  new AnalysisException('INVALID_TEMP_OBJ_REFERENCE', {
    obj: 'FUNCTION',
    objName: f.nameParts.slice(-2).map(quoteIdentifier).join('.'),
    tempObj,
    tempObjName: name.map(quoteIdentifier).join('.'),
  });
