// The text that printSchema shows: one line per column, nested types indented with bars. Source: StructType.treeString.
import type { DataType, StructType } from './data-type.ts';
import { typeName } from './type-names.ts';

/** @param depth how many levels are shown; deeper ones are left out, as printSchema(level) does. @returns text that ends with a line break */
export function schemaTree(schema: StructType, depth = Number.POSITIVE_INFINITY): string {
  const lines = ['root'];
  addChildren(schema, ' |', depth, lines);
  return `${lines.join('\n')}\n`;
}

function addChildren(type: DataType, prefix: string, depth: number, lines: string[]): void {
  if (depth <= 0) return;
  if (type.tag === 'struct') {
    for (const field of type.fields) {
      lines.push(`${prefix}-- ${field.name}: ${treeName(field.dataType)} (nullable = ${field.nullable})`);
      addChildren(field.dataType, `${prefix}    |`, depth - 1, lines);
    }
  } else if (type.tag === 'array') {
    lines.push(`${prefix}-- element: ${treeName(type.elementType)} (containsNull = ${type.containsNull})`);
    addChildren(type.elementType, `${prefix}    |`, depth - 1, lines);
  } else if (type.tag === 'map') {
    lines.push(`${prefix}-- key: ${treeName(type.keyType)}`);
    addChildren(type.keyType, `${prefix}    |`, depth - 1, lines);
    lines.push(`${prefix}-- value: ${treeName(type.valueType)} (valueContainsNull = ${type.valueContainsNull})`);
    addChildren(type.valueType, `${prefix}    |`, depth - 1, lines);
  }
}

const treeName = (type: DataType): string => typeName(type);
