// SELECT TRANSFORM(…) USING 'script': rows become lines, a task's lines go through the script as one list, and what it writes becomes columns again.
// The process: ../../udf/script.ts. Without Hive's serdes, as Spark without Hive. Source: SparkScriptTransformationExec, ScriptInputOutputSchema of Spark 4.2.
import { AnalysisException } from '../../errors/spark-error.ts';
import { makeCall } from '../../functions/make-call.ts';
import type { AggregateSpec } from '../../functions/spec.ts';
import {
  type AggregateCall,
  aliasOf,
  attributeOf,
  type Expr,
  literal,
  newAttribute,
  type SortOrder,
  type UdfCall,
} from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import type { ScriptTransform } from '../../plan/sql-relations.ts';
import { arrayType, type DataType, INTEGER, STRING } from '../../types/data-type.ts';
import { sqlType } from '../../types/type-names.ts';
import { type Analysis, type Environment, over, type Resolved, visiblePlan } from '../analysis.ts';
import { castOf } from '../cast-rules.ts';

const LINES = arrayType(STRING, false);
const COMPLEX: ReadonlySet<string> = new Set(['array', 'map', 'struct']);

/** @throws AnalysisException UNSUPPORTED_FEATURE.TRANSFORM_NON_HIVE */
export function resolveScriptTransform(relation: ScriptTransform, env: Environment, analysis: Analysis): Resolved {
  const { formats, script, origin } = relation;
  if (formats.input?.serde !== undefined || formats.output?.serde !== undefined)
    throw new AnalysisException('UNSUPPORTED_FEATURE.TRANSFORM_NON_HIVE', {}, origin);
  const call = (name: string, ...args: readonly Expr[]): Expr => makeCall(name, args, analysis.settings, origin);
  const [reads, writes] = [formats.input, formats.output].map((f) => ({
    delimiter: f?.options['field.delim'] ?? '\t',
    none: f?.options['serialization.null.format'] ?? '\\N',
  })) as [Format, Format];
  const input = visiblePlan(analysis.relation(relation.input, env));
  const fields = outputOf(input).map((a) => {
    const shown = COMPLEX.has(a.dataType.tag) ? call('to_json', a) : castOf(a, STRING, 'legacy', origin);
    return call('coalesce', shown, literal(reads.none, STRING));
  });
  const line = aliasOf(call('concat_ws', literal(reads.delimiter, STRING), ...fields), 'line');
  const given = aliasOf(listOf(line.child, input), 'given');
  const rows: LogicalPlan = { kind: 'aggregate', child: input, grouping: [], aggregates: [given], isOfTask: true };
  const written = aliasOf(processOf(script, attributeOf(given), origin), 'written');
  const made: LogicalPlan = { kind: 'project', child: rows, projectList: [written] };
  const text = newAttribute('line', STRING);
  const generator = makeCall('explode', [attributeOf(written)], analysis.settings, origin) as Extract<Expr, { kind: 'generator' }>;
  const lines: LogicalPlan = { kind: 'generate', child: made, generator, isOuter: false, generatorOutput: [text] };
  const pieces = aliasOf(call('split', text, literal(inPattern(writes.delimiter), STRING), literal(-1, INTEGER)), 'pieces');
  const wanted = relation.output.length > 0 ? relation.output : [{ name: 'key' }, { name: 'value' }];
  const columns = wanted.map(({ name, dataType = STRING }: ScriptTransform['output'][number], i) => {
    const field = call('get', attributeOf(pieces), literal(i, INTEGER));
    return aliasOf(valueOf(call('nullif', field, literal(writes.none, STRING)), dataType, call), name);
  });
  return over({ kind: 'project', child: { kind: 'project', child: lines, projectList: [pieces] }, projectList: columns }, env);
}

type Format = { readonly delimiter: string; readonly none: string };

/** What is no value of the type is NULL. */
function valueOf(field: Expr, to: DataType, call: (name: string, ...args: readonly Expr[]) => Expr): Expr {
  return COMPLEX.has(to.tag) ? call('from_json', field, literal(sqlType(to), STRING)) : castOf(field, to, 'try', undefined);
}

const inPattern = (text: string): string => text.replaceAll(/[\\^$.|?*+()[\]{}]/g, '\\$&');

/** A task's lines, in the order of a sort below. */
function listOf(line: Expr, input: LogicalPlan): AggregateCall {
  const order = orderOf(input);
  return {
    kind: 'aggregateCall',
    spec: ALL_LINES,
    args: [line],
    isDistinct: false,
    dataType: LINES,
    nullable: true,
    ...(order && { order }),
  };
}

const ALL_LINES: AggregateSpec = {
  kind: 'aggregate',
  name: 'script_lines',
  arity: [1, 1],
  result: () => LINES,
  kernel: (args, call, emit) => {
    const order = (call.order ?? []).map((o) => emit.sortKey(o)).join(', ');
    return emit.aggregateOf(call, 'list', args, order === '' ? {} : { order });
  },
};

/** Of the sort that rows come from, when its columns are still there. */
function orderOf(plan: LogicalPlan): readonly SortOrder[] | undefined {
  if (plan.kind === 'sort') return plan.order;
  if (plan.kind !== 'project' && plan.kind !== 'subqueryAlias') return undefined;
  const order = orderOf(plan.child);
  const output = new Set(outputOf(plan).map((a) => a.exprId));
  return order?.every((o) => o.child.kind === 'attribute' && output.has(o.child.exprId)) ? order : undefined;
}

const processOf = (script: string, lines: Expr, origin: Expr['origin']): UdfCall => ({
  kind: 'udf',
  name: 'TRANSFORM',
  function: { name: 'TRANSFORM', returnType: LINES, deterministic: false, how: 'script', concurrency: 1, body: { script } },
  args: [lines],
  deterministic: false,
  dataType: LINES,
  nullable: true,
  origin,
});
