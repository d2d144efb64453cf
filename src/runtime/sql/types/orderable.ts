// Which types have an order (ORDER BY, GROUP BY, comparisons). Source: RowOrdering.isOrderable of Spark 4.2.
import type { DataType } from './data-type.ts';

export function isOrderable(type: DataType): boolean {
  switch (type.tag) {
    case 'array':
      return isOrderable(type.elementType);
    case 'struct':
      return type.fields.every((f) => isOrderable(f.dataType));
    case 'map':
    case 'variant':
    case 'calendarInterval':
    case 'geography':
    case 'geometry':
      return false;
    default:
      return true;
  }
}
