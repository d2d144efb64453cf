// Sorting arrays, and sequences of numbers, dates and timestamps. Source: SortArray, ArraySort, Sequence of Spark 4.2.
import type { Expr, Lambda } from '../logical/expressions.ts';
import { literal } from '../logical/expressions.ts';
import * as T from '../types/data-type.ts';
import { checkOrderable, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, isDatetime, isIntegral, tightestCommonType } from './coercion.ts';
import { applied, freshName, letAll, nullSafe } from './kernel-text.ts';
import type { FunctionSpec } from './spec.ts';

/** Each element with the number of elements before it; equal ones keep their order. */
function sortedBy(list: string, compare: (a: string, b: string) => string): string {
  const [x, i, y, j, s] = ['x', 'i', 'y', 'j', 's'].map((role) => freshName(list, role)) as [string, string, string, string, string];
  const isBefore = `list_transform([${compare(y, x)}], lambda c: CASE WHEN c IS NULL THEN error('[COMPARATOR_RETURNS_NULL] The comparator has returned a NULL for a comparison.') WHEN c = 0 THEN ${j} < ${i} ELSE c < 0 END)[1]`;
  const rank = `len(list_filter(${list}, lambda ${y}, ${j}: ${isBefore}))`;
  return `list_transform(list_sort(list_transform(${list}, lambda ${x}, ${i}: struct_pack(r := ${rank}, i := ${i}, v := ${x}))), lambda ${s}: ${s}.v)`;
}

const needsArray = (name: string, args: readonly Expr[]): T.ArrayType => {
  const type = args[0]!.dataType;
  if (type.tag !== 'array') throw unexpectedInput(name, args, 0, '"ARRAY"');
  return type;
};

const isCalendar = (t: T.DataType): boolean => t.tag === 'calendarInterval' || t.tag === 'yearMonthInterval' || t.tag === 'dayTimeInterval';

function coerceSequence(args: readonly Expr[]): readonly Expr[] {
  const [start, stop, step] = args as [Expr, Expr, Expr?];
  const common = tightestCommonType(start.dataType, stop.dataType);
  const isNumber = common !== undefined && isIntegral(common);
  const isTime = common !== undefined && isDatetime(common);
  const stepFits = step === undefined || (isNumber && isIntegral(step.dataType)) || (isTime && isCalendar(step.dataType));
  if (common === undefined || !(isNumber || isTime) || !stepFits)
    throw mismatch('SEQUENCE_WRONG_INPUT_TYPES', 'sequence', args, {
      functionName: '`sequence`',
      startType: '("TIMESTAMP" or "TIMESTAMP_NTZ" or "DATE")',
      stepType: '("INTERVAL" or "INTERVAL YEAR TO MONTH" or "INTERVAL DAY TO SECOND")',
      otherStartType: '"INTEGRAL"',
    });
  const type = isNumber && step !== undefined ? tightestCommonType(common, step.dataType)! : common;
  return [castTo(start, type), castTo(stop, type), ...(step === undefined ? [] : [isNumber ? castTo(step, type) : step])];
}

function intervalText(text: string, type: T.DataType): string {
  if (type.tag === 'yearMonthInterval') return `to_months(${text})`;
  if (type.tag !== 'dayTimeInterval') return text;
  // Days are days of the calendar, of 23 or 25 hours where clocks change.
  return `(to_days((${text} // 86400000000)::INTEGER) + to_microseconds(${text} % 86400000000))`;
}

const ILLEGAL = (a: string, b: string, s: string): string =>
  `error('[ILLEGAL_SEQUENCE_BOUNDARIES] Illegal sequence boundaries: ' || ${a} || ' to ' || ${b} || ' by ' || ${s})`;

/** start, start + step, start + 2·step … while not past stop. Months are counted from the start, so the 31st comes back. */
function timesText(start: string, stop: string, step: string, type: T.DataType): string {
  const wide = type.tag === 'date' ? 'TIMESTAMP' : type.tag === 'timestamp' ? 'TIMESTAMPTZ' : 'TIMESTAMP';
  const kernel = type.tag === 'date' ? 'DATE' : wide;
  return letAll([`${start}::${wide}`, `${stop}::${wide}`, step], (a, b, s) => {
    // A step is at least so long; the list made from it may be longer than what is kept.
    const least = `(datepart('year', ${s}) * 12 + datepart('month', ${s})) * 2419200000000 + datepart('day', ${s}) * 82800000000 + datepart('hour', ${s}) * 3600000000 + datepart('minute', ${s}) * 60000000 + datepart('microsecond', ${s})`;
    return letAll([least], (us) => {
      const [k, x] = [freshName(a, b, s, 'k'), freshName(a, b, s, 'x')];
      const count = `CASE WHEN ${a} = ${b} THEN 1 WHEN ${us} = 0 OR sign(epoch_us(${b}) - epoch_us(${a})) <> sign(${us}) THEN ${ILLEGAL(a, b, s)}::BIGINT ELSE (epoch_us(${b}) - epoch_us(${a})) // ${us} + 2 END`;
      const all = `list_transform(range(${count}), lambda ${k}: ${a} + ${k}::INTEGER * ${s})`;
      return `list_transform(list_filter(${all}, lambda ${x}: CASE WHEN ${us} >= 0 THEN ${x} <= ${b} ELSE ${x} >= ${b} END), lambda ${x}: ${x}::${kernel})`;
    });
  });
}

