// Implicit casts and common types in ANSI mode. Source: AnsiTypeCoercion.scala and DecimalPrecision.scala of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Expr } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import * as T from '../types/data-type.ts';
import { collationIn, isCollated, withCollation } from '../types/collations.ts';
import { sqlType } from '../types/type-names.ts';
import { canGiveNull } from './cast-nullability.ts';
import type { InputType, SessionSettings } from './spec.ts';

type DataType = T.DataType;

const NUMERIC_PRECEDENCE = ['byte', 'short', 'integer', 'long', 'float', 'double'];
const DECIMAL_OF_INTEGRAL: Record<string, T.DecimalType> = {
  byte: T.decimalType(3, 0),
  short: T.decimalType(5, 0),
  integer: T.decimalType(10, 0),
  long: T.decimalType(20, 0),
};
export const isIntegral = (t: DataType): boolean => t.tag in DECIMAL_OF_INTEGRAL;
export const isNumeric = (t: DataType): boolean => t.tag === 'decimal' || NUMERIC_PRECEDENCE.includes(t.tag);
export const isFractional = (t: DataType): boolean => t.tag === 'decimal' || t.tag === 'float' || t.tag === 'double';
export const isString = (t: DataType): boolean => t.tag === 'string' || t.tag === 'char' || t.tag === 'varchar';
export const isDatetime = (t: DataType): boolean => t.tag === 'date' || t.tag === 'timestamp' || t.tag === 'timestamp_ntz';
export const isAnsiInterval = (t: DataType): boolean => t.tag === 'dayTimeInterval' || t.tag === 'yearMonthInterval';
export const isComplex = (t: DataType): boolean => t.tag === 'array' || t.tag === 'map' || t.tag === 'struct';
export const isAtomic = (t: DataType): boolean => !isComplex(t) && t.tag !== 'null' && t.tag !== 'variant' && t.tag !== 'calendarInterval';

/** The decimal that holds every value of an integral type. */
export const decimalOf = (t: DataType): T.DecimalType => (t.tag === 'decimal' ? t : (DECIMAL_OF_INTEGRAL[t.tag] ?? T.decimalType(38, 18)));

/** Cut to 38 digits, keeping whole digits and at least 6 of the scale. Source: DecimalType.adjustPrecisionScale. */
export function boundedDecimal(precision: number, scale: number): T.DecimalType {
  if (precision <= T.MAX_DECIMAL_PRECISION) return T.decimalType(precision, scale);
  const digits = precision - scale;
  return T.decimalType(T.MAX_DECIMAL_PRECISION, Math.max(T.MAX_DECIMAL_PRECISION - digits, Math.min(scale, 6)));
}

function widerDecimal(a: T.DecimalType, b: T.DecimalType): T.DecimalType {
  const scale = Math.max(a.scale, b.scale);
  const range = Math.max(a.precision - a.scale, b.precision - b.scale);
  return boundedDecimal(range + scale, scale);
}

/** Without strings becoming numbers. @returns undefined when there is none */
export function tightestCommonType(a: DataType, b: DataType): DataType | undefined {
  if (T.sameType(a, b)) return a;
  if (a.tag === 'null') return b;
  if (b.tag === 'null') return a;
  if (isNumeric(a) && isNumeric(b)) {
    if (a.tag !== 'decimal' && b.tag !== 'decimal') {
      const wider = NUMERIC_PRECEDENCE.indexOf(a.tag) > NUMERIC_PRECEDENCE.indexOf(b.tag) ? a : b;
      return wider.tag === 'float' ? T.DOUBLE : wider;
    }
    if ((a.tag === 'decimal' || isIntegral(a)) && (b.tag === 'decimal' || isIntegral(b))) return widerDecimal(decimalOf(a), decimalOf(b));
    return T.DOUBLE;
  }
  if (isDatetime(a) && isDatetime(b)) return a.tag === 'timestamp' || b.tag === 'timestamp' ? T.TIMESTAMP : T.TIMESTAMP_NTZ;
  if (isString(a) && isString(b)) return collationIn(a) === collationIn(b) ? T.stringType(collationIn(a)) : undefined;
  if ((a.tag === 'geometry' || a.tag === 'geography') && a.tag === b.tag) return { tag: a.tag, srid: 'ANY' };
  return intervalOf(a, b) ?? complexCommonType(a, b, tightestCommonType);
}

