// XML files, read and written: schemas, records and bytes of a Spark 4.0.1.
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { type Answer, readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'xml-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const file = (name: string, bytes: string | Uint8Array): string => {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
};

const typesOf = ({ columns, types }: Answer): string => columns.map((c, i) => `${c}:${types[i]}`).join(' ');

const BOOKS = `<?xml version="1.0"?>
<!-- <book id="no"/> -->
<books xmlns:x="u">
  <book id="b1"><title lang="en">A &amp; B</title><price>10.5</price><tag>x</tag><tag>y</tag><pub>2020-01-02</pub><e/></book>
  <book id="b2">
    <title>Plain</title><price>7</price><tag>z</tag><x:n>3</x:n>
    <inner><c>1</c><c>2</c></inner><![CDATA[mixed <text>]]>
  </book>
  <book id="3"><price>abc</price><flag>true</flag></book>
</books>`;
const books = file('books.xml', BOOKS);
const bad = file('bad.xml', '<rows><row><a>1</a></row><row><a>x</a><b>2</b></row><row><a>2<b></a></row><row><a>4</a></row></rows>');
const day = Date.UTC(2020, 0, 2) / 86_400_000;

it.each([
  ['as it is', books],
  ['compressed', file('books.xml.gz', gzipSync(BOOKS))],
])('records are elements of one name, their schema is that of all of them: %s', async (_, path) => {
  const answer = await readAnswer(engine, { format: 'xml', options: { rowTag: 'book' } }, path);
  expect(typesOf(answer)).toBe(
    '_VALUE:string _id:string e:string flag:boolean inner:struct<c:array<bigint>> price:string pub:date tag:array<string> title:struct<_VALUE:string,_lang:string> x:n:bigint',
  );
  expect(answer.rows).toEqual([
    [null, 'b1', '', null, null, '10.5', day, ['x', 'y'], ['A & B', 'en'], null],
    ['mixed <text>', 'b2', null, null, [[1n, 2n]], '7', null, ['z'], ['Plain', null], 3n],
    [null, '3', null, true, null, 'abc', null, null, null, null],
  ]);
});

it.each<[string, Record<string, string>, string | undefined, string, unknown[][]]>([
  ['the text of an element alone', { rowTag: 'tag' }, undefined, '_VALUE:string', [['x'], ['y'], ['z']]],
  [
    'names of one’s own',
    { rowTag: 'title', attributePrefix: '@', valueTag: '#v' },
    undefined,
    '#v:string @lang:string',
    [
      ['A & B', 'en'],
      ['Plain', null],
    ],
  ],
  ['without attributes', { rowTag: 'title', excludeAttribute: 'true' }, undefined, '_VALUE:string', [['A & B'], ['Plain']]],
  [
    'a schema of one’s own',
    { rowTag: 'book' },
    '_id STRING, flag STRING',
    '_id:string flag:string',
    [
      ['b1', null],
      ['b2', null],
      ['3', 'true'],
    ],
  ],
])('%s', async (_, options, schema, types, rows) => {
  const answer = await readAnswer(engine, { format: 'xml', options, ...(schema && { schema }) }, books);
  expect([typesOf(answer), answer.rows]).toEqual([types, rows]);
});

it('modes say what becomes of records that can’t be read', async () => {
  const read = (options: Record<string, string>, schema?: string) =>
    readAnswer(engine, { format: 'xml', options: { rowTag: 'row', ...options }, ...(schema && { schema }) }, bad);
  expect(typesOf(await read({}))).toBe('_corrupt_record:string a:string b:bigint');
  expect((await read({}, 'a INT, b INT, _corrupt_record STRING')).rows).toEqual([
    [1, null, null],
    [null, null, '<row><a>x</a><b>2</b></row>'],
    [null, null, '<row><a>2<b></a></row>'],
    [4, null, null],
  ]);
  expect((await read({ mode: 'DROPMALFORMED' }, 'a INT, b INT')).rows).toEqual([
    [1, null],
    [4, null],
  ]);
  await expect(read({ mode: 'FAILFAST' }, 'a INT, b INT')).rejects.toThrow('MALFORMED_RECORD_IN_PARSING');
});

async function written(query: string, options: Record<string, string>, name: string): Promise<string> {
  const plan = engine.parse(query);
  if (plan.tag !== 'relation') throw new Error('no query');
  const path = join(folder, name);
  await engine.write(await engine.analyze(plan.relation), { format: 'xml', path, mode: 'error', options, partitionBy: [] });
  return path;
}
const textIn = (path: string): string => readFileSync(join(path, readdirSync(path).find((f) => f.endsWith('.xml'))!), 'utf8');

it('rows are written as elements below a root, and read back', async () => {
  const path = await written("SELECT 0 AS id, named_struct('a', 'x', '_b', 1) AS st, array(1, 2) AS ar", { rowTag: 'r' }, 'plain');
  expect(textIn(path)).toBe(
    [
      '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>',
      '<ROWS>',
      '    <r>',
      '        <id>0</id>',
      '        <st b="1">',
      '            <a>x</a>',
      '        </st>',
      '        <ar>1</ar>',
      '        <ar>2</ar>',
      '    </r>',
      '</ROWS>',
    ].join('\n'),
  );
  const back = await readAnswer(engine, { format: 'xml', options: { rowTag: 'r' } }, path);
  expect(back.rows).toEqual([[[1n, 2n], 0n, [1n, 'x']]]);
});

it('roots and declarations are those that are asked for', async () => {
  const path = await written('SELECT 1 AS id', { rowTag: 'book', rootTag: 'books foo="bar"', declaration: '' }, 'root');
  expect(textIn(path)).toBe('<books foo="bar">\n    <book>\n        <id>1</id>\n    </book>\n</books>');
});

it('files need the name of their records', async () => {
  await expect(readAnswer(engine, { format: 'xml' }, books)).rejects.toThrow('XML_ROW_TAG_MISSING');
  await expect(written('SELECT 1 AS id', {}, 'none')).rejects.toThrow('XML_ROW_TAG_MISSING');
});
