// What df.explain and EXPLAIN print, in Spark's layout: parsed, analysed, optimised, physical plan. Source: QueryExecution.explainString of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import type { PhysicalPlan } from '../physical/physical-plan.ts';
import type { Relation } from '../plan/relations.ts';
import { simpleString } from '../types/type-names.ts';
import { logicalText } from './logical-text.ts';
import { parsedText } from './parsed-text.ts';
import { physicalText } from './physical-text.ts';

export type ExplainMode = 'simple' | 'extended' | 'formatted' | 'cost' | 'codegen';

export type Explained = {
  /** As it was written; undefined: made by the engine. */
  readonly relation?: Relation | undefined;
  readonly plan: LogicalPlan;
  readonly optimized: LogicalPlan;
  readonly physical: PhysicalPlan;
  readonly settings: SessionSettings;
  /** Of the whole query, when it is one. */
  readonly sql: string;
  /** The kernel of the driver computes it. */
  readonly isHere: boolean;
};

export function explainText(query: Explained, mode: ExplainMode): string {
  const { plan } = query;
  const physical = `== Physical Plan ==\n${physicalOf(query)}\n`;
  if (mode === 'simple' || mode === 'formatted') return physical;
  if (mode === 'codegen') return `${physical}\n== DuckDB SQL of the whole query ==\n${query.sql}\n`;
  const optimized = `== Optimized Logical Plan ==\n${logicalText(query.optimized, mode === 'cost')}\n`;
  if (mode === 'cost') return `${optimized}\n${physical}`;
  const columns = outputOf(plan).map((a) => `${a.name}: ${simpleString(a.dataType)}`);
  const parsed = query.relation === undefined ? '' : `== Parsed Logical Plan ==\n${parsedText(query.relation)}\n\n`;
  return `${parsed}== Analyzed Logical Plan ==\n${columns.join(', ')}\n${logicalText(plan)}\n\n${optimized}\n${physical}`;
}

const physicalOf = ({ physical, isHere, settings, plan }: Explained): string =>
  isHere
    ? physicalText({ kind: 'whole', node: plan, reason: 'in the driver' }, false)
    : physicalText(physical, settings.get('spark.sql.adaptive.enabled')?.toLowerCase() !== 'false');
