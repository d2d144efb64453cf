// Table functions of the program: udtf(class or function, columns), spark.udtf.register(name, …) for FROM and LATERAL in SQL. How they are called is
// ../udf/table.ts. Source: pyspark.sql.udtf and UDTFRegistration of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { UserTableFunction } from '../plan/user-function.ts';
import type { StructType } from '../types/data-type.ts';
import type { Column } from './column.ts';
import type { ColumnArgument } from './function-types.ts';
import { columnExpression } from './column.ts';
import { type Encoded, encodedType } from './encoded-type.ts';
import type { DataFrame } from './dataframe.ts';
import type { Relation } from '../plan/relations.ts';

/** Rows as a table function gives them: arrays or objects, or of one column the values themselves. None: nothing. */
export type UdtfRows = Iterable<unknown> | void | null;
/** One object for each partition of the input; `terminate` is called after its last row. */
export type UdtfHandler = { eval(...args: any[]): UdtfRows; terminate?(): UdtfRows };
export type UdtfOptions = {
  /** For messages; else the class's or the function's own. */
  readonly name?: string;
  /** True: the same arguments give the same rows, and a call may be left out. */
  readonly deterministic?: boolean;
};
export class Udtf {
  /** @internal */
  readonly definition: UserTableFunction;

  /** @internal Programs use udtf(). */
  constructor(definition: UserTableFunction) {
    this.definition = definition;
  }
}

/** @param handler a class with `eval` and perhaps `terminate`, or a function that is its eval. @param returnType `word STRING, n INT` */
export function udtf(
  handler: (new () => UdtfHandler) | ((...args: any[]) => UdtfRows),
  returnType: Encoded,
  { name = handler.name || 'udtf', deterministic = false }: UdtfOptions = {},
): Udtf {
  const columns = encodedType(returnType);
  if (columns.tag !== 'struct' || columns.fields.length === 0)
    throw new SparkIllegalArgumentException(
      'UDTF_RETURN_TYPE_MISMATCH',
      '42000',
      `Mismatch in return type for the UDTF '${name}'. Expected a 'StructType', but got '${columns.tag}'. Please ensure the return type is a correctly formatted StructType.`,
    );
  return new Udtf({ name, columns: columns as StructType, deterministic, body: handler });
}

/** spark.udtf: table functions that SQL text can name. */
export class UdtfRegistration {
  readonly #functions = new Map<string, UserTableFunction>();
  readonly #dataFrame: (relation: Relation) => DataFrame;

  /** @internal */
  constructor(dataFrame: (relation: Relation) => DataFrame) {
    this.#dataFrame = dataFrame;
  }

  /** @param name as SQL calls it, whatever the case; one of the same name is replaced. @returns the function's rows for constants, as a DataFrame */
  register(name: string, udtf: Udtf): (...args: readonly ColumnArgument[]) => DataFrame {
    this.#functions.set(name.toLowerCase(), { ...udtf.definition, name });
    return (...args) =>
      this.#dataFrame({
        kind: 'unresolvedTableValuedFunction',
        functionName: name,
        arguments: (args as readonly Column[]).map(columnExpression),
      });
  }

  /** @internal */
  find(name: string): UserTableFunction | undefined {
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
