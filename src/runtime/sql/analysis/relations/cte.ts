// WITH: names for queries. Each definition is analysed once; one that is used once is put in its place, one used more often stays a definition.
// Recursive ones are an anchor and a step. Source: CTESubstitution, ResolveWithCTE, InlineCTE of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { isNumeric, tightestCommonType } from '../../functions/coercion.ts';
import { aliasOf, type Attribute, type Expr, type NamedExpr, newAttribute, nextExprId } from '../../logical/expressions.ts';
import { exprsOfPlan, freshIds, outerIn, transformPlan, visitPlan } from '../../logical/plan-tree.ts';
import { type CteDefinition, type Join, type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { childrenOfExpr } from '../../logical/tree.ts';
import { Origin } from '../../plan/origin.ts';
import type { CteDefinition as Definition, WithCte } from '../../plan/sql-relations.ts';
import { sameType } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type CteInSight, type Environment, over, type Resolved, scopeOf, visiblePlan } from '../analysis.ts';
import { inQuotes } from '../names.ts';
import { withTypes } from './set-operation.ts';
import { withNames } from './subquery-alias.ts';

type Entry = { readonly definition: CteDefinition; uses: number; readonly isCorrelated: boolean };

export function resolveWithCte(relation: WithCte, env: Environment, analysis: Analysis): Resolved {
  const ctes = new Map(env.ctes);
  const inner: Environment = { ...env, ctes };
  const entries = relation.definitions.map((d) => {
    const definition = relation.isRecursive && mentions(d.query, d.name) ? recursive(d, inner, analysis) : plain(d, inner, analysis);
    const entry: Entry = { definition, uses: 0, isCorrelated: env.outer !== undefined && outerIn(definition.plan).length > 0 };
    ctes.set(d.name.toLowerCase(), inSight(entry));
    return entry;
  });
  const child = analysis.relation(relation.child, inner);
  const result = placeDefinitions(visiblePlan(child), entries);
  // Names above see what the child let them see.
  return { plan: result, scope: scopeOf(child.scope.attributes, env) };
}

function plain(d: Definition, env: Environment, analysis: Analysis): CteDefinition {
  const query = visiblePlan(analysis.relation(d.query, env));
  const plan = d.columnAliases === undefined ? query : withNames(query, d.columnAliases, d.query.origin);
  return { id: nextExprId(), name: d.name, output: outputOf(plan), plan };
}

function inSight(entry: Entry): CteInSight {
  const { definition } = entry;
  return {
    use: (env) => {
      entry.uses++;
      return over(named(refTo(definition.id, definition.output), definition.name), env);
    },
  };
}

const named = (child: LogicalPlan, alias: string): LogicalPlan => ({ kind: 'subqueryAlias', child, alias, qualifier: [] });
const refTo = (id: number, source: readonly Attribute[]): LogicalPlan => ({
  kind: 'cteRef',
  id,
  source,
  output: source.map((a) => ({ ...newAttribute(a.name, a.dataType, a.nullable), ...(a.metadata && { metadata: a.metadata }) })),
});

/** Used once: in its place. Not at all: gone. */
function placeDefinitions(child: LogicalPlan, entries: readonly Entry[]): LogicalPlan {
  const inlined = new Map<number, Entry>();
  const replace = (plan: LogicalPlan): LogicalPlan => {
    if (inlined.size === 0) return plan;
    return transformPlan(plan, (p) => {
      const entry = p.kind === 'cteRef' ? inlined.get(p.id) : undefined;
      return p.kind === 'cteRef' && entry !== undefined ? inPlace(p, entry) : p;
    });
  };
  const definitions: CteDefinition[] = [];
  for (const entry of entries) {
    const { definition, uses } = entry;
    const now = { ...definition, plan: replace(definition.plan) };
    if (definition.recursion !== undefined)
      definitions.push({ ...now, recursion: { ...definition.recursion, plan: replace(definition.recursion.plan) } });
    else if (uses <= 1 || entry.isCorrelated) inlined.set(definition.id, { ...entry, definition: now });
    else definitions.push(now);
  }
  const plan = replace(child);
  return definitions.length === 0 ? plan : { kind: 'withCte', child: plan, definitions };
}

function inPlace(ref: Extract<LogicalPlan, { kind: 'cteRef' }>, { definition, uses }: Entry): LogicalPlan {
  const plan = uses > 1 ? freshIds(definition.plan) : definition.plan;
  const columns = outputOf(plan);
  const projectList = ref.output.map((a, i): NamedExpr => aliasOf(columns[i]!, a.name, { exprId: a.exprId }));
  return { kind: 'project', child: plan, projectList };
}

/** Whether a query's text names a table so. Where a WITH inside gives the name to another query it is that one's. */
function mentions(node: unknown, name: string): boolean {
  if (typeof node !== 'object' || node === null || node instanceof Origin || node instanceof Uint8Array) return false;
  const { kind, namedTable } = node as { kind?: string; namedTable?: { nameParts: readonly string[] } };
  if (kind === 'withCte') {
    const { definitions, isRecursive, child } = node as WithCte;
    const own = definitions.findIndex((d) => d.name.toLowerCase() === name.toLowerCase());
    if (own < 0) return definitions.some((d) => mentions(d.query, name)) || mentions(child, name);
    return definitions.slice(0, isRecursive ? own : own + 1).some((d) => mentions(d.query, name));
  }
  if (kind === 'read') return namedTable?.nameParts.length === 1 && namedTable.nameParts[0]!.toLowerCase() === name.toLowerCase();
  return Object.values(node).some((part) => mentions(part, name));
}

