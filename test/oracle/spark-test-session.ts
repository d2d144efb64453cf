// A session as Spark's SQL tests have one: their settings, zone and tables. Commands that the engine does not run yet are run here (views, SET).
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SqlEngine } from '../../src/runtime/sql/engine/sql-engine.ts';
import { AnalysisException } from '../../src/runtime/sql/errors/spark-error.ts';
import { newAttribute } from '../../src/runtime/sql/logical/expressions.ts';
import type { LogicalPlan } from '../../src/runtime/sql/logical/plans.ts';
import { parseStatement, parseTableSchema } from '../../src/runtime/sql/parser/parse.ts';
import type { Command } from '../../src/runtime/sql/plan/commands.ts';
import type { DataType } from '../../src/runtime/sql/types/data-type.ts';
import type { KernelValue } from '../../src/common/sql-kernel.ts';
import { hiveRow } from '../helpers/hive-text.ts';
import { rowsOf, sqlEngine } from '../helpers/sql.ts';
import { catalogString } from '../../src/runtime/sql/types/type-names.ts';
import { cacheFolder, readArtefact } from './spark-sql-tests.ts';

/** What a statement ended in, as the result files say it. */
export type Outcome = { readonly schema: string; readonly rows: readonly string[]; readonly isOrdered: boolean };

export class SparkTestSession {
  readonly settings: Record<string, string>;
  readonly engine: SqlEngine;
  #zone: string | undefined;

  /** @param file as in the artefact, `nonansi/cast.sql`: folders mean settings */
  constructor(file: string, settings: ReadonlyMap<string, string>) {
    this.settings = {
      'spark.sql.session.timeZone': 'America/Los_Angeles',
      ...(file.startsWith('nonansi/') && { 'spark.sql.ansi.enabled': 'false' }),
      ...(file.startsWith('timestampNTZ/') && { 'spark.sql.timestampType': 'TIMESTAMP_NTZ' }),
      ...Object.fromEntries(settings),
    };
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
    const query = await this.engine.prepare(parsed.relation);
    await this.#followZone();
    const rows = await rowsOf(this.engine, query);
    return outcome(query.output, rows, isSorted(query.plan), this.#timeZone());
  }

  async close(): Promise<void> {
    await this.engine.close();
  }

  async interrupt(): Promise<void> {
    (await this.engine.kernel()).interrupt();
  }

  /** The tables that the suite makes: those that a text names. */
  async addTestTables(text: string): Promise<void> {
    const named = (name: string) => new RegExp(`\\b${name}\\b`, 'i').test(text);
    for (const [name, select] of Object.entries(SMALL_TABLES)) {
      if (!named(name)) continue;
      try {
        await this.#view(name, select);
      } catch {
        // An engine that can't make the table shows it in the statements that use it.
      }
    }
    for (const [name, [file, ddl]] of Object.entries(FILE_TABLES)) if (named(name)) await this.#loadTable(name, await testData(file), ddl);
  }

  #timeZone(): string {
    return this.settings['spark.sql.session.timeZone']!;
  }

  async #followZone(): Promise<void> {
    if (this.#zone === this.#timeZone()) return;
    this.#zone = this.#timeZone();
    await (await this.engine.kernel()).run(`SET TimeZone='${/^[+-]/.test(this.#zone) ? `UTC${this.#zone}` : this.#zone}'`);
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
    throw new AnalysisException('NOT_BUILT', { feature: `The command ${command.kind}` });
  }

  async #view(name: string, select: string): Promise<void> {
    const parsed = this.engine.parse(select);
    if (parsed.tag === 'relation') this.engine.views.set(name, await this.engine.analyze(parsed.relation));
  }

  async #loadTable(name: string, path: string, ddl: string): Promise<void> {
    const fields = parseTableSchema(ddl).fields;
    const kernel = await this.engine.kernel();
    const types = fields.map((f) => `'${f.name}': '${{ integer: 'INTEGER', float: 'FLOAT' }[f.dataType.tag as string] ?? 'VARCHAR'}'`);
    await kernel.run(
      `CREATE TABLE spark_test_${name} AS SELECT * FROM read_csv('${path}', delim='\t', header=false, columns={${types.join(', ')}})`,
    );
    const output = fields.map((f) => newAttribute(f.name, f.dataType));
    this.engine.views.set(name, { kind: 'kernelTable', output, columns: fields.map((f) => f.name), table: `spark_test_${name}` });
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

const ONEK = [
  'unique1',
  'unique2',
  'two',
  'four',
  'ten',
  'twenty',
  'hundred',
  'thousand',
  'twothousand',
  'fivethous',
  'tenthous',
  'odd',
  'even',
];
const ONEK_DDL = `${ONEK.map((c) => `${c} INT`).join(', ')}, stringu1 STRING, stringu2 STRING, string4 STRING`;
const FILE_TABLES: Record<string, [file: string, ddl: string]> = {
  aggtest: ['agg.data', 'a INT, b FLOAT'],
  onek: ['onek.data', ONEK_DDL],
  tenk1: ['tenk.data', ONEK_DDL],
};
const SMALL_TABLES: Record<string, string> = {
  testdata: `SELECT * FROM VALUES ${Array.from({ length: 100 }, (_, i) => `(${i + 1}, '${i + 1}')`).join(', ')} AS t(key, value)`,
  arraydata:
    'SELECT * FROM VALUES (array(1, 2, 3), array(array(1, 2, 3))), (array(2, 3, 4), array(array(2, 3, 4))) AS t(arraycol, nestedarraycol)',
  mapdata: `SELECT * FROM VALUES ${[5, 4, 3, 2, 1].map((n, row) => `(map(${Array.from({ length: n }, (_, i) => `${i + 1}, '${'abcde'[i]}${row + 1}'`).join(', ')}))`).join(', ')} AS t(mapcol)`,
};

/** A file of PostgreSQL's tests, in the cache. */
async function testData(file: string): Promise<string> {
  const path = join(cacheFolder(), 'test-data', file);
  if (!existsSync(path)) {
    const texts = await readArtefact(['test-data/postgresql/']);
    mkdirSync(dirname(path), { recursive: true });
    for (const [name, text] of texts) writeFileSync(join(dirname(path), name.slice('test-data/postgresql/'.length)), text);
  }
  return path;
}
