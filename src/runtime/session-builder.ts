// SparkSession.builder(): settings are gathered, and the session of this process is made, or given what it may still be told.
// Source: org.apache.spark.sql.SparkSession.Builder.
import { SparkIllegalArgumentException } from '../common/spark-error.ts';
import type { SparkSession } from './session.ts';

export class SparkSessionBuilder {
  readonly #settings: [string, string | number | boolean][] = [];
  readonly #open: (settings: [string, string | number | boolean][]) => SparkSession;

  /** @internal Programs use SparkSession.builder(). */
  constructor(open: (settings: [string, string | number | boolean][]) => SparkSession) {
    this.#open = open;
  }

  appName(name: string): this {
    return this.config('spark.app.name', name);
  }

  master(master: string): this {
    return this.config('spark.master', master);
  }

  config(key: string, value: string | number | boolean): this {
    this.#settings.push([key, value]);
    return this;
  }

  /** @throws SparkIllegalArgumentException UNSUPPORTED_FEATURE.HIVE: there is no metastore of Hive; the catalogue is a file in spark.sql.warehouse.dir */
  enableHiveSupport(): this {
    throw new SparkIllegalArgumentException(
      'UNSUPPORTED_FEATURE.HIVE',
      '0A000',
      'The feature is not supported: a metastore of Hive. Leave enableHiveSupport() out: databases, tables and views are kept in spark.sql.warehouse.dir, and other sessions find them there.',
    );
  }
  /** @throws SparkIllegalArgumentException ONLY_SUPPORTED_WITH_SPARK_CONNECT */
  create(): SparkSession {
    throw new SparkIllegalArgumentException(
      'ONLY_SUPPORTED_WITH_SPARK_CONNECT',
      '0A000',
      'SparkSession.builder.create is only supported with Spark Connect; use getOrCreate(), or newSession() of a session for another one beside it.',
    );
  }

  /** Returns at once: the application starts in the background, and the first action waits for it. */
  getOrCreate(): SparkSession {
    return this.#open(this.#settings);
  }
}
