// Names → columns: what a query's expressions can see, and the query around it. Source: AttributeSeq.resolve and Analyzer.ResolveReferences of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Attribute, Expr, LambdaVariable } from '../logical/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import { fieldOf } from './extract-value.ts';
import { quoted } from './names.ts';
import { suggestionsFor } from './suggestions.ts';

export type Scope = {
  readonly attributes: readonly Attribute[];
  /** Columns that a name finds only when `attributes` has none, layer by layer: the other side's of USING, what a SELECT left out (for ORDER BY). */
  readonly hidden?: readonly (readonly Attribute[])[];
  /** All columns of joined relations in their own order: what `t.*` chooses from. Left out: `attributes`. */
  readonly whole?: readonly Attribute[];
  /** Columns that a name finds first: grouping columns in HAVING. */
  readonly first?: readonly Attribute[];
  /** What arguments of aggregate functions see instead: columns below the aggregate. */
  readonly inAggregates?: Scope;
  /** Arguments of the lambda functions around, the nearest first. */
  readonly lambdas?: readonly LambdaVariable[];
  /** Items of the same SELECT list that stand before: asked after columns. */
  readonly aliases?: (name: string, origin: Origin | undefined) => Expr | undefined;
  /** grouping() and grouping_id() have a meaning. */
  readonly isGrouped?: boolean;
  /** What the place is called where subqueries or aggregates are not allowed. */
  readonly place?: string;
  /** Parameters of a function in SQL: how many queries deep they are still seen. */
  readonly seenTo?: number;
  /** The query around this subquery. */
  readonly outer?: Scope;
};

const same = (a: string, b: string): boolean => a.length === b.length && a.toLowerCase() === b.toLowerCase();

/** Whether the first parts are the end of the column's qualifier. */
export function isQualifier(parts: readonly string[], qualifier: readonly string[]): boolean {
  const from = qualifier.length - parts.length;
  return from >= 0 && parts.every((part, i) => same(part, qualifier[from + i]!));
}

/** `column`: the name as it is written, which the result will have. */
type Match = { readonly found: readonly Attribute[]; readonly column: string; readonly rest: readonly string[] };

/** The column and the fields after it. Longer qualifiers win, as in Spark. */
function find(name: readonly string[], attributes: readonly Attribute[] | undefined): Match | undefined {
  if (attributes === undefined || attributes.length === 0) return undefined;
  for (let q = Math.min(name.length - 1, 3); q >= 0; q--) {
    const [qualifier, column] = [name.slice(0, q), name[q]!];
    const found = attributes.filter((a) => same(a.name, column) && isQualifier(qualifier, a.qualifier));
    const distinct = found.filter((a, i) => found.findIndex((b) => b.exprId === a.exprId) === i);
    if (distinct.length > 0) return { found: distinct, column, rest: name.slice(q + 1) };
  }
  return undefined;
}

/** @returns undefined when nothing has this name. @throws AnalysisException AMBIGUOUS_REFERENCE, FIELD_NOT_FOUND */
export function resolveName(name: readonly string[], scope: Scope, origin: Origin | undefined, depth = 0): Expr | undefined {
  if (depth > (scope.seenTo ?? depth)) return undefined;
  const variable = scope.lambdas?.find((v) => same(v.name, name[0]!));
  if (variable !== undefined) return fieldsOf({ ...variable, origin }, name.slice(1), origin);
  const column = firstColumn(name, [scope.first, scope.attributes, ...(scope.hidden ?? [])], origin);
  if (column !== undefined) return column;
  const alias = scope.aliases?.(name[0]!, origin);
  if (alias !== undefined) return fieldsOf(alias, name.slice(1), origin);
  const outer = scope.outer && resolveName(name, scope.outer, origin, depth + 1);
  return outer && asOuter(outer);
}

/** A column that has no such field leaves the name to the next layer. */
function firstColumn(
  name: readonly string[],
  layers: readonly (readonly Attribute[] | undefined)[],
  origin: Origin | undefined,
): Expr | undefined {
  let failed: unknown;
  for (const layer of layers) {
    const match = find(name, layer);
    if (match === undefined) continue;
    try {
      return columnOf(name, match, origin);
    } catch (error) {
      if (match.found.length > 1) throw error;
      failed ??= error;
    }
  }
  if (failed !== undefined) throw failed;
  return undefined;
}

function columnOf(name: readonly string[], { found, column, rest }: Match, origin: Origin | undefined): Expr {
  if (found.length > 1) {
    const names = found.map((a) => quoted([...a.qualifier, a.name])).sort();
    throw new AnalysisException('AMBIGUOUS_REFERENCE', { name: quoted(name), referenceNames: `[${names.join(', ')}]` }, origin);
  }
  return fieldsOf({ ...found[0]!, name: column, origin }, rest, origin);
}

const fieldsOf = (e: Expr, names: readonly string[], origin: Origin | undefined): Expr =>
  names.reduce<Expr>((child, field) => {
    const made = fieldOf(child, field, origin);
    return made.kind === 'getField' ? { ...made, isDereference: true } : made;
  }, e);

export function asOuter(e: Expr): Expr {
  if (e.kind === 'attribute') return { kind: 'outer', attribute: e, dataType: e.dataType, nullable: e.nullable, origin: e.origin };
  if ('child' in e) return { ...e, child: asOuter(e.child) } as Expr;
  return e;
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

export { quoted } from './names.ts';
