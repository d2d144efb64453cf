// int('5'), date('2020-01-01') …: names of types as functions are casts. Source: FunctionRegistry.castAlias of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import type { Origin } from '../plan/origin.ts';
import * as T from '../types/data-type.ts';
import { castOf } from './cast-rules.ts';

const TYPES: { readonly [name: string]: T.DataType } = {
  boolean: T.BOOLEAN,
  tinyint: T.BYTE,
  smallint: T.SHORT,
  int: T.INTEGER,
  bigint: T.LONG,
  float: T.FLOAT,
  double: T.DOUBLE,
  decimal: T.decimalType(),
  date: T.DATE,
  timestamp: T.TIMESTAMP,
  binary: T.BINARY,
  string: T.STRING,
};

/** @returns undefined when this is no such function. @throws AnalysisException DATATYPE_MISMATCH.CAST_… */
export function typeFunction(name: string, args: readonly Expr[], ansi: boolean, origin: Origin | undefined): Expr | undefined {
  const type = Object.hasOwn(TYPES, name.toLowerCase()) ? TYPES[name.toLowerCase()] : undefined;
  return type === undefined || args.length !== 1 ? undefined : castOf(args[0]!, type, ansi ? 'ansi' : 'legacy', origin);
}
