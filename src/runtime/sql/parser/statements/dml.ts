// UPDATE, DELETE FROM, MERGE INTO.
import type { Command } from '../../plan/commands.ts';
import type { Assignment, Expression, MergeAction } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { multipartIdentifier } from '../identifiers.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { tableAlias } from '../queries/table-alias.ts';
import { relationName } from '../relation-name.ts';

export function deleteFrom(p: Cursor): Command {
  const from = p.at;
  p.expect('DELETE', 'FROM');
  const table = aliased(p);
  const condition = p.accept('WHERE') ? p.rules.expression(p) : undefined;
  return { kind: 'deleteFrom', table, ...(condition && { condition }), origin: p.origin(from) };
}

export function update(p: Cursor): Command {
  const from = p.at;
  p.expect('UPDATE');
  const table = aliased(p);
  p.expect('SET');
  const assignments = assignmentList(p);
  const condition = p.accept('WHERE') ? p.rules.expression(p) : undefined;
  return { kind: 'update', table, assignments, ...(condition && { condition }), origin: p.origin(from) };
}

function aliased(p: Cursor): Relation {
  const from = p.at;
  return tableAlias(p, relationName(p), from);
}

export function assignmentList(p: Cursor): Assignment[] {
  return p.list((c) => {
    const key = column(c);
    c.expect('=');
    return { key, value: c.rules.expression(c) };
  });
}

function column(p: Cursor): Expression {
  const from = p.at;
  const nameParts = multipartIdentifier(p);
  return { kind: 'unresolvedAttribute', nameParts, origin: p.origin(from) };
}

export function mergeInto(p: Cursor): Command {
  const from = p.at;
  p.expect('MERGE');
  const withSchemaEvolution = p.accept('WITH', 'SCHEMA', 'EVOLUTION');
  p.expect('INTO');
  const target = aliased(p);
  p.expect('USING');
  const source = mergeSource(p);
  p.expect('ON');
  const condition = p.rules.expression(p);
  const matched: MergeAction[] = [];
  const notMatched: MergeAction[] = [];
  const notMatchedBySource: MergeAction[] = [];
  while (p.accept('WHEN')) {
    const isNot = p.acceptOneOf('NOT', '!') !== undefined;
    p.expect('MATCHED');
    const bySource = isNot && p.accept('BY', 'SOURCE');
    if (isNot && !bySource) p.accept('BY', 'TARGET');
    (bySource ? notMatchedBySource : isNot ? notMatched : matched).push(mergeAction(p, isNot && !bySource));
  }
  return {
    kind: 'mergeInto',
    target,
    source,
    condition,
    matched,
    notMatched,
    notMatchedBySource,
    withSchemaEvolution,
    origin: p.origin(from),
  };
}

function mergeSource(p: Cursor): Relation {
  const from = p.at;
  if (!startsQuery(p, 0) || p.type() !== '(') return aliased(p);
  p.at++;
  const made = p.rules.query(p);
  p.expect(')');
  return tableAlias(p, made, from);
}

function mergeAction(p: Cursor, inserts: boolean): MergeAction {
  const from = p.at;
  const condition = p.accept('AND') ? p.rules.expression(p) : undefined;
  p.expect('THEN');
  const base = { kind: 'mergeAction', ...(condition && { condition }) } as const;
  if (inserts) {
    p.expect('INSERT');
    if (p.accept('*')) return { ...base, actionType: 'insertStar', assignments: [], origin: p.origin(from) };
    const keys = p.parenthesized(column);
    p.expect('VALUES');
    const values = p.parenthesized(p.rules.expression);
    if (keys.length !== values.length) p.fail('', p.at - 1);
    return {
      ...base,
      actionType: 'insert',
      assignments: keys.map((key, i) => ({ key, value: values[i] as Expression })),
      origin: p.origin(from),
    };
  }
  if (p.accept('DELETE')) return { ...base, actionType: 'delete', assignments: [], origin: p.origin(from) };
  p.expect('UPDATE', 'SET');
  if (p.accept('*')) return { ...base, actionType: 'updateStar', assignments: [], origin: p.origin(from) };
  return { ...base, actionType: 'update', assignments: assignmentList(p), origin: p.origin(from) };
}
