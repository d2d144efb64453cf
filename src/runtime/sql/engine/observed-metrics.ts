// Metrics that a program observes (df.observe): after the action they are asked of a query of their own, and the program is told.
import type { KernelValue } from '../../../common/sql-kernel.ts';
import type { Observed } from '../analysis/analysis.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { structField, structType } from '../types/data-type.ts';

export class ObservedMetrics {
  readonly #known = new WeakMap<LogicalPlan, readonly Observed[]>();
  readonly #rowsOf: (plan: LogicalPlan) => Promise<KernelValue[][]>;

  constructor(rowsOf: (plan: LogicalPlan) => Promise<KernelValue[][]>) {
    this.#rowsOf = rowsOf;
  }

  note(plan: LogicalPlan, metrics: readonly Observed[]): void {
    if (metrics.length > 0) this.#known.set(plan, metrics);
  }

  of(plan: LogicalPlan): readonly Observed[] | undefined {
    return this.#known.get(plan);
  }

  async tell(metrics: readonly Observed[] = []): Promise<void> {
    for (const { plan, observation } of metrics) {
      if (observation.isTold()) continue;
      const [values] = await this.#rowsOf(plan);
      const schema = structType(outputOf(plan).map((a) => structField(a.name, a.dataType, a.nullable)));
      observation.told(schema, values!);
    }
  }
}
