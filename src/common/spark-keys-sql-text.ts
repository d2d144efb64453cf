// What SQL text means and what some functions give, under Spark's names; part of spark-keys.ts, as the other settings of SQL.
import { key } from './key.ts';

export const SQL_TEXT_KEYS = {
  sqlEscapedStrings: key({
    name: 'spark.sql.parser.escapedStringLiterals',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'A backslash in a string is a backslash, as before Spark 2.0.',
  }),
  sqlConcatBinaryAsString: key({
    name: 'spark.sql.function.concatBinaryAsString',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: '`concat` and `||` of bytes give text.',
  }),
  sqlEltOutputAsString: key({
    name: 'spark.sql.function.eltOutputAsString',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: '`elt` of bytes gives text.',
  }),
  sqlTimestampType: key({
    name: 'spark.sql.timestampType',
    unit: 'text',
    fallback: 'TIMESTAMP_LTZ',
    since: '0.2',
    doc: 'What the type `TIMESTAMP`, its literals and `to_timestamp` are: `TIMESTAMP_LTZ` or `TIMESTAMP_NTZ`.',
  }),
  sqlSinglePipe: key({
    name: 'spark.sql.parser.singleCharacterPipeOperator.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: '| before the keyword of an operator is |>.',
  }),
  sqlQuotedRegex: key({
    name: 'spark.sql.parser.quotedRegexColumnNames',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Names in backquotes in SELECT lists are patterns of column names.',
  }),
  sqlMapKeyDedupPolicy: key({
    name: 'spark.sql.mapKeyDedupPolicy',
    unit: 'text',
    fallback: 'EXCEPTION',
    since: '0.2',
    doc: 'What a key that is twice in a map means to map, map_concat, map_from_arrays and their kin: `EXCEPTION`, or `LAST_WIN`.',
  }),
} as const;
