// CSV, JSON and text files: schemas, modes and values as Spark 4.0.1 gave them for the same files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readAnswer, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

const DIRTY = file('dirty.csv', 'x,y\n1,"a \\"q\\" b"\n3,"",\n4,NA\n5,"NA"\n6,un"quo"ted\n\n7\n  8, sp \n9,a,b,c\n');
const TYPES = file(
  'types.csv',
  'i,l,d,dt,ts,b,s,n,dts,big,mixed\n1,3000000000,1.5,2020-01-01,2020-01-01 10:00:00,true,x,,2020-01-01,123456789012345678901,1\n2,1,2,2020-02-01,2020-01-01T10:00:00Z,FALSE,1,,2020-01-01 01:02:03,1,true\n',
);
const LINES = file(
  'lines.json',
  '{"z":1,"a":{"q":null,"e":[]},"s":"x","d":1.5}\nbad\n{"z":"5","a":{"q":"v"},"s":7,"d":2}\n[{"z":3},{"z":4}]\n\n{"m":{},"n":null,"ar":[1,"x"],"mix":1}\n{"mix":{"k":1}}\n"str"\n',
);
const TYPED = file('typed.json', '{"z":1,"d":1.5,"o":{"x":1}}\n{"z":"5","d":"NaN","o":{"x":"q"}}\n{"z":1.5,"d":true,"o":3}\nbad\n');

type Case = {
  what: string;
  format: string;
  path: string;
  schema?: string;
  options?: Record<string, string>;
  types: string;
  rows: unknown[][];
};
const CASES: Case[] = [
  {
    what: 'CSV: fields that are quoted, empty, missing, too many',
    format: 'csv',
    path: DIRTY,
    options: { header: 'true' },
    types: 'x:string y:string',
    rows: [
      ['1', 'a "q" b'],
      ['3', null],
      ['4', 'NA'],
      ['5', 'NA'],
      ['6', 'un"quo"ted'],
      ['7', null],
      ['  8', ' sp '],
      ['9', 'a'],
    ],
  },
  {
    what: 'CSV: a text for NULL',
    format: 'csv',
    path: DIRTY,
    options: { header: 'true', nullValue: 'NA' },
    types: 'x:string y:string',
    rows: [
      ['1', 'a "q" b'],
      ['3', ''],
      ['4', null],
      ['5', null],
      ['6', 'un"quo"ted'],
      ['7', null],
      ['  8', ' sp '],
      ['9', 'a'],
    ],
  },
  {
    what: 'CSV: corrupt records are kept',
    format: 'csv',
    path: DIRTY,
    schema: 'x int, y string, _corrupt_record string',
    options: { header: 'true' },
    types: 'x:int y:string _corrupt_record:string',
    rows: [
      [1, 'a "q" b', null],
      [3, null, '3,"",'],
      [4, 'NA', null],
      [5, 'NA', null],
      [6, 'un"quo"ted', null],
      [7, null, '7'],
      [null, ' sp ', '  8, sp '],
      [9, 'a', '9,a,b,c'],
    ],
  },
  {
    what: 'CSV: corrupt records are dropped',
    format: 'csv',
    path: DIRTY,
    schema: 'x int, y string',
    options: { header: 'true', mode: 'DROPMALFORMED' },
    types: 'x:int y:string',
    rows: [
      [1, 'a "q" b'],
      [4, 'NA'],
      [5, 'NA'],
      [6, 'un"quo"ted'],
    ],
  },
  {
    what: 'CSV: white space around values',
    format: 'csv',
    path: DIRTY,
    schema: 'x int, y string',
    options: { header: 'true', ignoreLeadingWhiteSpace: 'true', ignoreTrailingWhiteSpace: 'true' },
    types: 'x:int y:string',
    rows: [
      [1, 'a "q" b'],
      [3, null],
      [4, 'NA'],
      [5, 'NA'],
      [6, 'un"quo"ted'],
      [7, null],
      [8, 'sp'],
      [9, 'a'],
    ],
  },
  {
    what: 'CSV: types of columns',
    format: 'csv',
    path: TYPES,
    options: { header: 'true', inferSchema: 'true' },
    types: 'i:int l:bigint d:double dt:date ts:timestamp b:boolean s:string n:string dts:timestamp big:decimal(21,0) mixed:string',
    rows: [
      [1, 3000000000n, 1.5, 18262, 1577872800000000n, true, 'x', null, 1577836800000000n, '123456789012345678901', '1'],
      [2, 1n, 2, 18293, 1577872800000000n, false, '1', null, 1577840523000000n, '1', 'true'],
    ],
  },
  {
    what: 'CSV: names that are there twice, or not at all',
    format: 'csv',
    path: file('names.csv', 'a,A,,a\n1,2,3,4\n'),
    options: { header: 'true' },
    types: 'a0:string A1:string _c2:string a3:string',
    rows: [['1', '2', '3', '4']],
  },
  {
    what: 'CSV: a pattern for dates',
    format: 'csv',
    path: file('dates.csv', 'a;b\n1;2024/05/06\nx;2024/13/01\n'),
    schema: 'a int, b date',
    options: { header: 'true', sep: ';', dateFormat: 'yyyy/MM/dd' },
    types: 'a:int b:date',
    rows: [
      [1, 19849],
      [null, null],
    ],
  },
  {
    what: 'JSON: structure, conflicts, arrays of records, corrupt records',
    format: 'json',
    path: LINES,
    types: '_corrupt_record:string a:struct<e:array<string>,q:string> ar:array<string> d:double mix:string n:string s:string z:string',
    rows: [
      [null, [[], null], null, 1.5, null, null, 'x', '1'],
      ['bad', null, null, null, null, null, null, null],
      [null, [null, 'v'], null, 2, null, null, '7', '5'],
      [null, null, null, null, null, null, null, '3'],
      [null, null, null, null, null, null, null, '4'],
      [null, null, ['1', 'x'], null, '1', null, null, null],
      [null, null, null, null, '{"k":1}', null, null, null],
      ['"str"', null, null, null, null, null, null, null],
    ],
  },
  {
    what: 'JSON: values that are not of their type',
    format: 'json',
    path: TYPED,
    schema: 'z bigint, d double, o struct<x:int>, _corrupt_record string',
    types: 'z:bigint d:double o:struct<x:int> _corrupt_record:string',
    rows: [
      [1n, 1.5, [1], null],
      [null, Number.NaN, [null], '{"z":"5","d":"NaN","o":{"x":"q"}}'],
      [null, null, null, '{"z":1.5,"d":true,"o":3}'],
      [null, null, null, 'bad'],
    ],
  },
  {
    what: 'JSON: corrupt records are dropped',
    format: 'json',
    path: TYPED,
    schema: 'z bigint, d double',
    options: { mode: 'DROPMALFORMED' },
    types: 'z:bigint d:double',
    rows: [[1n, 1.5]],
  },
  {
    what: 'JSON: everything as text',
    format: 'json',
    path: TYPED,
    options: { primitivesAsString: 'true', mode: 'DROPMALFORMED' },
    types: 'd:string o:string z:string',
    rows: [
      ['1.5', '{"x":1}', '1'],
      ['NaN', '{"x":"q"}', '5'],
      ['true', '3', '1.5'],
    ],
  },
  {
    what: 'JSON: a file that is one text',
    format: 'json',
    path: file('multi.json', '[{"a":1},\n {"a":2}]'),
    options: { multiLine: 'true' },
    types: 'a:bigint',
    rows: [[1n], [2n]],
  },
  {
    what: 'text: lines',
    format: 'text',
    path: file('lines.txt', 'a\n\nb "q" \\,\nc'),
    types: 'value:string',
    rows: [['a'], [''], ['b "q" \\,'], ['c']],
  },
  {
    what: 'text: a separator of lines',
    format: 'text',
    path: file('sep.txt', 'a|b||c|'),
    options: { lineSep: '|' },
    types: 'value:string',
    rows: [['a'], ['b'], [''], ['c']],
  },
];

