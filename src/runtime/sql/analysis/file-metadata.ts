// The column `_metadata` of files: a struct that no star gives and names find where no column has its name. It costs every query a column, so plans have
// it only when a name was not found without. What a file says: input-files.ts. Source: FileFormat.BASE_METADATA_FIELDS, AddMetadataColumns of Spark 4.2.
import { makeCall } from '../functions/make-call.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import type { SessionSettings } from '../functions/spec.ts';
import { aliasOf, literal, newAttribute } from '../logical/expressions.ts';
import { type FileColumn, type LogicalPlan, outputOf, type Scan } from '../logical/plans.ts';
import { type DataType, LONG, STRING, TIMESTAMP } from '../types/data-type.ts';
import { type Environment, type Resolved, scopeOf } from './analysis.ts';
import { withFileColumns } from './input-files.ts';

const NAME = '_metadata';
const FIELDS: readonly (readonly [name: string, column: FileColumn, type: DataType])[] = [
  ['file_path', 'path', STRING],
  ['file_name', 'fileName', STRING],
  ['file_size', 'size', LONG],
  ['file_block_start', 'start', LONG],
  ['file_block_length', 'length', LONG],
  ['file_modification_time', 'modified', TIMESTAMP],
];
const ROW_INDEX = ['row_index', 'rowIndex', LONG] as const;

/** Whether the name that was not found may be the column's. */
export const asksForMetadata = (error: unknown): boolean =>
  error instanceof AnalysisException &&
  error.condition.startsWith('UNRESOLVED_COLUMN') &&
  String(error.messageParameters['objectName']).split('.').slice(0, 4).includes(`\`${NAME}\``);

/** What is read, with the column where it is of files. @returns undefined: it is not */
export function metadataOver(plan: LogicalPlan, env: Environment, settings: SessionSettings): Resolved | undefined {
  const made = withMetadata(plan, settings);
  return made && hidingMetadata(made, outputOf(plan).length, env);
}

/** Its last columns are found by their names only. */
export function hidingMetadata(plan: LogicalPlan, visible: number, env: Environment): Resolved {
  const output = outputOf(plan);
  return { plan, scope: scopeOf(output.slice(0, visible), env, { hidden: [output.slice(visible)] }) };
}

function withMetadata(plan: LogicalPlan, settings: SessionSettings): LogicalPlan | undefined {
  if (plan.kind === 'subqueryAlias') {
    const child = withMetadata(plan.child, settings);
    return child && { ...plan, child };
  }
  return plan.kind === 'scan' && plan.format !== 'jdbc' ? metadataScan(plan, settings) : undefined;
}

function metadataScan(scan: Scan, settings: SessionSettings): LogicalPlan {
  const fields = scan.format === 'parquet' ? [...FIELDS, ROW_INDEX] : FIELDS;
  const attributes = fields.map(([name, column, type]) => [column, newAttribute(name, type, false)] as const);
  const values = fields.flatMap(([name], i) => [literal(name, STRING), attributes[i]![1]]);
  const struct = aliasOf(makeCall('named_struct', values, settings), NAME);
  return { kind: 'project', child: withFileColumns(scan, new Map(attributes)), projectList: [...scan.output, struct] };
}

/** An operator's input keeps what is found by its name: for names of relations. */
export const hasHidden = ({ scope }: Resolved): boolean => (scope.hidden ?? []).some((layer) => layer.some((a) => a.name === NAME));
