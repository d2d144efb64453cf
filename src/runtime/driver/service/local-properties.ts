// What a job is submitted with: its group, description, tags, pool and every other local property. Each flow of async calls has its own, as
// each thread has in Spark; a flow that starts inside another begins with what that one had. Source: SparkContext.localProperties.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Properties } from '../core/job-properties.ts';

const NONE: Properties = new Map();

export class LocalProperties {
  readonly #flow = new AsyncLocalStorage<Properties>();

  get all(): Properties {
    return this.#flow.getStore() ?? NONE;
  }

  get(key: string): string | undefined {
    return this.all.get(key);
  }

  /** undefined takes a property away. Flows that began before keep what they had. */
  set(changes: Readonly<Record<string, string | undefined>>): void {
    const next = new Map(this.all);
    for (const [key, value] of Object.entries(changes)) {
      if (value === undefined) next.delete(key);
      else next.set(key, value);
    }
    this.#flow.enterWith(next);
  }
}
