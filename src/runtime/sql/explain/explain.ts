// What df.explain and EXPLAIN print, in Spark's layout: parsed, analysed, optimised, physical plan. Source: QueryExecution.explainString of Spark 4.2.
import type { SessionSettings } from '../functions/spec.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { optimize } from '../optimizer/optimizer.ts';
import type { PhysicalPlan } from '../physical/physical-plan.ts';
import type { RunRecord } from '../physical/run-record.ts';
import type { Relation } from '../plan/relations.ts';
import type { StageTexts } from '../physical/stage-texts.ts';
import { simpleString } from '../types/type-names.ts';
import { logicalText } from './logical-text.ts';
import { parsedText } from './parsed-text.ts';
import { formattedText } from './formatted-text.ts';
import { physicalText, subtreeText, wholeText } from './physical-text.ts';
import { planTrees, sparkPlan } from './spark-plan.ts';

export type ExplainMode = 'simple' | 'extended' | 'formatted' | 'cost' | 'codegen';

export type Explained = {
  /** As it was written; undefined: made by the engine. */
  readonly relation?: Relation | undefined;
  readonly plan: LogicalPlan;
  /** Left out: nobody had to, as the query runs as it is. */
  readonly optimized?: LogicalPlan | undefined;
  readonly physical: PhysicalPlan;
  readonly settings: SessionSettings;
  /** What came of it, when it has run. */
  readonly record?: RunRecord | undefined;
  /** Of the whole query, when it is one. */
  readonly sql: () => string;
  /** Of its stages, when it is not; for the mode codegen. */
  readonly stages: StageTexts | undefined;
};

/** A query that runs as it is has been optimised by nobody yet. */
const optimizedOf = ({ optimized, physical, plan, settings }: Explained): LogicalPlan =>
  optimized ?? optimize(physical.kind === 'whole' ? physical.node : plan, settings);

export function explainText(query: Explained, mode: ExplainMode): string {
  const { plan } = query;
  const physical = `== Physical Plan ==\n${physicalOf(query, mode)}\n`;
  if (mode === 'simple' || mode === 'formatted') return physical;
  if (mode === 'codegen') return codegenOf(query);
  const optimized = `== Optimized Logical Plan ==\n${logicalText(optimizedOf(query), mode === 'cost')}\n`;
  if (mode === 'cost') return `${optimized}\n${physical}`;
  const columns = outputOf(plan).map((a) => `${a.name}: ${simpleString(a.dataType)}`);
  const parsed = query.relation === undefined ? '' : `== Parsed Logical Plan ==\n${parsedText(query.relation)}\n\n`;
  return `${parsed}== Analyzed Logical Plan ==\n${columns.join(', ')}\n${logicalText(plan)}\n\n${optimized}\n${physical}`;
}

function physicalOf({ physical, record, settings }: Explained, mode: ExplainMode): string {
  if (physical.kind === 'whole') return wholeText(physical);
  const isAdaptive = settings.get('spark.sql.adaptive.enabled')?.toLowerCase() !== 'false';
  return mode === 'formatted' ? formattedText(planTrees(physical, isAdaptive, record)) : physicalText(physical, isAdaptive, record);
}

/** The kernel's texts stand where Spark has generated Java. Source: codegenString of Spark 4.2. */
function codegenOf(query: Explained): string {
  const { physical, stages } = query;
  const subtrees =
    stages === undefined
      ? [{ tree: physicalOf(query, 'simple'), texts: [query.sql()] }]
      : sparkPlan(physical, stages.record).texts.map(({ top }) => ({ tree: subtreeText(top!), texts: stages.textsOf(top!.of) }));
  const blocks = subtrees.map(
    ({ tree, texts }, i) => `== Subtree ${i + 1} / ${subtrees.length} ==\n${tree}\n\nGenerated code:\n${texts.join('\n\n')}\n`,
  );
  return `Found ${subtrees.length} WholeStageCodegen subtrees.\n${blocks.join('\n')}`;
}
