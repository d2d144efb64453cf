// spark.conf. Which settings there are is src/common/spark-keys.ts; what a command SET does with them is the SQL engine's. Source: org.apache.spark.sql.RuntimeConfig.
import { checkModifiable, checkValue, isModifiable, isStaticSetting } from '../common/check-setting.ts';
import { SparkIllegalArgumentException } from '../common/spark-error.ts';
import { SPARK_KEYS } from '../common/spark-keys.ts';
import type { SparkContext } from './driver/service/spark-context.ts';
import { loadSql } from './load-sql.ts';

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

  /**
   * For what is asked later.
   * @throws SparkIllegalArgumentException INVALID_CONF_VALUE.…, CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG
   */
  set(key: string, value: string | number | boolean): void {
    if (value === undefined || value === null)
      throw new SparkIllegalArgumentException('NOT_STR', '42K09', `The config "${key}" can't be set to ${String(value)}.`);
    checkModifiable(key);
    this.#take(key, value);
  }
  #take(key: string, value: string | number | boolean): void {
    checkValue(key, String(value), (zone) => loadSql().isTimeZone(zone));
    this.#values.set(key, String(value));
  }

  /** @internal What a builder gives a session that runs: settings that are read at its start stay as they are. Source: SparkSession.applyModifiableSettings. */
  setModifiable(settings: Iterable<readonly [string, string | number | boolean]>): void {
    for (const [key, value] of settings) if (!isStaticSetting(key)) this.#take(key, value);
  }

  /** @throws SparkIllegalArgumentException CANNOT_MODIFY_STATIC_CONFIG, CANNOT_MODIFY_CONFIG */
  unset(key: string): void {
    checkModifiable(key);
    this.#values.delete(key);
  }

  /** Whether setting it changes what is asked later: settings of SQL that are not read once at the start. */
  isModifiable(key: string): boolean {
    return isModifiable(key);
  }

  /** @internal */
  entries(): Iterable<readonly [string, string]> {
    return this.#values;
  }
}
