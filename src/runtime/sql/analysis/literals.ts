// Constants of the unresolved plan → typed ones; those that depend on the clock or the session's zone are worked out here.
import { AnalysisException } from '../errors/spark-error.ts';
import { type Expr, literal } from '../logical/expressions.ts';
import type { LiteralValue } from '../plan/literal.ts';
import type { Origin } from '../plan/origin.ts';
import * as T from '../types/data-type.ts';
import type { AnalyzerContext } from './analysis.ts';

export function resolveLiteral(value: LiteralValue, origin: Origin | undefined, _context: AnalyzerContext): Expr {
  const make = (v: Parameters<typeof literal>[0], type: T.DataType) => literal(v, type, origin);
  switch (value.type) {
    case 'null':
      return make(null, value.dataType);
    case 'boolean':
      return make(value.value, T.BOOLEAN);
    case 'byte':
      return make(value.value, T.BYTE);
    case 'short':
      return make(value.value, T.SHORT);
    case 'integer':
      return make(value.value, T.INTEGER);
    case 'long':
      return make(value.value, T.LONG);
    case 'float':
      return make(value.value, T.FLOAT);
    case 'double':
      return make(value.value, T.DOUBLE);
    case 'decimal':
      return make(value.value, T.decimalType(value.precision, value.scale));
    case 'string':
      return make(value.value, T.STRING);
    case 'binary':
      return make(value.value, T.BINARY);
    case 'date':
      return make(value.value, T.DATE);
    case 'timestampNtz':
      return make(value.value, T.TIMESTAMP_NTZ);
    case 'yearMonthInterval':
    case 'dayTimeInterval':
      return make(value.value, value.dataType);
    case 'calendarInterval':
      return make({ months: value.months, days: value.days, microseconds: value.microseconds }, T.CALENDAR_INTERVAL);
    case 'time':
      return make(value.value, T.timeType(value.precision));
    case 'timestamp':
      if (!value.isLocal) return make(value.value, T.TIMESTAMP);
      throw new AnalysisException('NOT_BUILT', { feature: 'A TIMESTAMP literal in local time' }, origin);
    default:
      throw new AnalysisException('NOT_BUILT', { feature: `The literal ${value.type}` }, origin);
  }
}
