// What stands around queries: cached DataFrames, views, the catalogue, commands, iterators, statistics.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { functions as F } from '../../../../../src/runtime/sql/api/functions.ts';
import { TestSession } from '../../../../helpers/dataframe-session.ts';

const spark = new TestSession();
afterAll(() => spark.close());

describe('a cached DataFrame', () => {
  it('is computed once, when it is first asked for', async () => {
    let calls = 0;
    const counted = F.udf(
      (x: bigint) => {
        calls++;
        return x;
      },
      'bigint',
      { deterministic: false },
    );
    const df = spark.range(10).select(counted('id').as('x')).cache();
    expect([df.isCached, calls]).toEqual([true, 0]);
    expect(await df.count()).toBe(10);
    expect(await df.filter('x > 4').count()).toBe(5);
    expect((await df.join(df.toDF('y'), F.col('x').eq(F.col('y'))).collect()).length).toBe(10);
    expect(calls).toBe(10);
    await df.unpersist();
    expect(df.isCached).toBe(false);
    expect(await df.agg(F.sum('x').as('s')).collect()).toMatchObject([{ s: 45n }]);
    expect(calls).toBe(20);
  });
});

describe('views', () => {
  it('have names in SQL, until they are dropped', async () => {
    await spark.range(3).createTempView('three');
    await expect(spark.range(4).createTempView('THREE')).rejects.toThrow('[TEMP_TABLE_OR_VIEW_ALREADY_EXISTS]');
    expect(await spark.table('three').count()).toBe(3);
    await spark.range(4).createOrReplaceTempView('three');
    expect(await spark.sql('SELECT * FROM three a JOIN three b ON a.id = b.id').count()).toBe(4);
    expect(await spark.catalog.tableExists('three')).toBe(true);
    expect(await spark.catalog.listColumns('three')).toMatchObject([{ name: 'id', dataType: 'bigint', nullable: false }]);
    expect([await spark.catalog.dropTempView('three'), await spark.catalog.dropTempView('three')]).toEqual([true, false]);
    await expect(spark.table('three').count()).rejects.toThrow('[TABLE_OR_VIEW_NOT_FOUND]');
  });

  it('are known to what is asked after them, awaited or not', async () => {
    const made = [spark.range(5).createOrReplaceTempView('later')];
    expect(await spark.sql('SELECT count(*) AS n FROM later').collect()).toMatchObject([{ n: 5n }]);
    // Made of the view of that name that there was, also when its analysis begins again (a pivot asks for values first).
    const doubled = spark.table('later').groupBy().pivot('id').count().crossJoin(spark.table('later'));
    made.push(doubled.createOrReplaceTempView('later'));
    const command = spark.sql('CREATE OR REPLACE TEMP VIEW of_later AS SELECT * FROM later WHERE id > 2');
    made.push(spark.table('of_later').createOrReplaceTempView('last'));
    expect(await spark.sql('SELECT id FROM last ORDER BY id').collect()).toMatchObject([{ id: 3n }, { id: 4n }]);
    expect(await spark.sql('DESCRIBE later').count()).toBe(6);
    await Promise.all([...made, command.collect()]);
    expect((await spark.table('later').columns()).length).toBe(6);
  });

  it('that cannot be analysed are no views', async () => {
    const wrong = spark.range(1).select('nothing').createOrReplaceTempView('wrong');
    await expect(wrong).rejects.toThrow('[UNRESOLVED_COLUMN.WITH_SUGGESTION]');
    expect(await spark.catalog.tableExists('wrong')).toBe(false);
  });

  it('of all sessions stand in global_temp', async () => {
    await spark.range(2).createGlobalTempView('g');
    expect(await spark.sql('SELECT * FROM global_temp.g').count()).toBe(2);
    expect(await spark.catalog.tableExists('global_temp.g')).toBe(true);
    expect(await spark.catalog.dropGlobalTempView('g')).toBe(true);
  });

  it('are of the only catalogue; files are read and written by their formats’ names', async () => {
    await spark.catalog.setCurrentCatalog('spark_catalog');
    await expect(spark.catalog.setCurrentCatalog('nope')).rejects.toThrow('[CATALOG_NOT_FOUND] The catalog `nope` not found.');
    await spark.catalog.refreshByPath('/nowhere');
    const folder = mkdtempSync(join(tmpdir(), 'api-xml-'));
    await spark.range(2).write.option('rowTag', 'n').xml(join(folder, 'x'));
    expect(await spark.read.option('rowTag', 'n').xml(join(folder, 'x')).count()).toBe(2);
    rmSync(folder, { recursive: true });
  });

  it('are in the default database when nothing else is said', async () => {
    expect([await spark.catalog.currentCatalog(), await spark.catalog.currentDatabase()]).toEqual(['spark_catalog', 'default']);
  });
});

