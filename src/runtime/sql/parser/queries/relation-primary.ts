// The smallest relations of a FROM: a table with time travel, options and a sample, a subquery, a list in parentheses, VALUES, a table function.
// Source: the relationPrimary rule of Spark 4.2.
import type { Options, Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { propertyList } from '../properties.ts';
import { relationName } from '../relation-name.ts';
import { isString, stringLiteral } from '../strings.ts';
import { inlineTable } from './inline-table.ts';
import { sample } from './sample.ts';
import { startsQuery } from './starts-query.ts';
import { tableAlias } from './table-alias.ts';
import { tableFunction } from './table-function.ts';

export function relationPrimary(p: Cursor, isLateral = false): Relation {
  const from = p.at;
  if (p.type() === '(') return inParentheses(p, from);
  if (p.type() === 'VALUES' && p.type(1) !== '.' && !['eof', ')', ','].includes(p.type(1))) {
    const made = p.attempt(inlineTable);
    if (made !== undefined) return made;
  }
  if (p.type() === 'STREAM' && (p.type(1) === '(' || (p.tokens[p.at + 1]?.isWord === true && p.type(1) !== 'AS'))) {
    const streaming = p.attempt(stream);
    if (streaming !== undefined) return streaming;
  }
  const made = isCall(p) ? p.attempt(tableFunction) : undefined;
  if (made !== undefined) return tableAlias(p, made, from);
  if (isLateral) throw p.error('INVALID_SQL_SYNTAX.LATERAL_WITHOUT_SUBQUERY_OR_TABLE_VALUED_FUNC', {}, from);
  return table(p, from);
}

/** A name and an opening parenthesis; what looks like IDENTIFIER(…)( is tried. */
function isCall(p: Cursor): boolean {
  if (p.type() === 'IDENTIFIER' && p.type(1) === '(') return true;
  let ahead = 1;
  while (p.type(ahead) === '.') ahead += 2;
  return p.type(ahead) === '(';
}

function table(p: Cursor, from: number): Relation {
  let made: Relation = relationName(p);
  if (p.type() === 'CHANGES' && p.type(1) === 'FROM') made = changes(p, made);
  else made = temporal(p, made);
  if (p.is('WITH', '(')) {
    p.at++;
    const options = propertyList(p) as Options;
    if (made.kind === 'read' && made.namedTable) made = { ...made, namedTable: { ...made.namedTable, options } };
  }
  return tableAlias(p, sample(p, made), from);
}

/** [FOR] VERSION AS OF v, [FOR] TIMESTAMP AS OF e */
function temporal(p: Cursor, input: Relation): Relation {
  const from = p.at;
  const ahead = p.type() === 'FOR' ? 1 : 0;
  const keyword = p.type(ahead);
  if (
    !['VERSION', 'SYSTEM_VERSION', 'TIMESTAMP', 'SYSTEM_TIME'].includes(keyword) ||
    p.type(ahead + 1) !== 'AS' ||
    p.type(ahead + 2) !== 'OF'
  )
    return input;
  p.at += ahead + 3;
  if (keyword.endsWith('VERSION')) return { kind: 'timeTravel', input, version: version(p), origin: p.origin(from) };
  return { kind: 'timeTravel', input, timestamp: p.rules.valueExpression(p), origin: p.origin(from) };
}

function version(p: Cursor): string {
  if (isString(p.type())) return stringLiteral(p);
  if (p.type() !== 'integer') p.fail();
  return p.textOf(p.next());
}

/** CHANGES FROM VERSION a [INCLUSIVE | EXCLUSIVE] [TO VERSION b …]: Connect has it as options of the reader. */
function changes(p: Cursor, input: Relation): Relation {
  const from = p.at;
  p.at++;
  const options: { [key: string]: string } = {};
  for (const [keyword, prefix] of [
    ['FROM', 'starting'],
    ['TO', 'ending'],
  ] as const) {
    if (!p.accept(keyword)) continue;
    const kind = p.expectOneOf('VERSION', 'SYSTEM_VERSION', 'TIMESTAMP', 'SYSTEM_TIME');
    const at = p.at;
    if (kind.endsWith('VERSION')) options[`${prefix}Version`] = version(p);
    else {
      p.rules.valueExpression(p);
      options[`${prefix}Timestamp`] = p.source(at);
    }
    const bound = p.acceptOneOf('INCLUSIVE', 'EXCLUSIVE');
    if (bound !== undefined) options[`${prefix}BoundInclusive`] = `${bound === 'INCLUSIVE'}`;
  }
  const nameParts = input.kind === 'read' ? (input.namedTable?.nameParts ?? []) : [];
  return { kind: 'relationChanges', nameParts, options, origin: p.origin(from) };
}

function stream(p: Cursor): Relation {
  const from = p.at;
  p.at++;
  const isWrapped = p.accept('(');
  const made = relationName(p);
  if (isWrapped) p.expect(')');
  if (p.type() === '(') p.fail();
  return tableAlias(p, made.kind === 'read' ? { ...made, isStreaming: true } : made, from);
}

function inParentheses(p: Cursor, from: number): Relation {
  const query = startsQuery(p, 1)
    ? p.attempt((c) => {
        c.at++;
        const made = c.rules.query(c);
        c.expect(')');
        return made;
      })
    : undefined;
  if (query !== undefined) {
    const sampled = sample(p, query);
    return tableAlias(p, sampled, from);
  }
  p.at++;
  const made = p.rules.relation(p);
  p.expect(')');
  return tableAlias(p, sample(p, made), from);
}