const LEVELS = 100;

/** anchor UNION ALL step, in which the name stands for the rows that the last step gave. */
function recursive(d: Definition, env: Environment, analysis: Analysis): CteDefinition {
  const { union, ctes, inner } = unionOf(d, env, analysis);
  if (!union.isAll) throw new AnalysisException('UNION_NOT_SUPPORTED_IN_RECURSIVE_CTE', {}, union.origin);
  if (mentions(union.leftInput, d.name)) throw new AnalysisException('INVALID_RECURSIVE_CTE', {}, union.origin);
  const anchor = placeDefinitions(visiblePlan(analysis.relation(union.leftInput, { ...env, ctes })), inner);
  const plan = d.columnAliases === undefined ? anchor : withNames(anchor, d.columnAliases, d.query.origin);
  const id = nextExprId();
  const output = outputOf(plan).map((a) => newAttribute(a.name, a.dataType, true));
  const self: CteInSight = { use: (place) => over(named(refTo(id, output), d.name), place) };
  const sight = new Map([...ctes, [d.name.toLowerCase(), self]]);
  const step = placeDefinitions(visiblePlan(analysis.relation(union.rightInput, { ...env, ctes: sight })), inner);
  if (isMisplaced(step, id)) throw new AnalysisException('INVALID_RECURSIVE_REFERENCE.PLACE', {}, union.origin);
  if (outputOf(step).length !== output.length)
    throw new AnalysisException(
      'NUM_COLUMNS_MISMATCH',
      {
        operator: 'UNION',
        firstNumColumns: String(output.length),
        invalidOrdinalNum: 'second',
        invalidNumColumns: String(outputOf(step).length),
      },
      union.origin,
    );
  outputOf(step).forEach(({ dataType: right }, i) => {
    const left = output[i]!.dataType;
    const common = tightestCommonType(left, right);
    if (isNumeric(left) && isNumeric(right) && common !== undefined && !sameType(common, left))
      throw new AnalysisException(
        'CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE',
        { left: inQuotes(sqlType(left)), right: inQuotes(sqlType(right)) },
        union.origin,
      );
  });
  const typed = withTypes(
    step,
    output.map((a) => a.dataType),
  );
  const configured = analysis.settings.get('spark.sql.cteRecursionLevelLimit');
  const maxLevel = d.maxRecursionLevel ?? (configured === undefined ? LEVELS : Number(configured));
  return { id, name: d.name, output, plan, recursion: { plan: typed, isAll: true, maxLevel } };
}

/** Whether the last step's rows are asked for where they cannot be: in subqueries, aggregates, windows, sorts, on a side that an outer join fills up. */
function isMisplaced(plan: LogicalPlan, id: number): boolean {
  const uses = (p: LogicalPlan): boolean => {
    let found = false;
    visitPlan(p, (node) => (found ||= node.kind === 'cteRef' && node.id === id));
    return found;
  };
  let isWrong = false;
  visitPlan(plan, (node) => {
    const inSubquery = (e: Expr): boolean => ('plan' in e ? uses(e.plan) : childrenOfExpr(e).some(inSubquery));
    isWrong ||= exprsOfPlan(node).some(inSubquery);
    if (node.kind === 'join')
      isWrong ||= (!KEEPS_RIGHT.has(node.joinType) && uses(node.right)) || (!KEEPS_LEFT.has(node.joinType) && uses(node.left));
    else if (node.kind === 'aggregate' || node.kind === 'window' || node.kind === 'sort') isWrong ||= uses(node.child);
  });
  return isWrong;
}
const KEEPS_LEFT = new Set<Join['joinType']>(['inner', 'cross', 'leftOuter', 'leftSemi', 'leftAnti']);
const KEEPS_RIGHT = new Set<Join['joinType']>(['inner', 'cross', 'rightOuter']);

/** The union of a definition, under its own WITH where it has one. */
function unionOf(d: Definition, env: Environment, analysis: Analysis) {
  let query = d.query;
  const entries: Entry[] = [];
  const ctes = new Map(env.ctes);
  while (query.kind === 'withCte') {
    for (const inner of query.definitions) {
      if (mentions(inner.query, d.name)) throw new AnalysisException('INVALID_RECURSIVE_CTE', {}, query.origin);
      const make = query.isRecursive && mentions(inner.query, inner.name) ? recursive : plain;
      const entry: Entry = { definition: make(inner, { ...env, ctes }, analysis), uses: 0, isCorrelated: make === plain };
      entries.push(entry);
      ctes.set(inner.name.toLowerCase(), inSight(entry));
    }
    query = query.child;
  }
  while (query.kind === 'project' && query.input?.kind === 'subqueryAlias' && query.expressions.every((e) => e.kind === 'unresolvedStar'))
    query = query.input.input;
  if (query.kind === 'setOperation' && query.setOpType === 'union') return { union: query, ctes, inner: entries };
  throw new AnalysisException('INVALID_RECURSIVE_CTE', {}, query.origin);
}