describe('a command', () => {
  it('is done before the queries after it', async () => {
    spark.sql('CREATE TEMPORARY VIEW v AS SELECT 42 AS answer');
    expect((await spark.sql('SELECT answer FROM v').collect())[0]!.answer).toBe(42);
  });

  it('that failed is told once: by itself, or else by what comes next', async () => {
    await expect(spark.sql('DROP VIEW nothing').collect()).rejects.toThrow('nothing');
    expect(await spark.range(1).count()).toBe(1);
    spark.sql('DROP VIEW nothing');
    await expect(spark.range(1).count()).rejects.toThrow('nothing');
    expect(await spark.range(1).count()).toBe(1);
  });

  it('and a query with parameters that have no value', () => {
    expect(() => spark.sql('SELECT :a, :b', { a: 1 })).toThrow('[UNBOUND_SQL_PARAMETER] Found the unbound parameter: b.');
    expect(() => spark.sql('SELECT ?', [])).toThrow('[UNBOUND_SQL_PARAMETER]');
    expect(() => spark.sql('SELEKT')).toThrow('[PARSE_SYNTAX_ERROR]');
  });
});

describe('actions', () => {
  it('give some rows, one, or whether there is any', async () => {
    const df = spark.range(5000);
    expect((await df.take(2)).map((r) => r.id)).toEqual([0n, 1n]);
    expect((await df.head())!.id).toBe(0n);
    expect(await spark.range(0).first()).toBeNull();
    expect((await df.tail(2)).map((r) => r.id)).toEqual([4998n, 4999n]);
    expect([await df.isEmpty(), await spark.range(0).isEmpty()]).toEqual([false, true]);
    let n = 0;
    for await (const row of df.toLocalIterator()) {
      expect(row.id).toBe(BigInt(n));
      if (++n === 3000) break;
    }
    expect(n).toBe(3000);
  });

  it('of statistics', async () => {
    const df = spark.range(1, 101).select(F.col('id').as('a'), F.col('id').multiply(-2).as('b'));
    expect(await df.stat.corr('a', 'b')).toBeCloseTo(-1, 12);
    expect(await df.stat.cov('a', 'b')).toBeCloseTo(-1683.3333333, 6);
  });

  it('split and sample the same rows for the same seed', async () => {
    const parts = spark.range(1000).randomSplit([1, 3], 7);
    const counts = await Promise.all(parts.map((p) => p.count()));
    expect(counts[0]! + counts[1]!).toBe(1000);
    expect(counts[0]!).toBeGreaterThan(150);
    expect(counts[0]!).toBeLessThan(350);
    expect(await spark.range(1000).sample(0.5, 3).count()).toBe(await spark.range(1000).sample(0.5, 3).count());
  });
});

describe('a row', () => {
  it('has its columns as properties and by position', async () => {
    const [row] = await spark
      .createDataFrame([[1, 'x', 2]], 'a int, b string, get int')
      .toDF('a', 'a', 'get')
      .collect();
    expect([row!.get(0), row!.get(1), row!.length, row!.toArray(), row!.columnNames]).toEqual([1, 'x', 3, [1, 'x', 2], ['a', 'a', 'get']]);
    expect(row!.a).toBe(1);
    expect(row!.getAs('get')).toBe(2);
    expect(() => row!.getAs('z')).toThrow('[FIELD_NOT_FOUND]');
  });

  it('goes into JSON', async () => {
    const [row] = await spark.createDataFrame([[1n, 2n ** 60n, new Map([['k', 1]])]], 'a bigint, b bigint, c map<string,int>').collect();
    expect(JSON.stringify(row)).toBe('{"a":1,"b":"1152921504606846976","c":{"k":1}}');
  });

  it('may be called __proto__', async () => {
    const [row] = await spark.createDataFrame([[7]], ['__proto__']).collect();
    expect([row!.get(0), row instanceof Object]).toEqual([7n, true]);
  });
});

describe('a Column', () => {
  it('says what to use in place of operators', () => {
    expect(() => (F.col('a') as unknown as number) + 1).toThrow('[CANNOT_CONVERT_COLUMN]');
    expect(`${F.col('a').plus(1)}`).toBe('Column<(a + 1)>');
  });

  it.each([
    ['`a.b`.c', ['a.b', 'c']],
    ['a.b', ['a', 'b']],
    ['`x``y`', ['x`y']],
  ])('is called %s', (name, parts) => {
    expect(F.col(name).expr).toEqual({ kind: 'unresolvedAttribute', nameParts: parts });
  });

  it('refuses names with back quotes that do not fit', () => {
    expect(() => F.col('`a')).toThrow('[INVALID_ATTRIBUTE_NAME_SYNTAX]');
    expect(() => F.lit(Symbol('x'))).toThrow('[UNSUPPORTED_FEATURE.LITERAL_TYPE]');
    expect(() => F.when(F.col('a'), 1).otherwise(2).otherwise(3)).toThrow('once otherwise()');
  });
});
