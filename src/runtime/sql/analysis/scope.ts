// Names → columns: what a query's expressions can see, and the query around it. Source: AttributeSeq.resolve and Analyzer.ResolveReferences of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Attribute, Expr } from '../logical/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import { suggestionsFor } from './suggestions.ts';

export type Scope = {
  readonly attributes: readonly Attribute[];
  /** Columns that a name finds only when `attributes` has none: the other side's of USING, what a SELECT left out (for ORDER BY). */
  readonly hidden?: readonly Attribute[];
  /** The query around this subquery. */
  readonly outer?: Scope;
};

const same = (a: string, b: string): boolean => a.length === b.length && a.toLowerCase() === b.toLowerCase();

/** Whether the first parts are the end of the column's qualifier. */
function isQualifier(parts: readonly string[], qualifier: readonly string[]): boolean {
  const from = qualifier.length - parts.length;
  return from >= 0 && parts.every((part, i) => same(part, qualifier[from + i]!));
}

/** The column and the fields after it. Longer qualifiers win, as in Spark. */
function find(name: readonly string[], attributes: readonly Attribute[]): { found: Attribute[]; rest: readonly string[] } | undefined {
  for (let q = Math.min(name.length - 1, 3); q >= 0; q--) {
    const [qualifier, column] = [name.slice(0, q), name[q]!];
    const found = attributes.filter((a) => same(a.name, column) && isQualifier(qualifier, a.qualifier));
    const distinct = found.filter((a, i) => found.findIndex((b) => b.exprId === a.exprId) === i);
    if (distinct.length > 0) return { found: distinct, rest: name.slice(q + 1) };
  }
  return undefined;
}

/** @returns undefined when nothing has this name. @throws AnalysisException AMBIGUOUS_REFERENCE, FIELD_NOT_FOUND */
export function resolveName(name: readonly string[], scope: Scope, origin: Origin | undefined): Expr | undefined {
  const match = find(name, scope.attributes) ?? find(name, scope.hidden ?? []);
  if (match === undefined) {
    const outer = scope.outer && resolveName(name, scope.outer, origin);
    return outer && asOuter(outer);
  }
  const { found, rest } = match;
  if (found.length > 1)
    throw new AnalysisException(
      'AMBIGUOUS_REFERENCE',
      {
        name: quoted(name),
        referenceNames: `[${found
          .map((a) => quoted([...a.qualifier, a.name]))
          .sort()
          .join(', ')}]`,
      },
      origin,
    );
  const column: Expr = { ...found[0]!, origin };
  return rest.reduce<Expr>((child, field) => fieldOf(child, field, origin), column);
}

function asOuter(e: Expr): Expr {
  if (e.kind === 'attribute') return { kind: 'outer', attribute: e, dataType: e.dataType, nullable: e.nullable, origin: e.origin };
  if (e.kind === 'getField') return { ...e, child: asOuter(e.child) };
  return e;
}

/** `struct.field`. @throws AnalysisException FIELD_NOT_FOUND, INVALID_EXTRACT_BASE_FIELD_TYPE */
export function fieldOf(child: Expr, name: string, origin: Origin | undefined): Expr {
  const type = child.dataType;
  if (type.tag !== 'struct')
    throw new AnalysisException('INVALID_EXTRACT_BASE_FIELD_TYPE', { base: `"${name}"`, other: type.tag.toUpperCase() }, origin);
  const ordinal = type.fields.findIndex((f) => same(f.name, name));
  const field = type.fields[ordinal];
  if (field === undefined)
    throw new AnalysisException(
      'FIELD_NOT_FOUND',
      { fieldName: quoted([name]), fields: type.fields.map((f) => quoted([f.name])).join(', ') },
      origin,
    );
  return {
    kind: 'getField',
    child,
    ordinal,
    name: field.name,
    dataType: field.dataType,
    nullable: child.nullable || field.nullable,
    origin,
  };
}

/** @throws AnalysisException UNRESOLVED_COLUMN.…, with the nearest names */
export function unresolvedColumn(name: readonly string[], scope: Scope, origin: Origin | undefined): AnalysisException {
  const proposal = suggestionsFor(name, scope.attributes);
  return proposal.length === 0
    ? new AnalysisException('UNRESOLVED_COLUMN.WITHOUT_SUGGESTION', { objectName: quoted(name) }, origin)
    : new AnalysisException(
        'UNRESOLVED_COLUMN.WITH_SUGGESTION',
        { objectName: quoted(name), proposal: proposal.map(quoted).join(', ') },
        origin,
      );
}

export const quoted = (parts: readonly string[]): string => parts.map((p) => `\`${p.replaceAll('`', '``')}\``).join('.');
