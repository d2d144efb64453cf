// The application's accumulators by id, for the updates that tasks bring. Held weakly: one that neither the program nor a lineage can reach any more
// goes with the garbage, with all that a collection has gathered, and what late tasks still bring for it is dropped. Source: AccumulatorContext.
import type { AnyAccumulator } from '../../rdd/accumulators.ts';

export class AccumulatorTable {
  readonly #held = new Map<number, WeakRef<AnyAccumulator>>();
  readonly #registry = new FinalizationRegistry<number>((id) => this.#held.delete(id));

  add(accumulator: AnyAccumulator): void {
    this.#held.set(accumulator.id, new WeakRef(accumulator));
    this.#registry.register(accumulator, accumulator.id);
  }

  get(id: number): AnyAccumulator | undefined {
    return this.#held.get(id)?.deref();
  }

  get size(): number {
    return this.#held.size;
  }
}
