// Bounds of window frames as DuckDB has them. Distances over dates and timestamps are days or intervals there.
import type { Expr, Frame, FrameBound, SortOrder } from '../logical/expressions.ts';
import type { Emit } from './emit-context.ts';

export function boundText(bound: FrameBound, frame: Frame, order: readonly SortOrder[], emit: Emit): string {
  switch (bound.tag) {
    case 'currentRow':
      return 'CURRENT ROW';
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    default:
      return `${frame.type === 'range' ? distance(bound.value, order[0]?.child, emit) : emit.emit(bound.value)} ${bound.tag.toUpperCase()}`;
  }
}

function distance(value: Expr, key: Expr | undefined, emit: Emit): string {
  const text = emit.emit(value);
  const isTime = key !== undefined && ['date', 'timestamp', 'timestamp_ntz'].includes(key.dataType.tag);
  if (!isTime) return text;
  switch (value.dataType.tag) {
    case 'dayTimeInterval':
      return `to_microseconds(${text})`;
    case 'yearMonthInterval':
      return `to_months(${text})`;
    case 'calendarInterval':
      return text;
    default:
      return `to_days(${text})`;
  }
}
