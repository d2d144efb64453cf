// A query as the pages and the event log know it: Spark's SQL events, with its plan before it runs, and with the kernel's operators, their rows
// and times when it has run. Without a listener nothing is made. The plan's nodes: plan-info.ts. Source: Spark's SQLExecution, SQLListener.
import type { KernelProfile } from '../../../common/sql-kernel.ts';
import type { RareEvent, SqlPlanInfo } from '../../../status/events.ts';
import { treeText } from '../explain/tree-text.ts';
import type { LogicalPlan } from '../logical/plans.ts';
import { infoOfPlan, infoOfProfile } from './plan-info.ts';

export type SqlEvent = Extract<
  RareEvent,
  { tag: 'sqlExecutionStart' | 'sqlAdaptiveUpdate' | 'sqlAdaptiveMetrics' | 'sqlDriverAccumUpdates' | 'sqlExecutionEnd' }
>;

/** The driver's side. */
export type SqlEvents = {
  /** Whether anybody listens. */
  readonly active: () => boolean;
  readonly post: (event: SqlEvent) => void;
  readonly newAccumulatorId: () => number;
  /** An accumulator of a metric of this name, and one that collects what tasks give. */
  readonly newMetric: (name: string) => Metric;
  readonly newList: () => Metric;
  /** `collect at job.ts:14`, and the user's frames. To be asked while the user's call is on the stack. */
  readonly callSite: (method: string) => CallSite;
  readonly jobTags: () => readonly string[];
};
export type CallSite = { readonly short: string; readonly long: string };

/** An accumulator that tasks add to. */
export type Metric = { readonly id: number; readonly value: unknown };

export class SqlExecution {
  readonly id: number;
  readonly #events: SqlEvents;
  readonly #nowMs: () => number;
  readonly #plan: LogicalPlan;
  readonly #site: CallSite;
  readonly #beganMs: number;
  /** Accumulators are held weakly by the driver: as long as the query runs, here. */
  readonly #held: Metric[] = [];
  #started = false;
  #ended = false;

  constructor(id: number, events: SqlEvents, nowMs: () => number, plan: LogicalPlan, site: CallSite) {
    this.id = id;
    this.#events = events;
    this.#nowMs = nowMs;
    this.#plan = plan;
    this.#site = site;
    this.#beganMs = nowMs();
  }

  /** When it is known how it will run. A second call is a second try: its plan takes the place of the first. @param text the plan in words */
  started(text: string, plan: SqlPlanInfo = infoOfPlan(this.#plan)): void {
    if (this.#started) return this.planned(text, plan);
    this.#started = true;
    this.#events.post({
      tag: 'sqlExecutionStart',
      executionId: this.id,
      rootExecutionId: this.id,
      description: this.#site.short,
      details: this.#site.long,
      physicalPlanDescription: text,
      plan,
      atMs: this.#beganMs,
      modifiedConfigs: [],
      jobTags: this.#events.jobTags(),
    });
  }

  /** Another plan, as an adaptive one changes. */
  planned(text: string, plan: SqlPlanInfo): void {
    this.#events.post({ tag: 'sqlAdaptiveUpdate', executionId: this.id, physicalPlanDescription: text, plan });
  }

  /** Metrics that no plan has told of: listeners drop values of those that they do not know. */
  measures(metrics: SqlPlanInfo['metrics']): void {
    if (metrics.length > 0) this.#events.post({ tag: 'sqlAdaptiveMetrics', executionId: this.id, metrics });
  }

  /** Values that the driver knows. */
  counted(updates: readonly (readonly [id: number, value: number])[]): void {
    if (updates.length > 0) this.#events.post({ tag: 'sqlDriverAccumUpdates', executionId: this.id, updates });
  }

  newMetric(name: string): number {
    const metric = this.#events.newMetric(name);
    this.#held.push(metric);
    return metric.id;
  }

  /** Collects what tasks tell under its id. */
  newList(): Metric {
    const metric = this.#events.newList();
    this.#held.push(metric);
    return metric;
  }

  /** The kernel's operators take the place of the plan, as a final adaptive plan does. */
  profiled(profile: KernelProfile): void {
    const { info, values } = infoOfProfile(profile, this.#plan, this.#events.newAccumulatorId);
    this.planned(textOf(info), info);
    this.counted(values);
  }

  /** Once; later calls are nothing. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    if (!this.#started) this.started('');
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
