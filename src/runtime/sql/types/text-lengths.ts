// CHAR(n) and VARCHAR(n) are types of stored columns. In a query the column is a STRING; what it is stored as goes along in its metadata.
// Source: CharVarcharUtils of Spark 4.2. Types inside arrays, maps and structs lose their lengths.
import * as T from './data-type.ts';
import { typeFromJsonValue } from './type-json.ts';
import { catalogString } from './type-names.ts';

const KEY = '__CHAR_VARCHAR_TYPE_STRING';
type Column = { readonly name: string; readonly dataType: T.DataType; readonly metadata?: T.Metadata };

export function withoutLengths(t: T.DataType): T.DataType {
  switch (t.tag) {
    case 'char':
    case 'varchar':
      return T.stringType(t.collation);
    case 'array':
      return T.arrayType(withoutLengths(t.elementType), t.containsNull);
    case 'map':
      return T.mapType(withoutLengths(t.keyType), withoutLengths(t.valueType), t.valueContainsNull);
    case 'struct':
      return T.structType(t.fields.map((f) => ({ ...f, dataType: withoutLengths(f.dataType) })));
    default:
      return t;
  }
}

const hasLength = (t: T.DataType): t is Extract<T.DataType, { tag: 'char' | 'varchar' }> => t.tag === 'char' || t.tag === 'varchar';

/** As queries see a stored column. */
export function readField(field: T.StructField): T.StructField {
  const dataType = withoutLengths(field.dataType);
  if (!hasLength(field.dataType)) return { ...field, dataType };
  return { ...field, dataType, metadata: { ...field.metadata, [KEY]: catalogString({ ...field.dataType, collation: T.UTF8_BINARY }) } };
}

/** What a query's column is stored as. */
export function storedType({ dataType, metadata }: Pick<Column, 'dataType' | 'metadata'>): T.DataType {
  const kept = metadata?.[KEY];
  if (typeof kept !== 'string' || dataType.tag !== 'string') return dataType;
  const type = typeFromJsonValue(kept);
  return hasLength(type) ? { ...type, collation: dataType.collation } : dataType;
}

/** How a query's column is kept in the catalogue: all may be NULL. */
export function storedField(a: Column, ofType: (t: T.DataType) => T.DataType): T.StructField {
  const { [KEY]: _, ...metadata } = a.metadata ?? {};
  return T.structField(a.name, ofType(storedType(a)), true, metadata);
}
