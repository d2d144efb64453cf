// A schema as the column list of a CREATE TABLE. The other direction is parseTableSchema in ../parser/parse.ts.
// Source: StructType.toDDL and StructField.toDDL of Spark 4.2.
import type { StructField, StructType } from './data-type.ts';
import { commentClause, quoteIfNeeded, sqlType } from './type-names.ts';

/** For example `a INT NOT NULL,b STRUCT<c: STRING> COMMENT 'x'`. */
export function toDdl(schema: StructType): string {
  return schema.fields.map(fieldToDdl).join(',');
}

export function fieldToDdl({ name, dataType, nullable, metadata }: StructField): string {
  const fallback = typeof metadata.CURRENT_DEFAULT === 'string' ? ` DEFAULT ${metadata.CURRENT_DEFAULT}` : '';
  return `${quoteIfNeeded(name)} ${sqlType(dataType)}${nullable ? '' : ' NOT NULL'}${fallback}${commentClause(metadata.comment)}`;
}
