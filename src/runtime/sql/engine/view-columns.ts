// A stored view's columns over what its query gives now, which may be another than when the view was made: its schema mode says what happens then.
// Source: SessionCatalog.fromCatalogTable, ViewSchemaMode and ViewSyncSchemaToMetaStore of Spark 4.2.
import type { TableEntry } from '../catalog/entries.ts';
import { type SessionCatalog, shownTable } from '../catalog/session-catalog.ts';
import { AnalysisException } from '../errors/spark-error.ts';
import { castOf } from '../analysis/cast-rules.ts';
import { isAtomic, isNumeric, isString, tightestCommonType } from '../functions/coercion.ts';
import { aliasOf, type Attribute, type NamedExpr } from '../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../logical/plans.ts';
import { type DataType, sameType, type StructField, structField, structType } from '../types/data-type.ts';
import { sqlType } from '../types/type-names.ts';

/** @throws AnalysisException INCOMPATIBLE_VIEW_SCHEMA_CHANGE, CANNOT_UP_CAST_DATATYPE */
export function viewColumns(plan: LogicalPlan, entry: TableEntry, catalog: SessionCatalog): LogicalPlan {
  const { schemaMode = 'compensation', queryColumns } = entry.view!;
  const output = outputOf(plan);
  const hasOwnNames = entry.schema.fields.some((f, i) => f.name !== queryColumns[i]);
  if (schemaMode === 'evolution' && !hasOwnNames) {
    const comments = new Map(entry.schema.fields.map((f) => [f.name, f.metadata]));
    const fields = output.map((a) => structField(a.name, a.dataType, a.nullable, comments.get(a.name) ?? a.metadata));
    follow(
      entry,
      fields,
      output.map((a) => a.name),
      catalog,
    );
    return { kind: 'project', child: plan, projectList: output.map((a, i) => aliasOf(a, a.name, { metadata: fields[i]!.metadata })) };
  }
  const found = entry.schema.fields.map((_, i) => columnOf(queryColumns[i]!, i, output, entry));
  if (schemaMode === 'typeEvolution' || schemaMode === 'evolution') {
    follow(
      entry,
      entry.schema.fields.map((f, i) => ({ ...f, dataType: found[i]!.dataType })),
      queryColumns,
      catalog,
    );
    return { kind: 'project', child: plan, projectList: found.map((a, i) => named(a, entry.schema.fields[i]!)) };
  }
  const fitted = found.map((a, i) => {
    const field = entry.schema.fields[i]!;
    if (schemaMode === 'binding' && !canUpCast(a.dataType, field.dataType)) throw cannotUpCast(a, field.dataType);
    return named(castOf(a, field.dataType, 'ansi', undefined), field);
  });
  return { kind: 'project', child: plan, projectList: fitted };
}

const named = (e: Parameters<typeof aliasOf>[0], { name, metadata }: StructField): NamedExpr => aliasOf(e, name, { metadata });

/** By the query's names: a column that its table got later is not the view's. */
function columnOf(wanted: string, i: number, output: readonly Attribute[], entry: TableEntry): Attribute {
  const same = output.filter((a) => a.name.toLowerCase() === wanted.toLowerCase());
  const found = same.length === 1 ? same[0] : output[i]?.name.toLowerCase() === wanted.toLowerCase() ? output[i] : undefined;
  if (found !== undefined) return found;
  throw new AnalysisException('INCOMPATIBLE_VIEW_SCHEMA_CHANGE', {
    viewName: shownTable(entry),
    colName: wanted,
    expectedNum: '1',
    actualCols: `[${same.map((a) => a.name).join(',')}]`,
    suggestion: `CREATE OR REPLACE VIEW ${shownTable(entry).replaceAll('`', '')} ${columnList(entry)}AS ${entry.view!.text}`,
  });
}

const columnList = ({ schema, view }: TableEntry): string =>
  schema.fields.some((f, i) => f.name !== view!.queryColumns[i]) ? `(${schema.fields.map((f) => f.name).join(', ')}) ` : '';

/** The catalogue says what the view's columns are now. */
function follow(entry: TableEntry, fields: readonly StructField[], queryColumns: readonly string[], catalog: SessionCatalog): void {
  const schema = structType(fields);
  if (sameType(schema, entry.schema)) return;
  catalog.store().changeTable(entry, (e) => ({ ...e, schema, view: { ...e.view!, queryColumns } }));
}

/** Without losing anything. Source: UpCastRule of Spark 4.2. */
function canUpCast(from: DataType, to: DataType): boolean {
  if (sameType(from, to) || from.tag === 'null' || from.tag === to.tag) {
    if (from.tag !== 'decimal' || to.tag !== 'decimal') return true;
    return from.precision - from.scale <= to.precision - to.scale && from.scale <= to.scale;
  }
  if (isString(to)) return isAtomic(from);
  if (isNumeric(from) && isNumeric(to)) {
    const common = tightestCommonType(from, to);
    return common !== undefined && sameType(common, to);
  }
  return from.tag === 'date' && (to.tag === 'timestamp' || to.tag === 'timestamp_ntz');
}

const cannotUpCast = (a: Attribute, to: DataType): AnalysisException =>
  new AnalysisException('CANNOT_UP_CAST_DATATYPE', {
    expression: [...a.qualifier, a.name].join('.'),
    sourceType: `"${sqlType(a.dataType)}"`,
    targetType: `"${sqlType(to)}"`,
    details:
      'The type path of the target object is:\n\nYou can either add an explicit cast to the input data or choose a higher precision type of the field in the target object',
  });
