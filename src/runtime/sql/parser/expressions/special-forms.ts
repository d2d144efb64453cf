// Expressions that begin with a keyword and have a syntax of their own: CASE, CAST, EXTRACT, TRIM, OVERLAY, POSITION, SUBSTRING … FROM,
// date arithmetic with a unit, functions without parentheses. All become functions or casts; only their spelling is special.
// Source: the primaryExpression rule of Spark 4.2.
import type { Expression } from '../../plan/expressions.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { dataType } from '../data-types.ts';
import { simpleIdentifier } from '../identifiers.ts';
import { isString } from '../strings.ts';
import { call, literal, text } from './make.ts';
import { namedExpression } from './named.ts';

const WITHOUT_PARENTHESES = new Set([
  'CURRENT_DATE',
  'CURRENT_TIMESTAMP',
  'CURRENT_TIME',
  'CURRENT_USER',
  'CURRENT_PATH',
  'USER',
  'SESSION_USER',
]);
const CALLS: { readonly [keyword: string]: (p: Cursor, from: number) => Expression | undefined } = {
  CAST: (p, from) => cast(p, from, undefined),
  TRY_CAST: (p, from) => cast(p, from, 'try'),
  STRUCT: struct,
  POSITION: position,
  EXTRACT: extract,
  SUBSTR: substring,
  SUBSTRING: substring,
  TRIM: trim,
  OVERLAY: overlay,
  DATEADD: dateArithmetic,
  DATE_ADD: dateArithmetic,
  TIMESTAMPADD: dateArithmetic,
  DATEDIFF: dateArithmetic,
  DATE_DIFF: dateArithmetic,
  TIMEDIFF: dateArithmetic,
  TIMESTAMPDIFF: dateArithmetic,
};

/** The keyword inside that makes the form special: without it, it is an ordinary call. Trying both would double at each level of nesting. */
const MARKS: { readonly [keyword: string]: string } = {
  POSITION: 'IN',
  EXTRACT: 'FROM',
  SUBSTR: 'FROM',
  SUBSTRING: 'FROM',
  TRIM: 'FROM',
  OVERLAY: 'PLACING',
};

/** @returns undefined when the keyword is used as a name or an ordinary function */
export function specialForm(p: Cursor): Expression | undefined {
  const type = p.type();
  const from = p.at;
  if (type === 'CASE') return p.attempt(caseExpression);
  if (WITHOUT_PARENTHESES.has(type) && p.type(1) !== '(' && p.type(1) !== '.') {
    p.at++;
    return { ...call(p, from, type.toLowerCase()), keyword: p.origin(from).fragment };
  }
  if (p.type(1) !== '(') return undefined;
  const rule = CALLS[type];
  if (rule === undefined || !Object.hasOwn(CALLS, type)) return undefined;
  const mark = MARKS[type];
  if (mark !== undefined && !p.hasInside(1, mark)) return undefined;
  // The same name with plain arguments is an ordinary call: substring(s, 1, 2), position('a', s).
  const made = p.attempt((c) => {
    c.at += 2;
    return rule(c, from);
  });
  if (made === undefined) p.at = from;
  return made;
}

function caseExpression(p: Cursor): Expression {
  const from = p.at;
  p.at++;
  const value = p.type() === 'WHEN' ? undefined : p.rules.expression(p);
  const args: Expression[] = [];
  p.expect('WHEN');
  do {
    const at = p.at;
    const condition = p.rules.expression(p);
    args.push(value === undefined ? condition : call(p, at, '==', value, condition));
    p.expect('THEN');
    args.push(p.rules.expression(p));
  } while (p.accept('WHEN'));
  if (p.accept('ELSE')) args.push(p.rules.expression(p));
  p.expect('END');
  return call(p, from, 'when', ...args);
}

