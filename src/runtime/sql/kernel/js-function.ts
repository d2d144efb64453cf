// What an engine function in JavaScript is: computed where DuckDB has nothing that means the same as Spark. The list: js-functions.ts.
import type { KernelColumn, KernelScalarFunction, KernelValue } from '../../../common/sql-kernel.ts';

/** Types are DuckDB's, as text. `parameters` are texts known when the query is planned: a pattern, a schema as JSON, a time zone. */
export type JsFunction = {
  readonly name: string;
  readonly make: (...parameters: string[]) => Pick<KernelScalarFunction, 'parameterTypes' | 'returnType' | 'compute'>;
  readonly isVolatile?: boolean;
};

/** A computation by row. NULL when an argument is, without a call. */
export function byRow(f: (...args: any[]) => KernelValue): KernelScalarFunction['compute'] {
  return byRowWithNulls((...args) => (args.includes(null) ? null : f(...args)));
}

export function byRowWithNulls(f: (...args: any[]) => KernelValue): KernelScalarFunction['compute'] {
  return (columns: readonly KernelColumn[], rows: number) => {
    const out = new Array<KernelValue>(rows);
    for (let i = 0; i < rows; i++) out[i] = f(...columns.map((c) => c[i]!));
    return out;
  };
}

/** One function without parameters. */
export const jsFunction = (
  name: string,
  parameterTypes: readonly string[],
  returnType: string,
  compute: KernelScalarFunction['compute'],
): JsFunction => ({ name, make: () => ({ parameterTypes, returnType, compute }) });
