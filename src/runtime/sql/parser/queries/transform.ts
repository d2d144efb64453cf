// SELECT TRANSFORM(…) USING 'script', MAP … USING, REDUCE … USING: a SELECT whose rows a script is given.
// Source: AstBuilder.withTransformQuerySpecification of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import type { Relation } from '../../plan/relations.ts';
import type { ScriptTransform } from '../../plan/sql-relations.ts';
import type { Cursor } from '../cursor.ts';
import { columnsWithTypes } from '../data-types.ts';
import { isClauseHere } from '../expressions/named.ts';
import { errorCapturingIdentifier } from '../identifiers.ts';
import { rowFormat } from '../row-format.ts';
import { stringLiteral } from '../strings.ts';
import { fromClause } from './from.ts';

/** SELECT TRANSFORM(…) is also a function call: only USING after the parenthesis tells. MAP and REDUCE begin nothing else here. */
export function isTransform(p: Cursor): boolean {
  if (p.type() === 'MAP' || p.type() === 'REDUCE') return true;
  if (!p.is('SELECT', 'TRANSFORM', '(')) return false;
  let depth = 0;
  for (let ahead = 2; p.type(ahead) !== 'eof'; ahead++) {
    if (p.type(ahead) === '(') depth++;
    else if (p.type(ahead) === ')' && --depth === 0) return ['USING', 'ROW', 'RECORDWRITER'].includes(p.type(ahead + 1));
  }
  return false;
}

/** What follows the list of a SELECT and its FROM. */
type SelectRest = (p: Cursor, from: number, list: readonly Expression[], input: Relation | undefined) => Relation;

/** @param input the relation of FROM t MAP …; undefined where FROM follows */
export function transformClause(p: Cursor, input: Relation | undefined, rest: SelectRest): Relation {
  const from = p.at;
  const isSelect = p.next().type === 'SELECT';
  if (isSelect) p.expect('TRANSFORM', '(');
  const quantifierAt = p.at;
  const hasQuantifier = p.isOneOf('DISTINCT', 'ALL') && ![',', ')', '.'].includes(p.type(1));
  if (hasQuantifier) p.at++;
  const expressions = p.list(p.rules.expression);
  if (isSelect) p.expect(')');
  const reads = rowFormat(p);
  if (p.accept('RECORDWRITER')) stringLiteral(p);
  p.expect('USING');
  const script = stringLiteral(p);
  const output = p.accept('AS') ? outputColumns(p) : [];
  const writes = rowFormat(p);
  if (p.accept('RECORDREADER')) stringLiteral(p);
  const below = rest(p, from, expressions, input ?? (isClauseHere(p, 'FROM') ? fromClause(p) : undefined));
  if (hasQuantifier) throw p.error('UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL', {}, quantifierAt);
  const formats = { ...(reads && { input: reads }), ...(writes && { output: writes }) };
  return { kind: 'scriptTransform', input: below, script, output, formats, origin: p.origin(from) };
}

function outputColumns(p: Cursor): ScriptTransform['output'] {
  const inParentheses = p.accept('(');
  const typed = p.attempt((c) => columnsWithTypes(c).map(({ name, dataType }) => ({ name, dataType })));
  const names = typed ?? p.list(errorCapturingIdentifier).map((name) => ({ name }));
  if (inParentheses) p.expect(')');
  return names;
}
