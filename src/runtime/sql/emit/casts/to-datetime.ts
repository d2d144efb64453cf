// Values as days and times. Text of the common form goes through DuckDB's own reader, the rest through JavaScript's. TIMESTAMP is an instant: local
// times meet it through the session's zone, which DuckDB's connection knows. Source: Cast.scala and SparkDateTimeUtils of Spark 4.2.
import { fixedOffsetMinutes } from '../../parser/datetime-literals.ts';
import type { DataType } from '../../types/data-type.ts';
import { duckdbType } from '../duckdb-types.ts';
import type { Emit } from '../emit-context.ts';
import { bind, type CastMode, castWord } from './bind.ts';
import { toText } from './to-text.ts';

const DAY = "'^\\d{4}-\\d\\d-\\d\\d$'";
const DAY_AND_TIME = "'^\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?$'";

export function toDatetime(x: string, from: DataType, to: DataType, mode: CastMode, emit: Emit): string {
  if (to.tag !== 'time' || to.precision >= 6) return datetimeOf(x, from, to, mode, emit);
  const time = from.tag === 'time' ? x : datetimeOf(x, from, { ...to, precision: 6 }, mode, emit);
  // Digits that it has no place for are cut off.
  return bind(time, emit, (v) => `('00:00:00'::TIME + to_microseconds(epoch_us(${v}) - epoch_us(${v}) % ${10 ** (6 - to.precision)}))`);
}

function datetimeOf(x: string, from: DataType, to: DataType, mode: CastMode, emit: Emit): string {
  const type = duckdbType(to);
  if (from.tag === 'string') {
    const [form, read] = to.tag === 'date' ? [DAY, 'DATE'] : [DAY_AND_TIME, 'TIMESTAMP'];
    const zone = to.tag === 'timestamp' ? [emit.settings.timeZone] : [];
    return bind(
      x,
      emit,
      (v) =>
        `CASE WHEN regexp_matches(${v}, ${form}) AND TRY_CAST(${v} AS ${read}) IS NOT NULL THEN ${to.tag === 'timestamp' ? instantOf(`CAST(${v} AS ${read})`, emit) : `CAST(CAST(${v} AS ${read}) AS ${type})`} ELSE ${emit.jsFunction(`${to.tag}_of_text`, mode, ...zone)}(${v}) END`,
    );
  }
  switch (from.tag) {
    case 'byte':
    case 'short':
    case 'integer':
    case 'long':
      // Seconds; out of range it stays at the ends, as Java's TimeUnit does.
      return `make_timestamptz(CAST(greatest(least((${x})::HUGEINT * 1000000, 9223372036854775807), -9223372036854775808) AS BIGINT))`;
    case 'float':
    case 'double':
      return bind(`CAST(${x} AS DOUBLE)`, emit, (v) => {
        const micros = `make_timestamptz(TRY_CAST(trunc(${v} * 1000000.0::DOUBLE) AS BIGINT))`;
        if (mode !== 'ansi') return micros;
        const types = { sourceType: '"DOUBLE"', targetType: '"TIMESTAMP"' };
        const invalid = emit.raiseWith('CAST_INVALID_INPUT', types, { expression: toText(v, { tag: 'double' }, emit) });
        const overflow = emit.raiseWith('CAST_OVERFLOW', types, { value: `${toText(v, { tag: 'double' }, emit)} || 'D'` });
        return `CASE WHEN NOT isfinite(${v}) THEN ${invalid} WHEN abs(${v}) > 9.2e12 THEN ${overflow} ELSE ${micros} END`;
      });
    case 'decimal':
      return `make_timestamptz(${castWord(mode)}(trunc((${x})::DECIMAL(38,6) * 1000000) AS BIGINT))`;
    case 'boolean':
      return `make_timestamptz(CAST(${x} AS BIGINT))`;
    case 'timestamp_ntz':
    case 'date':
      return to.tag === 'timestamp' ? instantOf(`CAST(${x} AS TIMESTAMP)`, emit) : `CAST(${x} AS ${type})`;
    default:
      return `CAST(${x} AS ${type})`;
  }
}

/** When the session's zone has a local time. Where clocks go back it is twice: the kernel takes the second, Java the first. */
function instantOf(local: string, emit: Emit): string {
  const { timeZone } = emit.settings;
  const instant = (v: string) => `CAST(${v} AS TIMESTAMPTZ)`;
  if (fixedOffsetMinutes(timeZone) !== undefined) return instant(local);
  const back = `INTERVAL ${timeZone === 'Australia/Lord_Howe' ? 30 : 60} MINUTES`;
  return bind(local, emit, (v) =>
    bind(
      `(${instant(v)} - ${back})`,
      emit,
      (before) => `CASE WHEN CAST(${before} AS TIMESTAMP) = ${v} THEN ${before} ELSE ${instant(v)} END`,
    ),
  );
}
