// JDBC over MariaDB, by the kernel's extension for MySQL, where server and extension are on the machine. Types and values are those of PySpark 4.0.1 with
// MySQL's driver, but for BIT(10), of which that driver makes text, and ENUM and SET, which it fills up with spaces.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasMaria, type MariaServer, startMaria, WITHOUT_MARIA } from '../../../../../helpers/mariadb.ts';
import { STAGED } from '../../../../../helpers/staged-sql.ts';
import { TypedSession } from '../../../../../helpers/typed-session.ts';

const TABLES = String.raw`
  CREATE USER app IDENTIFIED BY 'hid''den'; GRANT ALL ON em.* TO app;
  CREATE TABLE types (i1 TINYINT, b1 TINYINT(1), u1 TINYINT UNSIGNED, i2 SMALLINT, u2 SMALLINT UNSIGNED, i3 MEDIUMINT, u3 MEDIUMINT UNSIGNED, i4 INT,
    u4 INT UNSIGNED, i8 BIGINT, u8 BIGINT UNSIGNED, f4 FLOAT, fu FLOAT UNSIGNED, f8 DOUBLE, d1 DECIMAL(10,2), du DECIMAL(10,2) UNSIGNED, d2 DECIMAL(38,18),
    d3 DECIMAL(50,10), c CHAR(5), v VARCHAR(20), vb VARCHAR(20) COLLATE utf8mb4_bin, t TEXT, l1 VARCHAR(10) CHARACTER SET latin1, e ENUM('a','b'),
    j JSON, u UUID, bi BINARY(4), bl BLOB, bit1 BIT(1), bit8 BIT(10), d DATE, ts TIMESTAMP(6) NULL, dt DATETIME(6), tm TIME(6), y YEAR);
  INSERT INTO types VALUES (-1, 2, 200, -2, 60000, -3, 16000000, -4,
    4000000000, -8, 18446744073709551615, 1.5, 2.5, 3.5, 12.34, 12345678.91, 12345678901234567890.123456789012345678,
    1.5, 'ch', 'täxt', 'Bin', '😀', 'lätin', 'b',
    '{"a": 1}', '00000000-0000-0000-0000-000000000001', 'ab', 'ef', b'1', b'1000000001', '2024-01-02', '2024-01-02 03:04:05.678901',
    '2024-01-02 03:04:05.678901', '23:59:59.123456', 2024);
  INSERT INTO types (i4) VALUES (NULL);
  CREATE TABLE nums AS SELECT seq AS id, CONCAT('v', seq) AS v, DATE'2024-01-01' + INTERVAL seq DAY AS d, CAST(seq / 4 AS DECIMAL(10,2)) AS m FROM seq_0_to_99;
  CREATE TABLE texts (s VARCHAR(20), b VARCHAR(20) COLLATE utf8mb4_bin);
  INSERT INTO texts VALUES ('a', 'a'), ('A', 'A'), ('a ', 'a '), ('back\\slash', 'x'), ('quo''te', 'x'), ('100%', 'x');
  CREATE TABLE ${'`Odd Name`'} (${'`a b`'} INT, ${'`Q"x`'} TEXT);`;

