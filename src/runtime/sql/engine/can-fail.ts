// Conditions that the kernel finds on its own, and which expressions can end in them: by types, and by the values that the message has where an
// expression has constants in their places. What functions raise themselves needs none of it (failed-expression.ts).
import type { MessageParameters } from '../errors/conditions.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import { type DataType, STRING } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';

/** `words` are the kernel's own. */
export type Failure = { readonly parameters: MessageParameters; readonly words: string };
type Rule = {
  readonly can: (e: Expr, failure: Failure) => boolean;
  /** Operands beside the values that they had; left out: the message has none. */
  readonly operands?: (e: Expr, failure: Failure) => readonly (readonly [operand: Expr, value: Expr])[];
};

export const CAN_FAIL: { readonly [condition: string]: Rule } = {
  CAST_INVALID_INPUT: {
    can: (e, { parameters: { expression, sourceType, targetType } }) =>
      e.kind === 'cast' &&
      e.mode === 'ansi' &&
      castPairs(e.child.dataType, e.dataType).some(([from, to]) => quotedType(from) === sourceType && quotedType(to) === targetType) &&
      (e.child.kind !== 'literal' || typeof e.child.value !== 'string' || e.child.value === textIn(expression)),
    operands: (e, { parameters }) =>
      e.kind === 'cast' && e.child.dataType.tag === 'string' ? [[e.child, literal(textIn(parameters['expression']), STRING)]] : [],
  },
  ARITHMETIC_OVERFLOW: {
    can: (e, { words }) => {
      if (e.kind !== 'call' && e.kind !== 'aggregateCall') return false;
      const overflow = overflowIn(words);
      // Of a sign, of abs() and of sums Spark tells no place.
      if (overflow === undefined) return e.kind === 'call' && ROUNDING.has(e.spec.name) && e.dataType.tag !== 'decimal';
      const isKnown = (i: number) => e.args[i]?.kind !== 'literal' || String(e.args[i].value) === overflow.values[i];
      return e.spec.name === overflow.symbol && e.dataType.tag === overflow.type && isKnown(0) && isKnown(1);
    },
    operands: (e, { words }) => {
      const overflow = overflowIn(words);
      if (e.kind !== 'call' || overflow === undefined) return [];
      const valueOf = (text: string, { tag }: DataType) => (tag === 'long' ? BigInt(text) : Number(text));
      return e.args.map((arg, i) => [arg, literal(valueOf(overflow.values[i]!, arg.dataType), arg.dataType)]);
    },
  },
  'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION': {
    can: (e, { parameters: { precision, scale }, words }) => {
      const { dataType: to } = e;
      const [, operation] = /Overflow in (\w+) of DECIMAL/.exec(words) ?? [];
      if (operation !== undefined) return e.kind === 'call' && e.spec.name === SYMBOLS[operation] && to.tag === 'decimal';
      if (to.tag !== 'decimal' || String(to.precision) !== precision || String(to.scale) !== scale) return false;
      if (e.kind === 'cast') return e.mode === 'ansi';
      return (e.kind === 'call' || e.kind === 'aggregateCall') && NUMERIC_FUNCTIONS.has(e.spec.name);
    },
  },
  'INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION': { can: (e) => e.kind === 'call' && /^make_(dt|ym)_interval$/.test(e.spec.name) },
  SCALAR_SUBQUERY_TOO_MANY_ROWS: { can: (e) => e.kind === 'scalarSubquery' },
};

/** `Overflow in addition of INT32 (2147483647 + 1)!` */
function overflowIn(words: string) {
  const [, operation, bits, a, b] = /Overflow in (\w+) of INT(\d+) \((-?\d+) [-+*] (-?\d+)\)/.exec(words) ?? [];
  return operation === undefined ? undefined : { symbol: SYMBOLS[operation], type: INTEGRAL[bits!], values: [a!, b!] };
}

const SYMBOLS: { readonly [operation: string]: string } = { addition: '+', subtraction: '-', multiplication: '*' };
const INTEGRAL: { readonly [bits: string]: DataType['tag'] } = { 8: 'byte', 16: 'short', 32: 'integer', 64: 'long' };
const ROUNDING = new Set(['round', 'bround', 'ceil', 'floor', 'conv']);
const NUMERIC_FUNCTIONS = new Set(['+', '-', '*', '/', '%', 'pmod', 'mod', 'sum', 'avg', 'mean', 'make_decimal', ...ROUNDING]);

const quotedType = (type: DataType): string => `"${sqlType(type)}"`;
/** The text in a message's `'it\'s'`. */
const textIn = (shown = ''): string => shown.slice(1, -1).replaceAll(/\\([\\'])/g, '$1');

/** The casts that one of nested types is made of. */
function castPairs(from: DataType, to: DataType): (readonly [DataType, DataType])[] {
  if (from.tag === 'array' && to.tag === 'array') return castPairs(from.elementType, to.elementType);
  if (from.tag === 'map' && to.tag === 'map') return [...castPairs(from.keyType, to.keyType), ...castPairs(from.valueType, to.valueType)];
  if (from.tag === 'struct' && to.tag === 'struct')
    return from.fields.flatMap((f, i) => (to.fields[i] === undefined ? [] : castPairs(f.dataType, to.fields[i].dataType)));
  return [[from, to]];
}
