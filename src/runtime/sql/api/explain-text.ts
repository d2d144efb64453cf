// What df.explain prints: the resolved plan as a tree, and the text that the kernel runs. Stages and exchanges are the physical planner's to show.
import type { PreparedQuery } from '../engine/sql-engine.ts';
import type { Attribute } from '../logical/expressions.ts';
import { childrenOf, type LogicalPlan, outputOf } from '../logical/plans.ts';
import { simpleString } from '../types/type-names.ts';

export type ExplainMode = 'simple' | 'extended' | 'formatted' | 'cost' | 'codegen';

export function explainText(query: PreparedQuery, mode: ExplainMode): string {
  if (mode === 'codegen') return `== DuckDB SQL ==\n${query.sql}\n`;
  const physical = `== Physical Plan ==\n${treeText(query.plan)}`;
  if (mode === 'simple') return physical;
  const columns = query.output.map((a) => `${a.name}: ${simpleString(a.dataType)}`).join(', ');
  return `== Analyzed Logical Plan ==\n${columns}\n${treeText(query.plan)}\n${physical}\n== DuckDB SQL ==\n${query.sql}\n`;
}

/** One operator a line, children under it. Source: TreeNode.treeString. */
export function treeText(plan: LogicalPlan): string {
  const lines: string[] = [];
  const add = (p: LogicalPlan, first: string, rest: string): void => {
    lines.push(`${first}${operatorText(p)}`);
    const children = childrenOf(p);
    children.forEach((c, i) => {
      const last = i === children.length - 1;
      add(c, `${rest}${last ? '+- ' : ':- '}`, `${rest}${last ? '   ' : ':  '}`);
    });
  };
  add(plan, '', '');
  return `${lines.join('\n')}\n`;
}

const attributeText = (a: Attribute): string => `${a.name}#${a.exprId}${a.dataType.tag === 'long' ? 'L' : ''}`;
const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1);

function operatorText(plan: LogicalPlan): string {
  const output = `[${outputOf(plan).map(attributeText).join(', ')}]`;
  switch (plan.kind) {
    case 'join':
      return `Join ${capital(plan.joinType)} ${output}`;
    case 'subqueryAlias':
      return `SubqueryAlias ${plan.alias}`;
    case 'range':
      return `Range (${plan.start}, ${plan.end}, step=${plan.step})`;
    case 'scan':
      return `FileScan ${plan.format} ${output} Files: ${plan.files.length}`;
    default:
      return `${capital(plan.kind)} ${output}`;
  }
}
