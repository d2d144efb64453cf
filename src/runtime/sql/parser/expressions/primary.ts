// The smallest expressions and what may follow one: a.b, a[i], e::type, e COLLATE c, v:path. Forms that begin with a keyword are in
// special-forms.ts, calls in function-call.ts, constants in constants.ts. Source: the primaryExpression rule of Spark 4.2.
import type { Expression, UnresolvedNamedLambdaVariable } from '../../plan/expressions.ts';
import type { Cursor } from '../cursor.ts';
import { dataType } from '../data-types.ts';
import { identifier, identifierParts, isLiteralClause, multipartIdentifier, nameOf } from '../identifiers.ts';
import { startsQuery } from '../queries/starts-query.ts';
import { isString } from '../strings.ts';
import { constant } from './constants.ts';
import { functionCall } from './function-call.ts';
import { text } from './make.ts';
import { namedExpression } from './named.ts';
import { specialForm } from './special-forms.ts';
import { extractionPath } from './variant-path.ts';

export function primaryExpression(p: Cursor): Expression {
  const from = p.at;
  let made = operand(p);
  for (;;) {
    switch (p.type()) {
      case '[': {
        p.at++;
        const extraction = p.rules.valueExpression(p);
        p.expect(']');
        made = { kind: 'unresolvedExtractValue', child: made, extraction, origin: p.origin(from) };
        break;
      }
      case '.':
        made = dereference(p, made, from);
        break;
      case '::': {
        p.at++;
        const type = dataType(p);
        made = { kind: 'cast', expr: made, type, origin: p.origin(from) };
        break;
      }
      case 'COLLATE': {
        if (p.tokens[p.at + 1]?.isWord !== true) return made;
        p.at++;
        const collation = multipartIdentifier(p);
        made = { kind: 'collate', child: made, collation, origin: p.origin(from) };
        break;
      }
      case ':': {
        p.at++;
        const path = extractionPath(p);
        made = { kind: 'semiStructuredExtract', child: made, path, origin: p.origin(from) };
        break;
      }
      default:
        return made;
    }
  }
}

/** `a.b` on a column is one name of two parts; the analyser tells columns from fields. On anything else it reads a field. */
function dereference(p: Cursor, base: Expression, from: number): Expression {
  p.at++;
  const at = p.at;
  const field = identifier(p);
  if (base.kind === 'unresolvedAttribute') return { ...base, nameParts: [...base.nameParts, field], origin: p.origin(from) };
  return { kind: 'unresolvedExtractValue', child: base, extraction: text(p, at, field), origin: p.origin(from) };
}

function operand(p: Cursor): Expression {
  const token = p.token;
  if (!token.isWord && token.type.charCodeAt(0) === 40) return parenthesized(p);
  if (token.type === '*') return star(p, []);
  const special = specialForm(p);
  if (special !== undefined) return special;
  const fixed = constant(p);
  if (fixed !== undefined) return fixed;
  if (!token.isWord) {
    // LEFT(, RIGHT( and FILTER( are calls even where their words are reserved.
    if (p.type(1) === '(' && p.isOneOf('LEFT', 'RIGHT', 'FILTER')) return functionCall(p, [p.textOf(p.next())], p.at - 1);
    p.fail();
  }
  return nameOrCall(p);
}

function nameOrCall(p: Cursor): Expression {
  const from = p.at;
  if (p.is('IDENTIFIER', '(')) {
    const clause = identifierClause(p);
    if (clause !== undefined) return clause;
  }
  if (p.type(1) === '->') {
    const variable = lambdaVariable(p);
    p.at++;
    return { kind: 'lambdaFunction', function: p.rules.expression(p), arguments: [variable], origin: p.origin(from) };
  }
  const nameParts = identifierParts(p);
  while (p.type() === '.' && p.tokens[p.at + 1]?.isWord === true) {
    p.at++;
    nameParts.push(identifier(p));
  }
  if (p.is('.', '*')) {
    p.at++;
    return star(p, nameParts, from);
  }
  if (p.type() === '(') return functionCall(p, nameParts, from);
  return { kind: 'unresolvedAttribute', nameParts, origin: p.origin(from) };
}

/** IDENTIFIER(expression): of a literal it is just the name; else what it names is known after evaluation. As a function name it may be called. */
function identifierClause(p: Cursor): Expression | undefined {
  if (isLiteralClause(p)) return undefined;
  const from = p.at;
  p.at += 2;
  const expression = p.attempt((c) => {
    const inner = c.rules.expression(c);
    c.expect(')');
    return inner;
  });
  if (expression === undefined) {
    p.at = from;
    return undefined;
  }
  if (p.type() === '(') return functionCall(p, [], from, expression);
  return { kind: 'identifierClause', expression, origin: p.origin(from) };
}

/** `*`, `t.*`, both with EXCEPT (columns). */
function star(p: Cursor, target: readonly string[], from = p.at): Expression {
  p.at++;
  const exceptColumns = p.is('EXCEPT', '(') && !startsQuery(p, 1) ? exceptList(p) : undefined;
  return {
    kind: 'unresolvedStar',
    ...(target.length > 0 && { unparsedTarget: target }),
    ...(exceptColumns && { exceptColumns }),
    origin: p.origin(from),
  };
}

function exceptList(p: Cursor): string[][] {
  p.at++;
  return p.parenthesized(multipartIdentifier);
}

function parenthesized(p: Cursor): Expression {
  const from = p.at;
  const quirk = p.type(1) === 'SELECT' && isString(p.type(2)) && p.type(3) === ',' ? p.attempt(row) : undefined;
  if (quirk !== undefined) return quirk;
  if (startsQuery(p, 1)) {
    const plan = p.attempt((c) => {
      c.at++;
      const query = c.rules.query(c);
      c.expect(')');
      return query;
    });
    if (plan !== undefined) return { kind: 'subqueryExpression', subqueryType: 'scalar', plan, origin: p.origin(from) };
  }
  const lambda = lambdaOfMany(p);
  if (lambda !== undefined) return lambda;
  return row(p);
}

/** Spark takes even (SELECT 'a', 'b') for one, of a literal of type SELECT: that error is Spark's. */
function row(p: Cursor): Expression {
  const from = p.at;
  p.at++;
  const elements = p.list(namedExpression);
  if (!p.accept(')')) p.fail();
  if (elements.length > 1) return { kind: 'rowConstructor', elements, origin: p.origin(from) };
  const [only] = elements as [Expression];
  // `(e AS a)` alone is no expression.
  if (only.kind === 'alias') p.fail('', p.at - 1);
  return only;
}

/** `(x, y) -> …` */
function lambdaOfMany(p: Cursor): Expression | undefined {
  let ahead = 1;
  while (p.tokens[p.at + ahead]?.isWord === true && p.type(ahead + 1) === ',') ahead += 2;
  if (ahead === 1 || p.tokens[p.at + ahead]?.isWord !== true || p.type(ahead + 1) !== ')' || p.type(ahead + 2) !== '->') return undefined;
  const from = p.at;
  const variables = p.parenthesized(lambdaVariable);
  p.at++;
  return { kind: 'lambdaFunction', function: p.rules.expression(p), arguments: variables, origin: p.origin(from) };
}

function lambdaVariable(p: Cursor): UnresolvedNamedLambdaVariable {
  const token = p.next();
  return { kind: 'unresolvedNamedLambdaVariable', nameParts: [nameOf(p, token)], origin: p.origin(p.at - 1) };
}
