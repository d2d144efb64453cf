// A query's plan as the writer wants it: columns of the files first, then the partition columns as text in the order of the folders, then the
// bucket's number. Rows of a bucket are sorted where the table says so. Source: FileFormatWriter, V1WritesUtils of Spark 4.2.
import { castTo } from '../functions/coercion.ts';
import { bucketNumber } from '../functions/bucket-number.ts';
import { makeCall } from '../functions/make-call.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { type Alias, aliasOf, type Attribute, attributeOf, type Expr, literal, type SortOrder } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { fileFormat } from '../sources/formats.ts';
import { checkColumns, type WriteRequest } from '../sources/write/write-files.ts';
import { STRING, type StructType, structField, structType } from '../types/data-type.ts';

export type PlanToWrite = {
  readonly plan: LogicalPlan;
  /** Without the bucket. */
  readonly schema: StructType;
  readonly isOrdered: boolean;
  /** What the user wants the rows to be cut into, by `repartition` at the query's end; 1: nothing was said. */
  readonly partitions: number;
};

/** @throws AnalysisException COLUMN_ALREADY_EXISTS, PARTITION_COLUMN_NOT_FOUND, ALL_PARTITION_COLUMNS_NOT_ALLOWED */
export function planToWrite(
  plan: LogicalPlan,
  { format, options, partitionBy, bucket }: WriteRequest,
  settings: SessionSettings,
): PlanToWrite {
  const output = outputOf(plan);
  const field = (a: Attribute) => structField(a.name, a.dataType, a.nullable, a.metadata);
  checkColumns(structType(output.map(field)), partitionBy);
  const named = (name: string) => output.find((a) => a.name.toLowerCase() === name.toLowerCase())!;
  const keys = partitionBy.map(named);
  const data = output.filter((a) => !keys.includes(a));
  const bucketId = bucket && aliasOf(castTo(bucketNumber(bucket.count, bucket.columns.map(named)), STRING), 'bucket');
  const rows = fileFormat(format) === 'xml' ? [xmlColumn(data, options, settings)] : data;
  const wanted = [...rows, ...keys.map((a) => aliasOf(castTo(a, STRING), a.name)), ...(bucketId ? [bucketId] : [])];
  const project: LogicalPlan = { kind: 'project', child: plan, projectList: wanted };
  const order = bucket === undefined || bucket.sortColumns.length === 0 ? [] : bucket.sortColumns.map(named);
  // By bucket first: a file is written in one go.
  const by = [...wanted.slice(rows.length).map(attributeOf), ...order];
  return {
    plan: order.length === 0 ? project : { kind: 'sort', child: project, order: by.map(ascending), isGlobal: false },
    schema: structType([...rows.map(attributeOf), ...keys].map(field)),
    isOrdered: order.length > 0 || isSorted(plan),
    partitions: partitionsOf(plan),
  };
}

/** A row of an XML file as its text, one level inside of the file's root. */
function xmlColumn(data: readonly Attribute[], given: WriteRequest['options'], settings: SessionSettings): Alias {
  const options = { ...Object.fromEntries(Object.entries(given).filter(([key]) => key.toLowerCase() !== 'depth')), depth: '1' };
  const map = makeCall(
    'map',
    Object.entries(options).flatMap(([key, value]) => [literal(key, STRING), literal(value, STRING)]),
    settings,
  );
  return aliasOf(makeCall('to_xml', [makeCall('struct', data, settings), map], settings), 'value');
}

const ascending = (child: Expr): SortOrder => ({ kind: 'sortOrder', child, ascending: true, nullsFirst: true });

/** What keeps order and partitions of its rows. */
const onTop = (plan: LogicalPlan): LogicalPlan =>
  plan.kind === 'project' || plan.kind === 'filter' || plan.kind === 'subqueryAlias' || plan.kind === 'hint' ? onTop(plan.child) : plan;

const isSorted = (plan: LogicalPlan): boolean => onTop(plan).kind === 'sort';

function partitionsOf(plan: LogicalPlan): number {
  const top = onTop(plan);
  const isRoundRobin = top.kind === 'repartition' && top.shuffle && top.expressions.length === 0 && (top.order ?? []).length === 0;
  return isRoundRobin ? (top.numPartitions ?? 1) : 1;
}
