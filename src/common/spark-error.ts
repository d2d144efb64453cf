// An error as Spark's programs know it: condition, SQLSTATE, parameters, and where in the SQL text it was. What the analyser and a running query raise are
// ../runtime/sql/errors/spark-error.ts; here also what a call of the API refuses at once. Source: org.apache.spark.SparkThrowable of Spark 4.2.

const BRAND: unique symbol = Symbol.for('emberloom.SparkError');

/** The piece of SQL text that an error is about; runtime/sql/errors/query-context.ts makes it. */
export type ErrorContext = {
  /** `VIEW` when the text is a stored view's, else empty. */
  readonly objectType: string;
  readonly objectName: string;
  /** First and last position in the text, from 0. */
  readonly startIndex: number;
  readonly stopIndex: number;
  readonly fragment: string;
  /** Heading, text and carets. */
  readonly summary: string;
};

/** `error instanceof SparkError` holds in every bundle, each of which has this class. */
export abstract class SparkError extends Error {
  /** For example `UNRESOLVED_COLUMN.WITH_SUGGESTION`. */
  readonly condition: string;
  /** Five characters; empty where Spark has none. */
  readonly sqlState: string;
  readonly messageParameters: Readonly<Record<string, string>>;
  /** @internal */
  readonly [BRAND] = true;

  constructor(condition: string, sqlState: string, message: string, messageParameters: Readonly<Record<string, string>> = {}) {
    super(message);
    this.condition = condition;
    this.sqlState = sqlState;
    this.messageParameters = messageParameters;
    Object.defineProperty(this, BRAND, { enumerable: false });
  }

  getCondition(): string {
    return this.condition;
  }
  getSqlState(): string {
    return this.sqlState;
  }
  getMessageParameters(): Readonly<Record<string, string>> {
    return this.messageParameters;
  }
  getQueryContext(): readonly ErrorContext[] {
    return this.queryContext;
  }
  get queryContext(): readonly ErrorContext[] {
    return [];
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    if (this === SparkError) return typeof value === 'object' && value !== null && BRAND in value;
    return Function.prototype[Symbol.hasInstance].call(this, value);
  }
}

/** What the program gave does not fit the call. Source: SparkIllegalArgumentException; PySpark's PySparkTypeError and PySparkValueError. */
export class SparkIllegalArgumentException extends SparkError {
  override readonly name = 'SparkIllegalArgumentException';

  /** @param words the sentence without condition and SQLSTATE */
  constructor(condition: string, sqlState: string, words: string, messageParameters: Readonly<Record<string, string>> = {}) {
    super(condition, sqlState, `[${condition}] ${words} SQLSTATE: ${sqlState}`, messageParameters);
  }
}
