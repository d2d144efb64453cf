// Settings of an application, as the program sees and sets them. What spark-submit gave is the start; what the program sets wins.
// Source: Spark's SparkConf.
import { type Key, parseValue, type Unit, type ValueOf } from '../../../common/key.ts';

let submitted: readonly (readonly [string, string])[] = [];

/** spark-submit's settings: every SparkConf made from now on starts with them. */
export function setSubmittedConf(pairs: readonly (readonly [string, string])[]): void {
  submitted = pairs;
}

type Value = string | number | boolean;

export class SparkConf {
  readonly #values: Map<string, string>;

  /** @param loadDefaults false: empty, without what spark-submit gave */
  constructor(loadDefaults = true) {
    this.#values = new Map(loadDefaults ? submitted : []);
  }

  set(key: string, value: Value): this {
    if (value === null || value === undefined) throw new TypeError(`null value for ${key}`);
    this.#values.set(key, String(value));
    return this;
  }

  setAll(pairs: Iterable<readonly [string, Value]>): this {
    for (const [key, value] of pairs) this.set(key, value);
    return this;
  }

  setIfMissing(key: string, value: Value): this {
    if (!this.#values.has(key)) this.set(key, value);
    return this;
  }

  setMaster(master: string): this {
    return this.set('spark.master', master);
  }

  setAppName(name: string): this {
    return this.set('spark.app.name', name);
  }

  remove(key: string): this {
    this.#values.delete(key);
    return this;
  }

  contains(key: string): boolean {
    return this.#values.has(key);
  }

  /** @throws Error when the key is not set and there is no default, as Spark's NoSuchElementException */
  get(key: string, fallback?: string): string {
    const value = this.#values.get(key) ?? fallback;
    if (value === undefined) throw new Error(key);
    return value;
  }

  getOption(key: string): string | undefined {
    return this.#values.get(key);
  }

  getAll(): [string, string][] {
    return [...this.#values];
  }

  clone(): SparkConf {
    return new SparkConf(false).setAll(this.#values);
  }

  toDebugString(): string {
    return this.getAll()
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => `${k}=${v}`)
      .join('\n');
  }

  /** @internal A setting of ours with its unit. @throws AppError CONFIG_BAD_VALUE */
  read<U extends Unit>(key: Key<U>): ValueOf<U> | undefined {
    const text = this.#values.get(key.name) ?? key.fallback;
    return text === undefined ? undefined : parseValue(key, text, 'SparkConf');
  }
}
