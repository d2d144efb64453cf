// JDBC sources over SQLite, which needs no extension: types, partitions, what the database is asked, writing by mode, tables and views; on a local
// master and in tasks. Types and partitions are those of PySpark 4.0.1 with Xerial's driver, but for the three that sqlite-dialect.ts names.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { TestSession } from '../../../../../helpers/dataframe-session.ts';
import { STAGED } from '../../../../../helpers/staged-sql.ts';
import { TypedSession } from '../../../../../helpers/typed-session.ts';

const folder = mkdtempSync(join(tmpdir(), 'emberloom-jdbc-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function database(name: string): { readonly url: string; readonly ask: (sql: string) => unknown[] } {
  const path = join(folder, `${name}.db`);
  const db = new Sqlite(path);
  db.exec(`
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL, age INT, big BIGINT, small SMALLINT, h REAL, f FLOAT, n NUMERIC,
      dec DECIMAL(10,2), b BOOLEAN, bl BLOB, dt DATE, ts TIMESTAMP, dtm DATETIME, vc VARCHAR(20), none);
    INSERT INTO people VALUES (1,'Ann',30,9000000000,3,1.5,3.5,7,12.34,1,x'0102','2024-01-02','2024-01-02 03:04:05','2024-01-02 03:04:05.123','v','any');
    INSERT INTO people VALUES (2,'Bob',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
    INSERT INTO people VALUES (3,'Cid',41,1,1,1,1,1.5,1,0,x'',1704153600000,1704164645123,'1704164645123','x',5);
    CREATE TABLE nums (id INTEGER, v TEXT);
    WITH RECURSIVE r(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM r WHERE i < 99) INSERT INTO nums SELECT i, 'v' || i FROM r;
    INSERT INTO nums VALUES (NULL, NULL);`);
  db.close();
  const ask = (sql: string) => {
    const own = new Sqlite(path, { readonly: true });
    try {
      return own.prepare(sql).raw().all();
    } finally {
      own.close();
    }
  };
  return { url: `jdbc:sqlite:${path}`, ask };
}

describe.each([
  ['a local master', true],
  ['executors', false],
])('JDBC over SQLite on %s', (name, isLocal) => {
  const spark = new TypedSession(isLocal, { ...(isLocal ? {} : STAGED), 'spark.sql.session.timeZone': 'UTC' });
  afterAll(() => spark.close());
  const { url, ask } = database(name.replace(' ', '-'));
  const table = (dbtable: string, options: Record<string, string | number> = {}) =>
    spark.read
      .format('jdbc')
      .options({ url, dbtable, ...options })
      .load();

  it('has the types that its columns were declared with', async () => {
    expect(await table('people').dtypes()).toEqual([
      ['id', 'int'],
      ['name', 'string'],
      ['age', 'bigint'],
      ['big', 'bigint'],
      ['small', 'int'],
      ['h', 'double'],
      ['f', 'float'],
      ['n', 'decimal(38,18)'],
      ['dec', 'decimal(10,2)'],
      ['b', 'boolean'],
      ['bl', 'binary'],
      ['dt', 'date'],
      ['ts', 'timestamp'],
      ['dtm', 'timestamp'],
      ['vc', 'string'],
      ['none', 'string'],
    ]);
    expect(await table('people').orderBy('id').showString(20, false)).toMatchInlineSnapshot(`
      "+---+----+----+----------+-----+----+----+--------------------+-----+-----+-------+----------+-----------------------+-----------------------+----+----+
      |id |name|age |big       |small|h   |f   |n                   |dec  |b    |bl     |dt        |ts                     |dtm                    |vc  |none|
      +---+----+----+----------+-----+----+----+--------------------+-----+-----+-------+----------+-----------------------+-----------------------+----+----+
      |1  |Ann |30  |9000000000|3    |1.5 |3.5 |7.000000000000000000|12.34|true |[01 02]|2024-01-02|2024-01-02 03:04:05    |2024-01-02 03:04:05.123|v   |any |
      |2  |Bob |NULL|NULL      |NULL |NULL|NULL|NULL                |NULL |NULL |NULL   |NULL      |NULL                   |NULL                   |NULL|NULL|
      |3  |Cid |41  |1         |1    |1.0 |1.0 |1.500000000000000000|1.00 |false|[]     |2024-01-02|2024-01-02 03:04:05.123|2024-01-02 03:04:05.123|x   |5   |
      +---+----+----+----------+-----+----+----+--------------------+-----+-----+-------+----------+-----------------------+-----------------------+----+----+

      "
    `);
  });

  it('is read by partitions as Spark cuts them', async () => {
    const cut = table('nums', { partitionColumn: 'id', lowerBound: 0, upperBound: 100, numPartitions: 4 });
    expect(await cut.count()).toBe(101);
    if (!isLocal) expect((await (await cut.rdd()).glom().collect()).map((rows) => rows.length)).toEqual([26, 25, 25, 25]);
    expect(await spark.read.jdbc(url, 'nums', 'id', 0, 100, 4).count()).toBe(101);
    expect(await spark.read.jdbc(url, 'nums', ['id < 3', 'id >= 98']).count()).toBe(5);
  });

  it('asks the database for the columns and rows that are wanted, and looks again', async () => {
    const df = table('nums').filter("id > 3 AND v LIKE 'v1%' AND upper(v) <> 'V11'").select('v').orderBy('v');
    expect((await df.collect()).map((row) => row.v)).toEqual(['v10', 'v12', 'v13', 'v14', 'v15', 'v16', 'v17', 'v18', 'v19']);
    expect(await table('(SELECT id FROM nums WHERE id < 7) AS few').filter('id IN (1, 2, 9) OR id IS NULL').count()).toBe(2);
    const joined = table('people').join(table('nums'), 'id').filter("NOT (name = 'Ann') AND v <=> 'v3'");
    expect((await joined.select('name').collect()).map((row) => row.name)).toEqual(['Cid']);
  });

  it('writes by the mode, all rows or none', async () => {
    const rows = spark.sql(
      `SELECT 1 a, 'x' b, 2L c, 1.5D d, CAST(1.25 AS DECIMAL(5,2)) e, true f, DATE'2024-01-02' g, TIMESTAMP'2024-01-02 03:04:05.678' h, X'01' i,
         CAST(1 AS SHORT) j, CAST(1.5 AS FLOAT) l, CAST(NULL AS STRING) m`,
    );
    const to = `made_${isLocal}`;
    await rows.write.jdbc(url, to);
    expect(ask(`SELECT sql FROM sqlite_master WHERE name = '${to}'`)).toEqual([
      [
        `CREATE TABLE ${to} ("a" INTEGER NOT NULL, "b" TEXT NOT NULL, "c" BIGINT NOT NULL, "d" DOUBLE PRECISION NOT NULL, "e" DECIMAL(5,2) NOT NULL, "f" BOOLEAN NOT NULL, "g" DATE NOT NULL, "h" TIMESTAMP NOT NULL, "i" BLOB NOT NULL, "j" INTEGER NOT NULL, "l" REAL NOT NULL, "m" TEXT)`,
      ],
    ]);
    expect((await table(to).collect()).map(String)).toEqual((await rows.collect()).map(String));
    await expect(rows.write.jdbc(url, to)).rejects.toThrow('TABLE_OR_VIEW_ALREADY_EXISTS');
    await rows.write.mode('ignore').jdbc(url, to);
    await expect(spark.sql('SELECT 1 AS zzz').write.mode('append').jdbc(url, to)).rejects.toThrow(
      '[COLUMN_NOT_DEFINED_IN_TABLE] "INT" column `zzz`',
    );
    await expect(spark.sql('SELECT 7 AS a').write.mode('append').jdbc(url, to)).rejects.toThrow('NOT NULL constraint failed');
    await rows.write.mode('append').jdbc(url, to);
    expect(ask(`SELECT count(*) FROM ${to}`)).toEqual([[2]]);
    await spark.sql("SELECT 8 AS a, 'y' AS b").write.mode('overwrite').jdbc(url, to);
    expect(ask(`SELECT * FROM ${to}`)).toEqual([[8, 'y']]);
    await spark
      .sql('SELECT 9 AS A')
      .write.mode('append')
      .jdbc(url, to)
      .catch(() => {});
    // The second row fails: neither the first one nor the truncation stays.
    const half = spark.sql("SELECT a, b FROM VALUES (1, 'p'), (2, NULL) AS t(a, b)").write.mode('overwrite').option('truncate', true);
    await expect(half.jdbc(url, to)).rejects.toThrow('NOT NULL constraint failed');
    expect(ask(`SELECT * FROM ${to}`)).toEqual([[8, 'y']]);
  });
});

describe('JDBC options', () => {
  const { url } = database('options');
  const spark = new TestSession();
  afterAll(() => spark.close());
  const load = (options: Record<string, string>) =>
    spark.read
      .format('jdbc')
      .options({ url, ...options })
      .load()
      .count();
  it.each<[Record<string, string>, string]>([
    [{ dbtable: 'x', query: 'SELECT 1' }, "Both 'dbtable' and 'query' can not be specified at the same time."],
    [{}, "Option 'dbtable' or 'query' is required."],
    [{ dbtable: 'nums', partitionColumn: 'id' }, 'users need to specify all or none for the following options'],
    [
      { query: 'SELECT * FROM nums', partitionColumn: 'id', lowerBound: '0', upperBound: '9', numPartitions: '2' },
      'can not be specified together',
    ],
    [{ dbtable: 'nums', partitionColumn: 'v', lowerBound: '0', upperBound: '9', numPartitions: '2' }, 'but string found'],
    [
      { dbtable: 'nums', partitionColumn: 'zz', lowerBound: '0', upperBound: '9', numPartitions: '2' },
      'partition column zz not found in the JDBC relation: struct<id:int,v:string>',
    ],
    [{ dbtable: 'nums', partitionColumn: 'id', lowerBound: '9', upperBound: '0', numPartitions: '2' }, 'Lower bound: 9; Upper bound: 0'],
    [{ dbtable: 'nope' }, '[FAILED_JDBC] The database jdbc:sqlite:'],
    [{ url: 'jdbc:foo:bar', dbtable: 'nums' }, 'No suitable driver'],
  ])('%j is refused', async (options, sentence) => {
    await expect(load(options)).rejects.toThrow(sentence);
  });

  it('without its extension a database says what to do', async () => {
    const elsewhere = new TestSession({ 'spark.emberloom.sql.extensionsDirectory': join(folder, 'no-extensions') });
    const read = elsewhere.read.jdbc('jdbc:postgresql://localhost/x', 't', { user: 'u', password: 'hidden' }).count();
    await expect(read).rejects.toMatchObject({ code: 'KERNEL_EXTENSION_MISSING', params: { extension: 'postgres_scanner' } });
    await expect(read).rejects.toThrow('no-extensions/postgres_scanner.duckdb_extension');
    await elsewhere.close();
  });
});

describe('JDBC in SQL', () => {
  const { url, ask } = database('sql');
  const spark = new TestSession({ 'spark.sql.warehouse.dir': join(folder, 'warehouse'), 'spark.hadoop.fs.s3a.secret.key': 'hidden' });
  afterAll(() => spark.close());
  const lines = async (text: string) => (await spark.sql(text).collect()).map((row) => row.toArray().join(' '));
  const using = (table: string) => `USING jdbc OPTIONS (url '${url}', dbtable '${table}', user 'me', password 'hidden')`;

  it('is a view, a table, and what a query makes', async () => {
    await spark.sql(`CREATE TEMPORARY VIEW seen ${using('nums')}`).collect();
    expect(await lines('SELECT count(*) FROM seen WHERE id < 10')).toEqual(['10']);
    await spark.sql(`CREATE TABLE kept ${using('nums')}`).collect();
    await spark.sql("INSERT INTO kept VALUES (1000, 'q')").collect();
    expect(ask('SELECT v FROM nums WHERE id = 1000')).toEqual([['q']]);
    expect(await lines('SELECT max(id) FROM kept')).toEqual(['1000']);
    await spark.sql(`CREATE TABLE made ${using('fresh')} AS SELECT 1 AS a, 'x' AS b`).collect();
    expect(await lines('SELECT * FROM made')).toEqual(['1 x']);
    await spark.sql('DROP TABLE kept').collect();
    expect(ask('SELECT count(*) FROM nums')).toEqual([[102]]);
  });

  it('shows no secrets', async () => {
    await spark.sql(`CREATE TABLE secretive ${using('people')}`).collect();
    const told = [
      ...(await lines('DESCRIBE EXTENDED secretive')),
      ...(await lines('SHOW CREATE TABLE secretive')),
      ...(await lines('SET spark.hadoop.fs.s3a.secret.key')),
      ...(await lines('EXPLAIN EXTENDED SELECT * FROM secretive')),
    ].join('\n');
    expect(told).toContain('*********(redacted)');
    expect(told).toContain('JDBCRelation(people) [numPartitions=1]');
    expect(told).not.toContain('hidden');
  });
});
