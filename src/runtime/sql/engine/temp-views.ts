// Temporary views: names of this session for resolved plans. Each use gets columns of its own, so a view joined with itself is no ambiguity.
import type { ViewText } from '../catalog/entries.ts';
import { aliasOf } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';

/** Of which text, where its names were meant, and when. `view` left out: it was made without a query's text. */
export type TempViewMade = { readonly view?: Pick<ViewText, 'text' | 'namespace' | 'queryColumns'>; readonly createdMs: number };

export class TempViews {
  readonly #qualifier: readonly string[];
  readonly #made = new Map<string, TempViewMade>();
  readonly #plans = new Map<string, LogicalPlan>();

  /** @param qualifier what stands before their names: `global_temp` */
  constructor(qualifier: readonly string[] = []) {
    this.#qualifier = qualifier;
  }

  set(name: string, plan: LogicalPlan, made?: TempViewMade): void {
    this.#plans.set(name.toLowerCase(), plan);
    if (made === undefined) this.#made.delete(name.toLowerCase());
    else this.#made.set(name.toLowerCase(), made);
  }
  /** What SHOW TABLE EXTENDED tells of it. undefined: of a DataFrame's view. */
  made(name: string): TempViewMade | undefined {
    return this.#made.get(name.toLowerCase());
  }

  has(name: string): boolean {
    return this.#plans.has(name.toLowerCase());
  }

  /** @returns whether there was one */
  drop(name: string): boolean {
    return this.#plans.delete(name.toLowerCase());
  }

  rename(name: string, to: string): void {
    const plan = this.#plans.get(name.toLowerCase())!;
    this.#plans.delete(name.toLowerCase());
    this.set(to, plan, this.#made.get(name.toLowerCase()));
  }

  names(): readonly string[] {
    return [...this.#plans.keys()];
  }

  find(nameParts: readonly string[]): LogicalPlan | undefined {
    const name = nameParts.at(-1)!;
    const plan = nameParts.length === 1 ? this.#plans.get(name.toLowerCase()) : undefined;
    if (plan === undefined) return undefined;
    return { kind: 'subqueryAlias', child: withNewIds(plan), alias: name, qualifier: this.#qualifier };
  }
}

/** The same columns under ids of their own. */
export const withNewIds = (plan: LogicalPlan): LogicalPlan => ({
  kind: 'project',
  child: plan,
  projectList: outputOf(plan).map((a) => aliasOf(a, a.name, a.metadata === undefined ? {} : { metadata: a.metadata })),
});