const V = 'namedlambdavariable()';
/** The comparator that Spark puts in where none is written. */
const NATURAL = `lambdafunction((IF(((${V} IS NULL) AND (${V} IS NULL)), 0, (IF((${V} IS NULL), 1, (IF((${V} IS NULL), -1, (IF((${V} < ${V}), -1, (IF((${V} > ${V}), 1, 0)))))))))), ${V}, ${V})`;

/** Which way: a truth, not a text of one. */
function flag(name: string, args: readonly Expr[]): Expr {
  const e = args[1]!;
  if (e.dataType.tag !== 'boolean' && e.dataType.tag !== 'null') throw unexpectedInput(name, args, 1, '"BOOLEAN"');
  return castTo(e, T.BOOLEAN);
}

export const ORDERED_ARRAYS: readonly FunctionSpec[] = [
  {
    name: 'sort_array',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      const type = needsArray('sort_array', args);
      const all = [args[0]!, args[1] === undefined ? literal(true, T.BOOLEAN) : flag('sort_array', args)];
      if (type.elementType.tag !== 'null') checkOrderable('sort_array', all, type);
      return all;
    },
    result: ([a]) => a!.dataType,
    resultName: ([a, asc]) => `sort_array(${a}, ${asc ?? 'true'})`,
    kernel: ([a, asc]) =>
      letAll(
        [a!],
        (l) => `CASE WHEN ${asc} THEN list_sort(${l}, 'ASC', 'NULLS FIRST') WHEN NOT ${asc} THEN list_sort(${l}, 'DESC', 'NULLS LAST') END`,
      ),
  },
  {
    name: 'array_sort',
    kind: 'scalar',
    arity: [1, 2],
    coerce: (args) => {
      const type = needsArray('array_sort', args);
      if (args.length === 1) checkOrderable('array_sort', args, type);
      const compared = args[1]?.dataType ?? T.INTEGER;
      if (compared.tag !== 'integer')
        throw mismatch('UNEXPECTED_RETURN_TYPE', 'array_sort', args, {
          functionName: '`lambdafunction`',
          expectedType: '"INT"',
          actualType: typeSql(compared),
        });
      return args;
    },
    lambdaTypes: ([a], index) => {
      const type = a?.dataType;
      if (index !== 1 || type?.tag !== 'array') return undefined;
      const element = { dataType: type.elementType, nullable: type.containsNull };
      return [element, element];
    },
    result: ([a]) => a!.dataType,
    nullable: ([a]) => a!.nullable,
    resultName: ([a, f]) => `array_sort(${a}, ${f ?? NATURAL})`,
    kernel: ([a], call, emit) => {
      const lambda = call.args[1] as Lambda | undefined;
      if (lambda === undefined) return `list_sort(${a}, 'ASC', 'NULLS LAST')`;
      return letAll([a!], (list) => sortedBy(list, (x, y) => applied(lambda, [x, y], emit)));
    },
  },
  {
    name: 'sequence',
    kind: 'scalar',
    arity: [2, 3],
    coerce: coerceSequence,
    result: ([a]) => T.arrayType(a!.dataType, false),
    kernel: (args, call, emit) => {
      const [type, stepType] = [call.args[0]!.dataType, call.args[2]?.dataType];
      if (isDatetime(type)) {
        const step = stepType === undefined ? undefined : intervalText(args[2]!, stepType);
        return letAll([args[0]!, args[1]!], (a, b) =>
          nullSafe(
            [a, b, ...(step === undefined ? [] : [step])],
            timesText(a, b, step ?? `to_days(CASE WHEN ${a} <= ${b} THEN 1 ELSE -1 END)`, type),
          ),
        );
      }
      return letAll([args[0]!, args[1]!], (a, b) =>
        letAll([args[2] ?? `CASE WHEN ${a} <= ${b} THEN 1 ELSE -1 END`], (s) => {
          const isLegal = `(${s} > 0 AND ${a} <= ${b}) OR (${s} < 0 AND ${a} >= ${b}) OR (${s} = 0 AND ${a} = ${b})`;
          const series = `CASE WHEN ${s} = 0 THEN [${a}::BIGINT] ELSE generate_series(${a}::BIGINT, ${b}::BIGINT, ${s}::BIGINT) END`;
          return nullSafe([a, b, s], `CASE WHEN ${isLegal} THEN ${series} ELSE ${ILLEGAL(a, b, s)} END::${emit.typeName(call.dataType)}`);
        }),
      );
    },
  },
];
