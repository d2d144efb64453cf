// Metrics over the rows of a DataFrame that an action goes through anyway: df.observe(observation, count(lit(1)).as('rows')). They are computed by a
// query of their own beside the first action. Source: org.apache.spark.sql.Observation of Spark 4.2.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { Observer } from '../plan/dataset-relations.ts';
import type { StructType } from '../types/data-type.ts';
import { converterOf } from './values.ts';

let made = 0;

export class Observation {
  readonly name: string;
  readonly #values: Promise<{ readonly [metric: string]: any }>;
  #tell!: (values: { readonly [metric: string]: any }) => void;
  #isUsed = false;

  /** @param name for messages; left out: a name of its own */
  constructor(name = `observation-${++made}`) {
    if (name === '') throw new SparkIllegalArgumentException('INVALID_OBSERVATION_NAME', '42000', 'Name must not be empty');
    this.name = name;
    this.#values = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  /** The metrics by name. Waits for the first action on the observed DataFrame, or on one that was made of it. */
  get(): Promise<{ readonly [metric: string]: any }> {
    return this.#values;
  }

  /** @internal @throws Error when it observes another DataFrame already */
  observer(): Observer {
    if (this.#isUsed)
      throw new SparkIllegalArgumentException('REUSE_OBSERVATION', '42000', 'An Observation can be used with a Dataset only once');
    this.#isUsed = true;
    let isTold = false;
    const told = (schema: StructType, values: readonly unknown[]) => {
      isTold = true;
      this.#tell(metricsOf(schema, values));
    };
    return { told, isTold: () => isTold };
  }
}

function metricsOf({ fields }: StructType, values: readonly unknown[]): { readonly [metric: string]: unknown } {
  return Object.fromEntries(
    fields.map((f, i) => {
      const convert = converterOf(f.dataType);
      return [f.name, convert === undefined ? values[i] : convert(values[i])];
    }),
  );
}
