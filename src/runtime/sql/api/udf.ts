// Functions of the program in queries: udf(f, type) for Columns, spark.udf.register(name, f, type) for SQL too. The kernel calls them with whole
// vectors on the driver's main thread; here values become JavaScript's and back. Source: org.apache.spark.sql.UDFRegistration, functions.udf.
import type { KernelColumn, KernelValue } from '../../../common/sql-kernel.ts';
import type { UserFunction } from '../plan/user-function.ts';
import type { DataType } from '../types/data-type.ts';
import { simpleString } from '../types/type-names.ts';
import { Column, columnExpression } from './column.ts';
import type { ColumnArgument } from './function-types.ts';
import { kernelValue } from './kernel-values.ts';
import { toDataType } from './sql-text.ts';
import { converterOf } from './values.ts';

export type UdfOptions = {
  /** For messages and result names; else the function's own. */
  readonly name?: string;
  /** False: called once for each row even when arguments are the same, and never moved about. */
  readonly deterministic?: boolean;
  /** The function takes arrays, one per argument, and gives an array of as many results. */
  readonly batch?: boolean;
};
/** Makes Columns of Columns. */
export type Udf = ((...columns: readonly ColumnArgument[]) => Column) & { asNondeterministic(): Udf };
type Plain = (...args: any[]) => unknown;

/** @param returnType Spark's name of a type (`int`, `array<string>`) or the type. NULLs are passed in as null. */
export function udf(f: Plain, returnType: DataType | string, options: UdfOptions = {}): Udf {
  return callable(userFunction(f, returnType, options));
}

export function callable(definition: UserFunction): Udf {
  const make = (...columns: readonly ColumnArgument[]): Column =>
    new Column({
      kind: 'commonInlineUserDefinedFunction',
      functionName: definition.name,
      deterministic: definition.deterministic,
      arguments: columns.map(columnExpression),
      outputType: definition.returnType,
      function: definition,
    });
  return Object.assign(make, { asNondeterministic: () => callable({ ...definition, deterministic: false }) });
}

export function userFunction(f: Plain, returnType: DataType | string, options: UdfOptions): UserFunction {
  const name = options.name ?? (f.name || 'udf');
  const type = toDataType(returnType);
  if (f.constructor.name === 'AsyncFunction')
    throw new Error(
      `[NOT_BUILT] The function ${name} is async: async functions in queries are not built in Emberloom yet. SQLSTATE: 0A000`,
    );
  const deterministic = options.deterministic ?? true;
  return {
    name,
    returnType: type,
    deterministic,
    computeFor: (types) => (options.batch ? batches(f, name, types, type) : rows(f, name, types, type)),
  };
}

type Compute = (columns: readonly KernelColumn[], rows: number) => KernelColumn;

function rows(f: Plain, name: string, types: readonly DataType[], returnType: DataType): Compute {
  const converters = types.map(converterOf);
  const back = resultConverter(returnType, name);
  return (columns, count) => {
    const given = columns.map((c, i) => converted(c, converters[i], count));
    const argsAt = (r: number) => given.map((c) => c[r]);
    let typed = typedResult(returnType, count);
    let out: KernelValue[] | undefined;
    let r = 0;
    const [a, b] = given;
    try {
      for (; r < count; r++) {
        const result = given.length === 1 ? f(a![r]) : given.length === 2 ? f(a![r], b![r]) : f(...argsAt(r));
        const value = back(result);
        if (typed !== undefined && value !== null) typed[r] = value as never;
        else {
          out ??= typed === undefined ? new Array<KernelValue>(count) : [...(typed as Iterable<KernelValue>)];
          typed = undefined;
          out[r] = value;
        }
      }
    } catch (error) {
      throw failed(name, types, returnType, error, argsAt(r));
    }
    return out ?? typed ?? [];
  };
}

function batches(f: Plain, name: string, types: readonly DataType[], returnType: DataType): Compute {
  const converters = types.map(converterOf);
  const back = resultConverter(returnType, name);
  return (columns, count) => {
    const given = columns.map((c, i) => Array.from(converted(c, converters[i], count)));
    try {
      const results = f(...given) as ArrayLike<unknown>;
      if (results === null || typeof results !== 'object' || results.length !== count)
        throw new Error(`it must give as many results as there are rows, which are ${count}`);
      return Array.from(results, back);
    } catch (error) {
      throw failed(name, types, returnType, error, undefined);
    }
  };
}

const converted = (column: KernelColumn, convert: ((v: never) => unknown) | undefined, count: number): ArrayLike<unknown> =>
  convert === undefined ? column : Array.from({ length: count }, (_, i) => convert(column[i] as never));

/** What the kernel takes without a look at each value; left when the first NULL comes. */
function typedResult(type: DataType, count: number): Float64Array | Float32Array | Int32Array | BigInt64Array | undefined {
  switch (type.tag) {
    case 'double':
      return new Float64Array(count);
    case 'float':
      return new Float32Array(count);
    case 'integer':
      return new Int32Array(count);
    case 'long':
      return new BigInt64Array(count);
    default:
      return undefined;
  }
}

function resultConverter(type: DataType, name: string): (value: unknown) => KernelValue {
  return (value) => {
    if (typeof (value as Promise<unknown> | null | undefined)?.then === 'function')
      throw new Error('it gave a Promise: async functions in queries are not built in Emberloom yet');
    if (type.tag === 'double' && typeof value === 'number') return value;
    const made = kernelValue(value, type, `result of ${name}`) as KernelValue;
    return type.tag === 'time' && made !== null ? (made as bigint) / 1000n : made;
  };
}

/** With the arguments of the row that it failed on. Source: QueryExecutionErrors.failedExecuteUserDefinedFunctionError. */
function failed(name: string, types: readonly DataType[], type: DataType, error: unknown, row: readonly unknown[] | undefined): Error {
  const signature = types.map(simpleString).join(', ');
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const where = row === undefined ? '' : ` The arguments were (${row.map(shown).join(', ')}).`;
  return new Error(
    `[FAILED_EXECUTE_UDF] User defined function (\`${name}\`: (${signature}) => ${simpleString(type)}) failed due to: ${reason}.${where} SQLSTATE: 39000`,
    { cause: error },
  );
}
const MOST_SHOWN = 100;
const shown = (value: unknown): string => {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text;
};

/** spark.udf: functions that SQL text can name. */
export class UdfRegistration {
  readonly #functions = new Map<string, UserFunction>();

  /** @param name as SQL calls it, whatever the case; one of the same name is replaced. @returns the function for Columns */
  register(name: string, f: Plain, returnType: DataType | string, options: Omit<UdfOptions, 'name'> = {}): Udf {
    const made = userFunction(f, returnType, { ...options, name });
    this.#functions.set(name.toLowerCase(), made);
    return callable(made);
  }

  /** @internal */
  find(name: string): UserFunction | undefined {
    return this.#functions.get(name.toLowerCase());
  }
}
