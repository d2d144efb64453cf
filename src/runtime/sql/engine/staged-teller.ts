// What the pages and the event log hear of a query in stages: its plan with metrics before it runs, the final plan after, with what only the driver
// knows: partitions, bytes and times of exchanges, files of scans. Tasks tell the rest themselves. Source: AdaptiveSparkPlanExec.onUpdatePlan.
import type { KernelProfile } from '../../../common/sql-kernel.ts';
import { formattedText } from '../explain/formatted-text.ts';
import { wholeText } from '../explain/physical-text.ts';
import { type PlanTrees, planTrees } from '../explain/spark-plan.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { isAdaptive } from './execute-settings.ts';
import type { PhysicalPlan } from '../physical/physical-plan.ts';
import { PlanMetrics } from '../physical/plan-metrics.ts';
import type { RunRecord } from '../physical/run-record.ts';
import type { Metric, SqlExecution } from './sql-executions.ts';
import { stagedInfo } from './staged-info.ts';
import type { StagedListener } from './staged-query.ts';

export class StagedTeller implements StagedListener {
  readonly #execution: SqlExecution | undefined;
  readonly #isAdaptive: boolean;
  readonly #keep: (plan: PhysicalPlan, record: RunRecord) => void;
  #metrics: PlanMetrics | undefined;
  #trees: PlanTrees | undefined;
  /** Profiles of a query that is one task: its operators are the kernel's. */
  #profiles: Metric | undefined;

  /** @param keep gets the final plan, for explain */
  constructor(execution: SqlExecution | undefined, settings: SessionSettings, keep: (plan: PhysicalPlan, record: RunRecord) => void) {
    this.#execution = execution;
    this.#isAdaptive = isAdaptive(settings);
    this.#keep = keep;
  }

  planned(plan: PhysicalPlan): PlanMetrics | undefined {
    const execution = this.#execution;
    if (execution === undefined) return undefined;
    this.#profiles = plan.kind === 'whole' ? execution.newList() : undefined;
    const metrics = new PlanMetrics(
      (name) => execution.newMetric(name),
      (more) => execution.measures(more),
      this.#profiles?.id,
    );
    this.#metrics = metrics;
    if (plan.kind === 'whole') execution.started(section(wholeText(plan)));
    else {
      this.#trees = planTrees(plan, this.#isAdaptive);
      execution.started(section(formattedText(this.#trees)), stagedInfo(this.#trees, metrics));
    }
    metrics.told();
    return metrics;
  }

  counted(figures: readonly (readonly [number, number])[]): void {
    this.#execution?.counted(figures);
  }

  ran(plan: PhysicalPlan, record: RunRecord): void {
    if (plan.kind !== 'whole') this.#keep(plan, record);
    const [execution, metrics] = [this.#execution, this.#metrics];
    if (execution === undefined || metrics === undefined) return;
    const [profile] = (this.#profiles?.value ?? []) as readonly KernelProfile[];
    if (profile !== undefined) return execution.profiled(profile);
    if (plan.kind === 'whole') return;
    const trees = planTrees(plan, this.#isAdaptive, record, this.#trees);
    execution.planned(section(formattedText(trees)), stagedInfo(trees, metrics));
    execution.counted(driversFigures(plan, record, metrics));
  }
}

const section = (text: string): string => `== Physical Plan ==\n${text}\n`;

function driversFigures(root: PhysicalPlan, record: RunRecord, metrics: PlanMetrics): (readonly [number, number])[] {
  const found: (readonly [number, number])[] = [];
  const add = (plan: PhysicalPlan, part: 'operator' | 'read' | 'left' | 'right', figures: Readonly<Record<string, number>>): void => {
    for (const [role, value] of Object.entries(figures)) {
      const id = metrics.id(plan, part, role);
      if (id !== undefined) found.push([id, Math.round(value)]);
    }
  };
  const visit = (plan: PhysicalPlan): void => {
    for (const { plan: subquery } of plan.subqueries ?? []) visit(subquery);
    if (plan.kind === 'leaf' && plan.node.kind === 'scan') {
      const { files } = plan.node;
      add(plan, 'operator', { files: files.length, fileBytes: files.reduce((sum, file) => sum + file.size, 0) });
    }
    const ran = record.exchangeOf(plan);
    if (ran !== undefined && !ran.isReused) {
      add(plan, 'operator', { partitions: ran.partitions });
      const tasks = record.tasksOf(ran.exchange) ?? ran.partitions;
      if (tasks !== ran.partitions)
        add(plan, 'read', { partitions: tasks, ...(tasks < ran.partitions && { coalesced: tasks }), dataSize: ran.bytes });
    }
    for (const side of ['left', 'right'] as const) {
      const sent = record.broadcastOf(plan, side);
      if (sent?.how === 'sent') add(plan, side, { collectMs: sent.ms });
    }
    if ('child' in plan) visit(plan.child);
    if (plan.kind === 'join') for (const side of ['left', 'right'] as const) visit(record.sideOf(plan, side));
    else if ('left' in plan) [plan.left, plan.right].forEach(visit);
    if ('children' in plan) plan.children.forEach(visit);
  };
  visit(root);
  return found;
}
