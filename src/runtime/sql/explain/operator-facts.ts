// What explain says of one physical operator: its name, its arguments on one line, and its fields in the formatted layout. Trees of them are
// spark-plan.ts. Source: simpleString and verboseStringWithOperatorId of SparkPlan's operators of Spark 4.2.
import type { Expr } from '../logical/expressions.ts';
import { type Aggregate, type Join, outputOf, type Scan } from '../logical/plans.ts';
import { shownPath } from '../sources/paths.ts';
import { remoteQuery } from '../emit/scan-jdbc.ts';
import { childrenOfExpr } from '../logical/tree.ts';
import { joinKeys } from '../physical/join-keys.ts';
import type { BroadcastSide, Distribution, PhysicalPlan, PruningKey } from '../physical/physical-plan.ts';
import { simpleString } from '../types/type-names.ts';
import { attributesText, expressionsText, expressionText, namedText, orderText } from './expression-text.ts';
import { joinTypeText, operatorText } from './logical-text.ts';

/** A line of the formatted layout: one value, or a list whose length is said. */
export type Field = readonly [name: string, value: string | readonly string[]];
export type Facts = {
  readonly name: string;
  /** Behind the name, with what separates them. */
  readonly rest: string;
  /** Instead of both. */
  readonly line?: string;
  /** In place of Input and Arguments, or beside them. */
  readonly fields?: readonly Field[];
  /** Where the formatted layout says the input; without fields it is said before the arguments. */
  readonly input?: 'before' | 'after';
};

const list = (es: readonly Expr[]): readonly string[] => es.map(expressionText);
/** A logical operator's line. */
export const factsOfLine = (text: string): Facts => {
  const at = text.indexOf(' ');
  return at < 0 ? { name: text, rest: '' } : { name: text.slice(0, at), rest: text.slice(at) };
};

export function leafFacts({ node, buckets, pruning = [] }: Extract<PhysicalPlan, { kind: 'leaf' }>): Facts {
  if (node.kind === 'scan') return scanFacts(node, buckets?.isUsed === true, pruning);
  if (node.kind === 'oneRow') return { name: 'Scan OneRowRelation', rest: '[]' };
  if (node.kind === 'localRelation')
    return { name: 'LocalTableScan', rest: ` ${node.rows.length === 0 ? '<empty>, ' : ''}${attributesText(node.output)}` };
  if (node.kind === 'kernelTable' && node.cached !== undefined)
    return { name: 'InMemoryTableScan', rest: ` ${attributesText(node.output)}` };
  if (node.kind === 'kernelTable') return { name: 'Scan ExistingRDD', rest: attributesText(node.output) };
  return factsOfLine(operatorText(node));
}

/** What the database is asked; bounds of partitions aside. */
function jdbcFacts(scan: Scan): Facts {
  const read = outputOf(scan).slice(0, scan.columns.length);
  const fields = read.map((a, i) => ({ name: scan.columns[i]!, dataType: a.dataType, nullable: true, metadata: {} }));
  const pushed = `[${(scan.pushedFilters ?? []).map((e) => `*${expressionText(e)}`).join(', ')}]`;
  const schema = simpleString({ tag: 'struct', fields });
  return {
    name: `Scan ${scan.name} `,
    rest: '',
    line: `Scan ${scan.name} ${attributesText(scan.output).replaceAll(', ', ',')} PushedFilters: ${pushed}, ReadSchema: ${schema}`,
    fields: [
      ['Output', scan.output.map((a) => attributesText([a]).slice(1, -1))],
      ...(pushed === '[]' ? [] : [['PushedFilters', pushed] as const]),
      ['ReadSchema', schema],
      ['External engine query', remoteQuery(scan, scan.jdbc!, undefined)],
    ],
  };
}

/** @param areBucketsUsed a task reads one bucket */
function scanFacts(scan: Scan, areBucketsUsed: boolean, pruning: readonly PruningKey[]): Facts {
  if (scan.jdbc !== undefined) return jdbcFacts(scan);
  const shown = scan.files.slice(0, 3).map((f) => shownPath(f.path));
  const paths = `[${shown.join(', ')}${scan.files.length > 3 ? ', ...' : ''}]`;
  const read = outputOf(scan).slice(0, scan.columns.length);
  const schema = simpleString({
    tag: 'struct',
    fields: read.map((a, i) => ({ name: scan.columns[i]!, dataType: a.dataType, nullable: true, metadata: {} })),
  });
  const filters = scan.pushedFilters ?? [];
  const format = `${scan.format[0]!.toUpperCase()}${scan.format.slice(1)}`;
  const pushed = filters.length === 0 ? '' : `PushedFilters: ${expressionsText(filters)}, `;
  const partitions = partitionFilters(scan, pruning);
  const table = scan.name === scan.format ? '' : scan.name;
  const bucketed = areBucketsUsed ? 'true' : 'false (disabled by query planner)';
  const selected = `${new Set(scan.files.map((f) => f.bucket)).size} out of ${scan.buckets?.count}`;
  // Not Spark's: which key's values say what task a row is in.
  const ranges = scan.cut && `${scan.cut.column} in ${scan.cut.bounds.length + 1}`;
  const last = `${scan.buckets === undefined ? '' : `, SelectedBucketsCount: ${selected}`}${ranges === undefined ? '' : `, ValueRanges: ${ranges}`}`;
  return {
    name: `Scan ${scan.format} ${table}`,
    rest: '',
    line: `FileScan ${scan.format} ${table}${attributesText(scan.output).replaceAll(', ', ',')}${scan.buckets === undefined ? '' : ` Bucketed: ${bucketed},`} Format: ${format}, Location: InMemoryFileIndex(${scan.files.length} paths)${paths}, ${partitions === undefined ? '' : `PartitionFilters: ${partitions}, `}${pushed}ReadSchema: ${schema}${last}`,
    fields: [
      ['Output', scan.output.map((a) => attributesText([a]).slice(1, -1))],
      ['Batched', 'true'],
      ...(scan.buckets === undefined ? [] : [['Bucketed', bucketed] as const]),
      ['Location', `InMemoryFileIndex ${paths}`],
      ...(partitions === undefined ? [] : [['PartitionFilters', partitions] as const]),
      ...(filters.length === 0 ? [] : [['PushedFilters', expressionsText(filters)] as const]),
      ['ReadSchema', schema],
      ...(scan.buckets === undefined ? [] : [['SelectedBucketsCount', selected] as const]),
      ...(ranges === undefined ? [] : [['ValueRanges', ranges] as const]),
    ],
  };
}