/** The interval type that has the fields of both. */
export function intervalOf(a: DataType, b: DataType): DataType | undefined {
  const at = <F>(fields: readonly F[], pick: (...n: number[]) => number, x: F, y: F): F =>
    fields[pick(fields.indexOf(x), fields.indexOf(y))]!;
  if (a.tag === 'dayTimeInterval' && b.tag === 'dayTimeInterval') {
    const fields = T.DAY_TIME_FIELDS;
    return T.dayTimeIntervalType(at(fields, Math.min, a.startField, b.startField), at(fields, Math.max, a.endField, b.endField));
  }
  if (a.tag === 'yearMonthInterval' && b.tag === 'yearMonthInterval') {
    const fields = T.YEAR_MONTH_FIELDS;
    return T.yearMonthIntervalType(at(fields, Math.min, a.startField, b.startField), at(fields, Math.max, a.endField, b.endField));
  }
  return undefined;
}

/** Of the branches of CASE, coalesce, set operations, IN: strings promote to what they stand beside (outside of ANSI mode that becomes a string). */
export function widerType(a: DataType, b: DataType, ansi = true): DataType | undefined {
  if (!ansi) return tightestCommonType(a, b) ?? stringPromotion(a, b) ?? complexCommonType(a, b, (x, y) => widerType(x, y, false));
  return tightestCommonType(a, b) ?? widerWithString(a, b) ?? widerWithString(b, a) ?? complexCommonType(a, b, (x, y) => widerType(x, y));
}
export const widestOf = (types: readonly DataType[], ansi = true): DataType | undefined =>
  types.reduce<DataType | undefined>((wide, t) => (wide === undefined ? undefined : widerType(wide, t, ansi)), T.NULL);

/** Source: TypeCoercion.stringPromotion. */
function stringPromotion(a: DataType, b: DataType): DataType | undefined {
  const other = isString(a) ? b : isString(b) ? a : undefined;
  return other !== undefined && isAtomic(other) && other.tag !== 'binary' && other.tag !== 'boolean' ? T.STRING : undefined;
}

/** Of the two sides of a comparison. Outside of ANSI mode a string is read as the other side's type. */
export function comparedType(a: DataType, b: DataType, ansi: boolean): DataType | undefined {
  if (ansi) return widerType(a, b);
  if (a.tag === 'boolean' && isNumeric(b)) return b;
  if (b.tag === 'boolean' && isNumeric(a)) return a;
  return tightestCommonType(a, b) ?? (isString(a) && isAtomic(b) ? b : isString(b) && isAtomic(a) ? a : widerType(a, b, false));
}

function widerWithString(s: DataType, other: DataType): DataType | undefined {
  if (!isString(s)) return undefined;
  if (isIntegral(other)) return T.LONG;
  if (isFractional(other)) return T.DOUBLE;
  return isAtomic(other) && !isString(other) && !isAnsiInterval(other) ? other : undefined;
}

function complexCommonType(a: DataType, b: DataType, of: (a: DataType, b: DataType) => DataType | undefined): DataType | undefined {
  if (a.tag === 'array' && b.tag === 'array') {
    const element = of(a.elementType, b.elementType);
    return element && T.arrayType(element, a.containsNull || b.containsNull);
  }
  if (a.tag === 'map' && b.tag === 'map') {
    const [key, value] = [of(a.keyType, b.keyType), of(a.valueType, b.valueType)];
    return key && value && T.mapType(key, value, a.valueContainsNull || b.valueContainsNull);
  }
  if (a.tag === 'struct' && b.tag === 'struct' && a.fields.length === b.fields.length) {
    const fields = a.fields.map((f, i) => {
      const other = b.fields[i]!;
      const type = f.name.toLowerCase() === other.name.toLowerCase() ? of(f.dataType, other.dataType) : undefined;
      return type && T.structField(f.name, type, f.nullable || other.nullable, f.metadata);
    });
    return fields.every((f) => f !== undefined) ? T.structType(fields) : undefined;
  }
  return undefined;
}

/** A cast unless it is of that type already. NULL of no type becomes NULL of this one. */
export function castTo(e: Expr, dataType: DataType, mode: 'ansi' | 'try' | 'legacy' = 'ansi'): Expr {
  if (T.sameType(e.dataType, dataType)) return e;
  // Text keeps its collation where only some text is asked for.
  if (isCollated(e.dataType) && T.sameType(withCollation(e.dataType, T.UTF8_BINARY), dataType)) return e;
  if (e.kind === 'literal' && (e.value === null || (isString(e.dataType) && isString(dataType)))) return { ...e, dataType };
  return {
    kind: 'cast',
    child: e,
    dataType,
    nullable: e.nullable || mode === 'try' || canGiveNull(e.dataType, dataType),
    mode,
    origin: e.origin,
  };
}

