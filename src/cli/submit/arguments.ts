// What a spark-submit command line says: the result of parse-arguments.ts, completed in place by defaults.ts.
// Source of names and order: Spark's SparkSubmitArguments.
import type { Field } from './options.ts';

export type Action = 'submit' | 'kill' | 'status' | 'help' | 'version';

export type SubmitArguments = {
  action: Action;
  /** Values of flags; defaults.ts fills in settings and environment. Absent: not given. */
  readonly fields: Partial<Record<Field, string>>;
  /** Fields that a flag on the command line gave, for refusals. */
  readonly given: ReadonlySet<Field>;
  /** --conf, then properties file, defaults file: spark.* only. */
  readonly properties: Map<string, string>;
  loadSparkDefaults: boolean;
  supervise: boolean;
  verbose: boolean;
  /** As given: the program, or `spark-internal` and the like. */
  primaryResource: string | undefined;
  /** `run-example <name>` was asked for: primaryResource is the name of an example. */
  example: boolean;
  childArgs: readonly string[];
};
