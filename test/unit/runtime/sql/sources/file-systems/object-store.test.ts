// Files of an object store (s3a://…): how they are listed and found, by our own client; read by the kernel's where its extension is on the machine.
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { extensionFile, extensionFolder } from '../../../../../../src/platform/kernel-extensions.ts';
import { objectStore } from '../../../../../../src/runtime/sql/sources/file-systems/object-store-settings.ts';
import { signedRequest } from '../../../../../../src/runtime/sql/sources/file-systems/sign-request.ts';
import { listFiles } from '../../../../../../src/runtime/sql/sources/list-files.ts';
import { SourceOptions } from '../../../../../../src/runtime/sql/sources/options.ts';
import { TestSession } from '../../../../../helpers/dataframe-session.ts';
import { type S3Server, s3Settings, startS3 } from '../../../../../helpers/s3-server.ts';
import { STAGED } from '../../../../../helpers/staged-sql.ts';
import { TypedSession } from '../../../../../helpers/typed-session.ts';

let store: S3Server;
beforeAll(async () => {
  store = await startS3();
});
beforeEach(() => {
  store.objects.clear();
  store.asked.splice(0);
  store.instead = undefined;
});
afterAll(() => store.close());
const put = (path: string, text: string | Buffer) => store.objects.set(path, Buffer.from(text));

describe('a bucket', () => {
  const list = async (path: string, options: Record<string, string> = {}) => {
    const settings = s3Settings(store);
    return (await listFiles([path], new SourceOptions(options), false, (key) => settings[key])).map((f) => [
      f.path,
      f.size,
      ...f.partition.map((p) => `${p.column}=${p.value}`),
    ]);
  };

  it('is listed as folders are: pages, hidden names, partitions, markers of folders', async () => {
    for (const key of [
      't/',
      't/_SUCCESS',
      't/.x',
      't/a.csv',
      't/b.csv',
      't/c.csv',
      't/d=1/e=x%20y/f.csv',
      't/d=2/e=z/f.csv',
      't/other/g.csv',
      'tt/h.csv',
    ])
      put(`lake/${key}`, 'abc');
    expect(await list('s3a://lake/t')).toEqual([
      ['s3a://lake/t/a.csv', 3],
      ['s3a://lake/t/b.csv', 3],
      ['s3a://lake/t/c.csv', 3],
      ['s3a://lake/t/d=1/e=x%20y/f.csv', 3, 'd=1', 'e=x y'],
      ['s3a://lake/t/d=2/e=z/f.csv', 3, 'd=2', 'e=z'],
    ]);
    expect(await list('s3a://lake/t/*/*.csv', {})).toEqual([['s3a://lake/t/other/g.csv', 3]]);
    expect(await list('s3a://lake/t/{a,c}.csv')).toHaveLength(2);
    expect(await list('s3://lake/t/d=1', { basePath: 's3://lake/t' })).toEqual([['s3a://lake/t/d=1/e=x%20y/f.csv', 3, 'd=1', 'e=x y']]);
    await expect(list('s3a://lake/nothing')).rejects.toThrow('[PATH_NOT_FOUND] Path does not exist: s3a://lake/nothing.');
  });

  it('is asked again when it is busy, and says what it refuses', async () => {
    put('lake/x.csv', 'a');
    let left = 2;
    store.instead = () => (left-- > 0 ? 503 : undefined);
    expect(await list('s3a://lake/x.csv')).toEqual([['s3a://lake/x.csv', 1]]);
    store.instead = (asked) => (asked.startsWith('GET') ? 403 : undefined);
    await expect(list('s3a://lake/y')).rejects.toThrow(
      `[FAILED_OBJECT_STORE] The store ${store.endpoint} refuses s3a://lake/: Unwilling: as the test wants it.`,
    );
  });
});

