// Conditions of a query in the database's own SQL. What is compared otherwise there is not sent; what is sent is looked at again in the kernel, so
// that a database may answer too many rows, never too few. Source: JdbcDialect.compileExpression and V2ExpressionSQLBuilder of Spark 4.2.
import { isCall } from '../../logical/conjuncts.ts';
import type { Attribute, Cast, Expr, Literal } from '../../logical/expressions.ts';
import type { JdbcScan } from '../../logical/jdbc-scan.ts';
import { dateText, localTimestampText } from '../../types/value-text.ts';
import { dialectOf } from './dialect.ts';

const OPERATORS: Readonly<Record<string, string>> = { '==': '=', '=': '=', '<=>': '=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };
const TURNED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** @param nameOf the scan's column that an attribute is. @returns undefined where the database is not to be asked */
export function remoteFilter(e: Expr, jdbc: JdbcScan, nameOf: (a: Attribute) => string | undefined, isNegated = false): string | undefined {
  if (e.kind !== 'call') return undefined;
  const dialect = dialectOf(jdbc.database);
  const again = (x: Expr, negated = isNegated) => remoteFilter(x, jdbc, nameOf, negated);
  const columnOf = (x: Expr | undefined) => {
    const name = x?.kind === 'attribute' ? nameOf(x) : undefined;
    const known = name === undefined ? undefined : jdbc.columns[name];
    return known && { sql: dialect.quote(name!), compares: known.compares, isText: known.dataType.tag === 'string' };
  };
  const { name } = e.spec;
  const [first, second] = e.args;
  if (name === 'and' || name === 'or') {
    const sides = e.args.map((arg) => again(arg));
    return sides.includes(undefined) ? undefined : `(${sides.join(name === 'and' ? ' AND ' : ' OR ')})`;
  }
  if (name === 'not') {
    const inner = again(first!, !isNegated);
    return inner && `(NOT ${inner})`;
  }
  if (name === 'isnull' || name === 'isnotnull') {
    const column = columnOf(first);
    return column && `(${column.sql} IS ${name === 'isnull' ? '' : 'NOT '}NULL)`;
  }
  const column = columnOf(first) ?? columnOf(second);
  if (column === undefined || column.compares === 'never') return undefined;
  // Equality of texts may be of another kind than Spark's: it finds more.
  if (column.compares === 'equality' && isNegated && !dialect.likeIsExact) return undefined;
  const left = column.isText && dialect.binary !== undefined ? dialect.binary(column.sql) : column.sql;
  const literals = e.args.slice(1).map((arg) => literalText(arg, dialect.text));
  if (name === 'in') return literals.includes(undefined) ? undefined : `(${left} IN (${literals.join(', ')}))`;
  if (['like', 'startswith', 'contains', 'endswith'].includes(name)) return likeText(e.args, name, column.sql);
  const operator = OPERATORS[name];
  if (operator === undefined || e.args.length !== 2 || (column.compares === 'equality' && operator !== '=')) return undefined;
  const isTurned = first!.kind !== 'attribute';
  const value = literalText(isTurned ? first! : second!, dialect.text);
  if (value === undefined) return undefined;
  const compared = `${left} ${isTurned ? (TURNED[operator] ?? operator) : operator} ${value}`;
  return isCall(e, '<=>') ? `(${column.sql} IS NOT NULL AND ${compared})` : `(${compared})`;

  function likeText(args: readonly Expr[], how: string, sql: string): string | undefined {
    const pattern = args[1];
    if (args.length > 3 || (args.length === 3 && how !== 'like') || (isNegated && !dialect.likeIsExact)) return undefined;
    if (pattern?.kind !== 'literal' || typeof pattern.value !== 'string' || /[\\\0]/.test(pattern.value)) return undefined;
    if (how !== 'like' && /[%_]/.test(pattern.value)) return undefined;
    const ends = { like: ['', ''], startswith: ['', '%'], contains: ['%', '%'], endswith: ['%', ''] }[how]!;
    return `(${sql} LIKE ${dialect.text(`${ends[0]}${pattern.value}${ends[1]}`)})`;
  }
}

/** A number as its column's type has the same value there; NULL compares with nothing. */
function literalText(e: Expr, text: (value: string) => string): string | undefined {
  if (e.kind === 'cast' && isWidening(e)) return literalText(e.child, text);
  if (e.kind !== 'literal' || e.value === null) return undefined;
  const { value, dataType } = e as Literal;
  switch (dataType.tag) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
    case 'decimal':
      return String(value);
    case 'double':
      return Number.isFinite(value) ? `${String(value)}${/[.e]/.test(String(value)) ? '' : '.0'}` : undefined;
    case 'string':
      return (value as string).includes('\0') ? undefined : text(value as string);
    case 'date':
      return `'${dateText(value as number)}'`;
    case 'timestamp_ntz':
      return `'${localTimestampText(value as bigint)}'`;
    default:
      return undefined;
  }
}

const WHOLE = ['byte', 'short', 'integer', 'long'];

/** Of what the analyser casts so that both sides have one type. */
function isWidening({ child, dataType: to }: Cast): boolean {
  const from = child.dataType;
  if (WHOLE.includes(from.tag))
    return to.tag === 'decimal' || (to.tag === 'double' && from.tag !== 'long') || WHOLE.indexOf(to.tag) > WHOLE.indexOf(from.tag);
  return from.tag === 'decimal' && to.tag === 'decimal' && to.scale >= from.scale;
}
