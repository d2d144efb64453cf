// Expressions of the unresolved plan → typed ones: names through the scope, casts, and the doors to functions, windows, subqueries.
// Source: Spark 4's ExpressionResolver.
import { AnalysisException } from '../errors/spark-error.ts';
import { rowName } from '../functions/constructors.ts';
import { makeCall } from '../functions/make-call.ts';
import { aliasOf, type Call, type Expr } from '../logical/expressions.ts';
import { parseExpression } from '../parser/parse.ts';
import type { Expression, SemiStructuredExtract, UnresolvedAttribute } from '../plan/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import { metadataFromJson } from './metadata.ts';
import type { Analysis, Environment } from './analysis.ts';
import { castOf } from './cast-rules.ts';
import { constantText } from './constant-text.ts';
import { extractValue, fieldOf } from './extract-value.ts';
import { groupingCall } from './grouping-call.ts';
import { withDefaultCollation } from '../types/collations.ts';
import { resolveLiteral, specialTime } from './literals.ts';
import { parameterValue } from './parameters.ts';
import { resolveFunction } from './resolve-function.ts';
import { resolveSubquery } from './resolve-subquery.ts';
import { resolveWindow } from './resolve-window.ts';
import { asOuter, resolveName, type Scope, unresolvedColumn } from './scope.ts';
import { updateFields } from './update-fields.ts';
import { callUserFunction } from './user-functions.ts';

function rowOf(elements: readonly Expr[], origin: Origin | undefined, { settings }: Analysis): Expr {
  const made = makeCall('struct', elements, settings, origin) as Call;
  return { ...made, spec: { ...made.spec, resultName: rowName } };
}

export function resolveExpression(e: Expression, scope: Scope, env: Environment, analysis: Analysis): Expr {
  const resolve = (x: Expression) => analysis.expression(x, scope, env);
  switch (e.kind) {
    case 'literal':
      return resolveLiteral(e.value, e.origin, analysis);
    case 'unresolvedAttribute':
      return resolveAttribute(e, scope, analysis);
    case 'alias': {
      const made = aliasOf(resolve(e.expr), e.name[0]!, e.metadata === undefined ? {} : { metadata: metadataFromJson(e.metadata) });
      return { ...made, origin: e.origin };
    }
    case 'cast': {
      const child = resolve(e.expr);
      const mode = e.evalMode ?? (analysis.settings.ansi ? 'ansi' : 'legacy');
      const made = { ...castOf(child, withDefaultCollation(e.type, analysis.defaultCollation), mode, e.origin), isExplicit: true } as Expr;
      return specialTime(child, made, analysis) ?? made;
    }
    case 'unresolvedFunction':
    case 'callFunction':
      return resolveFunction(e.kind === 'callFunction' ? { ...e, kind: 'unresolvedFunction' } : e, scope, env, analysis);
    case 'window':
      return resolveWindow(e, scope, env, analysis);
    case 'subqueryExpression':
      return resolveSubquery(e, scope, env, analysis);
    case 'unresolvedExtractValue':
      return extractValue(resolve(e.child), resolve(e.extraction), analysis.settings, e.origin);
    case 'updateFields':
      return updateFields(
        resolve(e.structExpression),
        e.fieldName,
        e.valueExpression && resolve(e.valueExpression),
        analysis.settings,
        e.origin,
      );
    case 'rowConstructor':
      return rowOf(e.elements.map(resolve), e.origin, analysis);
    case 'parameter':
      return resolve(parameterValue(e, analysis));
    case 'identifierClause': {
      const nameParts = constantText(e.expression, env, analysis);
      return resolve({ kind: 'unresolvedAttribute', nameParts, ...(e.origin && { origin: e.origin }) });
    }
    case 'expressionString':
      return resolve(parseExpression(e.expression));
    case 'collate': {
      return makeCall('collate', [resolve(e.child), resolve(textOf(e.collation.join('.'), e))], analysis.settings, e.origin);
    }
    case 'semiStructuredExtract':
      return semiStructuredField(e, resolve, analysis);
    case 'commonInlineUserDefinedFunction':
      return callUserFunction(e, scope, env, analysis);
    case 'unresolvedStar':
      throw new AnalysisException(
        'INVALID_USAGE_OF_STAR_OR_REGEX',
        { elem: "'*'", prettyName: `expression \`${scope.place ?? 'this'}\`` },
        e.origin,
      );
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `The expression ${e.kind} in this place` }, e.origin);
  }
}

