// What an unresolved plan names: tables, functions, and its own WITH names. Not which of them there are: the analyser's matter.
import { isLeaf } from './parameter-marks.ts';

export type NamesIn = {
  /** Read in FROM, also of subqueries; without names that WITH gives. */
  readonly tables: readonly (readonly string[])[];
  readonly functions: readonly (readonly string[])[];
  /** Whether a query is in it. */
  readonly hasQuery: boolean;
};

type Node = {
  readonly kind?: unknown;
  readonly namedTable?: { readonly nameParts: readonly string[] };
  readonly definitions?: readonly { readonly name: string }[];
  readonly functionName?: string;
  readonly nameParts?: readonly string[];
};

export function namesIn(plan: object): NamesIn {
  const read: (readonly string[])[] = [];
  const functions: (readonly string[])[] = [];
  const ctes = new Set<string>();
  let hasQuery = false;
  const look = (x: unknown): void => {
    if (isLeaf(x)) return;
    const node = x as Node;
    if (node.kind === 'read' && node.namedTable !== undefined) read.push(node.namedTable.nameParts);
    if (node.kind === 'subqueryExpression') hasQuery = true;
    if (node.kind === 'withCte') for (const { name } of node.definitions!) ctes.add(name.toLowerCase());
    if (node.kind === 'unresolvedFunction' || node.kind === 'unresolvedTableValuedFunction')
      functions.push(node.nameParts ?? [node.functionName!]);
    for (const child of x instanceof Map ? x.values() : Object.values(x as object)) look(child);
  };
  look(plan);
  return { tables: read.filter((parts) => parts.length > 1 || !ctes.has(parts[0]!.toLowerCase())), functions, hasQuery };
}
