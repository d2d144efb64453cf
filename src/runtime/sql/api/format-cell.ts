// A value as Spark's `show` prints it. Source: ToPrettyString and Cast to string of Spark 4.2.
import type { DataType } from '../types/data-type.ts';

export function formatCell(value: unknown, type: DataType, timeZone: string): string {
  if (value === null || value === undefined) return 'NULL';
  void timeZone;
  switch (type.tag) {
    case 'date':
      return new Date((value as number) * 86_400_000).toISOString().slice(0, 10);
    default:
      return String(value);
  }
}
