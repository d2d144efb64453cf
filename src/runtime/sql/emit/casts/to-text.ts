// Any value as text. Source: ToStringBase of Spark 4.2.
import { quoteText } from '../../../../common/kernel-quotes.ts';
import type { DataType } from '../../types/data-type.ts';
import type { Emit } from '../emit-context.ts';
import { bind } from './bind.ts';

/** Within these days and times DuckDB writes years as Spark does. */
const COMMON_YEARS = "BETWEEN DATE '0001-01-01' AND DATE '9999-12-31'";

export function toText(x: string, from: DataType, emit: Emit): string {
  switch (from.tag) {
    case 'double':
    case 'float':
      // Between these DuckDB's shortest digits have Java's form.
      return bind(
        x,
        emit,
        (v) =>
          `CASE WHEN ${v} = 0 OR abs(${v}) >= 0.001 AND abs(${v}) < 10000000 THEN CAST(${v} AS VARCHAR) ELSE ${emit.jsFunction(`${from.tag}_text`)}(${v}) END`,
      );
    case 'binary':
      return bind(x, emit, (v) => `coalesce(TRY(decode(${v})), ${emit.jsFunction('utf8_text')}(${v}))`);
    case 'date':
      return bind(
        x,
        emit,
        (v) => `CASE WHEN ${v} ${COMMON_YEARS} THEN CAST(${v} AS VARCHAR) ELSE ${emit.jsFunction('date_text')}(${v}) END`,
      );
    case 'timestamp':
      return toText(`CAST(${x} AS TIMESTAMP)`, { tag: 'timestamp_ntz' }, emit);
    case 'timestamp_ntz':
      return bind(
        x,
        emit,
        (v) =>
          `CASE WHEN CAST(${v} AS DATE) ${COMMON_YEARS} THEN CAST(${v} AS VARCHAR) ELSE ${emit.jsFunction('timestamp_text')}(${v}) END`,
      );
    case 'dayTimeInterval':
      return `${emit.jsFunction('day_time_text', from.startField, from.endField)}(${x})`;
    case 'yearMonthInterval':
      return `${emit.jsFunction('year_month_text', from.startField, from.endField)}(${x})`;
    case 'variant':
      return `${emit.jsFunction('variant_text', emit.settings.timeZone)}(${x})`;
    case 'calendarInterval':
      return `${emit.jsFunction('interval_text')}(${x})`;
    case 'array': {
      const v = emit.nextAlias();
      return inBrackets('[', `array_to_string(list_transform(${x}, lambda ${v}: ${orNull(v, from.elementType, emit)}), ', ')`, ']');
    }
    case 'map': {
      const v = emit.nextAlias();
      const pair = `${toText(`${v}.key`, from.keyType, emit)} || ' -> ' || ${orNull(`${v}.value`, from.valueType, emit)}`;
      return inBrackets('{', `array_to_string(list_transform(map_entries(${x}), lambda ${v}: ${pair}), ', ')`, '}');
    }
    case 'struct':
      return bind(x, emit, (v) => {
        const fields = from.fields.map((f) => orNull(`struct_extract(${v}, ${quoteText(f.name)})`, f.dataType, emit));
        return `CASE WHEN ${v} IS NULL THEN NULL ELSE '{' || ${fields.join(" || ', ' || ") || "''"} || '}' END`;
      });
    case 'decimal':
      // Without a digit before the point in its type DuckDB writes none.
      if (from.precision > from.scale) return `CAST(${x} AS VARCHAR)`;
      return from.precision < 38
        ? `CAST(CAST(${x} AS DECIMAL(${from.precision + 1},${from.scale})) AS VARCHAR)`
        : `replace(CAST(${x} AS VARCHAR), '.', '0.')`;
    default:
      return `CAST(${x} AS VARCHAR)`;
  }
}

const inBrackets = (open: string, text: string, close: string): string => `('${open}' || ${text} || '${close}')`;
const orNull = (x: string, type: DataType, emit: Emit): string => `coalesce(${toText(x, type, emit)}, 'null')`;