/** `v:a.b[0]` is called after the last name of its path: b. */
function semiStructuredField(e: SemiStructuredExtract, resolve: (e: Expression) => Expr, analysis: Analysis): Expr {
  const made = makeCall('variant_get', [resolve(e.child), resolve(textOf(e.path, e))], analysis.settings, e.origin);
  const names = [...e.path.matchAll(/\.([^.[]+)|\['([^']*)'\]/g)];
  const last = names.at(-1);
  return last === undefined ? made : { ...aliasOf(made, (last[1] ?? last[2])!), origin: e.origin };
}

const textOf = (value: string, { origin }: Expression): Expression => ({
  kind: 'literal',
  value: { type: 'string', value },
  ...(origin && { origin }),
});

function resolveAttribute(e: UnresolvedAttribute, scope: Scope, analysis: Analysis): Expr {
  if (e.isOuter) return resolveOuter(e, scope, analysis);
  if (e.planId !== undefined) {
    const column = columnOfPlan(e, scope, analysis);
    if (column !== undefined) return column;
  }
  const isGroupingId = scope.isGrouped && e.nameParts.length === 1 && e.nameParts[0]!.toLowerCase() === 'grouping__id';
  const found =
    resolveName(e.nameParts, scope, e.origin) ??
    (isGroupingId ? aliasOf(groupingCall('grouping_id', [], e.origin), 'grouping__id') : variableOf(e.nameParts, e.origin, analysis));
  if (found === undefined) throw unresolvedColumn(e.nameParts, scope, e.origin);
  return found;
}

/** A variable, or a field of one that is a struct: `x`, `label.x`, `x.field`. */
function variableOf(nameParts: readonly string[], origin: Origin | undefined, analysis: Analysis): Expr | undefined {
  for (let n = Math.min(nameParts.length, 3); n > 0; n--) {
    const found = analysis.findVariable?.(nameParts.slice(0, n));
    if (found !== undefined) return nameParts.slice(n).reduce((of, name) => fieldOf(of, name, origin), found);
  }
  return undefined;
}

/** `col('a').outer()`: of the query around, whatever this one has. */
function resolveOuter(e: UnresolvedAttribute, scope: Scope, analysis: Analysis): Expr {
  const { outer } = scope;
  const found =
    outer && ((e.planId === undefined ? undefined : columnOfPlan(e, outer, analysis)) ?? resolveName(e.nameParts, outer, e.origin));
  if (found === undefined) throw unresolvedColumn(e.nameParts, outer ?? { attributes: [] }, e.origin);
  return asOuter(found);
}

/** `df.col`: the column of this name among those that the DataFrame gave, wherever it is in sight. */
function columnOfPlan(e: UnresolvedAttribute, scope: Scope, analysis: Analysis): Expr | undefined {
  const ids = new Set(analysis.columnsOfPlans.get(e.planId!)?.map((a) => a.exprId));
  const of = (attributes: Scope['attributes'] | undefined) => (attributes ?? []).filter((a) => ids.has(a.exprId));
  const narrowed: Scope = { attributes: of([...scope.attributes, ...(scope.first ?? [])]), hidden: (scope.hidden ?? []).map(of) };
  const here = resolveName(e.nameParts, narrowed, e.origin);
  if (here !== undefined || scope.outer === undefined) return here;
  const around = columnOfPlan(e, scope.outer, analysis);
  return around && asOuter(around);
}
