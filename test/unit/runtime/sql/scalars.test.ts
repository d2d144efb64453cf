// Several thousand expressions against real Spark: type, nullability, name, value, or the error's condition. Answers are Spark 4.0.1's
// (test/oracle/ask-spark.py asked it, settings and session zone are there). What is known to differ stands in known-differences.ts with its reason.
import { readFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../../../../src/runtime/sql/engine/sql-engine.ts';
import { outputOf } from '../../../../src/runtime/sql/logical/plans.ts';
import type { Relation } from '../../../../src/runtime/sql/plan/relations.ts';
import { simpleString } from '../../../../src/runtime/sql/types/type-names.ts';
import { sqlEngine } from '../../../helpers/sql.ts';
import { KNOWN_DIFFERENCES, OTHER_TOPICS } from './known-differences.ts';

type Asked = { sql: string; conf?: string; error?: string; name?: string; type?: string; nullable?: boolean; rows?: (string | null)[] };
const read = (name: string): Asked[] => JSON.parse(readFileSync(new URL(`../../../fixtures/sql/${name}.json`, import.meta.url), 'utf8'));

const engines = new Map<string, SqlEngine>();
function engineFor(conf = ''): SqlEngine {
  let engine = engines.get(conf);
  if (engine === undefined) {
    const pairs = conf.split(' ').filter((p) => p !== '');
    const settings = Object.fromEntries(pairs.map((p) => p.split('=') as [string, string]));
    engines.set(conf, (engine = sqlEngine({ 'spark.sql.session.timeZone': 'America/Los_Angeles', ...settings })));
  }
  return engine;
}
afterAll(async () => {
  for (const engine of engines.values()) await engine.close();
});

/** What the first column is, and its values as Spark's CAST to STRING writes them (bytes as hex). */
async function answerOf({ sql, conf }: Asked): Promise<Omit<Asked, 'sql' | 'conf'>> {
  const engine = engineFor(conf);
  try {
    const parsed = engine.parse(sql);
    if (parsed.tag !== 'relation') throw new Error('no query');
    const output = outputOf((await engine.prepare(parsed.relation)).plan);
    const [{ name, dataType, nullable }] = output as [(typeof output)[number]];
    const outer = engine.parse(`SELECT ${dataType.tag === 'binary' ? 'hex(c0)' : 'CAST(c0 AS STRING)'} FROM q`);
    const input = {
      kind: 'subqueryAlias',
      input: parsed.relation,
      alias: 'q',
      qualifier: [],
      columnAliases: output.map((_, i) => `c${i}`),
    };
    const query = await engine.prepare({ ...(outer as { relation: object }).relation, input } as unknown as Relation);
    const rows: (string | null)[] = [];
    for await (const chunk of engine.run(query)) rows.push(...(chunk.columns[0] as (string | null)[]).slice(0, chunk.rows));
    return { name, type: simpleString(dataType), nullable, rows };
  } catch (error) {
    return { error: (error as { condition?: string }).condition ?? String(error) };
  }
}

const wanted = ({ error, name, type, nullable, rows }: Asked): object => (error === undefined ? { name, type, nullable, rows } : { error });

describe.each(['scalars', 'documented'])('%s', (file) => {
  const asked = read(file);

  it('answers as Spark does', { timeout: 120_000 }, async () => {
    const differing: object[] = [];
    for (const question of asked) {
      if (KNOWN_DIFFERENCES.has(question.sql) || OTHER_TOPICS.test(question.sql)) continue;
      const got = await answerOf(question);
      if (JSON.stringify(got) !== JSON.stringify(wanted(question))) differing.push({ sql: question.sql, wanted: wanted(question), got });
    }
    expect(differing).toEqual([]);
  });
});
