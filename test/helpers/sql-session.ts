// A session of SQL statements in the test's process with a warehouse of its own, whose answers are texts as Spark's result files have them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import type { PreparedQuery } from '../../src/runtime/sql/engine/prepared-query.ts';
import type { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import type { LogicalPlan } from '../../src/runtime/sql/logical/plans.ts';
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
  /** Its own, for as long as it is open. */
  readonly folder: string;

  /** @param engineOf Without a name there is no owner to show, as in Spark's own suite. */
  constructor(
    settings: Readonly<Record<string, string>> = {},
    engineOf = (own: Record<string, string>): SqlEngine => sqlEngine(own, undefined, ''),
  ) {
    this.folder = mkdtempSync(join(tmpdir(), 'sql-session-'));
    this.settings = {
      'spark.sql.session.timeZone': 'America/Los_Angeles',
      'spark.sql.warehouse.dir': join(this.folder, 'warehouse'),
      ...settings,
    };
    this.engine = engineOf(this.settings);
  }

  /** @throws what the engine throws */
  async run(text: string): Promise<Outcome> {
    const parsed = this.engine.parse(text);
    if (parsed.tag === 'command') return this.#command(parsed.command);
    if (parsed.tag === 'script') return this.#answer(this.engine.preparePlan(await this.engine.runScript(parsed.script)));
    return this.#answer(await this.engine.prepare(parsed.relation));
  }

  async #answer(query: PreparedQuery): Promise<Outcome> {
    return outcome(query.output, await rowsOf(this.engine, query), isSorted(query.plan), this.#timeZone());
  }

  async close(): Promise<void> {
    await this.engine.close();
    rmSync(this.folder, { recursive: true, force: true });
  }

  async interrupt(): Promise<void> {
    (await this.engine.kernel()).interrupt();
  }

  #timeZone(): string {
    return this.settings['spark.sql.session.timeZone']!;
  }

  async #command(command: Command): Promise<Outcome> {
    const query = this.engine.preparePlan(await this.engine.execute(command));
    const made = await this.#answer(query);
    if (command.kind === 'showTables' || command.kind === 'showViews') {
      const names = (await rowsOf(this.engine, query)).map((row) => String(row[1]));
      return { ...made, rows: names, isOrdered: false };
    }
    if (command.kind !== 'describeTable' && command.kind !== 'describeQuery') return made;
    if (command.kind === 'describeTable' && (command.column !== undefined || command.asJson)) return { ...made, isOrdered: true };
    // As Hive's command line shows them, in columns. Source: HiveResult.formatDescribeTableOutput.
    const rows = (await rowsOf(this.engine, query)).map((row) => row.map((v) => String(v ?? '').padEnd(20)).join('\t'));
    return { ...made, rows, isOrdered: true };
  }
}

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