/** What joins above leave out of the partitions. The number is that of the column whose values say so. */
function partitionFilters(scan: Scan, pruning: readonly PruningKey[]): string | undefined {
  if (pruning.length === 0) return undefined;
  const columns = new Map(scan.output.map((a) => [a.exprId, a]));
  return `[${pruning.map(({ id, of }) => `dynamicpruningexpression(${expressionText(columns.get(id)!)} IN dynamicpruning#${of.exprId})`).join(', ')}]`;
}

export function narrowFacts({ node, step }: Extract<PhysicalPlan, { kind: 'narrow' }>): Facts {
  switch (node.kind) {
    case 'project':
      return { name: 'Project', rest: ` ${namedText(node.projectList)}`, fields: [['Output', list(node.projectList)]], input: 'after' };
    case 'filter':
      return {
        name: 'Filter',
        rest: ` ${expressionText(node.condition)}`,
        fields: [['Condition ', expressionText(node.condition)]],
        input: 'before',
      };
    case 'aggregate':
      return aggregateFacts(node, step);
    case 'distinct': {
      const keys = outputOf(node);
      return {
        name: 'HashAggregate',
        rest: `(keys=${attributesText(keys)}, functions=[])`,
        fields: [
          ['Keys', list(keys)],
          ['Functions', []],
          ['Aggregate Attributes', []],
          ['Results', list(keys)],
        ],
        input: 'before',
      };
    }
    case 'limit':
      return { name: step === 'partial' ? 'LocalLimit' : 'GlobalLimit', rest: ` ${expressionText(node.limit)}` };
    case 'sort':
      return { name: 'Sort', rest: ` ${orderText(node.order)}, ${node.isGlobal}, 0` };
    default:
      return factsOfLine(operatorText(node));
  }
}

/** The parts of functions are named as Spark names them: `partial_sum`. */
function aggregateFacts({ grouping, aggregates }: Aggregate, step: 'partial' | 'final' | undefined): Facts {
  const calls = aggregates.flatMap(callsIn).map((c) => `${step === 'partial' ? 'partial_' : ''}${expressionText(c)}`);
  return {
    name: 'HashAggregate',
    rest: `(keys=${expressionsText(grouping)}, functions=[${calls.join(', ')}])`,
    fields: [
      ['Keys', list(grouping)],
      ['Functions', calls],
      ['Aggregate Attributes', []],
      ['Results', list(aggregates)],
    ],
    input: 'before',
  };
}
const callsIn = (e: Expr): readonly Expr[] => (e.kind === 'aggregateCall' ? [e] : childrenOfExpr(e).flatMap(callsIn));

/** What a join above has told of its keys. */
export const filteredFacts = ({ keys }: Extract<PhysicalPlan, { kind: 'filtered' }>): Facts => ({
  name: 'RuntimeFilter',
  rest: ` ${attributesText(keys.map(({ of }) => of))}`,
});

/** @param broadcast the side that went everywhere, or is to go */
export function joinFacts(node: Join, broadcast: BroadcastSide | undefined): Facts {
  const keys = joinKeys(node);
  const hasKeys = keys.left.length > 0;
  const isPlain = node.joinType === 'inner' || node.joinType === 'cross';
  const name = hasKeys
    ? broadcast === undefined
      ? 'ShuffledHashJoin'
      : 'BroadcastHashJoin'
    : broadcast === undefined && isPlain
      ? 'CartesianProduct'
      : 'BroadcastNestedLoopJoin';
  const built = name === 'CartesianProduct' ? '' : `, Build${(broadcast ?? 'right') === 'left' ? 'Left' : 'Right'}`;
  const by = hasKeys ? `${expressionsText(keys.left)}, ${expressionsText(keys.right)}, ` : '';
  const condition = node.condition === undefined ? '' : `, ${expressionText(node.condition)}`;
  return {
    name,
    rest: ` ${by}${joinTypeText(node)}${built}${condition}`,
    fields: [
      ...(hasKeys ? ([['Left keys', list(keys.left)] as const, ['Right keys', list(keys.right)] as const] as const) : []),
      ['Join type', joinTypeText(node)],
      ['Join condition', node.condition === undefined ? 'None' : expressionText(node.condition)],
    ],
  };
}

/** @param partitions undefined: chosen when its size is known */
export function distributionText(to: Distribution, partitions: number | undefined): string {
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

export function broadcastText(node: Join, side: BroadcastSide): string {
  const keys = joinKeys(node)[side];
  return keys.length === 0 ? 'IdentityBroadcastMode' : `HashedRelationBroadcastMode(List(${list(keys).join(', ')}), false)`;
}
