// Temporary views: names of this session for resolved plans. Each use gets columns of its own, so a view joined with itself is no ambiguity.
import { aliasOf } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';

export class TempViews {
  readonly #plans = new Map<string, LogicalPlan>();

  set(name: string, plan: LogicalPlan): void {
    this.#plans.set(name.toLowerCase(), plan);
  }

  has(name: string): boolean {
    return this.#plans.has(name.toLowerCase());
  }

  /** @returns whether there was one */
  drop(name: string): boolean {
    return this.#plans.delete(name.toLowerCase());
  }

  names(): readonly string[] {
    return [...this.#plans.keys()];
  }

  find(nameParts: readonly string[]): LogicalPlan | undefined {
    const name = nameParts.at(-1)!;
    const plan = nameParts.length === 1 ? this.#plans.get(name.toLowerCase()) : undefined;
    if (plan === undefined) return undefined;
    return { kind: 'subqueryAlias', child: withNewIds(plan), alias: name, qualifier: [] };
  }
}

/** The same columns under ids of their own. */
export const withNewIds = (plan: LogicalPlan): LogicalPlan => ({
  kind: 'project',
  child: plan,
  projectList: outputOf(plan).map((a) => aliasOf(a, a.name, a.metadata === undefined ? {} : { metadata: a.metadata })),
});
