// One command → what does it. Each kind's work is in a file of its topic beside this one.
import { shownTable } from '../../catalog/session-catalog.ts';
import { AnalysisException } from '../../errors/spark-error.ts';
import type { LogicalPlan } from '../../logical/plans.ts';
import type { Command } from '../../plan/commands.ts';
import * as alter from './alter-table.ts';
import { cacheTable, uncacheTable } from './cache.ts';
import { type CommandContext, partsOf } from './command-context.ts';
import { createTable, createTableLike } from './create-table.ts';
import { describeQuery, describeTable } from './describe.ts';
import { dropTable, truncateTable } from './drop-table.ts';
import { explain } from './explain.ts';
import { describeFunction, showFunctions } from './functions.ts';
import { insertDirectory, insertInto } from './insert.ts';
import * as namespaces from './namespaces.ts';
import * as partitions from './partitions.ts';
import { noResult } from './results.ts';
import { resetConfiguration, setConfiguration, setTimeZone } from './settings.ts';
import * as show from './show.ts';
import { showCreateTable } from './show-create.ts';
import { analyzeTable, analyzeTables } from './statistics.ts';
import { withDefinitions } from './with-cte.ts';
import { alterViewAs, alterViewSchemaBinding, createTempViewUsing, createView } from './views.ts';

/** @throws AnalysisException with Spark's conditions; NOT_BUILT for kinds that nothing does yet */
export async function runCommand(command: Command, context: CommandContext): Promise<LogicalPlan> {
  switch (command.kind) {
    case 'createNamespace':
      return namespaces.createNamespace(command, context);
    case 'setNamespaceProperties':
    case 'unsetNamespaceProperties':
    case 'setNamespaceLocation':
    case 'setNamespaceCollation':
      return namespaces.changeNamespace(command, context);
    case 'describeNamespace':
      return namespaces.describeNamespace(command, context);
    case 'showNamespaces':
      return namespaces.showNamespaces(command, context);
    case 'setPath':
      context.catalog.path.set(command.elements);
      return noResult();
    case 'showCurrentNamespace':
      return namespaces.showCurrentNamespace(context);
    case 'use':
      return namespaces.use(command, context);
    case 'drop':
      if (command.what === 'namespace') return namespaces.dropNamespace(command, context);
      if (command.what !== 'table' && command.what !== 'view')
        throw new AnalysisException('NOT_BUILT', { feature: `DROP ${command.what.toUpperCase()}` });
      return dropTable(command, context);
    case 'createTable':
      return createTable(command, context);
    case 'createTableLike':
      return createTableLike(command, context);
    case 'createView':
      return createView(command, context);
    case 'createTempViewUsing':
      return createTempViewUsing(command, context);
    case 'alterViewSchemaBinding':
      return alterViewSchemaBinding(command, context);
    case 'alterViewAs':
      return alterViewAs(command, context);
    case 'insertInto':
      return insertInto(command, context);
    case 'insertDirectory':
      return insertDirectory(command, context);
    case 'multiInsert':
      for (const insert of command.inserts) await runCommand(insert, context);
      return noResult();
    case 'withCteCommand':
      return runCommand(withDefinitions(command), context);
    case 'truncateTable':
      return truncateTable(command, context);
    case 'addColumns':
      return alter.addColumns(command, context);
    case 'alterColumns':
      return alter.alterColumns(command, context);
    case 'renameTable':
      return alter.renameTable(command, context);
    case 'setTableProperties':
      return alter.setProperties(command, context);
    case 'unsetTableProperties':
      return alter.unsetProperties(command, context);
    case 'setTableLocation':
      return alter.setLocation(command, context);
    case 'comment':
      return alter.comment(command, context);
    case 'addPartitions':
      return partitions.addPartitions(command, context);
    case 'dropPartitions':
      return partitions.dropPartitions(command, context);
    case 'renamePartition':
      return partitions.renamePartition(command, context);
    case 'recoverPartitions':
      return partitions.repairTable(command.table, 'add', context);
    case 'repairTable':
      return partitions.repairTable(command.table, command.option, context);
    case 'showPartitions':
      return partitions.showPartitions(command, context);
    case 'showTables':
      return show.showTables(command, context);
    case 'showViews':
      return show.showViews(command, context);
    case 'showTableExtended':
      return show.showTableExtended(command, context);
    case 'showColumns':
      return show.showColumns(command, context);
    case 'showTableProperties':
      return show.showTableProperties(command, context);
    case 'showFunctions':
      return showFunctions(command, context);
    case 'showCollations':
      return show.showCollations(command);
    case 'showCatalogs':
      return show.showCatalogs(command);
    case 'showCreateTable':
      return showCreateTable(command, context);
    case 'describeTable':
      return describeTable(command, context);
    case 'describeQuery':
      return describeQuery(command, context);
    case 'describeFunction':
      return describeFunction(command, context);
    case 'analyzeTable':
      return analyzeTable(command, context);
    case 'analyzeTables':
      return analyzeTables(command, context);
    case 'setTableSerde':
      return alter.setSerde(command, context);
    case 'loadData':
      throw new AnalysisException('_LEGACY_ERROR_TEMP_1266', {
        tableIdentWithDB: shownTable(context.catalog.table(partsOf(command.table))),
      });
    case 'setConfiguration':
      return setConfiguration(command, context);
    case 'resetConfiguration':
      return resetConfiguration(command, context);
    case 'setTimeZone':
      return setTimeZone(command, context);
    case 'cacheTable':
      return cacheTable(command, context);
    case 'uncacheTable':
      return uncacheTable(command, context);
    case 'clearCache':
      await context.cached.forgetWhere(() => true);
      return noResult();
    // Files and entries are looked at anew by every query.
    case 'refresh':
      if (command.what === 'table')
        await context.analyze({ kind: 'read', namedTable: { nameParts: command.name as readonly string[], options: {} } });
      return noResult();
    case 'refreshResource':
      return noResult();
    case 'explain':
      return explain(command, context);
    default:
      return alter.refuse(command, context);
  }
}
