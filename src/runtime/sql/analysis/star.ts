// `*`, `t.*`, `s.*` of a struct, and `* EXCEPT (…)`. Source: UnresolvedStar.expand of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import { makeCall } from '../functions/make-call.ts';
import { aliasOf, type Attribute, attributeOf, type Expr, literal, type NamedExpr } from '../logical/expressions.ts';
import type { UnresolvedStar } from '../plan/expressions.ts';
import { STRING } from '../types/data-type.ts';
import { fieldOf } from './extract-value.ts';
import { isQualifier, quoted, resolveName, type Scope } from './scope.ts';

export function expandStar(star: UnresolvedStar, scope: Scope): readonly NamedExpr[] {
  const all = starColumns(star, scope);
  return star.exceptColumns === undefined ? all : without(all, star.exceptColumns, star);
}

function starColumns(star: UnresolvedStar, scope: Scope): readonly NamedExpr[] {
  const target = star.unparsedTarget;
  const visible = scope.attributes;
  if (target === undefined || target.length === 0) return visible.map((a) => ({ ...a, origin: star.origin }));
  // A joined table's hidden columns (the other side's of USING) are its own still.
  const of = (scope.whole ?? visible).filter((a) => isQualifier(target, a.qualifier));
  if (of.length > 0) return of.map((a) => ({ ...a, origin: star.origin }));
  const outer = outerColumns(target, scope.outer, star);
  if (outer !== undefined) return outer;
  const struct = resolveName(target, scope, star.origin);
  if (struct?.dataType.tag === 'struct') return struct.dataType.fields.map((f) => aliasOf(fieldOf(struct, f.name, star.origin), f.name));
  throw new AnalysisException(
    'CANNOT_RESOLVE_STAR_EXPAND',
    { targetString: quoted(target), columns: visible.map((a) => quoted([a.name])).join(', ') },
    star.origin,
  );
}

/** `t.*` of a table of the query around. */
function outerColumns(target: readonly string[], scope: Scope | undefined, star: UnresolvedStar): readonly NamedExpr[] | undefined {
  const of = (scope?.whole ?? scope?.attributes ?? []).filter((a) => isQualifier(target, a.qualifier));
  if (of.length === 0) return undefined;
  return of.map((a) => {
    const { dataType, nullable } = a;
    return aliasOf({ kind: 'outer', attribute: a, dataType, nullable, origin: star.origin }, a.name);
  });
}

/** Columns left out, and fields left out of structs. */
function without(all: readonly NamedExpr[], excepted: readonly (readonly string[])[], star: UnresolvedStar): readonly NamedExpr[] {
  const attributes = all.map(attributeOf);
  const dropped = new Set<number>();
  const cut = new Map<number, (readonly string[])[]>();
  for (const name of excepted) {
    const found = findAmong(name, attributes, star);
    if (found.fields.length === 0) dropped.add(found.exprId);
    else cut.set(found.exprId, [...(cut.get(found.exprId) ?? []), found.fields]);
  }
  return all
    .filter((e) => !dropped.has(e.exprId))
    .map((e) => {
      const fields = cut.get(e.exprId);
      return fields === undefined ? e : aliasOf(withoutFields(e.kind === 'alias' ? e.child : e, fields), e.name);
    });
}

function findAmong(
  name: readonly string[],
  attributes: readonly Attribute[],
  star: UnresolvedStar,
): { exprId: number; fields: readonly string[] } {
  const e = resolveName(name, { attributes }, star.origin);
  if (e === undefined) {
    const suggestion = attributes.map((a) => quoted([a.name])).join(', ');
    throw new AnalysisException('UNRESOLVED_COLUMN.WITH_SUGGESTION', { objectName: quoted(name), proposal: suggestion }, star.origin);
  }
  const fields: string[] = [];
  let at: Expr = e;
  while (at.kind === 'getField') {
    fields.unshift(at.name);
    at = at.child;
  }
  return { exprId: (at as Attribute).exprId, fields };
}

function withoutFields(struct: Expr, fields: readonly (readonly string[])[]): Expr {
  const type = struct.dataType;
  if (type.tag !== 'struct') return struct;
  const kept = type.fields.flatMap((f): Expr[] => {
    const here = fields.filter(([first]) => first!.toLowerCase() === f.name.toLowerCase());
    if (here.some((path) => path.length === 1)) return [];
    const value = fieldOf(struct, f.name, struct.origin);
    return [
      literal(f.name, STRING),
      here.length === 0
        ? value
        : withoutFields(
            value,
            here.map((path) => path.slice(1)),
          ),
    ];
  });
  return makeCall('named_struct', kept, { ansi: true, timeZone: 'UTC', get: () => undefined }, struct.origin);
}
