// spark.conf. Which settings there are is src/common/spark-keys.ts; what a command SET does with them is the SQL engine's. Source: org.apache.spark.sql.RuntimeConfig.
import { SparkIllegalArgumentException } from '../common/spark-error.ts';
import type { SparkContext } from './driver/service/spark-context.ts';

/** spark.conf: settings that the program reads, and sets for what it starts later. */
export class RuntimeConfig {
  readonly #values: Map<string, string>;

  constructor(context: SparkContext) {
    this.#values = new Map(context.getConf().getAll());
  }

  get(key: string, fallback?: string): string {
    const value = this.#values.get(key) ?? fallback;
    if (value === undefined)
      throw new SparkIllegalArgumentException(
        'SQL_CONF_NOT_FOUND',
        '42K0I',
        `The SQL config "${key}" cannot be found. Please verify that the config exists.`,
      );
    return value;
  }

  set(key: string, value: string | number | boolean): void {
    this.#values.set(key, String(value));
  }

  unset(key: string): void {
    this.#values.delete(key);
  }

  /** @internal */
  entries(): Iterable<readonly [string, string]> {
    return this.#values;
  }
}
