// CHAR(n) and VARCHAR(n) of tables. Answers: charvarchar.sql of Spark 4.2's tests and CharVarcharTestSuite.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
const rows = async (sql: string) => (await session.run(sql)).rows;
beforeAll(async () => {
  await session.run('CREATE TABLE t (c CHAR(5), v VARCHAR(3)) USING parquet');
  await session.run("INSERT INTO t VALUES ('ab', 'a     '), (NULL, NULL)");
});
afterAll(() => session.close());

describe('a column with a length', () => {
  it('is a STRING in queries, CHAR filled up with spaces', async () => {
    expect(await session.run("SELECT c, v, length(c) AS n FROM t WHERE v LIKE 'a%'")).toMatchObject({
      schema: 'struct<c:string,v:string,n:int>',
      rows: ['ab   \ta  \t5'],
    });
  });

  it.each([["'ab'"], ["'ab        '"], ["'ab '"]])('equals %s whatever spaces follow', async (text) => {
    expect(await rows(`SELECT c = ${text}, c IN ('x', ${text}), c < ${text} FROM t WHERE c IS NOT NULL`)).toEqual(['true\ttrue\tfalse']);
  });

  it('refuses longer text, spaces at its end aside', async () => {
    await expect(session.run("INSERT INTO t VALUES ('abcdef', 'a')")).rejects.toThrow(/EXCEED_LIMIT_LENGTH.*: 5/);
    await expect(session.run("INSERT INTO t VALUES ('a', 'abcd')")).rejects.toThrow(/EXCEED_LIMIT_LENGTH.*: 3/);
  });

  it('keeps its type in views and tables made of it', async () => {
    await session.run('CREATE VIEW w AS SELECT * FROM t');
    await session.run('CREATE TABLE u AS SELECT * FROM w');
    for (const name of ['w', 'u']) expect((await rows(`DESC ${name}`)).map((r) => r.split(/\s+/)[1])).toEqual(['char(5)', 'varchar(3)']);
    expect(await rows("SELECT c FROM w WHERE c = 'ab'")).toEqual(['ab   ']);
  });

  it('may be a partition', async () => {
    await session.run('CREATE TABLE p (x INT, c CHAR(3)) USING csv PARTITIONED BY (c)');
    await session.run("INSERT INTO p VALUES (1, 'b')");
    expect(await rows("SELECT x, length(c) FROM p WHERE c = 'b'")).toEqual(['1\t3']);
  });

  it('is named with its collation in SHOW CREATE TABLE', async () => {
    expect((await rows('SHOW CREATE TABLE t'))[0]).toContain('c CHAR(5) COLLATE UTF8_BINARY,\n  v VARCHAR(3) COLLATE UTF8_BINARY)');
  });
});
