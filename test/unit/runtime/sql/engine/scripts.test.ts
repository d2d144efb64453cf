// BEGIN … END: what Spark 4.2's result files of scripts say of statements like these.
import { afterAll, expect, it } from 'vitest';
import { ourAnswer } from '../../../../helpers/corpus.ts';
import { SqlSession } from '../../../../helpers/sql-session.ts';

const session = new SqlSession({
  'spark.sql.scripting.cursorEnabled': 'true',
  'spark.sql.scripting.continueHandlerEnabled': 'true',
});
afterAll(() => session.close());

const condition = (name: string) => ({ error: { condition: name, parameters: expect.anything() } });
const ints = (output: string) => ({ schema: `struct<${output.split('\t').map((_, i) => `col${i + 1}:int`)}>`, output });

it.each<[string, object]>([
  // The last query's rows are the script's.
  ['BEGIN VALUES (1); VALUES (2); END', ints('2')],
  ['BEGIN DECLARE x INT DEFAULT 1; SET x = x + 1; END', { schema: 'struct<>', output: '' }],
  ['BEGIN DECLARE x INT = 1; BEGIN DECLARE x INT = 2; SET x = 3; END; VALUES (x); END', ints('1')],
  ['BEGIN a: BEGIN DECLARE x INT = 1; BEGIN DECLARE x INT = 2; SET a.x = 5; VALUES (x, a.x); END; END a; END', ints('2\t5')],
  ['BEGIN DECLARE x, y INT; SET (x, y) = (SELECT 1, 2); VALUES (x, y); END', ints('1\t2')],
  ['BEGIN DECLARE r STRUCT<a INT, b INT> = named_struct("a", 1, "b", 2); VALUES (r.b); END', ints('2')],
  // Branches and loops.
  ['BEGIN DECLARE x INT = 2; IF x = 1 THEN VALUES (1); ELSEIF x = 2 THEN VALUES (2); ELSE VALUES (3); END IF; END', ints('2')],
  ['BEGIN DECLARE x INT = 2; CASE x WHEN 1 THEN VALUES (1); ELSE VALUES (9); END CASE; END', ints('9')],
  ['BEGIN DECLARE x INT = 0; WHILE x < 5 DO SET x = x + 2; END WHILE; VALUES (x); END', ints('6')],
  ['BEGIN DECLARE x INT = 9; REPEAT SET x = x + 1; UNTIL true END REPEAT; VALUES (x); END', ints('10')],
  ['BEGIN DECLARE x INT = 0; l: LOOP SET x = x + 1; IF x < 4 THEN ITERATE l; END IF; LEAVE l; END LOOP l; VALUES (x); END', ints('4')],
  [
    'BEGIN DECLARE s INT = 0; FOR r AS SELECT * FROM VALUES (1), (2), (3) AS t(n) DO SET s = s + r.n * n; END FOR; VALUES (s); END',
    ints('14'),
  ],
  ['BEGIN DECLARE x INT = 0; l: BEGIN SET x = 1; LEAVE l; SET x = 2; END l; VALUES (x); END', ints('1')],
  // Handlers.
  [
    "BEGIN DECLARE x INT = 10; DECLARE CONTINUE HANDLER FOR SQLSTATE '22012' BEGIN SET x = x + 1; END; SELECT 1 / 0; SELECT x AS after; END",
    { schema: 'struct<after:int>', output: '11' },
  ],
  ['BEGIN DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO VALUES (7); SELECT 1 / 0; VALUES (8); END', ints('7')],
  ['BEGIN BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION VALUES (7); SELECT 1 / 0; END; VALUES (8); END', ints('8')],
  [
    'BEGIN DECLARE CONTINUE HANDLER FOR DIVIDE_BY_ZERO BEGIN END; IF 1 / 0 > 0 THEN VALUES (1); ELSE VALUES (2); END IF; VALUES (3); END',
    ints('3'),
  ],
  ['BEGIN DECLARE EXIT HANDLER FOR SQLEXCEPTION SELECT 1 / 0; SELECT CAST("a" AS INT); END', condition('DIVIDE_BY_ZERO')],
  ['BEGIN DECLARE EXIT HANDLER FOR DIVIDE_BY_ZERO VALUES (7); SELECT CAST("a" AS INT); END', condition('CAST_INVALID_INPUT')],
  ['BEGIN DECLARE x INT; SET x = 1 / 0; VALUES (1); END', condition('DIVIDE_BY_ZERO')],
  // Cursors.
  ['BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT ? + 10; OPEN c USING 5; FETCH c INTO x; CLOSE c; VALUES (x); END', ints('15')],
  [
    'BEGIN DECLARE n, s INT = 0; DECLARE done BOOLEAN = false; DECLARE c CURSOR FOR SELECT id::int FROM range(1, 5); DECLARE CONTINUE HANDLER FOR NOT FOUND SET done = true; OPEN c; REPEAT FETCH c INTO n; IF NOT done THEN SET s = s + n; END IF; UNTIL done END REPEAT; VALUES (s); END',
    ints('10'),
  ],
  ['BEGIN DECLARE r STRUCT<a INT, b STRING>; DECLARE c CURSOR FOR SELECT 42.7, 100; OPEN c; FETCH c INTO r; VALUES (r.a); END', ints('42')],
  ['BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT 1; OPEN c; FETCH c INTO x; FETCH c INTO x; VALUES (x); END', ints('1')],
  ['BEGIN DECLARE c CURSOR FOR SELECT 1; OPEN c; OPEN c; END', condition('CURSOR_ALREADY_OPEN')],
  ['BEGIN DECLARE c CURSOR FOR SELECT 1; CLOSE c; END', condition('CURSOR_NOT_OPEN')],
  ['BEGIN CLOSE c; END', condition('CURSOR_NOT_FOUND')],
  ['BEGIN DECLARE x INT; DECLARE c CURSOR FOR SELECT 1, 2, 3; OPEN c; FETCH c INTO x; END', condition('ASSIGNMENT_ARITY_MISMATCH')],
  // What is wrong before anything runs.
  ['BEGIN VALUES (1); DECLARE x INT; END', condition('INVALID_VARIABLE_DECLARATION.ONLY_AT_BEGINNING')],
  ['BEGIN IF true THEN DECLARE x INT; END IF; END', condition('INVALID_VARIABLE_DECLARATION.NOT_ALLOWED_IN_SCOPE')],
  ['BEGIN DECLARE x INT; DECLARE x INT; END', condition('VARIABLE_ALREADY_EXISTS')],
  ['BEGIN OPEN c; DECLARE c CURSOR FOR SELECT 1; END', condition('INVALID_CURSOR_DECLARATION')],
  ['BEGIN LEAVE l; END', condition('INVALID_LABEL_USAGE.DOES_NOT_EXIST')],
  ['BEGIN l: BEGIN ITERATE l; END; END', condition('INVALID_LABEL_USAGE.ITERATE_IN_COMPOUND')],
  ['BEGIN a: BEGIN END b; END', condition('LABELS_MISMATCH')],
  ['BEGIN a: BEGIN a: BEGIN END; END; END', condition('LABEL_OR_FOR_VARIABLE_ALREADY_EXISTS')],
  ['BEGIN IF 1 THEN VALUES (1); END IF; END', condition('INVALID_BOOLEAN_STATEMENT')],
  ["EXECUTE IMMEDIATE 'BEGIN VALUES (1); END'", condition('SQL_SCRIPT_IN_EXECUTE_IMMEDIATE')],
])('%s', async (text, expected) => {
  expect(await ourAnswer(session, text)).toEqual(expected);
});

it('has cursors and CONTINUE handlers only where they are switched on', async () => {
  const plain = new SqlSession();
  expect(await ourAnswer(plain, 'BEGIN OPEN c; END')).toEqual(condition('UNSUPPORTED_FEATURE.SQL_CURSOR'));
  expect(await ourAnswer(plain, 'BEGIN DECLARE CONTINUE HANDLER FOR SQLEXCEPTION BEGIN END; END')).toEqual(
    condition('UNSUPPORTED_FEATURE.CONTINUE_EXCEPTION_HANDLER'),
  );
  await plain.close();
});
