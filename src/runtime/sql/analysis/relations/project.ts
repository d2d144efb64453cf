// SELECT lists: stars, names of results, references to items before, generators' columns. Operators are made by ../select-block.ts.
// Source: ResolveReferences, ResolveAliases, ResolveLateralColumnAliasReference of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { type Alias, aliasOf, type Attribute, attributeOf, type Expr, type NamedExpr } from '../../logical/expressions.ts';
import { outputOf } from '../../logical/plans.ts';
import { prettySql } from '../../logical/pretty-sql.ts';
import { mapChildren } from '../../logical/tree.ts';
import type { Expression } from '../../plan/expressions.ts';
import type { Project } from '../../plan/relations.ts';
import { type Analysis, type Environment, over, type Resolved, scopeOf } from '../analysis.ts';
import { generatorColumns } from '../lift-generators.ts';
import { quoted } from '../names.ts';
import type { Scope } from '../scope.ts';
import { planOf, type SelectBlock, selectBlock } from '../select-block.ts';
import { quotedRegexColumns, regexColumns } from '../regex-columns.ts';
import { expandStar } from '../star.ts';
import { withTimeWindow } from './time-windows.ts';

export function resolveProject(relation: Project, env: Environment, analysis: Analysis): Resolved {
  const input: Resolved = relation.input === undefined ? over({ kind: 'oneRow' }, env) : analysis.relation(relation.input, env);
  const timed = withTimeWindow(input, [], relation.expressions, env, analysis);
  const { plan, scope } = timed?.input ?? input;
  const list = resolveList(timed?.replaced(relation.expressions) ?? relation.expressions, scope, env, analysis);
  return ofBlock(selectBlock(plan, list), scope, env);
}

/** A SELECT that parents may still let grow. @param below what its list sees */
export function ofBlock(block: SelectBlock, below: Scope, env: Environment): Resolved {
  const plan = planOf(block);
  const layers = [below.attributes, ...(below.hidden ?? [])];
  return { plan, scope: scopeOf(outputOf(plan), env), select: { ...block, below: layers } };
}

/** Each item sees the names of the items before it, where no column has them. */
export function resolveList(list: readonly Expression[], scope: Scope, env: Environment, analysis: Analysis): NamedExpr[] {
  const made: NamedExpr[] = [];
  // Items that are nothing but the name of one before.
  const repeated = new Set<NamedExpr>();
  const aliases = new Map<Attribute, NamedExpr>();
  const seen: Scope = {
    ...scope,
    aliases: (name, origin) => {
      const found = made.filter((e) => e.kind === 'alias' && !repeated.has(e) && e.name.toLowerCase() === name.toLowerCase());
      if (found.length === 0) return undefined;
      if (found.length > 1)
        throw new AnalysisException('AMBIGUOUS_LATERAL_COLUMN_ALIAS', { name: quoted([name]), n: String(found.length) }, origin);
      const [alias] = found as [Alias];
      // A field's name, a generator's column: called as it is.
      const shown = alias.child.kind === 'getField' ? alias.name : `lateralAliasReference(${alias.name})`;
      const reference: Attribute = { ...attributeOf(alias), name: shown, origin };
      aliases.set(reference, found[0]!);
      return reference;
    },
  };
  for (const e of list) {
    const items = resolveItem(e, seen, env, analysis);
    const replaced = (i: NamedExpr): NamedExpr => {
      const e = inPlaceOfAliases(i, [...aliases.values()]);
      if (e.kind === 'alias' || e.kind === 'attribute') return e;
      const again = aliasOf(e, i.name);
      repeated.add(again);
      return again;
    };
    made.push(...(aliases.size === 0 ? items : items.map(replaced)));
  }
  return made;
}

function resolveItem(e: Expression, scope: Scope, env: Environment, analysis: Analysis): readonly NamedExpr[] {
  if (e.kind === 'unresolvedStar') return expandStar(e, scope);
  if (e.kind === 'unresolvedRegex') return regexColumns(e.colName, scope);
  const fitting = quotedRegexColumns(e, scope, analysis);
  if (fitting !== undefined) return fitting;
  const isNamed = e.kind === 'alias';
  const child = isNamed && e.name.length > 1 ? analysis.expression(e.expr, scope, env) : analysis.expression(e, scope, env);
  const bare = child.kind === 'alias' && isNamed ? child.child : child;
  if (bare.kind === 'generator') return generatorColumns(bare, isNamed ? e.name : undefined);
  if (isNamed && e.name.length > 1) {
    const names = e.name.map((n) => quoted([n])).join(', ');
    throw new AnalysisException('MULTI_ALIAS_WITHOUT_GENERATOR', { expr: `"${prettySql(child)}"`, names }, e.origin);
  }
  // A variable is called by its own name where it stands alone.
  if (e.kind === 'unresolvedAttribute' && child.kind === 'call' && child.spec.name === 'variablereference')
    return [aliasOf(child, e.nameParts.at(-1)!)];
  return [named(child)];
}

/** `t.s.f` and `s.f` are called f. */
export function named(e: Expr): NamedExpr {
  if (e.kind === 'attribute' && !e.name.startsWith('lateralAliasReference(')) return e;
  if (e.kind === 'alias') return e;
  if (e.kind === 'getField' && e.isDereference) return aliasOf(e, e.name);
  if (e.kind === 'outer') return aliasOf(e, e.attribute.name);
  // A column that is only cast keeps its name.
  if (e.kind === 'cast' && e.isExplicit && e.child.kind === 'attribute' && !e.child.name.startsWith('lateralAliasReference('))
    return aliasOf(e, e.child.name);
  if (e.kind === 'cast' && e.isExplicit && e.child.kind === 'alias') return aliasOf(e, e.child.name);
  return aliasOf(e, prettySql(e));
}

/** What an alias of the same list stands for, in its place. */
function inPlaceOfAliases(e: Expr, aliases: readonly NamedExpr[]): Expr {
  if (e.kind === 'attribute') {
    const alias = aliases.find((a) => a.exprId === e.exprId);
    return alias?.kind === 'alias' ? alias.child : e;
  }
  return mapChildren(e, (c) => inPlaceOfAliases(c, aliases));
}
