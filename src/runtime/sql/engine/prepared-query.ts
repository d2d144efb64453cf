// A query that can be run: its plan and what comes out; and, once somebody asks, the one text of the kernel that computes it. In stages nobody
// asks: each stage has a text of its own (../physical/fragments.ts).
import type { Observed } from '../analysis/analysis.ts';
import { Emitter, type NeededFunction } from '../emit/emitter.ts';
import { columnName } from '../emit/emit-context.ts';
import type { NeededStep } from '../emit/needed-steps.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { Attribute } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { columnPruning } from '../optimizer/column-pruning.ts';
import { inlineSumArguments } from '../optimizer/inline-sum-arguments.ts';
import { withRemoteParts } from '../optimizer/push-filters-to-jdbc.ts';
import { renamedScans } from '../optimizer/renamed-scans.ts';
import { hasManyRows } from '../physical/many-rows.ts';
import type { FileCopy } from '../../../common/file-copy.ts';
import type { ObjectStore } from '../../../common/object-store.ts';
import type { RemoteRead } from '../../../common/remote-database.ts';
import type { Relation } from '../plan/relations.ts';
import type { CallSite } from './sql-executions.ts';

type Text = { readonly sql: string; readonly emitter: Emitter };
export type Asked = {
  /** As the program has it; undefined: made by the engine. */
  readonly relation?: Relation | undefined;
  /** Where the program asked, for the pages. */
  readonly site?: CallSite | undefined;
  /** Metrics to be told when it has run. */
  readonly observed?: readonly Observed[] | undefined;
};

export class PreparedQuery implements Asked {
  readonly plan: LogicalPlan;
  readonly output: readonly Attribute[];
  readonly relation?: Relation | undefined;
  readonly site?: CallSite | undefined;
  readonly observed?: readonly Observed[] | undefined;
  readonly #settings: SessionSettings;
  readonly #widened: () => PreparedQuery;
  #made: Text | undefined;

  /** @param widened the same query with decimals in full widths */
  constructor(plan: LogicalPlan, settings: SessionSettings, { relation, site, observed }: Asked, widened: () => PreparedQuery) {
    this.plan = plan;
    this.output = outputOf(plan);
    this.relation = relation;
    this.site = site;
    this.observed = observed;
    this.#settings = settings;
    this.#widened = widened;
  }

  get #text(): Text {
    if (this.#made === undefined) {
      const emitter = new Emitter(this.#settings, { tellsPlaces: true, hasManyRows });
      const local = withRemoteParts(this.plan, this.#settings);
      const pruned = columnPruning.apply(inlineSumArguments.apply(local, this.#settings), this.#settings);
      const inner = emitter.plan(renamedScans.apply(pruned, this.#settings));
      // A column may stand in the output twice; by position it has a name of its own.
      const list = this.output.map((a, i) => `${columnName(a.exprId)} AS o${i}`).join(', ');
      this.#made = { sql: `SELECT ${list || '1 AS none'} FROM (${inner}) q`, emitter };
    }
    return this.#made;
  }

  get sql(): string {
    return this.#text.sql;
  }

  /** Functions in JavaScript that the text calls. */
  get needed(): readonly NeededFunction[] {
    return [...this.#text.emitter.needed.values()];
  }

  /** What JavaScript computes before the text. */
  get steps(): readonly NeededStep[] {
    return this.#text.emitter.steps;
  }

  /** Decimals are computed in full widths from the start: it would not be right to compute it twice. */
  get isWide(): boolean {
    return this.#settings.wideDecimals === true;
  }

  /** Rows of other databases that the text reads. */
  get remotes(): readonly RemoteRead[] {
    return this.#text.emitter.outside.remotes;
  }

  /** Buckets that it reads. */
  get stores(): readonly ObjectStore[] {
    return this.#text.emitter.outside.stores;
  }

  /** Files that it reads in another form. */
  get copies(): readonly FileCopy[] {
    return this.#text.emitter.outside.copies;
  }

  /** Decimals are computed in 64 bits; the same in full widths when that overflows. */
  get wide(): (() => PreparedQuery) | undefined {
    return this.#text.emitter.hasNarrowDecimals ? this.#widened : undefined;
  }
}
