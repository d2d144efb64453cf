// A query's plan as the writer wants it: columns of the files first, then the partition columns as text in the order of the folders.
import { castTo } from '../functions/coercion.ts';
import { aliasOf, type Attribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { STRING, type StructType, structField, structType } from '../types/data-type.ts';
import { checkColumns } from '../sources/write/write-files.ts';

/** @throws AnalysisException COLUMN_ALREADY_EXISTS, PARTITION_COLUMN_NOT_FOUND, ALL_PARTITION_COLUMNS_NOT_ALLOWED */
export function planToWrite(
  plan: LogicalPlan,
  partitionBy: readonly string[],
): { readonly plan: LogicalPlan; readonly schema: StructType } {
  const output = outputOf(plan);
  const field = (a: Attribute) => structField(a.name, a.dataType, a.nullable, a.metadata);
  checkColumns(structType(output.map(field)), partitionBy);
  const keys = partitionBy.map((name) => output.find((a) => a.name.toLowerCase() === name.toLowerCase())!);
  const data = output.filter((a) => !keys.includes(a));
  const wanted = [...data, ...keys.map((a) => aliasOf(castTo(a, STRING), a.name))];
  return { plan: { kind: 'project', child: plan, projectList: wanted }, schema: structType([...data, ...keys].map(field)) };
}
