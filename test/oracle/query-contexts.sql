-- Statements of test/oracle/query-contexts.py: one a paragraph.

SELECT 1/0

SELECT 1 + 2, 7 / (3 - 3), 8 / 4

SELECT a / b, b / a FROM VALUES (1, 0), (2, 1) AS t(a, b)

SELECT 3 div 0

SELECT 2147483647 + 1

SELECT a + 1, a * 2 FROM VALUES (2147483647) AS t(a)

SELECT a - 5 AS x, a + 7 AS y FROM VALUES (-9223372036854775807L) AS t(a)

SELECT 9223372036854775807L * 2L

SELECT -a FROM VALUES (CAST(-2147483648 AS INT)) AS t(a)

SELECT abs(CAST(-2147483648 AS INT))

SELECT CAST('abc' AS INT)

SELECT CAST(s AS INT), CAST(s AS DOUBLE) FROM VALUES ('1'), ('x1') AS t(s)

SELECT CAST('1' AS INT), CAST('2x' AS INT), CAST('3' AS INT)

SELECT '2024-13-01'::date

SELECT CAST('abc' AS BOOLEAN)

SELECT 1 + 'x'

SELECT a > 'x' FROM VALUES (1) AS t(a)

SELECT CAST(array('1', 'b') AS ARRAY<INT>)

SELECT CAST(300 AS TINYINT)

SELECT CAST(123.45 AS DECIMAL(4, 2))

SELECT CAST('123.45' AS DECIMAL(4, 2))

SELECT 127Y + 1Y

SELECT array(1, 2, 3)[5]

SELECT element_at(array(1, 2), 3)

SELECT element_at(array(1, 2), 0)

SELECT (SELECT a FROM VALUES (1), (2) AS t(a)) AS s

SELECT INTERVAL '2' YEAR / 0

SELECT sum(a) FROM VALUES (9223372036854775807L), (1L) AS t(a)

SELECT count(*) FROM VALUES (1, 0) AS t(a, b) WHERE a / b > 1

SELECT a, sum(b) FROM VALUES (1, 'x') AS t(a, b) GROUP BY a

SELECT 'a rather long text before the piece' AS first_column, 1 / 0 AS second_column, 'and a rather long text after it' AS third_column

SELECT
  a,
  CAST(b
    AS INT) AS c
FROM VALUES (1, 'no number') AS t(a, b)

SELECT 'before the piece, 20' AS c, 10 / 0, 'after the piece, 1234' AS d

SELECT 'before the piece, 19' AS c,10 / 0, 'after the piece, 12345' AS d

CREATE VIEW divided AS SELECT a, 10 / a AS tenth FROM VALUES (1), (0) AS t(a)

SELECT a, tenth + 1 FROM divided

SELECT b FROM VALUES (1) AS t(a)

SELECT t.a FROM VALUES (1) AS t(a), VALUES (2) AS u(a) WHERE a > 1

SELECT raise_error('no way')

SELECT assert_true(1 > 2)

SELECT to_date('x', 'yyyy')

SELECT round(127Y, -1)

SELECT elt(4, 'a', 'b')
