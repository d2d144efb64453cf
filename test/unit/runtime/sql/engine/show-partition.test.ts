// SHOW TABLE EXTENDED … PARTITION, as Spark 4.2's show-tables.sql.out has it.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

it('tells of one partition', async () => {
  await session.run('CREATE TABLE t (a INT, c STRING, d INT) USING parquet PARTITIONED BY (c, d)');
  await session.run("ALTER TABLE t ADD PARTITION (c='Us', d=1)");
  const { schema, rows } = await session.run("SHOW TABLE EXTENDED LIKE 't' PARTITION (c='Us', d=1)");
  expect(schema).toBe('struct<namespace:string,tableName:string,isTemporary:boolean,information:string>');
  expect(rows).toEqual([
    expect.stringMatching(
      /^default\tt\tfalse\tPartition Values: \[c=Us, d=1\]\nLocation: file:.*\/t\/c=Us\/d=1\nCreated Time: .*\nLast Access: UNKNOWN\n\n?$/,
    ),
  ]);
  expect(await ourAnswer(session, "SHOW TABLE EXTENDED LIKE 't' PARTITION (c='Ch', d=1)")).toEqual({
    error: {
      condition: 'PARTITIONS_NOT_FOUND',
      parameters: { partitionList: 'PARTITION (`c` = Ch, `d` = 1)', tableName: '`default`.`t`' },
    },
  });
  expect(await ourAnswer(session, "SHOW TABLE EXTENDED LIKE 't*' PARTITION (c='Us', d=1)")).toMatchObject({
    error: { condition: 'TABLE_OR_VIEW_NOT_FOUND' },
  });
});
