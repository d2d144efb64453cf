// Views: temporary ones keep their plan, stored ones their text. Source: CreateViewCommand and CreateTempViewUsing of Spark 4.2.
import { GLOBAL_TEMP, type TableEntry, type ViewSchemaMode } from '../../catalog/entries.ts';
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import { aliasOf } from '../../logical/expressions.ts';
import { type LogicalPlan, outputOf } from '../../logical/plans.ts';
import { parseTableSchema } from '../../parser/parse.ts';
import type { Command } from '../../plan/commands.ts';
import type { ViewDefinition } from '../../plan/table-definition.ts';
import { isFileFormat } from '../../sources/formats.ts';
import { structField, type StructType, structType } from '../../types/data-type.ts';
import type { TempViewMade } from '../temp-views.ts';
import { checkReferences } from './check-references.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { noResult, resultRows } from './results.ts';

type Of<K extends Command['kind']> = Extract<Command, { kind: K }>;

export async function createView(command: Of<'createView'>, context: CommandContext): Promise<LogicalPlan> {
  const { definition } = command;
  const parts = partsOf(command.view);
  const isStored = definition.scope === 'persistent';
  const collation = definition.collation ?? (isStored ? databaseCollation(parts, context) : undefined);
  const plan = await context.analyze(definition.query, collation);
  checkColumns(plan, definition, parts);
  if (!isStored) {
    const named: LogicalPlan = definition.columns.length === 0 ? plan : withColumns(plan, definition);
    setTemporary(parts, named, definition.scope === 'globalTemporary', definition.replace, definition.ifNotExists, context, {
      text: definition.queryText,
      namespace: context.catalog.current,
      queryColumns: outputOf(plan).map((a) => a.name),
    });
    return noResult();
  }
  const { catalog } = context;
  const name = catalog.nameOf(parts);
  catalog.database([name.database]);
  checkReferences(definition.query, name, context);
  const entry: TableEntry = {
    ...name,
    type: 'VIEW',
    schema: schemaOf(plan, definition),
    partitionColumns: [],
    options: {},
    properties: definition.properties,
    ...(definition.comment !== undefined && { comment: definition.comment }),
    createdMs: context.nowMs(),
    owner: context.user,
    view: {
      text: definition.queryText,
      ...catalog.frozen,
      queryColumns: outputOf(plan).map((a) => a.name),
      ...schemaModeOf(definition, context),
      ...(collation && { collation }),
    },
  };
  const store = catalog.store();
  if (store.addTable(entry)) return noResult();
  const found = store.table(name);
  if (definition.ifNotExists) return noResult();
  if (!definition.replace) throw new AnalysisException('TABLE_OR_VIEW_ALREADY_EXISTS', { relationName: shownTable(name) });
  if (found?.type !== 'VIEW')
    throw new AnalysisException('EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE', {
      tableName: shownTable(name),
      operation: 'CREATE OR REPLACE VIEW',
    });
  store.changeTable(name, () => entry);
  return noResult();
}

/** Of the database that a name is in. */
export const databaseCollation = (parts: readonly string[], { catalog }: CommandContext): string | undefined =>
  catalog.database([catalog.nameOf(parts).database]).properties.collation;

/** @throws AnalysisException FEATURE_NOT_ENABLED */
type Binding = Pick<ViewDefinition, 'schemaBinding' | 'columns'>;
function schemaModeOf({ schemaBinding: asked, columns }: Binding, { settings }: CommandContext): { readonly schemaMode?: ViewSchemaMode } {
  const schemaBinding = asked === 'evolution' && columns.length > 0 ? 'typeEvolution' : asked;
  if (settings.get('spark.sql.legacy.viewSchemaBindingMode') !== 'false')
    return {
      schemaMode: schemaBinding ?? (settings.get('spark.sql.legacy.viewSchemaCompensation') === 'false' ? 'binding' : 'compensation'),
    };
  if (schemaBinding === undefined) return {};
  throw new AnalysisException('FEATURE_NOT_ENABLED', {
    featureName: 'VIEW ... WITH SCHEMA ...',
    configKey: 'spark.sql.legacy.viewSchemaBindingMode',
    configValue: 'true',
  });
}

/** ALTER VIEW … WITH SCHEMA. */
export async function alterViewSchemaBinding(command: Of<'alterViewSchemaBinding'>, context: CommandContext): Promise<LogicalPlan> {
  const entry = context.catalog.table(partsOf(command.table));
  const mode = schemaModeOf({ schemaBinding: command.schemaBinding, columns: [] }, context);
  context.catalog.store().changeTable(entry, (e) => ({ ...e, view: { ...e.view!, ...mode } }));
  return noResult();
}

