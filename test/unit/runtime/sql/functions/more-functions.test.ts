// Functions against the answers in Spark's documentation and test results: AES, vectors, bitmaps, seeds, TIME, histograms, XPath, lists of keywords.
import { afterAll, expect, test } from 'vitest';
import { answerOf, sqlEngine } from '../../../../helpers/sql.ts';

const engine = sqlEngine();
afterAll(() => engine.close());
const value = async (text: string): Promise<unknown> => (await answerOf(engine, text)).rows[0]![0];
const KEY = "'abcdefghijklmnop12345678ABCDEFGH'";

test('a key and a mode give the text back', async () => {
  const query = (mode: string) => `SELECT CAST(aes_decrypt(aes_encrypt('Spark', ${KEY}, '${mode}'), ${KEY}, '${mode}') AS STRING)`;
  for (const mode of ['ECB', 'CBC', 'GCM']) expect(await value(query(mode))).toBe('Spark');
});

test.each([
  [
    "SELECT cast(aes_decrypt(unhex('83F16B2AA704794132802D248E6BFD4E380078182D1544813898AC97E709B28A94'), '0000111122223333') AS STRING)",
    'Spark',
  ],
  [
    "SELECT cast(aes_decrypt(unhex('6E7CA17BBB468D3084B5744BCA729FB7B2B7BCB8E4472847D02670489D95FA97DBBA7D3210'), '0000111122223333', 'GCM') AS STRING)",
    'Spark SQL',
  ],
  ["SELECT cast(aes_decrypt(unbase64('3lmwu+Mw0H3fi5NDvcu9lg=='), '1234567890abcdef', 'ECB', 'PKCS') AS STRING)", 'Spark SQL'],
  [
    "SELECT cast(aes_decrypt(unbase64('2NYmDCjgXTbbxGA3/SnJEfFC/JQ7olk2VQWReIAAFKo='), '1234567890abcdef', 'CBC') AS STRING)",
    'Apache Spark',
  ],
  [
    `SELECT base64(aes_encrypt('Spark', ${KEY}, 'CBC', 'DEFAULT', unhex('00000000000000000000000000000000')))`,
    'AAAAAAAAAAAAAAAAAAAAAPSd4mWyMZ5mhvjiAPQJnfg=',
  ],
  [
    `SELECT base64(aes_encrypt('Spark', ${KEY}, 'GCM', 'DEFAULT', unhex('000000000000000000000000'), 'This is an AAD mixed into the input'))`,
    'AAAAAAAAAAAAAAAAQiYi+sTLm7KD9UcZ2nlRdYDe/PX4',
  ],
  [
    "SELECT try_aes_decrypt(unhex('----------468D3084B5744BCA729FB7B2B7BCB8E4472847D02670489D95FA97DBBA7D3210'), '0000111122223333', 'GCM')",
    null,
  ],
  ['SELECT vector_inner_product(array(1.0F, 2.0F, 3.0F), array(4.0F, 5.0F, 6.0F))', 32],
  ["SELECT vector_norm(array(3.0F, 4.0F), float('inf'))", 4],
  ['SELECT substring(hex(bitmap_construct_agg(bitmap_bit_position(col))), 0, 6) FROM VALUES (1), (2), (3) AS tab(col)', '070000'],
  ["SELECT substring(hex(bitmap_or_agg(col)), 0, 6) FROM VALUES (X'10'), (X'20'), (X'40') AS tab(col)", '700000'],
  ["SELECT substring(hex(bitmap_and_agg(col)), 0, 6) FROM VALUES (X'F0'), (X'70'), (X'30') AS tab(col)", '300000'],
  ['SELECT randstr(3, 0)', 'ceV'],
  ["SELECT to_char(date'2016-04-08', 'y')", '2016'],
  ["SELECT to_char(timestamp'2016-12-31 12:30:00', 'yyyy/MM')", '2016/12'],
  ["SELECT CAST(to_time('12.10.05', 'HH.mm.ss') AS STRING)", '12:10:05'],
  ["SELECT try_to_time('foo')", null],
  ["SELECT xpath_boolean('<a><b>1</b></a>', 'a/b')", true],
  ["SELECT xpath_int('<a><b>1</b><b>2</b></a>', 'sum(a/b)')", 3],
  ["SELECT xpath_string('<a><b>b</b><c>cc</c></a>', 'a/c')", 'cc'],
  ["SELECT xpath_double('<a><b>1</b><b>2</b></a>', 'a/b[. > 1] * 2 div 3')", 4 / 3],
  ['SELECT xpath_string(\'<a><b id="x">1</b><b id="y">2</b></a>\', \'//b[@id = "y" and position() = last()]\')', '2'],
  ['SELECT keyword FROM sql_keywords() LIMIT 1', 'ADD'],
  ["SELECT LANGUAGE FROM collations() WHERE NAME = 'sr_Cyrl_BIH_CI'", 'Serbian'],
])('%s', async (text, expected) => {
  expect(await value(text)).toEqual(expected);
});

