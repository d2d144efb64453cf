// A function of the user's program as plans carry it: what the program wrote, its types, and in which way vectors are given to it. The analyser asks
// only its type. Made by ../api/udf.ts and its neighbours, computed by ../udf/ in the driver's kernel or in an executor's.
import type { Shape } from '../api/shapes.ts';
import type { DataType, StructType } from '../types/data-type.ts';

/**
 * How a body is called: `rows`, a function once for each row; `batch`, a function with whole columns; the steps of an Aggregator over lists of a
 * group's values (`aggregate` in one step, `partial`, `merge` and `finish` in two); a table function that gives a list of rows for each row
 * (`table`) or for a list of rows (`partition`); `script` gives a list of lines to a process, ../udf/script.ts. `async` and `asyncBatch` are `rows` and `batch` with promises: ../udf/async.ts.
 */
export type UserFunctionHow =
  | 'rows'
  | 'batch'
  | 'aggregate'
  | 'partial'
  | 'merge'
  | 'finish'
  | 'table'
  | 'partition'
  | 'async'
  | 'asyncBatch'
  | 'script';

export type UserFunction = {
  /** For messages and names of results. */
  readonly name: string;
  readonly returnType: DataType;
  readonly deterministic: boolean;
  readonly how: UserFunctionHow;
  /** Of steps over lists: an element has this many columns in a struct, which make one input. Left out: the element is the input. */
  readonly width?: number;
  /** Of steps over lists: what an input looks like in the program; left out: the value, or an array of `width` values. */
  readonly input?: Shape;
  /** Of functions with promises: how many are awaited at once. Left out: 16. */
  readonly concurrency?: number;
  /** Of `partition`: which argument is the list. */
  readonly tableAt?: number;
  /** What the program wrote. It goes to executors as captured values do. */
  readonly body: unknown;
};

/** An Aggregator of the program (../api/aggregator.ts). The steps that compute it are UserFunctions: ../functions/user-aggregates.ts. */
export type UserAggregate = {
  readonly how: 'aggregator';
  readonly name: string;
  /** What its arguments are brought to. Several make one input: an array, or what `input` says. */
  readonly inputTypes: readonly DataType[];
  readonly input?: Shape;
  /** What a buffer is between the steps of two stages; undefined: bytes, as Node.js clones values. */
  readonly bufferType: DataType | undefined;
  readonly returnType: DataType;
  readonly deterministic: boolean;
  readonly body: unknown;
};

/** A table function of the program (../api/udtf.ts): a class with `eval` and perhaps `terminate` and `cleanup`, or a function that is its `eval`. */
export type UserTableFunction = {
  readonly name: string;
  /** Left out: its `analyze` says them for each call. */
  readonly columns?: StructType;
  readonly deterministic: boolean;
  readonly body: unknown;
};

/** The program's functions by their names in SQL, whatever the case. They are temporary functions of the session. */
export type ProgramFunctions = {
  readonly find: (name: string) => UserFunction | UserAggregate | undefined;
  readonly findTable: (name: string) => UserTableFunction | undefined;
  readonly names: () => readonly string[];
  /** @returns whether there was one */
  readonly drop: (name: string) => boolean;
};
export const NO_FUNCTIONS: ProgramFunctions = { find: () => undefined, findTable: () => undefined, names: () => [], drop: () => false };

/** A use of it, as data: what goes to executors beside the body. */
export type UserCall = Omit<UserFunction, 'body'> & {
  /** Of the arguments. */
  readonly types: readonly DataType[];
};

export function userCall({ body: _, ...rest }: UserFunction, types: readonly DataType[]): UserCall {
  return { ...rest, types };
}

const names = new WeakMap<UserFunction | UserAggregate, string>();
let count = 0;

/** What the kernel calls it: users' own names never meet it. The same for the same function, in the whole process. */
export function userFunctionName(f: UserFunction | UserAggregate): string {
  let name = names.get(f);
  if (name === undefined) names.set(f, (name = `udf_${++count}`));
  return name;
}
