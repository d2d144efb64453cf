// Constants computed while planning, where JavaScript computes exactly what the kernel would: whole numbers, comparisons of them, of dates and
// booleans, casts between whole numbers. What may fail or round stays for the kernel. Source: ConstantFolding of Spark 4.2.
import type { Call, Cast, Expr, Literal } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import type { DataType } from '../types/data-type.ts';
import { expressionRule } from './expression-rules.ts';

const BITS: Readonly<Record<string, bigint>> = { byte: 8n, short: 16n, integer: 32n, long: 64n };

/** A whole number's value; undefined: it is none, or NULL. */
const wholeOf = (e: Expr): bigint | undefined =>
  e.kind === 'literal' && e.dataType.tag in BITS && e.value !== null ? BigInt(e.value as number | bigint) : undefined;

/** undefined: the type does not hold it, so that the kernel shall say so. */
function wholeLiteral(value: bigint, type: DataType): Literal | undefined {
  const bits = BITS[type.tag];
  if (bits === undefined || BigInt.asIntN(Number(bits), value) !== value) return undefined;
  return literal(type.tag === 'long' ? value : Number(value), type);
}

function arithmetic(name: string, a: bigint, b: bigint, type: DataType): Literal | undefined {
  if (name === '+') return wholeLiteral(a + b, type);
  if (name === '-') return wholeLiteral(a - b, type);
  return name === '*' ? wholeLiteral(a * b, type) : undefined;
}

const ORDER: Readonly<Record<string, (sign: number) => boolean>> = {
  '==': (sign) => sign === 0,
  '!=': (sign) => sign !== 0,
  '<': (sign) => sign < 0,
  '<=': (sign) => sign <= 0,
  '>': (sign) => sign > 0,
  '>=': (sign) => sign >= 0,
};
const ORDERED: ReadonlySet<string> = new Set(['byte', 'short', 'integer', 'long', 'date', 'boolean']);

function comparison(name: string, a: Literal, b: Literal): boolean | undefined {
  const { tag } = a.dataType;
  if (!(name in ORDER) || tag !== b.dataType.tag || !ORDERED.has(tag) || a.value === null || b.value === null) return undefined;
  return ORDER[name]!(a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
}

function foldedCall(e: Call): Expr {
  const [a, b] = e.args;
  if (e.args.length !== 2 || a!.kind !== 'literal' || b!.kind !== 'literal') return e;
  const [x, y] = [wholeOf(a!), wholeOf(b!)];
  if (x !== undefined && y !== undefined && a!.dataType.tag === b!.dataType.tag && e.dataType.tag === a!.dataType.tag)
    return arithmetic(e.spec.name, x, y, e.dataType) ?? e;
  const truth = comparison(e.spec.name, a as Literal, b as Literal);
  return truth === undefined ? e : literal(truth, { tag: 'boolean' });
}

/** Between whole numbers. */
function foldedCast(e: Cast): Expr {
  const value = wholeOf(e.child);
  return value === undefined ? e : (wholeLiteral(value, e.dataType) ?? e);
}

export const constantFolding = expressionRule('ConstantFolding', (e) =>
  e.kind === 'call' ? foldedCall(e) : e.kind === 'cast' ? foldedCast(e) : e,
);
