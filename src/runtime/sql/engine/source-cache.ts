// File sources by what was asked for. Analysis is synchronous and files are not: an unknown source is a PendingSource thrown; when it is loaded
// the analysis begins again. What is opened holds for one analysis only, so that each action sees the files that there are.
import type { SqlKernel } from '../../../common/sql-kernel.ts';
import type { SessionSettings } from '../functions/spec.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import type { DeferredSource } from '../plan/relations.ts';
import { isProgramRdd, isProgramRows, type ProgramRows } from '../plan/program-rows.ts';
import { PendingSource } from './pending-source.ts';
import { planOfRdd } from './plan-of-rows.ts';
import { withNewIds } from './temp-views.ts';
import { type OpenedSource, openSource, type SourceRequest } from '../sources/open-source.ts';

/** Sources of one analysis. */
export class OpenSources {
  readonly #opened = new Map<string, OpenedSource>();
  readonly #kernel: () => Promise<SqlKernel>;
  readonly #settings: SessionSettings;

  constructor(kernel: () => Promise<SqlKernel>, settings: SessionSettings) {
    this.#kernel = kernel;
    this.#settings = settings;
  }

  /** @throws PendingSource the first time */
  open(request: SourceRequest): LogicalPlan {
    return this.opened(request).scan();
  }

  opened(request: SourceRequest): OpenedSource {
    const key = JSON.stringify(request);
    const known = this.#opened.get(key);
    if (known !== undefined) return known;
    throw new PendingSource(this.#load(key, request));
  }

  async #load(key: string, request: SourceRequest): Promise<void> {
    const context = { kernel: await this.#kernel(), settings: this.#settings };
    this.#opened.set(key, await openSource(request, context));
  }
}

/** Loaded when an analysis first meets it. */
export function deferredPlan(source: DeferredSource, rowsOf: (rows: ProgramRows) => Promise<LogicalPlan>): LogicalPlan {
  if (source.plan === undefined)
    throw new PendingSource(
      source.load().then(async (loaded) => {
        source.plan = isProgramRows(loaded) ? await rowsOf(loaded) : isProgramRdd(loaded) ? planOfRdd(loaded) : loaded;
      }),
    );
  return withNewIds(source.plan as LogicalPlan);
}
