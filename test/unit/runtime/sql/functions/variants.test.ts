// VARIANT: values, paths, casts and schemas as Spark's documentation and its Variant class have them.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());

const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const one = (type: string, output: string) => ({ schema: `struct<v:${type}>`, output });

it.each<[string, object]>([
  ['SELECT parse_json(\'{"b":1,"a":[1.50,null,"x",1e3]}\') AS v', one('variant', '{"a":[1.5,null,"x",1000.0],"b":1}')],
  ['SELECT try_parse_json(\'{"a":01}\') AS v', one('variant', 'NULL')],
  ["SELECT parse_json('{') AS v", condition('MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION')],
  ['SELECT parse_json(\'{"a":1,"a":2}\') AS v', condition('VARIANT_DUPLICATE_KEY')],
  ["SELECT is_variant_null(parse_json('null')) AS v", one('boolean', 'true')],
  ['SELECT is_variant_null(CAST(NULL AS VARIANT)) AS v', one('boolean', 'false')],
  ["SELECT variant_get(parse_json('{\"a\": 1}'), '$.a', 'int') AS v", one('int', '1')],
  ["SELECT variant_get(parse_json('{\"a\": 1}'), '$.b', 'int') AS v", one('int', 'NULL')],
  ["SELECT variant_get(parse_json('[1, \"2\"]'), '$[1]', 'string') AS v", one('string', '2')],
  ["SELECT variant_get(parse_json('[1, \"hello\"]'), '$[1]', 'int') AS v", condition('INVALID_VARIANT_CAST')],
  ["SELECT try_variant_get(parse_json('[1, \"hello\"]'), '$[1]', 'int') AS v", one('int', 'NULL')],
  ["SELECT variant_get(parse_json('{}'), 'a') AS v", condition('INVALID_VARIANT_GET_PATH')],
  ['SELECT parse_json(\'{"a":{"b":[1,2]}}\'):a.b[1]::int AS v', one('int', '2')],
  ["SELECT 'x':a AS v", condition('DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE')],
  ['SELECT parse_json(\'{"a":{"b":1}}\'):a.b::int', { schema: 'struct<b:int>', output: '1' }],
  [
    'SELECT schema_of_variant(parse_json(\'[{"b":true,"a":0}, {"a":1.5}]\')) AS v',
    one('string', 'ARRAY<OBJECT<a: DECIMAL(21,1), b: BOOLEAN>>'),
  ],
  ["SELECT schema_of_variant(parse_json('null')) AS v", one('string', 'VOID')],
  ["SELECT schema_of_variant_agg(parse_json(j)) AS v FROM VALUES ('1'), ('\"a\"') AS t(j)", one('string', 'VARIANT')],
  [
    "SELECT to_variant_object(named_struct('b', 1, 'a', map('k', DATE'2020-01-02'))) AS v",
    one('variant', '{"a":{"k":"2020-01-02"},"b":1}'),
  ],
  ['SELECT to_variant_object(1) AS v', condition('DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION')],
  ["SELECT CAST(parse_json('[1,2,null]') AS ARRAY<INT>) AS v", one('array<int>', '[1,2,null]')],
  ['SELECT CAST(parse_json(\'{"a":1.7}\') AS STRUCT<a: INT>) AS v', one('struct<a:int>', '{"a":1}')],
  ['SELECT CAST(array(1, 2) AS VARIANT) AS v', one('variant', '[1,2]')],
  ["SELECT CAST(CAST(TIMESTAMP'2020-01-02 03:04:05.6' AS VARIANT) AS DATE) AS v", one('date', '2020-01-02')],
  ["SELECT to_json(CAST(TIMESTAMP'2020-01-02 03:04:05.6' AS VARIANT)) AS v", one('string', '"2020-01-02 03:04:05.6-08:00"')],
  [
    'SELECT pos, key, value FROM variant_explode(parse_json(\'{"b": 2, "a": true}\'))',
    { schema: 'struct<pos:int,key:string,value:variant>', output: '0\ta\ttrue\n1\tb\t2' },
  ],
  [
    "SELECT * FROM variant_explode_outer(parse_json('1'))",
    { schema: 'struct<pos:int,key:string,value:variant>', output: 'NULL\tNULL\tNULL' },
  ],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});
