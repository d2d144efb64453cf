// OVER w, OVER (PARTITION BY … ORDER BY … frame), and the definitions of the WINDOW clause.
import type { Expression, FrameBoundary, SortOrder, UnresolvedFunction, WindowFrame, WindowSpec } from '../../plan/expressions.ts';
import { quoteIdentifier } from '../../types/type-names.ts';
import type { Cursor } from '../cursor.ts';
import { errorCapturingIdentifier } from '../identifiers.ts';
import { sortItem } from './make.ts';

const NOTHING: WindowSpec = { partitionSpec: [], orderSpec: [] };

/** OVER comes next. */
export function overClause(p: Cursor, windowFunction: UnresolvedFunction, from: number): Expression {
  p.at++;
  const spec = windowSpec(p);
  if (typeof spec === 'string') return { kind: 'window', windowFunction, ...NOTHING, windowName: spec, origin: p.origin(from) };
  return { kind: 'window', windowFunction, ...spec, origin: p.origin(from) };
}

/** A name refers to another definition. */
function windowSpec(p: Cursor): WindowSpec | string {
  if (p.type() !== '(') return errorCapturingIdentifier(p);
  if (p.tokens[p.at + 1]?.isWord === true && p.type(2) === ')') {
    p.at++;
    const name = errorCapturingIdentifier(p);
    p.expect(')');
    return name;
  }
  p.at++;
  const clustered = p.accept('CLUSTER', 'BY');
  const partitioned = clustered || p.accept('PARTITION', 'BY') || p.accept('DISTRIBUTE', 'BY');
  const partitionSpec = partitioned ? p.list(p.rules.expression) : [];
  const ordered = !clustered && (p.accept('ORDER', 'BY') || p.accept('SORT', 'BY'));
  const orderSpec: SortOrder[] = ordered ? p.list(sortItem) : [];
  const frameSpec = p.isOneOf('ROWS', 'RANGE') ? frame(p) : undefined;
  p.expect(')');
  return { partitionSpec, orderSpec, ...(frameSpec && { frameSpec }) };
}

function frame(p: Cursor): WindowFrame {
  const frameType = p.next().type === 'ROWS' ? 'row' : 'range';
  if (!p.accept('BETWEEN')) return { frameType, lower: boundary(p), upper: { tag: 'currentRow' } };
  const lower = boundary(p);
  p.expect('AND');
  return { frameType, lower, upper: boundary(p) };
}

/** `n PRECEDING` is the value −n, as Spark Connect has it. */
function boundary(p: Cursor): FrameBoundary {
  if (p.is('UNBOUNDED', 'PRECEDING') || p.is('UNBOUNDED', 'FOLLOWING')) {
    p.at += 2;
    return { tag: 'unbounded' };
  }
  if (p.accept('CURRENT', 'ROW')) return { tag: 'currentRow' };
  const from = p.at;
  const value = p.rules.expression(p);
  if (!isConstant(value)) p.report('_LEGACY_ERROR_TEMP_0064', { msg: 'Frame bound value must be a literal.' }, from);
  if (p.expectOneOf('PRECEDING', 'FOLLOWING') === 'FOLLOWING') return { tag: 'value', value };
  return { tag: 'value', value: { kind: 'unresolvedFunction', functionName: 'negative', arguments: [value], origin: p.origin(from) } };
}

const FOLDED = new Set(['+', '-', '*', '/', '%', 'div', 'negative', 'positive']);

/** Literals and arithmetic on them. Functions are not known yet, so they are refused as Spark refuses them. */
function isConstant(e: Expression): boolean {
  if (e.kind === 'literal' || e.kind === 'parameter') return true;
  if (e.kind === 'cast') return isConstant(e.expr);
  return e.kind === 'unresolvedFunction' && FOLDED.has(e.functionName) && e.arguments.every(isConstant);
}

/** WINDOW a AS (…), b AS a. The keyword is taken. References between them are resolved here: they are only names. */
export function windowDefinitions(p: Cursor): Map<string, WindowSpec> {
  const from = p.at - 1;
  const named = p.list((c): [string, WindowSpec | string] => {
    const name = errorCapturingIdentifier(c);
    c.expect('AS');
    return [name, windowSpec(c)];
  });
  const written = new Map(named);
  for (const [i, [name]] of named.entries())
    if (named.findIndex(([other]) => other === name) !== i)
      throw p.error('INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION', { windowName: quoteIdentifier(name) }, from);
  const made = new Map<string, WindowSpec>();
  for (const [name, spec] of written) {
    const actual = typeof spec === 'string' ? written.get(spec) : spec;
    if (actual === undefined)
      throw p.error('INVALID_SQL_SYNTAX.UNRESOLVED_WINDOW_REFERENCE', { windowName: quoteIdentifier(spec as string) }, from);
    if (typeof actual === 'string')
      throw p.error('INVALID_SQL_SYNTAX.INVALID_WINDOW_REFERENCE', { windowName: quoteIdentifier(spec as string) }, from);
    made.set(name, actual);
  }
  return made;
}
