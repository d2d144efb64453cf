// A stored view cannot be over what ends with the session. Source: CreateViewCommand and ViewHelper.verifyTemporaryObjectsNotExists of Spark 4.2.
import { GLOBAL_TEMP, type TableName } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { namesIn } from '../../plan/names-in.ts';
import type { Relation } from '../../plan/relations.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { CommandContext } from './command-context.ts';

/** @throws AnalysisException INVALID_TEMP_OBJ_REFERENCE */
export function checkReferences(query: Relation, name: TableName, { views, globalViews }: CommandContext): void {
  const isTemporary = (parts: readonly string[]): boolean =>
    parts.length === 1 ? views.has(parts[0]!) : parts.length === 2 && parts[0]!.toLowerCase() === GLOBAL_TEMP && globalViews.has(parts[1]!);
  const found = namesIn(query).tables.find(isTemporary);
  if (found === undefined) return;
  throw new AnalysisException('INVALID_TEMP_OBJ_REFERENCE', {
    obj: 'VIEW',
    objName: shownTable(name),
    tempObj: 'VIEW',
    tempObjName: found.map(quoteIdentifier).join('.'),
  });
}