describe.skipIf(!hasMaria).each([
  ['a local master', true],
  ['executors', false],
])(`JDBC over MariaDB on %s${WITHOUT_MARIA}`, (_, isLocal) => {
  const spark = new TypedSession(isLocal, { ...(isLocal ? {} : STAGED), 'spark.sql.session.timeZone': 'UTC' });
  let server: MariaServer;
  beforeAll(async () => {
    server = await startMaria();
    server.ask(TABLES);
  }, 60_000);
  afterAll(async () => {
    await spark.close();
    await server?.stop();
  });
  const properties = { user: 'app', password: "hid'den" };
  const table = (name: string) => spark.read.jdbc(server.url, name, properties);

  it('has Spark’s types and values', async () => {
    const types = table('types');
    expect((await types.dtypes()).map((dtype) => dtype.join(' ')).join(', ')).toBe(
      'i1 tinyint, b1 boolean, u1 smallint, i2 smallint, u2 int, i3 int, u3 int, i4 int, u4 bigint, i8 bigint, u8 decimal(20,0), f4 float, fu double, ' +
        'f8 double, d1 decimal(10,2), du decimal(10,2), d2 decimal(38,18), d3 decimal(38,0), c string, v string, vb string, t string, l1 string, e string, ' +
        'j string, u string, bi binary, bl binary, bit1 boolean, bit8 binary, d date, ts timestamp, dt timestamp, tm timestamp, y date',
    );
    const [, , , row, nulls] = (await types.showString(2, false)).split('\n').map((line) => line.split('|').slice(1, -1));
    expect(row!.map((cell) => cell.trim()).join('|')).toBe(
      '-1|true|200|-2|60000|-3|16000000|-4|4000000000|-8|18446744073709551615|1.5|2.5|3.5|12.34|12345678.91|12345678901234567890.123456789012345678|2|' +
        'ch|täxt|Bin|😀|lätin|b|{"a": 1}|00000000-0000-0000-0000-000000000001|[61 62 00 00]|[65 66]|true|[02 01]|2024-01-02|2024-01-02 03:04:05.678901|' +
        '2024-01-02 03:04:05.678901|1970-01-01 23:59:59.123456|2024-01-01',
    );
    expect(new Set(nulls!.map((cell) => cell.trim()))).toEqual(new Set(['NULL']));
    expect((await types.filter("c = 'ch'").select('c').collect())[0]!.c).toBe('ch   ');
    // Of a query's columns only the character set is known.
    const query = table('(SELECT vb, j, bl, i4 + 1 AS n FROM types WHERE i4 IS NOT NULL) q');
    expect((await query.showString(1, false)).split('\n')[3]).toBe('|Bin|{"a": 1}|[65 66]|-3 |');
  });

  it('asks for what is wanted, by partitions, and compares as Spark does', async () => {
    const nums = spark.read.jdbc(server.url, 'em.nums', 'id', 0, 100, 4, properties);
    const wanted = nums.filter("id > 3 AND v LIKE 'v1%' AND d > DATE'2024-01-05' AND v <> 'v15' AND m >= 3");
    expect((await wanted.orderBy('id').collect()).map((row) => row.v).join()).toBe('v12,v13,v14,v16,v17,v18,v19');
    expect(await nums.join(table('nums').withColumnRenamed('v', 'w'), 'id').filter("w = 'v7'").count()).toBe(1);
    expect(await spark.read.jdbc(server.url, 'nums', 'd', '2024-01-01', '2024-04-10', 3, properties).count()).toBe(100);
    const found = async (condition: string) => (await table('texts').filter(condition).collect()).map((row) => row.s).sort();
    expect(await found("s = 'a'")).toEqual(['a']);
    expect(await found("b IN ('a', 'A')")).toEqual(['A', 'a']);
    expect(await found("s NOT IN ('a', '100%')")).toEqual(['A', 'a ', 'back\\slash', "quo'te"]);
    expect(await found("s = 'back\\\\slash' OR s = 'quo\\'te' OR s LIKE '%\\%'")).toEqual(['100%', 'back\\slash', "quo'te"]);
    expect(await found("s LIKE 'A%'")).toEqual(['A']);
  });

  it('has errors in the words of the server, without the password', async () => {
    const reason = (url: string, name: string, more = {}) =>
      spark.read
        .jdbc(url, name, { ...properties, ...more })
        .count()
        .then(String, (error: Error) => error.message);
    expect(await reason(server.url, 'nope')).toBe(
      `[FAILED_JDBC] The database ${server.url} answers: Table 'em.nope' doesn't exist SQLSTATE: 58030`,
    );
    const denied = await reason(server.url, 'nums', { password: 'wrong-one' });
    expect(denied).toContain("answers: Access denied for user 'app'@");
    expect(denied).not.toContain('wrong-one');
    expect(await reason(server.url.replace('/em', '/nowhere'), 'nums')).toMatch(/answers: (Unknown database|Access denied)/);
    expect(await reason('jdbc:mariadb://127.0.0.1:1/em', 'nums')).toContain("jdbc:mysql://127.0.0.1:1/em answers: Can't connect to server");
  });

  it('is written by the mode', async () => {
    const rows = spark.sql(
      `SELECT 1 a, 'x' b, 2L c, 1.5D d, CAST(1.25 AS DECIMAL(5,2)) e, true f, DATE'2024-01-02' g, TIMESTAMP'2024-01-02 03:04:05' h, X'01' i,
         CAST(1 AS SHORT) j, CAST(2 AS BYTE) k, CAST(1.5 AS FLOAT) l, TIMESTAMP_NTZ'2024-01-02 03:04:05' n`,
    );
    await rows.write.jdbc(server.url, 'made', properties);
    const types = "SELECT GROUP_CONCAT(column_type ORDER BY ordinal_position SEPARATOR ' ') FROM information_schema.columns";
    expect(server.ask(`${types} WHERE table_name = 'made'`)).toBe(
      'int(11) longtext bigint(20) double decimal(5,2) bit(1) date timestamp longblob smallint(6) tinyint(4) float datetime',
    );
    await rows.write.mode('append').jdbc(server.url, 'made', properties);
    const [, , , first, second] = (await table('made').showString(2, false)).split('\n');
    expect(first).toBe('|1  |x  |2  |1.5|1.25|true|2024-01-02|2024-01-02 03:04:05|[01]|1  |2  |1.5|2024-01-02 03:04:05|');
    expect(second).toBe(first);
    await expect(rows.write.jdbc(server.url, 'made', properties)).rejects.toThrow('TABLE_OR_VIEW_ALREADY_EXISTS');
    // What fails before the last row is here has changed nothing.
    const failing = spark.sql("SELECT id AS a, if(id < 500, 's', CAST(raise_error('broken') AS STRING)) AS b FROM range(1000)");
    for (const truncates of [true, false])
      await expect(failing.write.mode('overwrite').option('truncate', truncates).jdbc(server.url, 'made', properties)).rejects.toThrow(
        'broken',
      );
    expect(server.ask('SELECT COUNT(*) FROM made')).toBe('2');
    const odd = spark.sql("SELECT 5 AS `a b`, 'it\\'s \\\\ \"% 😀' AS `Q\"x`");
    await odd.write.mode('append').jdbc(server.url, '`em`.`Odd Name`', properties);
    expect((await table('`Odd Name`').collect()).map((row) => row.toArray())).toEqual([[5, 'it\'s \\ "% 😀']]);
    const named = spark.sql("SELECT 7 a, 'q' b").write.mode('overwrite').option('createTableOptions', 'ENGINE=MyISAM');
    await named.option('createTableColumnTypes', 'b VARCHAR(64)').jdbc(server.url, 'made', properties);
    expect(server.ask(`${types} WHERE table_name = 'made'`)).toBe('int(11) varchar(64)');
    expect(server.ask("SELECT engine FROM information_schema.tables WHERE table_name = 'made'")).toBe('MyISAM');
  });
});
