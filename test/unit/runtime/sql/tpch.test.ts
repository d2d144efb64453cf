// TPC-H's 22 queries at SF0.01 against a real Spark's answers, digit by digit: as one query of the kernel, and cut into stages with real shuffles.
// On executors, and while one of them is killed: test/cli/tpch.bats.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SqlEngine } from '../../../../src/runtime/sql/engine/sql-engine.ts';
import { answerOf, sqlEngine } from '../../../helpers/sql.ts';
import { STAGED, stagedSql } from '../../../helpers/staged-sql.ts';
import { TPCH_QUERIES, TPCH_TABLES, tpchAnswers, tpchQuery, tpchTable, tpchText } from '../../../helpers/tpch.ts';

const answers = tpchAnswers();

async function withTables(engine: SqlEngine): Promise<void> {
  for (const table of TPCH_TABLES) {
    const parsed = engine.parse(`SELECT * FROM parquet.\`${tpchTable(table)}\``);
    if (parsed.tag === 'relation') engine.views.set(table, await engine.analyze(parsed.relation));
  }
}

async function answerTo(engine: SqlEngine, name: string) {
  const { columns, types, rows } = await answerOf(engine, tpchQuery(name));
  return { columns: columns.map((c, i) => `${c} ${types[i]}`), rows: rows.map((row) => row.map((value, i) => tpchText(value, types[i]!))) };
}

describe('as one query', () => {
  const engine = sqlEngine();
  beforeAll(() => withTables(engine));
  afterAll(() => engine.close());
  it.each(TPCH_QUERIES)("%s has Spark's answer", async (name) => expect(await answerTo(engine, name)).toEqual(answers[name]));
});

/** Small enough that sides of joins go both ways: to all tasks, and by their keys. */
const BROADCAST = '100000';

describe('in stages', () => {
  const staged = stagedSql({ ...STAGED, 'spark.sql.autoBroadcastJoinThreshold': BROADCAST });
  beforeAll(() => withTables(staged.engine));
  afterAll(async () => {
    await staged.engine.close();
    staged.close();
  });
  it.each(TPCH_QUERIES)("%s has Spark's answer", async (name) => {
    const before = staged.context.stages.length;
    expect(await answerTo(staged.engine, name)).toEqual(answers[name]);
    expect(staged.context.stages.length - before).toBeGreaterThan(1);
  });
});
