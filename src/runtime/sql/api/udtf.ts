// Table functions of the program: udtf(class or function, columns), spark.udtf.register(name, …) for FROM and LATERAL in SQL. How they are called is
// ../udf/table.ts, what `analyze` says ../analysis/analyze-table-function.ts. Source: pyspark.sql.udtf and UDTFRegistration of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { UserTableFunction } from '../plan/user-function.ts';
import type { StructType } from '../types/data-type.ts';
import type { ColumnArgument } from './function-types.ts';
import { columnExpression } from './column.ts';
import { type Encoded, encodedType } from './encoded-type.ts';
import type { DataFrame } from './dataframe.ts';
import type { Relation } from '../plan/relations.ts';
import { TableArg } from './table-arg.ts';
import type { AnalyzeResult } from './table-function-analysis.ts';

/** Rows as a table function gives them: arrays or objects, or of one column the values themselves. None: nothing. */
export type UdtfRows = Iterable<unknown> | void | null;
/** One object for each partition of the input; `terminate` is called after its last row, `cleanup` at the end, also where a call failed. */
export type UdtfHandler = { eval(...args: any[]): UdtfRows; terminate?(): UdtfRows; cleanup?(): void };
type HandlerClass = new (analyzed: any) => UdtfHandler;
/** A class whose columns depend on the arguments of a call. Its constructor is given what `analyze` gave. */
export type AnalyzingHandler = HandlerClass & { analyze(...args: any[]): AnalyzeResult };
export type UdtfOptions = {
  /** For messages; else the class's or the function's own. */
  readonly name?: string;
  /** True: the same arguments give the same rows, and a call may be left out. */
  readonly deterministic?: boolean;
};
/** What a call takes: Columns, names of columns, constants, and tables. */
export type UdtfArgument = ColumnArgument | TableArg;

/** A table function as a function: its rows as a DataFrame of the active session. */
export type Udtf = {
  (...args: readonly UdtfArgument[]): DataFrame;
  /** @internal */
  readonly definition: UserTableFunction;
};

let activeSession: () => { readonly tableFunction: (relation: Relation) => DataFrame };
/** For src/runtime/session.ts: a call without a session is the active one's. */
export function setTableFunctionSession(active: typeof activeSession): void {
  activeSession = active;
}

/** @param handler a class with a static `analyze` that says the columns of each call */
export function udtf(handler: AnalyzingHandler, returnType?: undefined, options?: UdtfOptions): Udtf;
/** @param handler a class with `eval` and perhaps `terminate` and `cleanup`, or a function that is its eval. @param returnType `word STRING, n INT` */
export function udtf(handler: HandlerClass | ((...args: any[]) => UdtfRows), returnType: Encoded, options?: UdtfOptions): Udtf;
export function udtf(
  handler: HandlerClass | ((...args: any[]) => UdtfRows),
  returnType?: Encoded,
  { name = handler?.name || 'udtf', deterministic = false }: UdtfOptions = {},
): Udtf {
  const refuse = (condition: string, words: string): never => {
    throw new SparkIllegalArgumentException(condition, '42000', words, { name });
  };
  if (typeof handler !== 'function')
    refuse(
      'INVALID_UDTF_HANDLER_TYPE',
      `The UDTF is invalid. The function handler must be a class or a function, but got '${typeof handler}'.`,
    );
  const isClass = /^class\b/.test(Function.prototype.toString.call(handler));
  if (isClass && typeof handler.prototype.eval !== 'function')
    refuse(
      'INVALID_UDTF_NO_EVAL',
      `The UDTF '${name}' is invalid. It does not implement the required 'eval' method. Please implement the 'eval' method in '${name}' and try again.`,
    );
  const analyzes = typeof (handler as Partial<AnalyzingHandler>).analyze === 'function';
  if (analyzes && returnType !== undefined)
    refuse(
      'INVALID_UDTF_BOTH_RETURN_TYPE_AND_ANALYZE',
      `The UDTF '${name}' is invalid. It has both its return type and an 'analyze' attribute. Please make it have one of either the return type or the 'analyze' static method in '${name}' and try again.`,
    );
  if (!analyzes && returnType === undefined)
    refuse(
      'INVALID_UDTF_RETURN_TYPE',
      `The UDTF '${name}' is invalid. It does not specify its return type or implement the required 'analyze' static method. Please specify the return type or implement the 'analyze' static method in '${name}' and try again.`,
    );
  const definition: UserTableFunction = {
    name,
    ...(returnType !== undefined && { columns: columnsGiven(returnType, name) }),
    deterministic,
    body: handler,
  };
  return Object.assign((...args: readonly UdtfArgument[]) => activeSession().tableFunction(tableFunctionCall(definition, args)), {
    definition,
  });
}

function columnsGiven(returnType: Encoded, name: string): StructType {
  const columns = encodedType(returnType);
  if (columns.tag !== 'struct' || columns.fields.length === 0)
    throw new SparkIllegalArgumentException(
      'UDTF_RETURN_TYPE_MISMATCH',
      '42000',
      `Mismatch in return type for the UDTF '${name}'. Expected a 'StructType', but got '${columns.tag}'. Please ensure the return type is a correctly formatted StructType.`,
    );
  return columns;
}

const tableFunctionCall = (program: UserTableFunction, args: readonly UdtfArgument[]): Relation => ({
  kind: 'unresolvedTableValuedFunction',
  functionName: program.name,
  program,
  arguments: args.map((a) => (a instanceof TableArg ? a.expr : columnExpression(a))),
});

/** spark.udtf: table functions that SQL text can name. */
export class UdtfRegistration {
  readonly #functions = new Map<string, UserTableFunction>();
  readonly #dataFrame: (relation: Relation) => DataFrame;

  /** @internal */
  constructor(dataFrame: (relation: Relation) => DataFrame) {
    this.#dataFrame = dataFrame;
  }

  /**
   * @param name as SQL calls it, whatever the case; one of the same name is replaced
   * @returns the function's rows for constants and tables, as a DataFrame
   */
  register(name: string, udtf: Udtf): (...args: readonly UdtfArgument[]) => DataFrame {
    if (udtf?.definition === undefined)
      throw new SparkIllegalArgumentException(
        'CANNOT_REGISTER_UDTF',
        '42000',
        `Cannot register the UDTF '${name}': expected what udtf() gives. Please make sure the UDTF is correctly defined as a class, and then wrap it in the ` +
          '`udtf()`' +
          ` function.`,
      );
    const definition = { ...udtf.definition, name };
    this.#functions.set(name.toLowerCase(), definition);
    return (...args) => this.#dataFrame(tableFunctionCall(definition, args));
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
