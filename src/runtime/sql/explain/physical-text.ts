// Physical plans as explain prints them: Spark's names for what a node does here, exchanges where rows move. Sizes are guesses until it runs.
// Source: the simpleString of SparkPlan's operators.
import { outputOf, type Scan } from '../logical/plans.ts';
import { simpleString } from '../types/type-names.ts';
import type { Distribution, PhysicalPlan } from '../physical/physical-plan.ts';
import { attributesText, expressionsText, expressionText, namedText, orderText } from './expression-text.ts';
import { joinTypeText, logicalText, operatorText } from './logical-text.ts';
import { treeText } from './tree-text.ts';

type Node = { readonly text: string; readonly children: readonly Node[] };

export function physicalText(plan: PhysicalPlan, isAdaptive: boolean): string {
  if (plan.kind === 'whole') return `WholeQuery (one task, one query of the kernel: ${plan.reason})\n${indented(logicalText(plan.node))}`;
  const root: Node = isAdaptive ? { text: 'AdaptiveSparkPlan isFinalPlan=false', children: [nodeOf(plan)] } : nodeOf(plan);
  return treeText(
    root,
    (node) => node.text,
    (node) => node.children,
  );
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line, i) => `${i === 0 ? '+- ' : '   '}${line}`)
    .join('\n');

function nodeOf(plan: PhysicalPlan): Node {
  const subqueries = (plan.subqueries ?? []).map((s): Node => ({ text: `Subquery ${s.table}`, children: [nodeOf(s.plan)] }));
  switch (plan.kind) {
    case 'leaf':
      return { text: leafText(plan), children: subqueries };
    case 'whole':
      return { text: `WholeQuery (${plan.reason})`, children: [] };
    case 'narrow':
      return { text: narrowText(plan), children: [nodeOf(plan.child), ...subqueries] };
    case 'union':
      return { text: 'Union', children: plan.children.map(nodeOf) };
    case 'set':
      return { text: operatorText(plan.node), children: [nodeOf(plan.left), nodeOf(plan.right)] };
    case 'filtered':
      return { text: `RuntimeFilter ${attributesText(plan.keys.map(({ of }) => of))}`, children: [nodeOf(plan.child)] };
    case 'exchange':
      if (plan.isEnsured) return nodeOf(plan.child);
      return { text: `Exchange ${distributionText(plan.to, plan.partitions)}`, children: [nodeOf(plan.child)] };
    case 'join':
      return joinNode(plan, subqueries);
  }
}

function joinNode(plan: Extract<PhysicalPlan, { kind: 'join' }>, subqueries: readonly Node[]): Node {
  const { node, keys, broadcast } = plan;
  const hasKeys = keys.left.length > 0;
  const name =
    broadcast === undefined ? (hasKeys ? 'ShuffledHashJoin' : 'Join') : hasKeys ? 'BroadcastHashJoin' : 'BroadcastNestedLoopJoin';
  const built = broadcast === undefined ? '' : `, Build${broadcast === 'left' ? 'Left' : 'Right'}`;
  const by = hasKeys ? `${expressionsText(keys.left)}, ${expressionsText(keys.right)}, ` : '';
  const condition = node.condition === undefined ? '' : `, ${expressionText(node.condition)}`;
  const side = (of: 'left' | 'right'): Node => {
    const child = nodeOf(plan[of]);
    return broadcast === of ? { text: 'BroadcastExchange', children: [child] } : child;
  };
  return {
    text: `${name} ${by}${joinTypeText(node.joinType)}${built}${condition}`,
    children: [side('left'), side('right'), ...subqueries],
  };
}

function leafText({ node }: Extract<PhysicalPlan, { kind: 'leaf' }>): string {
  if (node.kind === 'scan') return scanText(node);
  if (node.kind === 'oneRow') return 'Scan OneRowRelation[]';
  if (node.kind === 'localRelation') return `LocalTableScan ${node.rows.length === 0 ? '<empty>, ' : ''}${attributesText(node.output)}`;
  if (node.kind === 'kernelTable') return `Scan ExistingRDD${attributesText(node.output)}`;
  return operatorText(node);
}

function scanText(scan: Scan): string {
  const location = `InMemoryFileIndex(${scan.files.length} paths)[${scan.files
    .slice(0, 3)
    .map((f) => `file:${f.path}`)
    .join(', ')}${scan.files.length > 3 ? ', ...' : ''}]`;
  const read = outputOf(scan).slice(0, scan.columns.length);
  const schema = simpleString({
    tag: 'struct',
    fields: read.map((a, i) => ({ name: scan.columns[i]!, dataType: a.dataType, nullable: true, metadata: {} })),
  });
  return `FileScan ${scan.format} ${attributesText(scan.output).replaceAll(', ', ',')} Format: ${scan.format[0]!.toUpperCase()}${scan.format.slice(1)}, Location: ${location}, ReadSchema: ${schema}`;
}

function narrowText({ node, step }: Extract<PhysicalPlan, { kind: 'narrow' }>): string {
  switch (node.kind) {
    case 'aggregate':
      return `HashAggregate(keys=${expressionsText(node.grouping)}, functions=${namedText(node.aggregates)}${step === undefined ? '' : `, step=${step}`})`;
    case 'distinct':
      return `HashAggregate(keys=${attributesText(outputOf(node))}, functions=[]${step === undefined ? '' : `, step=${step}`})`;
    case 'limit':
      return `${step === 'partial' ? 'LocalLimit' : 'GlobalLimit'} ${expressionText(node.limit)}`;
    case 'sort':
      return `Sort ${orderText(node.order)}, ${node.isGlobal}, 0`;
    default:
      return operatorText(node);
  }
}

function distributionText(to: Distribution, partitions: number | undefined): string {
  const n = partitions ?? 'by size';
  switch (to.kind) {
    case 'single':
      return 'SinglePartition, ENSURE_REQUIREMENTS';
    case 'hash':
      return `hashpartitioning(${to.keys.map(expressionText).join(', ')}, ${n}), ENSURE_REQUIREMENTS`;
    case 'roundRobin':
      return `RoundRobinPartitioning(${n}), REPARTITION_BY_NUM`;
    case 'range':
      return `rangepartitioning(${orderText(to.order).slice(1, -1)}, ${n}), ENSURE_REQUIREMENTS`;
  }
}
