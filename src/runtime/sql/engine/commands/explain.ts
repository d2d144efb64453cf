// EXPLAIN as one row of text. What the text says is the engine's (../../explain/ and the planner). Source: ExplainCommand of Spark 4.2.
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import type { CommandContext } from './command-context.ts';
import { resultRows, text } from './results.ts';

export async function explain({ mode, of }: Extract<Command, { kind: 'explain' }>, context: CommandContext): Promise<LogicalPlan> {
  if (of.tag === 'command') return resultRows([text('plan')], [[`== Physical Plan ==\nExecute ${of.command.kind}\n`]]);
  try {
    return resultRows([text('plan')], [[await context.explain(of.relation, mode)]]);
  } catch (error) {
    // Spark answers with the error as the plan.
    return resultRows([text('plan')], [[`Error occurred during query planning: \n${(error as Error).message}`]]);
  }
}
