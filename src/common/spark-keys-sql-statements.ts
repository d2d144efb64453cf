// Settings of SQL statements: scripts, views, buckets; part of spark-keys.ts. See spark-keys-sql.ts.
import { key } from './key.ts';

export const SQL_STATEMENT_KEYS = {
  sqlCursors: key({
    name: 'spark.sql.scripting.cursorEnabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Scripts may DECLARE cursors.',
  }),
  sqlContinueHandlers: key({
    name: 'spark.sql.scripting.continueHandlerEnabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'Scripts may DECLARE CONTINUE HANDLER.',
  }),
  sqlViewSchemaBinding: key({
    name: 'spark.sql.legacy.viewSchemaBindingMode',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Views have a schema mode (WITH SCHEMA …); false: the clause is refused.',
  }),
  sqlViewSchemaCompensation: key({
    name: 'spark.sql.legacy.viewSchemaCompensation',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: "Views without WITH SCHEMA cast their query's columns to what they were; false: only where nothing is lost.",
  }),
  sqlMaxBuckets: key({
    name: 'spark.sql.sources.bucketing.maxBuckets',
    unit: 'count',
    fallback: '100000',
    since: '0.2',
    doc: 'Most buckets of a table.',
  }),
  sqlTransposeMaxValues: key({
    name: 'spark.sql.transposeMaxValues',
    unit: 'count',
    fallback: '500',
    since: '0.2',
    doc: 'Most rows that transpose makes columns of.',
  }),
} as const;