describe('settings of a bucket', () => {
  it('are Hadoop’s, one bucket’s own before all others’, and the environment’s where nothing is set', () => {
    const settings: Record<string, string> = {
      'spark.hadoop.fs.s3a.endpoint': 'https://minio:9000/',
      'spark.hadoop.fs.s3a.access.key': 'a',
      'spark.hadoop.fs.s3a.secret.key': 'b',
      'spark.hadoop.fs.s3a.bucket.own.access.key': 'c',
      'spark.hadoop.fs.s3a.bucket.own.session.token': 'd',
    };
    const env = { AWS_ACCESS_KEY_ID: 'e', AWS_SECRET_ACCESS_KEY: 'f', AWS_REGION: 'eu-west-1' };
    const common = { endpoint: 'minio:9000', isSecure: true, isPathStyle: false, region: 'eu-west-1' };
    expect(objectStore('own', (key) => settings[key], env)).toEqual({
      bucket: 'own',
      ...common,
      credentials: { accessKey: 'c', secretKey: 'b', sessionToken: 'd' },
    });
    expect(objectStore('x', (key) => settings[key], env)).toEqual({
      bucket: 'x',
      ...common,
      credentials: { accessKey: 'a', secretKey: 'b' },
    });
    expect(objectStore('x', () => undefined, env).credentials).toEqual({ accessKey: 'e', secretKey: 'f' });
    expect(objectStore('x', () => undefined, {}).credentials).toBeUndefined();
  });

  it('sign as the examples of the signature do', async () => {
    // GET ?lifecycle of AWS's documentation, with an unsigned payload: only place and form of the parts are compared.
    const credentials = { accessKey: 'AKIAIOSFODNN7EXAMPLE', secretKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' };
    const of = { bucket: 'examplebucket', endpoint: 's3.example', isSecure: true, isPathStyle: false, region: 'us-east-1', credentials };
    const { url, headers } = await signedRequest(
      of,
      { method: 'GET', key: "a b/c'(1).txt", query: { lifecycle: '' } },
      Date.UTC(2013, 4, 24),
    );
    expect(url).toBe('https://examplebucket.s3.example/a%20b/c%27%281%29.txt?lifecycle=');
    expect(headers.get('x-amz-date')).toBe('20130524T000000Z');
    const who = 'Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request';
    expect(headers.get('authorization')).toContain(
      `AWS4-HMAC-SHA256 ${who}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=`,
    );
  });

  it('without the extension reading says what to do', async () => {
    put('lake/t/a.csv', 'x\n1\n');
    const spark = new TestSession({ ...s3Settings(store), 'spark.emberloom.sql.extensionsDirectory': '/nowhere' });
    await expect(spark.read.csv('s3a://lake/t').count()).rejects.toMatchObject({
      code: 'KERNEL_EXTENSION_MISSING',
      params: { extension: 'httpfs' },
    });
    await spark.close();
  });
});

const hasHttpfs = existsSync(extensionFile('httpfs', extensionFolder()));

describe.skipIf(!hasHttpfs).each([
  ['a local master', true],
  ['executors', false],
])(`files of a bucket on %s${hasHttpfs ? '' : ' (left out: `emberloom extensions install httpfs`)'}`, (_, isLocal) => {
  let spark: TypedSession;
  beforeAll(() => {
    spark = new TypedSession(isLocal, { ...(isLocal ? {} : STAGED), ...s3Settings(store), 'spark.sql.session.timeZone': 'UTC' });
  });
  afterAll(() => spark.close());

  it('are read as CSV, JSON and text, compressed ones and those that are no UTF-8, too', async () => {
    put('lake/csv/d=1/a.csv', 'id,name\n1,Ann\n2,"B,b"\n');
    put('lake/csv/d=2/b.csv', 'id,name\n3,Cid\n');
    put('lake/csv/d=2/c.csv.gz', gzipSync('id,name\n4,Dan\n'));
    const csv = spark.read.option('header', true).option('inferSchema', true).csv('s3a://lake/csv');
    expect(await csv.dtypes()).toEqual([
      ['id', 'int'],
      ['name', 'string'],
      ['d', 'int'],
    ]);
    expect((await csv.orderBy('id').collect()).map((row) => [row.id, row.name, row.d])).toEqual([
      [1, 'Ann', 1],
      [2, 'B,b', 1],
      [3, 'Cid', 2],
      [4, 'Dan', 2],
    ]);
    put('lake/json/a b.json', '{"a": 1}\n{"a": 2, "b": "x"}\n');
    expect((await spark.read.json('s3a://lake/json').orderBy('a').collect()).map((row) => [row.a, row.b])).toEqual([
      [1n, null],
      [2n, 'x'],
    ]);
    put('lake/text/a.txt', Buffer.from('gr\xfc\xdfe\nzwei\n', 'latin1'));
    expect((await spark.read.text('s3a://lake/text/*').collect()).map((row) => row.value)).toEqual(['gr\ufffd\ufffde', 'zwei']);
  });

  it('say no keys in what explain prints', async () => {
    put('lake/plain/a.csv', 'x\n1\n');
    await spark.read.option('header', true).csv('s3a://lake/plain').createOrReplaceTempView('plain');
    for (const mode of ['EXTENDED', 'CODEGEN', 'FORMATTED']) {
      const text = String((await spark.sql(`EXPLAIN ${mode} SELECT x, count(*) FROM plain GROUP BY x`).collect())[0]);
      expect(text).not.toContain('nobody knows');
      expect(text).not.toContain('AKIDTEST');
    }
  });

  it('are written so that a job which fails has changed nothing', async () => {
    const rows = () => spark.sql("SELECT id, id % 2 AS p, 'v' || id AS v FROM range(6)");
    const keys = () => [...store.objects.keys()].map((key) => key.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/, 'JOB')).sort();
    await rows().repartition(1).write.partitionBy('p').parquet('s3a://lake/out');
    expect(keys()).toEqual([
      'lake/out/_SUCCESS',
      'lake/out/p=0/part-00000-JOB.c000.snappy.parquet',
      'lake/out/p=1/part-00000-JOB.c000.snappy.parquet',
    ]);
    const read = async () => (await spark.read.parquet('s3a://lake/out').orderBy('id').collect()).map((row) => [row.id, row.v, row.p]);
    const all = [0, 1, 2, 3, 4, 5].map((i) => [BigInt(i), `v${i}`, i % 2]);
    expect(await read()).toEqual(all);
    await expect(rows().write.parquet('s3a://lake/out')).rejects.toThrow('[PATH_ALREADY_EXISTS] Path s3a://lake/out already exists.');
    const before = keys();
    store.instead = (asked) => (/^PUT .*partNumber/.test(asked) && asked.includes('p=1') ? 403 : undefined);
    await expect(rows().write.mode('overwrite').partitionBy('p').parquet('s3a://lake/out')).rejects.toThrow('FAILED_OBJECT_STORE');
    await expect(spark.sql('SELECT 1 / 0 AS x').write.mode('overwrite').parquet('s3a://lake/out')).rejects.toThrow('DIVIDE_BY_ZERO');
    store.instead = undefined;
    expect(keys()).toEqual(before);
    expect([...store.uploads]).toEqual([]);
    await rows().filter('id < 2').write.mode('append').partitionBy('p').parquet('s3a://lake/out');
    expect(await read()).toHaveLength(8);
    const overwrite = rows().filter('id = 3').write.mode('overwrite').option('partitionOverwriteMode', 'dynamic').partitionBy('p');
    await overwrite.parquet('s3a://lake/out');
    expect(await read()).toEqual([
      [0n, 'v0', 0],
      [0n, 'v0', 0],
      [2n, 'v2', 0],
      [3n, 'v3', 1],
      [4n, 'v4', 0],
    ]);
    await rows().select('v').limit(1).write.mode('overwrite').text('s3a://lake/out');
    expect((await spark.read.text('s3a://lake/out').collect()).map((row) => row.value)).toEqual(['v0']);
  });

  it('Parquet is read column by column, in ranges, and joined with files of this machine', async () => {
    await spark.sql('SELECT id, sha2(CAST(id AS STRING), 512) AS wide FROM range(20000)').repartition(1).write.parquet('s3a://lake/wide');
    const file = [...store.objects].find(([key]) => key.endsWith('.parquet'))!;
    const wide = spark.read.parquet('s3a://lake/wide');
    store.sentBytes = 0;
    expect((await wide.selectExpr('sum(id) AS s').collect())[0]!.s).toBe(199990000n);
    expect(store.sentBytes).toBeLessThan(file[1].length / 2);
    expect(await wide.join(spark.range(10), 'id').count()).toBe(10);
  });
});
