// A session of SQL statements in the test's process, whose answers are texts as Spark's result files have them. Commands that the engine does not run
// yet are run here (temporary views, SET).
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import type { PreparedQuery, SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import { AnalysisException } from '../../src/runtime/sql/errors/spark-error.ts';
import type { LogicalPlan } from '../../src/runtime/sql/logical/plans.ts';
import { parseStatement } from '../../src/runtime/sql/parser/parse.ts';
import type { Command } from '../../src/runtime/sql/plan/commands.ts';
import type { DataType } from '../../src/runtime/sql/types/data-type.ts';
import { catalogString } from '../../src/runtime/sql/types/type-names.ts';
import { hiveRow } from './hive-text.ts';
import { rowsOf, sqlEngine } from './sql.ts';

/** What a statement ended in, as the result files say it. */
export type Outcome = { readonly schema: string; readonly rows: readonly string[]; readonly isOrdered: boolean };

export class SqlSession {
  readonly settings: Record<string, string>;
  readonly engine: SqlEngine;

  constructor(settings: Readonly<Record<string, string>> = {}) {
    this.settings = { 'spark.sql.session.timeZone': 'America/Los_Angeles', ...settings };
    this.engine = sqlEngine(this.settings);
  }

  /** @throws what the engine throws */
  async run(text: string): Promise<Outcome> {
    const { settings } = this;
    const parsed = parseStatement(text, {
      doubleQuotedIdentifiers: settings['spark.sql.ansi.doubleQuotedIdentifiers'] === 'true',
      singleCharacterPipeOperator: settings['spark.sql.parser.singleCharacterPipeOperator.enabled'] !== 'false',
      legacyIdentifierClause: settings['spark.sql.legacy.identifierClause'] === 'true',
      enforceReservedKeywords: settings['spark.sql.ansi.enforceReservedKeywords'] === 'true',
      setOpsPrecedenceEnforced: settings['spark.sql.legacy.setopsPrecedence.enabled'] === 'true',
    });
    if (parsed.tag === 'command') return this.#command(parsed.command);
    if (parsed.tag === 'script') throw new AnalysisException('NOT_BUILT', { feature: 'A script' });
    return this.#answer(await this.engine.prepare(parsed.relation));
  }

  async #answer(query: PreparedQuery): Promise<Outcome> {
    return outcome(query.output, await rowsOf(this.engine, query), isSorted(query.plan), this.#timeZone());
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  async interrupt(): Promise<void> {
    (await this.engine.kernel()).interrupt();
  }

  #timeZone(): string {
    return this.settings['spark.sql.session.timeZone']!;
  }

  async #command(command: Command): Promise<Outcome> {
    switch (command.kind) {
      case 'createView':
        if (Array.isArray(command.view) && command.definition.scope === 'temporary') {
          const { query, columns } = command.definition;
          const columnAliases = columns.length > 0 ? { columnAliases: columns.map((c) => c.name) } : {};
          const name = command.view[0] as string;
          this.engine.views.set(
            name,
            await this.engine.analyze({ kind: 'subqueryAlias', input: query, alias: name, qualifier: [], ...columnAliases }),
          );
          return NOTHING;
        }
        break;
      case 'drop':
        if (command.what === 'view' && Array.isArray(command.name) && this.engine.views.drop(command.name[0] as string)) return NOTHING;
        break;
      case 'setConfiguration':
        if (command.key !== undefined && command.value !== undefined) {
          this.settings[command.key] = command.value;
          return { schema: 'struct<key:string,value:string>', rows: [`${command.key}\t${command.value}`], isOrdered: false };
        }
        break;
      case 'setTimeZone':
        this.settings['spark.sql.session.timeZone'] = command.zone;
        return { schema: 'struct<key:string,value:string>', rows: [`spark.sql.session.timeZone\t${command.zone}`], isOrdered: false };
      case 'resetConfiguration':
        if (command.key !== undefined) delete this.settings[command.key];
        return NOTHING;
    }
    return this.#answer(this.engine.preparePlan(await this.engine.execute(command)));
  }
}

const NOTHING: Outcome = { schema: 'struct<>', rows: [], isOrdered: false };

type Column = { readonly name: string; readonly dataType: DataType };
const outcome = (output: readonly Column[], rows: readonly (readonly KernelValue[])[], isOrdered: boolean, zone: string): Outcome => ({
  schema: `struct<${output.map((a) => `${a.name}:${catalogString(a.dataType)}`).join(',')}>`,
  rows: rows.map((row) =>
    hiveRow(
      row,
      output.map((a) => a.dataType),
      zone,
    ),
  ),
  isOrdered,
});

/** Whether rows have an order that counts. Source: SQLQueryTestHelper.isSemanticallySorted. */
function isSorted(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'sort':
      return plan.isGlobal;
    case 'join':
    case 'aggregate':
    case 'generate':
    case 'sample':
    case 'distinct':
      return false;
    case 'union':
      return plan.children.some(isSorted);
    default:
      return 'child' in plan ? isSorted(plan.child) : 'left' in plan ? isSorted(plan.left) || isSorted(plan.right) : false;
  }
}
