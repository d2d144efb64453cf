// Temporary views: names of this session for resolved plans. Each use gets columns of its own, so a view joined with itself is no ambiguity.
import type { ViewText } from '../catalog/entries.ts';
import { PendingSource } from './pending-source.ts';
import { aliasOf, type Attribute, nextExprId } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';

/** Of which text, where its names were meant, and when. `view` left out: it was made without a query's text. */
export type TempViewMade = { readonly view?: Pick<ViewText, 'text' | 'namespace' | 'queryColumns'>; readonly createdMs: number };

type View = { plan: LogicalPlan | undefined; loaded?: Promise<void>; readonly made?: TempViewMade | undefined };

export class TempViews {
  readonly #qualifier: readonly string[];
  readonly #views = new Map<string, View>();

  /** @param qualifier what stands before their names: `global_temp` */
  constructor(qualifier: readonly string[] = []) {
    this.#qualifier = qualifier;
  }

  set(name: string, plan: LogicalPlan, made?: TempViewMade): void {
    this.#views.set(name.toLowerCase(), { plan, made });
  }
  /** What SHOW TABLE EXTENDED tells of it. undefined: of a DataFrame's view. */
  made(name: string): TempViewMade | undefined {
    return this.#views.get(name.toLowerCase())?.made;
  }

  /** The name is there at once; who uses it waits for its plan. @returns settled with the plan; if it failed, there is no such view any more */
  setLater(name: string, analysed: Promise<LogicalPlan>): Promise<void> {
    const view: View = { plan: undefined };
    this.#views.set(name.toLowerCase(), view);
    view.loaded = analysed.then(
      (plan) => void (view.plan = plan),
      (error: unknown) => {
        for (const [key, known] of this.#views) if (known === view) this.#views.delete(key);
        throw error;
      },
    );
    return view.loaded;
  }

  /** These views as they are now: what is set later is not in it. */
  snapshot(): TempViews {
    const copy = new TempViews(this.#qualifier);
    for (const [name, view] of this.#views) copy.#views.set(name, view);
    return copy;
  }

  has(name: string): boolean {
    return this.#views.has(name.toLowerCase());
  }

  /** @returns whether there was one */
  drop(name: string): boolean {
    return this.#views.delete(name.toLowerCase());
  }

  rename(name: string, to: string): void {
    const view = this.#views.get(name.toLowerCase())!;
    this.#views.delete(name.toLowerCase());
    this.#views.set(to.toLowerCase(), view);
  }

  names(): readonly string[] {
    return [...this.#views.keys()];
  }

  /** @throws PendingSource while its plan is being made */
  find(nameParts: readonly string[]): LogicalPlan | undefined {
    const name = nameParts.at(-1)!;
    const view = nameParts.length === 1 ? this.#views.get(name.toLowerCase()) : undefined;
    if (view === undefined) return undefined;
    if (view.plan === undefined) throw new PendingSource(view.loaded!);
    return { kind: 'subqueryAlias', child: withNewIds(view.plan), alias: name, qualifier: this.#qualifier };
  }
}

/** The same columns under ids of their own. */
export function withNewIds(plan: LogicalPlan): LogicalPlan {
  if (plan.kind === 'localRelation' || plan.kind === 'kernelTable') return { ...plan, output: plan.output.map(renewed) };
  const projectList = outputOf(plan).map((a) => aliasOf(a, a.name, a.metadata === undefined ? {} : { metadata: a.metadata }));
  return { kind: 'project', child: plan, projectList };
}

const renewed = (a: Attribute): Attribute => ({ ...a, exprId: nextExprId() });
