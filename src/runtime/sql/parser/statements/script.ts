// BEGIN … END: the bodies of scripts and what may stand in them. Loops and branches are script-flow.ts.
// Source: the compoundBody and compoundStatement rules of Spark 4.2. Whether names fit together is checked when a script runs.
import type { CompoundBody, ConditionValue, ScriptStatement } from '../../plan/script.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { namedExpressions } from '../expressions/named.ts';
import { errorCapturingIdentifier, identifier, multipartIdentifier } from '../identifiers.ts';
import { stringLiteral } from '../strings.ts';
import { assignmentList } from './dml.ts';
import { branches, loops } from './script-flow.ts';
import { statement } from './statement.ts';

/** Whether a script begins here; BEGIN is no statement's first word otherwise. */
export const startsScript = (p: Cursor): boolean => p.type() === 'BEGIN';

/** BEGIN comes next. */
export function script(p: Cursor): CompoundBody {
  return block(p, undefined);
}

function block(p: Cursor, label: string | undefined): CompoundBody {
  p.expect('BEGIN');
  p.accept('NOT', 'ATOMIC');
  const body = statements(p, 'END');
  p.expect('END');
  endLabel(p, label);
  return { kind: 'compoundBody', ...(label !== undefined && { label }), body };
}

/** @throws ParseException LABELS_MISMATCH */
function endLabel(p: Cursor, label: string | undefined): void {
  if (label === undefined || !p.token.isWord) return;
  const from = p.at;
  const end = identifier(p);
  if (end.toLowerCase() !== label.toLowerCase())
    p.report('LABELS_MISMATCH', { beginLabel: quoteIdentifier(label.toLowerCase()), endLabel: quoteIdentifier(end.toLowerCase()) }, from);
}

/** `statement;` until one of the keywords that end a body. */
function statements(p: Cursor, ...ends: readonly string[]): ScriptStatement[] {
  const made: ScriptStatement[] = [];
  while (!ends.includes(p.type())) {
    made.push(scriptStatement(p));
    p.expect(';');
  }
  return made;
}

function scriptStatement(p: Cursor): ScriptStatement {
  const from = p.at;
  const label = p.token.isWord && p.type(1) === ':' ? beginLabel(p) : undefined;
  if (p.type() === 'BEGIN') return { ...block(p, label), origin: p.origin(from) };
  const tools = { statements, endLabel };
  const loop = loops(p, label, tools);
  if (loop !== undefined) return { ...loop, origin: p.origin(from) };
  if (label !== undefined) p.fail();
  const made = branches(p, tools) ?? jumpOrCursor(p) ?? declaration(p) ?? setVariables(p);
  if (made !== undefined) return { ...made, origin: p.origin(from) };
  return { kind: 'single', plan: statement(p), origin: p.origin(from) };
}

function beginLabel(p: Cursor): string {
  const label = identifier(p);
  p.at++;
  return label;
}

function jumpOrCursor(p: Cursor): ScriptStatement | undefined {
  switch (p.type()) {
    case 'LEAVE':
    case 'ITERATE':
      return { kind: p.next().type === 'LEAVE' ? 'leave' : 'iterate', target: identifier(p) };
    case 'OPEN': {
      p.at++;
      const cursor = multipartIdentifier(p);
      if (!p.accept('USING')) return { kind: 'openCursor', cursor, using: [] };
      const isList = p.accept('(');
      const using = namedExpressions(p);
      if (isList) p.expect(')');
      return { kind: 'openCursor', cursor, using };
    }
    case 'FETCH': {
      p.at++;
      if (!p.accept('NEXT', 'FROM')) p.accept('FROM');
      const cursor = multipartIdentifier(p);
      p.expect('INTO');
      return { kind: 'fetchCursor', cursor, into: p.list(multipartIdentifier) };
    }
    case 'CLOSE':
      p.at++;
      return { kind: 'closeCursor', cursor: multipartIdentifier(p) };
    default:
      return undefined;
  }
}

/** DECLARE of a condition, a handler or a cursor; of a variable it is a statement like outside of scripts. */
function declaration(p: Cursor): ScriptStatement | undefined {
  if (p.type() !== 'DECLARE') return undefined;
  if (p.isOneOf('DECLARE') && (p.type(1) === 'CONTINUE' || p.type(1) === 'EXIT') && p.type(2) === 'HANDLER') return handler(p);
  if (p.type(2) === 'CONDITION') {
    p.at++;
    const name = identifier(p);
    p.at++;
    return { kind: 'declareCondition', name, ...(p.accept('FOR') && { sqlState: sqlState(p) }) };
  }
  const isCursor = p.type(2) === 'CURSOR' || ((p.type(2) === 'ASENSITIVE' || p.type(2) === 'INSENSITIVE') && p.type(3) === 'CURSOR');
  if (!isCursor) return undefined;
  p.at++;
  const name = errorCapturingIdentifier(p);
  p.acceptOneOf('ASENSITIVE', 'INSENSITIVE');
  p.expect('CURSOR', 'FOR');
  const query = p.rules.query(p);
  p.accept('FOR', 'READ', 'ONLY');
  return { kind: 'declareCursor', name, query };
}

function sqlState(p: Cursor): string {
  p.expect('SQLSTATE');
  p.accept('VALUE');
  return stringLiteral(p);
}

function handler(p: Cursor): ScriptStatement {
  p.at++;
  const action = p.next().type === 'CONTINUE' ? 'continue' : 'exit';
  p.expect('HANDLER', 'FOR');
  const conditions = p.list((c): ConditionValue => {
    if (c.type() === 'SQLSTATE' && c.type(1) !== '.') return { sqlState: sqlState(c) };
    if (c.accept('NOT', 'FOUND')) return { name: ['NOT FOUND'] };
    return { name: multipartIdentifier(c) };
  });
  const body: ScriptStatement = p.type() === 'BEGIN' ? block(p, undefined) : (setVariables(p) ?? { kind: 'single', plan: statement(p) });
  return { kind: 'declareHandler', action, conditions, body };
}

/** In a script SET sets variables. */
function setVariables(p: Cursor): ScriptStatement | undefined {
  if (p.type() !== 'SET') return undefined;
  p.at++;
  if (p.isOneOf('VAR', 'VARIABLE') && p.type(1) !== '=' && p.type(1) !== '.') p.at++;
  if (p.type() !== '(') return { kind: 'set', assignments: assignmentList(p) };
  const variables = p.parenthesized(multipartIdentifier);
  p.expect('=', '(');
  const query = p.rules.query(p);
  p.expect(')');
  return { kind: 'setFromQuery', variables, query };
}
