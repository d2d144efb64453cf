// A session as Spark's SQL tests have one: settings by the file's folder, and the tables that their suite makes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { newAttribute } from '../../src/runtime/sql/logical/expressions.ts';
import { parseExpression, parseTableSchema } from '../../src/runtime/sql/parser/parse.ts';
import { SqlSession } from '../helpers/sql-session.ts';
import { cacheFolder, readArtefact } from './spark-sql-tests.ts';

export class SparkTestSession extends SqlSession {
  /** @param file as in the artefact, `nonansi/cast.sql`: folders mean settings */
  constructor(file: string, settings: ReadonlyMap<string, string>) {
    super({
      ...(file.startsWith('nonansi/') && { 'spark.sql.ansi.enabled': 'false' }),
      ...(file.startsWith('timestampNTZ/') && { 'spark.sql.timestampType': 'TIMESTAMP_NTZ' }),
      ...Object.fromEntries(settings),
    });
    const body = (text: string) => ({ parameters: [{ name: 'x' }], isTable: false, body: parseExpression(text) });
    // The suite's functions of programs: a value as it is, and how many are not NULL.
    if (file.startsWith('udf/')) this.engine.functions.define({ nameParts: ['udf'], ...body('x') });
    if (/udaf/.test(file)) this.engine.functions.define({ nameParts: ['udaf'], ...body('CAST(count(x) AS INT)') });
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
