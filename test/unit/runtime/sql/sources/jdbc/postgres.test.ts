// JDBC over PostgreSQL, by the kernel's extension, where server and extension are on the machine. Types and values are those of PySpark 4.0.1 with
// PostgreSQL's driver, but for bit(n), which is binary there.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres, type PostgresServer, startPostgres, WITHOUT_POSTGRES } from '../../../../../helpers/postgres.ts';
import { STAGED } from '../../../../../helpers/staged-sql.ts';
import { TypedSession } from '../../../../../helpers/typed-session.ts';

const TABLES = String.raw`
  CREATE ROLE em LOGIN PASSWORD 'hidden'; GRANT ALL ON SCHEMA public TO em; SET ROLE em;
  CREATE TYPE mood AS ENUM ('sad', 'ok');
  CREATE TABLE types (i2 smallint, i4 int, i8 bigint, f4 real, f8 double precision, n numeric, n2 numeric(10,2),
    b boolean, t text, ch char(5), d date, ts timestamp,
    tz timestamptz, tm time, iv interval, byt bytea, j json, u uuid, ai int[], at text[], an numeric(10,2)[], m mood, ip inet, o oid);
  INSERT INTO types VALUES (1, 2, 3, 1.5, 2.5, 123456789012345678.123456789, 12.34,
    true, 'täxt', 'ch', '2024-01-02', '2024-01-02 03:04:05.678901', '2024-01-02 03:04:05+02',
    '03:04:05', '1 day 2 hours', '\x0102', '{"a": 1}', '00000000-0000-0000-0000-000000000001', '{1,NULL,3}', '{a,b}', '{1.25,2.5}', 'ok', '10.0.0.1', 77);
  CREATE TABLE nums AS SELECT i AS id, 'v' || i AS v, date '2024-01-01' + i AS d FROM generate_series(0, 99) i;
  CREATE TABLE "Odd Name" ("a b" int, "Q""q" text);`;

describe.skipIf(!hasPostgres).each([
  ['a local master', true],
  ['executors', false],
])(`JDBC over PostgreSQL on %s${WITHOUT_POSTGRES}`, (_, isLocal) => {
  const spark = new TypedSession(isLocal, { ...(isLocal ? {} : STAGED), 'spark.sql.session.timeZone': 'UTC' });
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
    server.ask(TABLES);
  }, 60_000);
  afterAll(async () => {
    await spark.close();
    server?.stop();
  });
  const properties = { user: 'em', password: 'hidden' };
  const table = (name: string) => spark.read.jdbc(server.url, name, properties);

  it('has Spark’s types and values', async () => {
    const types = table('types');
    expect((await types.dtypes()).map(([, type]) => type).join(' ')).toBe(
      'smallint int bigint float double decimal(38,18) decimal(10,2) boolean string string date timestamp timestamp timestamp string binary string string ' +
        'array<int> array<string> array<decimal(10,2)> string string decimal(20,0)',
    );
    const cells = (await types.showString(1, false)).split('\n')[3]!.split('|').slice(1, -1);
    expect(cells.map((cell) => cell.trim())).toEqual([
      ...[
        '1',
        '2',
        '3',
        '1.5',
        '2.5',
        '123456789012345678.123456789000000000',
        '12.34',
        'true',
        'täxt',
        'ch',
        '2024-01-02',
        '2024-01-02 03:04:05.678901',
      ],
      ...[
        '2024-01-02 01:04:05',
        '1970-01-01 03:04:05',
        '1 day 02:00:00',
        '[01 02]',
        '{"a": 1}',
        '00000000-0000-0000-0000-000000000001',
        '[1, NULL, 3]',
      ],
      ...['[a, b]', '[1.25, 2.50]', 'ok', '10.0.0.1', '77'],
    ]);
    expect((await types.select('ch').collect())[0]!.ch).toBe('ch   ');
  });

  it('asks for what is wanted, by partitions', async () => {
    const nums = spark.read.jdbc(server.url, 'nums', 'id', 0, 100, 4, properties);
    const wanted = nums.filter("id > 3 AND v LIKE 'v1%' AND d > DATE'2024-01-05' AND v <> 'v15'");
    expect((await wanted.orderBy('id').collect()).map((row) => row.v)).toEqual([
      'v10',
      'v11',
      'v12',
      'v13',
      'v14',
      'v16',
      'v17',
      'v18',
      'v19',
    ]);
    expect(await nums.join(table('nums').withColumnRenamed('v', 'w'), 'id').filter("w = 'v7'").count()).toBe(1);
    await expect(table('nope').count()).rejects.toThrow('answers: relation "nope" does not exist');
  });

  it('is written by the mode, all rows or none', async () => {
    const rows = spark.sql(
      `SELECT 1 a, 'x' b, 2L c, 1.5D d, CAST(1.25 AS DECIMAL(5,2)) e, true f, DATE'2024-01-02' g, TIMESTAMP'2024-01-02 03:04:05.678' h, X'01' i,
         CAST(1 AS SHORT) j, CAST(2 AS BYTE) k, CAST(1.5 AS FLOAT) l, array(1, 2) m, TIMESTAMP_NTZ'2024-01-02 03:04:05' n, array('a') o`,
    );
    await rows.write.jdbc(server.url, 'made', properties);
    expect(
      server.ask("SELECT string_agg(data_type, ' ' ORDER BY ordinal_position) FROM information_schema.columns WHERE table_name = 'made'"),
    ).toBe(
      'integer text bigint double precision numeric boolean date timestamp with time zone bytea smallint smallint real ARRAY timestamp without time zone ARRAY',
    );
    await rows.write.mode('append').jdbc(server.url, 'made', properties);
    const [, , , first, second] = (await table('made').showString(2, false)).split('\n');
    expect(first).toBe('|1  |x  |2  |1.5|1.25|true|2024-01-02|2024-01-02 03:04:05.678|[01]|1  |2  |1.5|[1, 2]|2024-01-02 03:04:05|[a]|');
    expect(second).toBe(first);
    const half = spark.sql("SELECT a, b FROM VALUES (1, 'p'), (2, 'q') AS t(a, b)").write.mode('overwrite').option('truncate', true);
    await expect(half.jdbc(server.url, 'made', properties)).rejects.toThrow('violates not-null constraint');
    expect(server.ask('SELECT count(*) FROM made')).toBe('2');
    await spark.sql("SELECT 'q' AS z").write.mode('overwrite').jdbc(server.url, 'made', properties);
    expect((await table('made').collect()).map((row) => row.z)).toEqual(['q']);
    await spark.sql("SELECT 5 AS `a b`, 'z' AS `Q\"q`").write.mode('append').jdbc(server.url, 'public."Odd Name"', properties);
    expect(server.ask('SELECT * FROM "Odd Name"')).toBe('5|z');
  });
});
