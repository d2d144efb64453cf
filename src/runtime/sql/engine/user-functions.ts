// Functions of the program as the kernel's: names and types in its words. What they compute with is ../api/udf.ts.
import type { KernelScalarFunction } from '../../../common/sql-kernel.ts';
import { duckdbType } from '../emit/duckdb-types.ts';
import type { UdfCall } from '../logical/expressions.ts';
import type { UserFunction } from '../plan/user-function.ts';

export function userFunction(call: UdfCall, sqlName: string): KernelScalarFunction {
  const types = call.args.map((a) => a.dataType);
  return {
    name: sqlName,
    parameterTypes: types.map(duckdbType),
    returnType: duckdbType(call.dataType),
    isVolatile: !call.deterministic,
    compute: (call.function as UserFunction).computeFor(types),
  };
}