test.each([
  ["SELECT xpath('<a><b>b1</b><b>b2</b><b>b3</b><c>c1</c><c>c2</c></a>', 'a/b/text()')", ['b1', 'b2', 'b3']],
  ["SELECT xpath('<a><b>b1</b><b>b2</b><b>b3</b><c>c1</c><c>c2</c></a>', 'a/b')", [null, null, null]],
  ['SELECT vector_normalize(array(3.0F, 4.0F), 2.0F)', [Math.fround(0.6), Math.fround(0.8)]],
  ['SELECT vector_avg(col) FROM VALUES (array(1.0F, 2.0F)), (array(3.0F, 4.0F)) AS tab(col)', [2, 3]],
  ['SELECT vector_sum(col) FROM VALUES (array(1.0F, 2.0F)), (array(3.0F, 4.0F)), (array(1.0F, NULL)) AS tab(col)', [4, 6]],
  [
    "SELECT transform(histogram_numeric(col, 5), b -> concat(b.x, ':', b.y)) FROM VALUES (0), (1), (2), (10) AS tab(col)",
    ['0:1.0', '1:1.0', '2:1.0', '10:1.0'],
  ],
])('%s', async (text, expected) => {
  expect(await value(text)).toEqual(expected);
});

test.each([
  ["SELECT aes_encrypt('Spark', 'short')", 'INVALID_PARAMETER_VALUE.AES_KEY_LENGTH'],
  ["SELECT aes_encrypt('Spark', '0000111122223333', 'CBC', 'NONE')", 'UNSUPPORTED_FEATURE.AES_MODE'],
  ["SELECT aes_decrypt(unhex('00'), '0000111122223333')", 'INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR'],
  ['SELECT vector_l2_distance(array(1.0F), array(1.0F, 2.0F))', 'VECTOR_DIMENSION_MISMATCH'],
  ['SELECT vector_norm(array(1.0F), 3.0F)', 'INVALID_VECTOR_NORM_DEGREE'],
  ['SELECT vector_norm(array(1), 2.0F)', 'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE'],
  ["SELECT to_time('foo')", 'CANNOT_PARSE_TIME'],
  ['SELECT randstr(-1)', 'INVALID_PARAMETER_VALUE.LENGTH'],
  ['SELECT uniform(id, 10) FROM range(2)', 'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT'],
])('%s is refused: %s', async (text, condition) => {
  await expect(answerOf(engine, text)).rejects.toMatchObject({ condition });
});

test('a seed gives the same numbers again, of the range and type that was asked', async () => {
  const twice = 'SELECT uniform(10, 20, 0) FROM range(5)';
  const [a, b] = [await answerOf(engine, twice), await answerOf(engine, twice)];
  expect(a.rows).toEqual(b.rows);
  expect(a.types).toEqual(['int']);
  expect(a.rows.every(([x]) => Number(x) >= 10 && Number(x) < 20)).toBe(true);
});