/** All arguments to their widest type. @throws AnalysisException DATATYPE_MISMATCH.DATA_DIFF_TYPES */
export function toWidest(name: string, args: readonly Expr[], ansi = true, { promoteStrings = true } = {}): readonly Expr[] {
  const types = args.map((a) => a.dataType);
  const wide = promoteStrings
    ? widestOf(types, ansi)
    : types.reduce<DataType | undefined>((w, t) => (w === undefined ? undefined : tightestCommonType(w, t)), T.NULL);
  if (wide === undefined) {
    const names = types.map((t) => `"${sqlType(t)}"`);
    throw new AnalysisException(
      'DATATYPE_MISMATCH.DATA_DIFF_TYPES',
      {
        sqlExpr: `"${name}(${args.map(prettySql).join(', ')})"`,
        functionName: `\`${name}\``,
        dataType: `[${names.join(', ')}]`,
      },
      args[0]?.origin,
    );
  }
  return args.map((a) => castTo(a, wide));
}

const input = (name: string, accepts: InputType['accepts'], castFrom: InputType['castFrom'] = () => undefined): InputType => ({
  name,
  accepts,
  castFrom: (type, settings) => castFrom(type, settings),
});
/** One type; what ANSI allows implicitly is cast to it. */
const exactly = (name: string, type: DataType, from: (t: DataType) => boolean): InputType =>
  input(
    name,
    (t) => T.sameType(t, type),
    (t) => (t.tag === 'null' || from(t) ? type : undefined),
  );

/** Every number is brought to every other, as far as its value fits: Source: Cast.canANSIStoreAssign. */
const fromNumberOrText = (t: DataType): boolean => isString(t) || isNumeric(t);

/** Input types by Spark's names. */
export const IN = {
  any: input('ANY', () => true),
  string: input(
    '"STRING"',
    (t) => t.tag === 'string',
    (t) => (t.tag === 'null' || isAtomic(t) ? T.STRING : undefined),
  ),
  boolean: exactly('"BOOLEAN"', T.BOOLEAN, isString),
  integer: exactly('"INT"', T.INTEGER, fromNumberOrText),
  long: exactly('"BIGINT"', T.LONG, fromNumberOrText),
  double: exactly('"DOUBLE"', T.DOUBLE, fromNumberOrText),
  numeric: input('"NUMERIC"', isNumeric, (t) => (t.tag === 'null' || isString(t) ? T.DOUBLE : undefined)),
  integral: input('"INTEGRAL"', isIntegral, (t) => (isString(t) ? T.LONG : t.tag === 'null' ? T.INTEGER : undefined)),
  binary: exactly('"BINARY"', T.BINARY, isString),
  date: exactly('"DATE"', T.DATE, (t) => isString(t) || t.tag === 'timestamp' || t.tag === 'timestamp_ntz'),
  timestamp: exactly('"TIMESTAMP"', T.TIMESTAMP, (t) => isString(t) || t.tag === 'date' || t.tag === 'timestamp_ntz'),
  array: input(
    '"ARRAY"',
    (t) => t.tag === 'array',
    (t) => (t.tag === 'null' ? T.arrayType(T.NULL) : undefined),
  ),
  map: input(
    '"MAP"',
    (t) => t.tag === 'map',
    (t) => (t.tag === 'null' ? T.mapType(T.NULL, T.NULL) : undefined),
  ),
} as const satisfies Record<string, InputType>;

/** @throws AnalysisException DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE */
export function implicitCasts(
  sqlExpr: string,
  args: readonly Expr[],
  inputs: readonly InputType[],
  settings: SessionSettings,
  firstIndex = 0,
): readonly Expr[] {
  if (inputs.length === 0) return args;
  return args.map((arg, i) => {
    const expected = inputs[Math.min(i, inputs.length - 1)]!;
    if (expected.accepts(arg.dataType)) return arg;
    const to = expected.castFrom(arg.dataType, settings) ?? (settings.ansi ? undefined : legacyTarget(expected, arg.dataType));
    if (to !== undefined) return castTo(arg, to);
    throw new AnalysisException(
      'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE',
      {
        sqlExpr: `"${sqlExpr}"`,
        paramIndex: ordinal(i + firstIndex),
        requiredType: expected.name,
        inputSql: `"${prettySql(arg)}"`,
        inputType: `"${sqlType(arg.dataType)}"`,
      },
      arg.origin,
    );
  });
}

/** Outside of ANSI mode any number or string is brought to a number, and nearly everything to a string. Source: TypeCoercion.implicitCast. */
function legacyTarget(expected: InputType, from: DataType): DataType | undefined {
  if (isComplex(from)) return undefined;
  const targets = [T.STRING, T.INTEGER, T.LONG, T.DOUBLE, T.BINARY, T.BOOLEAN];
  const to = targets.find((t) => expected.accepts(t));
  if (to === undefined) return undefined;
  if (to.tag === 'string') return to;
  return (isNumeric(from) && isNumeric(to)) || isString(from) ? to : undefined;
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth'];
const ordinal = (i: number): string => ORDINALS[i] ?? `${i + 1}th`;
