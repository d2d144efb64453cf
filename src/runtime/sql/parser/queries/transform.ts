// SELECT TRANSFORM(…) USING 'script', MAP … USING, REDUCE … USING: parsed whole; the analyser refuses what it cannot run.
// Source: AstBuilder.withTransformQuerySpecification of Spark 4.2.
import type { Relation } from '../../plan/relations.ts';
import type { Cursor } from '../cursor.ts';
import { columnsWithTypes } from '../data-types.ts';
import { isClauseHere } from '../expressions/named.ts';
import { errorCapturingIdentifier } from '../identifiers.ts';
import { rowFormat } from '../row-format.ts';
import { stringLiteral } from '../strings.ts';
import { fromClause } from './from.ts';
import { aggregation } from './group-by.ts';
import { lateralViews } from './lateral-view.ts';

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

/** @param input the relation of FROM t MAP …; undefined where FROM follows */
export function transformClause(p: Cursor, input: Relation | undefined): Relation {
  const from = p.at;
  const isSelect = p.next().type === 'SELECT';
  if (isSelect) p.expect('TRANSFORM', '(');
  const quantifierAt = p.at;
  const hasQuantifier = p.isOneOf('DISTINCT', 'ALL') && ![',', ')', '.'].includes(p.type(1));
  if (hasQuantifier) p.at++;
  const expressions = p.list(p.rules.expression);
  if (isSelect) p.expect(')');
  rowFormat(p);
  if (p.accept('RECORDWRITER')) stringLiteral(p);
  p.expect('USING');
  const script = stringLiteral(p);
  const output = p.accept('AS') ? outputColumns(p) : [];
  rowFormat(p);
  if (p.accept('RECORDREADER')) stringLiteral(p);
  let below = input ?? (isClauseHere(p, 'FROM') ? fromClause(p) : undefined);
  below = lateralViews(p, below);
  if (isClauseHere(p, 'WHERE')) {
    p.at++;
    below = {
      kind: 'filter',
      input: below ?? { kind: 'project', expressions: [] },
      condition: p.rules.expression(p),
      origin: p.origin(from),
    };
  }
  if (hasQuantifier) throw p.error('UNSUPPORTED_FEATURE.TRANSFORM_DISTINCT_ALL', {}, quantifierAt);
  if (p.is('GROUP', 'BY')) {
    const groups = aggregation(p);
    below = { kind: 'aggregate', ...(below && { input: below }), ...groups, aggregateExpressions: expressions, origin: p.origin(from) };
  }
  if (isClauseHere(p, 'HAVING') && below) {
    p.at++;
    below = { kind: 'having', input: below, condition: p.rules.expression(p), origin: p.origin(from) };
  }
  return { kind: 'scriptTransform', ...(below && { input: below }), expressions, script, output, origin: p.origin(from) };
}

function outputColumns(p: Cursor): string[] {
  const inParentheses = p.accept('(');
  const typed = p.attempt((c) => {
    const columns = columnsWithTypes(c);
    return columns.map(({ name }) => name);
  });
  const names = typed ?? p.list(errorCapturingIdentifier);
  if (inParentheses) p.expect(')');
  return names;
}
