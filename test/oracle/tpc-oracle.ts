// node test/oracle/tpc-oracle.ts [--failures]: do the texts of TPC-H and TPC-DS, from Spark's own tests, analyse and run over empty tables?
// Their answers over data are another matter: bench/ and the tests of TPC-H.
import { newAttribute } from '../../src/runtime/sql/logical/expressions.ts';
import { parseTableSchema } from '../../src/runtime/sql/parser/parse.ts';
import { answerOf, sqlEngine } from '../helpers/sql.ts';
import { readArtefact } from './spark-sql-tests.ts';
import { TPCDS_TABLES, TPCH_TABLES } from './tpc-schemas.ts';

const showsFailures = process.argv.includes('--failures');

for (const [folder, tables] of [
  ['tpch', TPCH_TABLES],
  ['tpcds', TPCDS_TABLES],
  ['tpcds-v2.7.0', TPCDS_TABLES],
  ['tpcds-modifiedQueries', TPCDS_TABLES],
] as const) {
  const engine = sqlEngine();
  for (const [name, ddl] of tables) {
    const output = parseTableSchema(ddl).fields.map((f) => newAttribute(f.name, f.dataType));
    engine.views.set(name, { kind: 'localRelation', output, rows: [] });
  }
  const causes = new Map<string, string[]>();
  let [count, right] = [0, 0];
  for (const [name, text] of await readArtefact([`${folder}/`])) {
    if (!name.endsWith('.sql')) continue;
    count++;
    try {
      await answerOf(engine, text);
      right++;
    } catch (error) {
      const cause = (error as Error).message.split('\n')[0]!.slice(0, showsFailures ? 1000 : 160);
      causes.set(cause, [...(causes.get(cause) ?? []), name.slice(folder.length + 1, -4)]);
    }
  }
  await engine.close();
  console.log(`${folder}: ${right} of ${count} analyse and run`);
  for (const [cause, names] of [...causes].sort((a, b) => b[1].length - a[1].length))
    console.log(`  ${names.length} ${cause}: ${names.join(' ')}`);
}
