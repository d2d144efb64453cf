// Which values may be stored in which column: ANSI's rules of assignment, or any cast in the legacy mode. Source: Cast.canANSIStoreAssign of Spark 4.2.
import type { TableEntry } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { isNumeric, isString } from '../../functions/coercion.ts';
import type { SessionSettings } from '../../functions/spec.ts';
import type { Expr } from '../../logical/expressions.ts';
import { type DataType, sameType, type StructField } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';

/** @throws AnalysisException INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST */
export function checkAssignment(value: Expr, field: StructField, entry: TableEntry, settings: SessionSettings): void {
  if ((settings.get('spark.sql.storeAssignmentPolicy') ?? 'ANSI').toUpperCase() === 'LEGACY') return;
  if (canStore(value.dataType, field.dataType)) return;
  throw new AnalysisException('INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST', {
    tableName: shownTable(entry),
    colName: `\`${field.name}\``,
    srcType: `"${sqlType(value.dataType)}"`,
    targetType: `"${sqlType(field.dataType)}"`,
  });
}

export function canStore(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.tag === 'null') return true;
  if (isNumeric(from) && isNumeric(to)) return true;
  if (isString(to)) return isAtomic(from);
  if (from.tag === 'boolean' || from.tag === 'binary' || isString(from)) return false;
  const datetimes = ['date', 'timestamp', 'timestamp_ntz'];
  if (datetimes.includes(from.tag) && datetimes.includes(to.tag)) return true;
  if (from.tag === to.tag && (from.tag === 'dayTimeInterval' || from.tag === 'yearMonthInterval' || from.tag === 'time')) return true;
  if (from.tag === 'array' && to.tag === 'array') return canStore(from.elementType, to.elementType);
  if (from.tag === 'map' && to.tag === 'map') return canStore(from.keyType, to.keyType) && canStore(from.valueType, to.valueType);
  if (from.tag === 'struct' && to.tag === 'struct')
    return from.fields.length === to.fields.length && from.fields.every((f, i) => canStore(f.dataType, to.fields[i]!.dataType));
  return false;
}

const isAtomic = (t: DataType): boolean =>
  !['array', 'map', 'struct', 'variant', 'geography', 'geometry', 'calendarInterval'].includes(t.tag);