describe('a text file', () => {
  it.each(CASES)('$what', async ({ format, path, schema, options, types, rows }) => {
    const answer = await readAnswer(engine, { format, ...(schema && { schema }), ...(options && { options }) }, path);
    expect(answer.columns.map((c, i) => `${c}:${answer.types[i]}`).join(' ')).toBe(types);
    expect(answer.rows).toEqual(rows);
  });

  it.each([
    { format: 'csv', path: DIRTY, schema: 'x int, y int' },
    { format: 'json', path: TYPED, schema: 'z bigint' },
  ])('ends the query at the first corrupt record when asked to: $format', async ({ format, path, schema }) => {
    const reading = readAnswer(engine, { format, schema, options: { mode: 'FAILFAST', header: 'true' } }, path);
    await expect(reading).rejects.toMatchObject({ condition: 'MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION' });
  });
});

it('CSV of many columns has the types of few', async () => {
  const [header, ...records] = readFileSync(TYPES, 'utf8').trim().split('\n');
  const times = 6;
  const wide = [
    header!.split(',').flatMap((name) => Array.from({ length: times }, (_, i) => `${name}${i}`)),
    ...records.map((r) => r.split(',').flatMap((v) => Array.from({ length: times }, () => v))),
  ];
  const options = { header: 'true', inferSchema: 'true' };
  const [few, many, none] = [
    await readAnswer(engine, { format: 'csv', options }, TYPES),
    await readAnswer(engine, { format: 'csv', options }, file('wide.csv', `${wide.map((fields) => fields.join(',')).join('\n')}\n`)),
    await readAnswer(engine, { format: 'csv', options }, file('wide-header.csv', `${wide[0]!.join(',')}\n`)),
  ];
  expect(many.types).toEqual(few.types.flatMap((type) => Array.from({ length: times }, () => type)));
  expect(many.rows.map((row) => row.filter((_, i) => i % times === 0))).toEqual(few.rows);
  expect([new Set(none.types), none.types.length]).toEqual([new Set(['string']), many.types.length]);
});
