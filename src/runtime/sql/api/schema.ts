// A resolved plan's columns as a schema. Source: StructType.fromAttributes.
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { type StructType, structField, structType } from '../types/data-type.ts';

export const schemaOf = (plan: LogicalPlan): StructType =>
  structType(outputOf(plan).map((a) => structField(a.name, a.dataType, a.nullable, a.metadata)));
