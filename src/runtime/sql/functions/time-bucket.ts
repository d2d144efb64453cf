// time_bucket(size, timestamp[, origin]): the start of the bucket that a timestamp falls into, by the clock of the session's zone.
// Source: TimeBucket of Spark 4.2.
import { type Expr, type Literal, literal } from '../logical/expressions.ts';
import { prettySql } from '../logical/pretty-sql.ts';
import { childrenOfExpr } from '../logical/tree.ts';
import { instantOf } from '../kernel/time-zones.ts';
import * as T from '../types/data-type.ts';
import { inQuotes, literalOf, mismatch, typeSql, unexpectedInput } from './arguments.ts';
import { castTo, isAnsiInterval } from './coercion.ts';
import type { FunctionSpec } from './spec.ts';

const NAME = 'time_bucket';
const isTimestamp = (t: T.DataType): boolean => t.tag === 'timestamp' || t.tag === 'timestamp_ntz';
const isFoldable = (e: Expr): boolean =>
  e.kind !== 'attribute' && e.kind !== 'outer' && !('plan' in e) && childrenOfExpr(e).every(isFoldable);

function coerce(given: readonly Expr[], timeZone: string): readonly Expr[] {
  const type = [given[1]!, given[2]].map((e) => e?.dataType).find((t) => t !== undefined && isTimestamp(t)) ?? T.TIMESTAMP;
  const midnight = type.tag === 'timestamp' ? (instantOf(0n, timeZone) ?? 0n) : 0n;
  const args = [...given.slice(0, 2), given[2] ?? originOf(type, midnight)];
  const [size, time, origin] = args as [Expr, Expr, Expr];
  if (!isAnsiInterval(size.dataType) && size.dataType.tag !== 'null')
    throw unexpectedInput(NAME, args, 0, '("INTERVAL DAY TO SECOND" or "INTERVAL YEAR TO MONTH")');
  for (const i of [1, 2])
    if (!isTimestamp(args[i]!.dataType) && args[i]!.dataType.tag !== 'null')
      throw unexpectedInput(NAME, args, i, '"(TIMESTAMP OR TIMESTAMP WITHOUT TIME ZONE)"');
  if (isTimestamp(time.dataType) && isTimestamp(origin.dataType) && time.dataType.tag !== origin.dataType.tag)
    throw unexpectedInput(NAME, args, 2, typeSql(time.dataType));
  const notConstant = [size, origin].findIndex((e) => !isFoldable(e));
  if (notConstant >= 0) {
    const e = [size, origin][notConstant]!;
    throw mismatch('NON_FOLDABLE_INPUT', NAME, args, {
      inputName: ['`bucketSize`', '`origin`'][notConstant]!,
      inputType: typeSql(e.dataType),
      inputExpr: inQuotes(prettySql(e)),
    });
  }
  checkPositive(size, args);
  return [size, castTo(time, type), castTo(origin, type)];
}

function originOf(type: T.DataType, midnight: bigint): Literal {
  const made = literal(midnight, type);
  return type.tag === 'timestamp' ? { ...made, shown: "TIMESTAMP '1970-01-01 00:00:00'" } : made;
}

function checkPositive(size: Expr, args: readonly Expr[]): void {
  const value = constantSize(size);
  if (value === undefined || value > 0n) return;
  const shown: Literal = literal(size.dataType.tag === 'yearMonthInterval' ? Number(value) : value, size.dataType);
  throw mismatch('VALUE_OUT_OF_RANGE', NAME, args, {
    exprName: '`bucketSize`',
    valueRange: '(0, inf)',
    currentValue: prettySql(shown),
  });
}

/** A literal, or sums and differences of such. */
function constantSize(e: Expr): bigint | undefined {
  const found = literalOf(e)?.value;
  if (typeof found === 'bigint' || typeof found === 'number') return BigInt(found);
  if (e.kind !== 'call') return undefined;
  const args = e.args.map(constantSize);
  if (args.some((a) => a === undefined)) return undefined;
  const [a, b] = args as bigint[];
  if (e.spec.name === 'negative') return -a!;
  return e.spec.name === '+' ? a! + b! : e.spec.name === '-' ? a! - b! : undefined;
}

export const TIME_BUCKET: readonly FunctionSpec[] = [
  {
    name: NAME,
    kind: 'scalar',
    arity: [2, 3],
    coerce: (args, settings) => coerce(args, settings.timeZone),
    result: ([, time]) => time!.dataType,
    nullable: true,
    kernel: ([size, time, origin], call, emit) => {
      const local = (text: string) => `(${text})::TIMESTAMP`;
      const [t, o] = [local(time!), local(origin!)];
      const micros = `(epoch_us(${t}) - epoch_us(${o}))`;
      const back = (text: string) => `CAST(${text} AS ${emit.typeName(call.dataType)})`;
      if (call.args[0]!.dataType.tag !== 'yearMonthInterval')
        return back(`make_timestamp(epoch_us(${o}) + ${micros} - ((${micros} % ${size}) + ${size}) % ${size})`);
      const months = `((year(${t}) - year(${o})) * 12 + month(${t}) - month(${o}))::BIGINT`;
      const start = (earlier: number) =>
        `(${o} + to_months((((${months} - (((${months} % ${size}) + ${size}) % ${size})) - ${earlier} * ${size}))::INTEGER))`;
      return back(`CASE WHEN ${start(0)} > ${t} THEN ${start(1)} ELSE ${start(0)} END`);
    },
  },
];
