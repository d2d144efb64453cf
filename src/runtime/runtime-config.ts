// spark.conf. Which settings there are is src/common/spark-keys.ts; what a command SET does with them is the SQL engine's. Source: org.apache.spark.sql.RuntimeConfig.
import { SparkIllegalArgumentException } from '../common/spark-error.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SparkContext } from './driver/service/spark-context.ts';

/** Of SQL's settings, as a user would write them. */
const DEFAULTS = new Map(
  Object.values(SPARK_KEYS).flatMap((k) => (k.name.startsWith('spark.sql.') && k.fallback !== undefined ? [[k.name, k.fallback]] : [])),
);

/** spark.conf: settings that the program reads, and sets for what it starts later. */
export class RuntimeConfig {
  readonly #values: Map<string, string>;

  constructor(context: SparkContext) {
    this.#values = new Map(context.getConf().getAll());
  }

  /** @param fallback left out: Spark's default, where SQL has one. @throws SparkIllegalArgumentException SQL_CONF_NOT_FOUND */
  get(key: string, fallback?: string): string {
    const value = this.#values.get(key) ?? fallback ?? DEFAULTS.get(key);
    if (value === undefined)
      throw new SparkIllegalArgumentException(
        'SQL_CONF_NOT_FOUND',
        '42K0I',
        `The SQL config "${key}" cannot be found. Please verify that the config exists.`,
      );
    return value;
  }

  /** What has been set, by name. */
  getAll(): { [key: string]: string } {
    return Object.fromEntries(this.#values);
  }

  set(key: string, value: string | number | boolean): void {
    if (value === undefined || value === null)
      throw new SparkIllegalArgumentException('NOT_STR', '42K09', `The config "${key}" can't be set to ${String(value)}.`);
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
