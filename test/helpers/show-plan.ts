// Unresolved plans and expressions as short text, so that tests read as what was meant: `and(==(a, 1), not(isnull(b.c)))`.
import type { Expression } from '../../src/runtime/sql/plan/expressions.ts';
import type { Relation } from '../../src/runtime/sql/plan/relations.ts';

export function showExpression(e: Expression): string {
  switch (e.kind) {
    case 'literal':
      return showLiteral(e.value);
    case 'unresolvedAttribute':
      return e.nameParts.join('.');
    case 'unresolvedFunction': {
      const options = [
        e.isDistinct && 'distinct',
        e.filter && `filter ${showExpression(e.filter)}`,
        e.ignoreNulls !== undefined && (e.ignoreNulls ? 'ignore nulls' : 'respect nulls'),
        e.withinGroup && `within ${e.withinGroup.map(showExpression)}`,
      ].filter(Boolean);
      return `${e.functionName}(${e.arguments.map(showExpression).join(', ')})${options.map((o) => ` [${o}]`).join('')}`;
    }
    case 'alias':
      return `${showExpression(e.expr)} as ${e.name.join(',')}`;
    case 'sortOrder':
      return `${showExpression(e.child)} ${e.direction === 'ascending' ? 'asc' : 'desc'} ${e.nullOrdering}`;
    case 'cast':
      return `${e.evalMode === 'try' ? 'try_' : ''}cast(${showExpression(e.expr)} ${e.type.tag})`;
    case 'unresolvedStar':
      return `${[...(e.unparsedTarget ?? []), '*'].join('.')}${e.exceptColumns ? ` except ${e.exceptColumns.map((c) => c.join('.'))}` : ''}`;
    case 'unresolvedExtractValue':
      return `${showExpression(e.child)}[${showExpression(e.extraction)}]`;
    case 'lambdaFunction':
      return `(${e.arguments.map((a) => a.nameParts.join('.'))}) -> ${showExpression(e.function)}`;
    case 'rowConstructor':
      return `row(${e.elements.map(showExpression).join(', ')})`;
    case 'subqueryExpression':
      return `${e.subqueryType}(${[...(e.inSubqueryValues ?? []).map(showExpression), e.plan ? showRelation(e.plan) : ''].join(', ')})`;
    case 'namedArgumentExpression':
      return `${e.key} => ${showExpression(e.value)}`;
    case 'parameter':
      return e.name === undefined ? '?' : `:${e.name}`;
    case 'collate':
      return `${showExpression(e.child)} collate ${e.collation.join('.')}`;
    case 'semiStructuredExtract':
      return `${showExpression(e.child)}:${e.path}`;
    case 'window': {
      const frame =
        e.frameSpec &&
        `${e.frameSpec.frameType} ${[e.frameSpec.lower, e.frameSpec.upper].map((b) => (b.tag === 'value' ? showExpression(b.value) : b.tag)).join('..')}`;
      const spec =
        e.windowName ?? `by ${e.partitionSpec.map(showExpression)} order ${e.orderSpec.map(showExpression)}${frame ? ` ${frame}` : ''}`;
      return `${showExpression(e.windowFunction)} over (${spec})`;
    }
    default:
      return e.kind;
  }
}

function showLiteral(value: Extract<Expression, { kind: 'literal' }>['value']): string {
  switch (value.type) {
    case 'null':
      return 'null';
    case 'string':
      return `'${value.value}'`;
    case 'integer':
    case 'boolean':
      return `${value.value}`;
    case 'calendarInterval':
    case 'clockRelative':
      return value.type;
    default:
      return `${value.type} ${value.value}`;
  }
}

const all = (list: readonly Expression[]): string => list.map(showExpression).join(', ');

