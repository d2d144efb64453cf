// What aggregate functions of the program extend: how rows become a buffer, buffers one, and one a result. udaf.ts makes functions of Columns and of
// SQL of it. Executors have this class too. Source: org.apache.spark.sql.expressions.Aggregator of Spark 4.2.
import type { Encoded } from './encoded-type.ts';

/**
 * What a program extends. Rows of a group are given to `reduce` one after another, in any order and in several tasks; buffers of tasks are merged.
 * The buffer may be changed and given back. @typeParam IN what `reduce` gets of a row: a value, an array where
 * udaf() was given several types, or what its encoder says
 */
export abstract class Aggregator<IN = any, BUF = any, OUT = any> {
  /** A buffer of no rows, new for each call. `merge(b, zero())` means b. */
  abstract zero(): BUF;
  abstract reduce(buffer: BUF, input: IN): BUF;
  abstract merge(a: BUF, b: BUF): BUF;
  abstract finish(buffer: BUF): OUT;
  /**
   * Type of the buffer between stages: `DOUBLE`, `sum DOUBLE, n BIGINT`, `Encoders.bean(Buffer)`. Left out: any value that Node.js can clone (numbers, texts, arrays, plain
   * objects, Maps, Sets; objects of classes lose their class).
   */
  readonly bufferEncoder?: Encoded;
  /** Type of the result. */
  abstract readonly outputEncoder: Encoded;
}