export function setTemporary(
  parts: readonly string[],
  plan: LogicalPlan,
  isGlobal: boolean,
  replace: boolean,
  ifNotExists: boolean,
  { views, globalViews, nowMs }: CommandContext,
  view?: TempViewMade['view'],
): void {
  const [into, name] = [isGlobal ? globalViews : views, parts.at(-1)!];
  if (into.has(name) && !replace) {
    if (ifNotExists) return;
    throw new AnalysisException('TEMP_TABLE_OR_VIEW_ALREADY_EXISTS', {
      relationName: isGlobal ? `\`${GLOBAL_TEMP}\`.\`${name}\`` : `\`${name}\``,
    });
  }
  into.set(name, plan, { createdMs: nowMs(), ...(view && { view }) });
}

function checkColumns(plan: LogicalPlan, { columns }: ViewDefinition, parts: readonly string[]): void {
  const output = outputOf(plan);
  const seen = new Set<string>();
  for (const { name } of columns.length > 0 ? columns : output) {
    if (seen.has(name.toLowerCase())) throw new AnalysisException('COLUMN_ALREADY_EXISTS', { columnName: `\`${name.toLowerCase()}\`` });
    seen.add(name.toLowerCase());
  }
  if (columns.length === 0 || columns.length === output.length) return;
  throw new AnalysisException(
    `CREATE_VIEW_COLUMN_ARITY_MISMATCH.${columns.length > output.length ? 'NOT_ENOUGH' : 'TOO_MANY'}_DATA_COLUMNS`,
    {
      viewName: parts.map((p) => `\`${p}\``).join('.'),
      viewColumns: columns.map((c) => `\`${c.name}\``).join(', '),
      dataColumns: output.map((a) => `\`${a.name}\``).join(', '),
    },
  );
}

const withColumns = (plan: LogicalPlan, { columns }: ViewDefinition): LogicalPlan => ({
  kind: 'project',
  child: plan,
  projectList: outputOf(plan).map((a, i) => {
    const { name, comment } = columns[i]!;
    return aliasOf(a, name, comment === undefined ? {} : { metadata: { ...a.metadata, comment } });
  }),
});

function schemaOf(plan: LogicalPlan, { columns }: ViewDefinition): StructType {
  return structType(
    outputOf(plan).map((a, i) => {
      const { name = a.name, comment } = columns[i] ?? {};
      return structField(name, a.dataType, a.nullable, { ...a.metadata, ...(comment !== undefined && { comment }) });
    }),
  );
}

export async function createTempViewUsing(command: Of<'createTempViewUsing'>, context: CommandContext): Promise<LogicalPlan> {
  const hasPath = Object.keys(command.options).some((k) => k.toLowerCase() === 'path');
  if (command.schema !== undefined && !hasPath && isFileFormat(command.provider.join('.'))) {
    const columns = parseTableSchema(command.schema).fields.map((f) => [f.name, f.dataType, true] as const);
    setTemporary(command.view, resultRows(columns, []), command.isGlobal, command.replace, false, context);
    return noResult();
  }
  const plan = await context.analyze({
    kind: 'read',
    dataSource: {
      format: command.provider.join('.'),
      options: command.options,
      paths: [],
      predicates: [],
      ...(command.schema !== undefined && { schema: command.schema }),
    },
  });
  setTemporary(command.view, plan, command.isGlobal, command.replace, false, context);
  return noResult();
}

export async function alterViewAs(command: Of<'alterViewAs'>, context: CommandContext): Promise<LogicalPlan> {
  const parts = partsOf(command.table);
  const isTemporary = parts.length === 1 && context.views.has(parts[0]!);
  const plan = await context.analyze(command.query, isTemporary ? undefined : context.catalog.find(parts)?.view?.collation);
  if (isTemporary) {
    const queryColumns = outputOf(plan).map((a) => a.name);
    const view = { text: command.queryText, namespace: context.catalog.current, queryColumns };
    context.views.set(parts[0]!, plan, { createdMs: context.nowMs(), view });
    return noResult();
  }
  const entry = context.catalog.table(parts);
  if (entry.type !== 'VIEW')
    throw new AnalysisException('EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE', { tableName: shownTable(entry), operation: 'ALTER VIEW ... AS' });
  const queryColumns = outputOf(plan).map((a) => a.name);
  const view = { ...entry.view, text: command.queryText, ...context.catalog.frozen, queryColumns };
  const schema = structType(outputOf(plan).map((a) => structField(a.name, a.dataType, a.nullable, a.metadata)));
  context.catalog.store().changeTable(entry, (e) => ({ ...e, view, schema }));
  return noResult();
}