function cast(p: Cursor, from: number, evalMode: 'try' | undefined): Expression {
  const expr = p.rules.expression(p);
  p.expect('AS');
  const type = dataType(p);
  p.expect(')');
  return { kind: 'cast', expr, type, ...(evalMode && { evalMode }), origin: p.origin(from) };
}

function struct(p: Cursor, from: number): Expression {
  const args = p.type() === ')' ? [] : p.list(namedExpression);
  p.expect(')');
  return call(p, from, 'struct', ...args);
}

function position(p: Cursor, from: number): Expression {
  const part = p.rules.valueExpression(p);
  p.expect('IN');
  const whole = p.rules.valueExpression(p);
  p.expect(')');
  return call(p, from, 'locate', part, whole);
}

function extract(p: Cursor, from: number): Expression {
  const at = p.at;
  const field = simpleIdentifier(p);
  const fieldText = text(p, at, field);
  p.expect('FROM');
  const source = p.rules.valueExpression(p);
  p.expect(')');
  return call(p, from, 'extract', fieldText, source);
}

function substring(p: Cursor, from: number): Expression {
  const args = [p.rules.valueExpression(p)];
  p.expect('FROM');
  args.push(p.rules.valueExpression(p));
  if (p.acceptOneOf('FOR', ',') !== undefined) args.push(p.rules.valueExpression(p));
  p.expect(')');
  return call(p, from, 'substring', ...args);
}

const TRIMS = { BOTH: 'trim', LEADING: 'ltrim', TRAILING: 'rtrim' } as const;

/** TRIM([BOTH | LEADING | TRAILING] [characters] FROM text). The functions take the characters first, then the text. */
function trim(p: Cursor, from: number): Expression {
  const side = p.type(1) === ')' ? undefined : p.acceptOneOf('BOTH', 'LEADING', 'TRAILING');
  const characters = p.type() === 'FROM' ? undefined : p.rules.valueExpression(p);
  p.expect('FROM');
  const whole = p.rules.valueExpression(p);
  p.expect(')');
  return call(p, from, TRIMS[(side ?? 'BOTH') as keyof typeof TRIMS], ...(characters ? [characters] : []), whole);
}

function overlay(p: Cursor, from: number): Expression {
  const args = [p.rules.valueExpression(p)];
  p.expect('PLACING');
  args.push(p.rules.valueExpression(p));
  p.expect('FROM');
  args.push(p.rules.valueExpression(p));
  if (p.accept('FOR')) args.push(p.rules.valueExpression(p));
  p.expect(')');
  return call(p, from, 'overlay', ...args);
}

const UNITS = new Set(['YEAR', 'QUARTER', 'MONTH', 'WEEK', 'DAY', 'DAYOFYEAR', 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND']);

/** dateadd(DAY, 1, x) and datediff(DAY, a, b); with two arguments and no unit they are ordinary functions. */
function dateArithmetic(p: Cursor, from: number): Expression | undefined {
  const keyword = p.tokens[from]?.type as string;
  const unitAt = p.at;
  const hasUnit = UNITS.has(p.type()) && p.type(1) === ',';
  const unitText = isString(p.type()) && p.type(1) === ',' ? p.textOf(p.token) : undefined;
  if (!hasUnit && unitText === undefined) p.fail();
  p.at += 2;
  const unit = literal(p, unitAt, { type: 'string', value: p.textOf(p.tokens[unitAt] as never) });
  const args = [p.rules.valueExpression(p)];
  p.expect(',');
  args.push(p.rules.valueExpression(p));
  p.expect(')');
  const name = p.textOf(p.tokens[from] as never);
  if (unitText !== undefined)
    p.report(
      'INVALID_PARAMETER_VALUE.DATETIME_UNIT',
      { functionName: quoteIdentifier(name), parameter: '`unit`', invalidValue: `'${unitText.slice(1, -1)}'` },
      from,
    );
  return call(p, from, keyword.endsWith('DIFF') ? 'timestampdiff' : 'timestampadd', unit, ...args);
}
