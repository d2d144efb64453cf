// Types that a program gives for values of its own: Spark's name of a type, or columns as CREATE TABLE has them, which are a struct.
import type { DataType } from '../types/data-type.ts';
import { Encoder, typeOfEncoder } from './encoders.ts';
import { sqlTexts } from './sql-text.ts';

/** `double`, `struct<a:int>`, `a INT, b STRING`, the type itself, or an encoder. */
export type Encoded = DataType | string | Encoder<any>;

/** @throws ParseException */
export function encodedType(type: Encoded): DataType {
  if (type instanceof Encoder) return typeOfEncoder(type);
  if (typeof type !== 'string') return type;
  try {
    return sqlTexts().parseDataType(type);
  } catch (error) {
    try {
      return sqlTexts().parseTableSchema(type);
    } catch {
      throw error;
    }
  }
}
