// Text files in Hadoop's compressions: those of a real Spark are read (test/fixtures/sql/compressed, test/oracle/compressed.py), ours are read back;
// charsets and ends of lines when writing. Spark 4.0.1 has read files that were written here.
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { answerOf, readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const FIXTURES = join(import.meta.dirname, '../../../../fixtures/sql/compressed');
const LINES = "SELECT concat('line ', id % 97, ' of many, äöü ', repeat('x', cast(id % 13 AS int))) AS value FROM range(20000)";
const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'compressed-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

const summary = async (from: string) => (await answerOf(engine, `SELECT count(*), sum(xxhash64(value) % 1000) FROM ${from}`)).rows;
let written = 0;
async function write(query: string, format: string, options: Record<string, string>): Promise<{ path: string; name: string }> {
  const plan = engine.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const to = join(folder, `w${++written}`);
  await engine.write(await engine.analyze(plan.relation), { format, path: to, mode: 'error', options, partitionBy: [] });
  const name = readdirSync(to).find((f) => f.startsWith('part-'))!;
  return { path: join(to, name), name };
}
const bytesOf = async (query: string, format: string, options: Record<string, string>): Promise<Buffer> =>
  readFileSync((await write(query, format, options)).path);

describe('compressed text', () => {
  it.each(readdirSync(FIXTURES))('of Spark is read: %s', async (file) => {
    expect(await summary(`text.\`${join(FIXTURES, file)}\``)).toEqual(await summary(`(${LINES})`));
  });

  it.each([
    ['none', '.txt'],
    ['gzip', '.txt.gz'],
    ['zstd', '.txt.zst'],
    ['deflate', '.txt.deflate'],
    ['lz4', '.txt.lz4'],
    ['SNAPPY', '.txt.snappy'],
    ['org.apache.hadoop.io.compress.DefaultCodec', '.txt.deflate'],
  ])('is written and read back: %s', async (compression, extension) => {
    const { path, name } = await write(LINES, 'text', { compression });
    expect(name.replace(/^[^.]*/, '')).toBe(extension);
    expect(await summary(`text.\`${path}\``)).toEqual(await summary(`(${LINES})`));
  });

  it('is an error where it was cut off, with the name of the file, unless such files are left out', async () => {
    for (const file of readdirSync(FIXTURES)) {
      const cut = join(folder, file);
      const bytes = readFileSync(join(FIXTURES, file));
      writeFileSync(cut, bytes);
      truncateSync(cut, bytes.length - 100);
      await expect(summary(`text.\`${cut}\``)).rejects.toMatchObject({ condition: 'FAILED_READ_FILE.CORRUPT_COMPRESSED' });
    }
    const left = await readAnswer(engine, { format: 'text', options: { ignoreCorruptFiles: 'true' } }, join(folder, 'lines.txt.bz2'));
    expect(left.rows).toEqual([]);
  });

  it('of a damaged block is an error', async () => {
    const bytes = readFileSync(join(FIXTURES, 'lines.txt.bz2'));
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(join(folder, 'damaged.bz2'), bytes);
    await expect(summary(`text.\`${join(folder, 'damaged.bz2')}\``)).rejects.toThrow(/does not come to its end|checksum/);
  });

  it('is refused in a compression that nobody knows', async () => {
    await expect(write(LINES, 'text', { compression: 'lzo' })).rejects.toMatchObject({
      condition: 'CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION',
    });
  });
});

describe('text is written', () => {
  const TWO = "SELECT * FROM VALUES ('ä\nb', 1), ('c\"d', 2) AS t(s, n)";

  it('with other ends of lines, values as they are', async () => {
    const lineSep = '|~';
    expect(
      String(await bytesOf('SELECT s FROM (SELECT * FROM VALUES (1, "ä\nb"), (2, "c") AS t(n, s) ORDER BY n)', 'text', { lineSep })),
    ).toBe('ä\nb|~c|~');
    expect(String(await bytesOf(TWO, 'json', { lineSep }))).toBe('{"s":"ä\\nb","n":1}|~{"s":"c\\"d","n":2}|~');
    expect(String(await bytesOf(TWO, 'csv', { lineSep: '\r\n' }))).toBe('"ä\nb",1\r\n"c\\"d",2\r\n');
  });

  it('in other charsets', async () => {
    const one = "SELECT 'ä€' AS s";
    expect([...(await bytesOf(one, 'csv', { encoding: 'ISO-8859-1' }))]).toEqual([0xe4, 0x3f, 10]);
    expect([...(await bytesOf(one, 'csv', { encoding: 'windows-1252' }))]).toEqual([0xe4, 0x80, 10]);
    expect((await bytesOf(one, 'json', { encoding: 'UTF-16LE' })).toString('utf16le')).toBe('{"s":"ä€"}\n');
    expect([...(await bytesOf("SELECT 'a' AS s", 'csv', { encoding: 'UTF-16' }))]).toEqual([0xfe, 0xff, 0, 97, 0, 10]);
    await expect(write(one, 'csv', { encoding: 'klingon' })).rejects.toMatchObject({ condition: 'INVALID_SOURCE_OPTION' });
  });

  it('in another charset and compressed, and read back', async () => {
    const { path } = await write("SELECT 'äöü' AS value", 'csv', { encoding: 'ISO-8859-1', compression: 'gzip' });
    expect(path).toMatch(/\.csv\.gz$/);
    const { rows } = await readAnswer(engine, { format: 'csv', options: { encoding: 'ISO-8859-1' } }, path);
    expect(rows).toEqual([['äöü']]);
  });
});
