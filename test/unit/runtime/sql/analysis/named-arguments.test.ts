// Arguments by name, where a recursive query may name itself, and values of EXECUTE IMMEDIATE in a statement's text: what Spark 4.2's result
// files named-function-arguments, cte-recursion, execute-immediate and identifier-clause say.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession();
afterAll(() => session.close());
const refused = (condition: string, parameters: object = {}) => ({ error: { condition, parameters } });
const MASKED = "'AbCD123-@$#', lowerChar => 'q', upperChar => 'Q', otherChar => 'o', digitChar => 'd'";

it.each<[string, object]>([
  [`SELECT mask(${MASKED})`, { schema: 'struct<mask(AbCD123-@$#, Q, q, d, o):string>', output: 'QqQQdddoooo' }],
  [
    "SELECT mask(lowerChar => 'q', upperChar => 'Q', digitChar => 'd', str => 'AbCD123-@$#')",
    { schema: 'struct<mask(AbCD123-@$#, Q, q, d, NULL):string>', output: 'QqQQddd-@$#' },
  ],
  ['SELECT * FROM explode(collection => array(1, 2))', { schema: 'struct<col:int>', output: '1\n2' }],
  [
    "SELECT * FROM posexplode_outer(collection => map('a', 1, 'b', 2))",
    { schema: 'struct<pos:int,key:string,value:int>', output: '0\ta\t1\n1\tb\t2' },
  ],
  [
    "SELECT * FROM inline(input => array(struct(1, 'a'), struct(2, 'b')))",
    { schema: 'struct<col1:int,col2:string>', output: '1\ta\n2\tb' },
  ],
  [
    "SELECT mask(lowerChar => 'q', 'AbCD123-@$#', upperChar => 'Q', otherChar => 'o', digitChar => 'd')",
    refused('UNEXPECTED_POSITIONAL_ARGUMENT', { parameterName: '`lowerChar`', routineName: '`mask`' }),
  ],
  [
    `SELECT mask(${MASKED}, digitChar => 'e')`,
    refused('DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE', {
      parameterName: '`digitChar`',
      routineName: '`mask`',
    }),
  ],
  [
    `SELECT mask(${MASKED}, str => 'AbC')`,
    refused('DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED', { parameterName: '`str`', routineName: '`mask`' }),
  ],
  [
    "SELECT mask(lowerChar => 'q', upperChar => 'Q', otherChar => 'o', digitChar => 'd')",
    refused('REQUIRED_PARAMETER_NOT_FOUND', { index: '0', parameterName: '`str`', routineName: '`mask`' }),
  ],
  [
    `SELECT mask(${MASKED}, cellular => 'automata')`,
    refused('UNRECOGNIZED_PARAMETER_NAME', {
      argumentName: '`cellular`',
      proposal: expect.any(String),
      routineName: '`mask`',
    }),
  ],
  ["SELECT encode(str => 'a', charset => 'utf-8')", refused('NAMED_PARAMETERS_NOT_SUPPORTED', { functionName: '`encode`' })],
])('%s', async (query, answer) => {
  expect(await ourAnswer(session, query)).toEqual(answer);
});

it.each([
  'WITH RECURSIVE t(col) AS (SELECT 1 UNION ALL SELECT (SELECT max(col) FROM t)) SELECT * FROM t LIMIT 5',
  'WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM (SELECT MAX(n) AS n FROM t)) SELECT * FROM t',
  `WITH RECURSIVE r(level, data) AS (VALUES (0, 0) UNION ALL
     SELECT level + 1, r.data FROM (SELECT 0 AS data) AS t LEFT OUTER JOIN r ON r.data = t.data WHERE r.level < 9) SELECT * FROM r`,
  `WITH RECURSIVE r(level, data) AS (VALUES (0, 0) UNION ALL
     SELECT level + 1, r.data FROM r FULL OUTER JOIN (SELECT 0 AS data) AS t ON t.data = r.data WHERE r.level < 9) SELECT * FROM r`,
])('a query that cannot name itself there: %s', async (query) => {
  expect(await ourAnswer(session, query)).toEqual(refused('INVALID_RECURSIVE_REFERENCE.PLACE'));
});

it('a WITH RECURSIVE stands inside of another', async () => {
  const query = `WITH RECURSIVE a(n) AS (
      WITH RECURSIVE b(m) AS (SELECT 1 UNION ALL SELECT m + 1 FROM b WHERE m < 2) SELECT m FROM b UNION ALL SELECT n + 10 FROM a WHERE n < 20)
    SELECT * FROM a ORDER BY n`;
  expect(await ourAnswer(session, query)).toEqual({ schema: 'struct<n:int>', output: '1\n2\n11\n12\n21\n22' });
});

it.each<[string, object]>([
  [
    "EXECUTE IMMEDIATE 'SELECT typeof(:p) as type, :p as val' USING 'it''s a test' AS p",
    { schema: 'struct<type:string,val:string>', output: "string\tit's a test" },
  ],
  [
    "EXECUTE IMMEDIATE 'SELECT IDENTIFIER(:col1 ''.c2'') AS v FROM VALUES(named_struct(''c2'', 42)) AS T(c1)' USING 'c1' AS col1",
    { schema: 'struct<v:int>', output: '42' },
  ],
  ["EXECUTE IMMEDIATE 'SELECT 1 AS IDENTIFIER(:a ''_b'')' USING 'x' AS a", { schema: 'struct<x_b:int>', output: '1' }],
])('%s', async (statement, answer) => {
  expect(await ourAnswer(session, statement)).toEqual(answer);
});
