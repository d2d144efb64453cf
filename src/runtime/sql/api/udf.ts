// Functions of the program in queries: udf(f, type) for Columns, spark.udf.register(name, f, type) for SQL too. Here they become part of plans; how
// they are called with the kernel's vectors is ../udf/. Source: org.apache.spark.sql.UDFRegistration, functions.udf.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { UserAggregate, UserFunction } from '../plan/user-function.ts';
import type { DataType } from '../types/data-type.ts';
import { Column, columnExpression } from './column.ts';
import type { ColumnArgument } from './function-types.ts';
import { toDataType } from './sql-text.ts';

export type UdfOptions = {
  /** For messages and result names; else the function's own. */
  readonly name?: string;
  /** False: called once for each row even when arguments are the same, and never moved about. */
  readonly deterministic?: boolean;
  /** The function takes arrays, one per argument, and gives an array of as many results. */
  readonly batch?: boolean;
  /** The function gives promises, which are awaited. Left out: true of functions that are declared async. */
  readonly async?: boolean;
  /** How many promises (of rows, or of batches) are awaited at once; 16 when it is left out. */
  readonly concurrency?: number;
};
/** Makes Columns of Columns. */
export type Udf = ((...columns: readonly ColumnArgument[]) => Column) & {
  asNondeterministic(): Udf;
  /** @internal */
  readonly definition: UserFunction | UserAggregate;
};
type Plain = (...args: any[]) => unknown;

/** @param returnType Spark's name of a type (`int`, `array<string>`) or the type. NULLs are passed in as null. */
export function udf(f: Plain, returnType: DataType | string, options: UdfOptions = {}): Udf {
  return callable(userFunction(f, returnType, options));
}

export function callable(definition: UserFunction | UserAggregate): Udf {
  const make = (...columns: readonly ColumnArgument[]): Column =>
    new Column({
      kind: 'commonInlineUserDefinedFunction',
      functionName: definition.name,
      deterministic: definition.deterministic,
      arguments: columns.map(columnExpression),
      outputType: definition.returnType,
      function: definition,
    });
  return Object.assign(make, { asNondeterministic: () => callable({ ...definition, deterministic: false }), definition });
}

export function userFunction(f: Plain, returnType: DataType | string, options: UdfOptions): UserFunction {
  const name = options.name ?? (f.name || 'udf');
  const type = toDataType(returnType);
  const deterministic = options.deterministic ?? true;
  const { batch = false, concurrency, async: isAsync = f.constructor.name === 'AsyncFunction' } = options;
  if (concurrency !== undefined && !(Number.isInteger(concurrency) && concurrency > 0))
    throw new SparkIllegalArgumentException(
      'INVALID_CONCURRENCY',
      '42000',
      `The concurrency of ${name} is ${concurrency}, and must be a whole number from 1`,
    );
  return {
    name,
    returnType: type,
    deterministic,
    how: isAsync ? (batch ? 'asyncBatch' : 'async') : batch ? 'batch' : 'rows',
    ...(concurrency !== undefined && { concurrency }),
    body: f,
  };
}

/** spark.udf: functions that SQL text can name. */
export class UdfRegistration {
  readonly #functions = new Map<string, UserFunction | UserAggregate>();

  /**
   * A function with a value for each row, or what udf() or udaf() made.
   * @param name as SQL calls it, whatever the case; one of the same name is replaced. @returns the function for Columns
   */
  register(name: string, f: Udf): Udf;
  register(name: string, f: Plain, returnType: DataType | string, options?: Omit<UdfOptions, 'name'>): Udf;
  register(name: string, f: Udf | Plain, returnType?: DataType | string, options: Omit<UdfOptions, 'name'> = {}): Udf {
    const known = (f as Udf).definition;
    if (known === undefined && returnType === undefined)
      throw new SparkIllegalArgumentException(
        'MISSING_RETURN_TYPE',
        '42K09',
        `spark.udf.register('${name}', …) needs the type of the function's result, such as 'int'`,
      );
    const made = known === undefined ? userFunction(f as Plain, returnType!, { ...options, name }) : { ...known, name };
    this.#functions.set(name.toLowerCase(), made);
    return callable(made);
  }

  /** @internal */
  find(name: string): UserFunction | UserAggregate | undefined {
    return this.#functions.get(name.toLowerCase());
  }

  /** @internal */
  names(): readonly string[] {
    return [...this.#functions.keys()];
  }

  /** @internal @returns whether there was one */
  drop(name: string): boolean {
    return this.#functions.delete(name.toLowerCase());
  }
}