export function showRelation(r: Relation): string {
  switch (r.kind) {
    case 'read':
      return r.namedTable?.nameParts.join('.') ?? 'source';
    case 'project':
      return `project(${r.input ? `${showRelation(r.input)}; ` : ''}${all(r.expressions)})`;
    case 'filter':
    case 'having':
    case 'qualify':
      return `${r.kind}(${showRelation(r.input)}; ${showExpression(r.condition)})`;
    case 'aggregate':
      return `${r.isGroupByAll ? 'groupByAll' : r.groupType}(${r.input ? showRelation(r.input) : ''}; ${all(r.groupingExpressions)}${r.groupingSets ? ` sets ${r.groupingSets.map((s) => `{${all(s)}}`)}` : ''}; ${all(r.aggregateExpressions)})`;
    case 'join':
      return `${r.isNatural ? 'natural ' : ''}${r.joinType}(${showRelation(r.left)}, ${showRelation(r.right)}${r.joinCondition ? `; ${showExpression(r.joinCondition)}` : ''}${r.usingColumns.length > 0 ? `; using ${r.usingColumns}` : ''})`;
    case 'lateralJoin':
      return `lateral ${r.joinType}(${showRelation(r.left)}, ${showRelation(r.right)}${r.joinCondition ? `; ${showExpression(r.joinCondition)}` : ''})`;
    case 'setOperation':
      return `${r.setOpType}${r.isAll ? 'All' : ''}(${showRelation(r.leftInput)}, ${showRelation(r.rightInput)})`;
    case 'sort':
      return `${r.isGlobal ? 'sort' : 'localSort'}(${showRelation(r.input)}; ${all(r.order)})`;
    case 'limit':
      return `limit(${showRelation(r.input)}; ${showExpression(r.limit)})`;
    case 'offset':
      return `offset(${showRelation(r.input)}; ${showExpression(r.offset)})`;
    case 'subqueryAlias':
      return `${showRelation(r.input)} as ${r.alias}${r.columnAliases ? `(${r.columnAliases})` : ''}`;
    case 'distinct':
    case 'pipeInput':
      return `${r.kind}(${showRelation(r.input)})`;
    case 'withCte':
      return `with${r.isRecursive ? 'Recursive' : ''}(${r.definitions.map((d) => `${d.name}${d.columnAliases ? `(${d.columnAliases})` : ''} = ${showRelation(d.query)}`).join(', ')}; ${showRelation(r.child)})`;
    case 'inlineTable':
      return `values(${r.rows.map((row) => `[${all(row)}]`).join(', ')})`;
    case 'generate':
      return `generate${r.isOuter ? 'Outer' : ''}(${showRelation(r.input)}; ${showExpression(r.generator)} as ${r.alias}(${r.columnAliases}))`;
    case 'hint':
      return `hint ${r.name}(${all(r.parameters)}; ${showRelation(r.input)})`;
    case 'repartitionByExpression':
      return `repartition(${showRelation(r.input)}; ${all(r.partitionExprs)})`;
    case 'unresolvedTableValuedFunction':
      return `${r.functionName}(${all(r.arguments)})`;
    case 'sample':
      return `sample(${showRelation(r.input)}; ${r.upperBound}${r.seed === undefined ? '' : ` seed ${r.seed}`})`;
    case 'sqlPivot':
      return `pivot(${showRelation(r.input)}; ${all(r.aggregates)} for ${r.columns} in ${all(r.values)})`;
    case 'sqlUnpivot':
      return `unpivot(${showRelation(r.input)}; ${r.valueColumns} for ${r.nameColumn} in ${r.columns.map((c) => `${c.names.map((n) => n.join('.'))}${c.alias ? ` as ${c.alias}` : ''}`)}${r.includesNulls ? ' with nulls' : ''})`;
    case 'withWindowDefinitions':
      return `windows(${showRelation(r.input)}; ${[...r.windows.keys()]})`;
    case 'timeTravel':
      return `${showRelation(r.input)} at ${r.version ?? (r.timestamp ? showExpression(r.timestamp) : '')}`;
    case 'pipeExtend':
    case 'pipeSelect':
      return `${r.kind}(${showRelation(r.input)}; ${all(r.expressions)})`;
    case 'pipeSet':
      return `pipeSet(${showRelation(r.input)}; ${r.assignments.map((a) => `${a.column} = ${showExpression(a.value)}`)})`;
    case 'drop':
      return `drop(${showRelation(r.input)}; ${all(r.columns)})`;
    default:
      return r.kind;
  }
}
