// A stored view cannot be over what ends with the session. Source: CreateViewCommand and ViewHelper.verifyTemporaryObjectsNotExists of Spark 4.2.
import { GLOBAL_TEMP, type TableName } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { isLeaf } from '../../plan/parameter-marks.ts';
import type { Relation } from '../../plan/relations.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { CommandContext } from './command-context.ts';

/** @throws AnalysisException INVALID_TEMP_OBJ_REFERENCE */
export function checkReferences(query: Relation, name: TableName, { views, globalViews }: CommandContext): void {
  const { read, ctes } = namesIn(query);
  const isTemporary = (parts: readonly string[]): boolean =>
    parts.length === 1
      ? views.has(parts[0]!) && !ctes.has(parts[0]!.toLowerCase())
      : parts.length === 2 && parts[0]!.toLowerCase() === GLOBAL_TEMP && globalViews.has(parts[1]!);
  const found = read.find(isTemporary);
  if (found === undefined) return;
  throw new AnalysisException('INVALID_TEMP_OBJ_REFERENCE', {
    obj: 'VIEW',
    objName: shownTable(name),
    tempObj: 'VIEW',
    tempObjName: found.map(quoteIdentifier).join('.'),
  });
}

/** Tables that are read, also in subqueries, and names that WITH gives. */
function namesIn(query: Relation): { readonly read: readonly (readonly string[])[]; readonly ctes: ReadonlySet<string> } {
  const read: (readonly string[])[] = [];
  const ctes = new Set<string>();
  const look = (x: unknown): void => {
    if (isLeaf(x)) return;
    const { kind, namedTable, definitions } = x as { kind?: unknown; namedTable?: { nameParts: readonly string[] }; definitions?: unknown };
    if (kind === 'read' && namedTable !== undefined) read.push(namedTable.nameParts);
    if (kind === 'withCte') for (const { name } of definitions as readonly { name: string }[]) ctes.add(name.toLowerCase());
    for (const child of x instanceof Map ? x.values() : Object.values(x as object)) look(child);
  };
  look(query);
  return { read, ctes };
}
