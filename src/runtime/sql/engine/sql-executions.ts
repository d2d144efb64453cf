// A query as the pages and the event log know it: Spark's SQL events, with its plan before it runs, and with the kernel's operators, their rows
// and times when it has run. Without a listener nothing is made. The plan's nodes: plan-info.ts. Source: Spark's SQLExecution, SQLListener.
import type { KernelProfile } from '../../../common/sql-kernel.ts';
import type { RareEvent, SqlPlanInfo } from '../../../status/events.ts';
import { treeText } from '../explain/tree-text.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { infoOfPlan, infoOfProfile } from './plan-info.ts';

export type SqlEvent = Extract<RareEvent, { tag: 'sqlExecutionStart' | 'sqlAdaptiveUpdate' | 'sqlDriverAccumUpdates' | 'sqlExecutionEnd' }>;

/** The driver's side. */
export type SqlEvents = {
  /** Whether anybody listens. */
  readonly active: () => boolean;
  readonly post: (event: SqlEvent) => void;
  readonly newAccumulatorId: () => number;
  /** `collect at job.ts:14`, and the user's frames. To be asked while the user's call is on the stack. */
  readonly callSite: (method: string) => CallSite;
  readonly jobTags: () => readonly string[];
};
export type CallSite = { readonly short: string; readonly long: string };

export class SqlExecution {
  readonly id: number;
  readonly #events: SqlEvents;
  readonly #nowMs: () => number;
  #ended = false;

  constructor(id: number, events: SqlEvents, nowMs: () => number, plan: LogicalPlan, site: CallSite, physical: string) {
    this.id = id;
    this.#events = events;
    this.#nowMs = nowMs;
    events.post({
      tag: 'sqlExecutionStart',
      executionId: id,
      rootExecutionId: id,
      description: site.short,
      details: site.long,
      physicalPlanDescription: physical,
      plan: infoOfPlan(plan),
      atMs: nowMs(),
      modifiedConfigs: [],
      jobTags: events.jobTags(),
    });
  }

  /** The kernel's operators take the place of the plan, as a final adaptive plan does. */
  profiled(profile: KernelProfile): void {
    const { info, values } = infoOfProfile(profile, this.#events.newAccumulatorId);
    this.#events.post({ tag: 'sqlAdaptiveUpdate', executionId: this.id, physicalPlanDescription: textOf(info), plan: info });
    this.#events.post({ tag: 'sqlDriverAccumUpdates', executionId: this.id, updates: values });
  }

  /** Once; later calls are nothing. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#events.post({ tag: 'sqlExecutionEnd', executionId: this.id, atMs: this.#nowMs(), errorMessage: error?.message });
  }
}

/** The first id is 0, as in Spark; ids of an application, so also over sessions. */
let lastId = -1;
export const nextExecutionId = (): number => ++lastId;

const textOf = (info: SqlPlanInfo): string =>
  `== Physical Plan ==\n${treeText(
    info,
    (node) => node.simpleString,
    (node) => node.children,
  )}\n`;
