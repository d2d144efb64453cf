// Questions of scalars.test.ts that are answered otherwise than by the Spark that was asked (4.0.1), each with its reason: a later Spark's answer,
// a quirk of Java's that is not copied, or something that is not built.

/** Functions of other topics, compared in their own tests. */
export const OTHER_TOPICS =
  /\(1, 2\) IN|\b(?:array|map|named_struct|struct|make_interval|current_date|to_date|reverse|randstr|uniform|aes_decrypt|try_aes_decrypt|hll_sketch_agg)\(/i;

export const KNOWN_DIFFERENCES: ReadonlyMap<string, string> = new Map([
  ["SELECT CAST('INTERVAL ''1-2'' YEAR TO MONTH' AS INTERVAL YEAR TO MONTH)", 'Two quotes are one inside of a string since Spark 4.1'],
  ["SELECT CAST('epoch' AS DATE)", 'Not built: special words in a cast of a constant (DATE and TIMESTAMP literals have them)'],
  ["SELECT CAST('epoch' AS TIMESTAMP)", 'Not built: special words in a cast of a constant'],
  ["SELECT CAST('epoch' AS TIMESTAMP_NTZ)", 'Not built: special words in a cast of a constant'],
  ['SELECT CAST(9223372036854775807L AS TIMESTAMP)', "The end of 64 bits is the kernel's infinity"],
  ['SELECT CAST(12345678901234567890.123BD AS TIMESTAMP)', 'Spark wraps around where we say that it overflows'],
  [
    "SELECT CAST(TIMESTAMP '2020-05-06 07:08:09.120' AS FLOAT)",
    'Java 17 does not print the shortest digits of a float; Java 19 does, as we do',
  ],
  ['SELECT CAST(NULL AS ARRAY<INT>)', "Spark's name of it is NULL"],
  ['SELECT 99999999999999999999999999999999999999BD + 1BD', 'Nullability of decimal sums outside of ANSI mode'],
  ['SELECT true = 1', 'The name after a simplification that Spark makes outside of ANSI mode'],
  ['SELECT INTERVAL 1 MONTH 1 DAY', 'The condition has no name in pyspark'],
  ['SELECT 5 % 0', 'Spark 4.2 says REMAINDER_BY_ZERO, as we do'],
  ['SELECT pmod(5, 0)', 'Spark 4.2 says REMAINDER_BY_ZERO, as we do'],
  ["SELECT '2020-01-01' + INTERVAL 1 DAY", 'Not built: a string plus an interval'],
  ['SELECT INTERVAL 106751991 DAY * 2', 'Spark throws a bare ArithmeticException, we CAST_OVERFLOW'],
  ['SELECT round(2147483647, -1)', 'CAST_OVERFLOW instead of ARITHMETIC_OVERFLOW'],
  ['SELECT exp(1)', "The last digit of Java's exp"],
  ['SELECT cosh(1)', "The last digit of Java's cosh"],
  ["SELECT quote('a''b')", 'A function since Spark 4.1'],
  ["SELECT format_string('%d', 'a')", 'Spark throws a bare IllegalArgumentException, we INVALID_PARAMETER_VALUE'],
  ["SELECT format_string('%c', 'a')", 'Spark throws a bare IllegalArgumentException, we INVALID_PARAMETER_VALUE'],
  ["SELECT unbase64('a')", 'Spark throws a bare IllegalArgumentException, we read what is there'],
  ["SELECT to_binary('YWJj', 'base64')", 'Nullability by the format'],
  ["SELECT to_char(DATE '2016-04-08', 'y')", 'Not built: to_char of a date (date_format does it)'],
  ["SELECT to_char(date'2016-04-08', 'y')", 'Not built: to_char of a date (date_format does it)'],
  ["SELECT to_varchar(date'2016-04-08', 'y')", 'Not built: to_varchar of a date'],
  ["SELECT collate('a', 'UTF8_LCASE') = 'A'", 'Not built: collations'],
  ["SELECT COLLATION('Spark SQL' collate UTF8_LCASE)", 'Not built: collations'],
]);
