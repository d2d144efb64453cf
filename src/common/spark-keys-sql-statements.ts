// Settings of SQL statements: scripts, views, buckets, the path; part of spark-keys.ts. See spark-keys-sql.ts.
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
  sqlDefaultPath: key({
    name: 'spark.sql.defaultPath',
    unit: 'text',
    fallback: '',
    since: '0.2',
    doc: 'Where names of one part are looked up while no SET PATH has said it: schemas with their catalogue, separated by commas, CURRENT_SCHEMA, SYSTEM_PATH. Empty: `system.builtin`, `system.session` and the current schema.',
  }),
  sqlPathEnabled: key({
    name: 'spark.sql.path.enabled',
    unit: 'bool',
    fallback: 'false',
    since: '0.2',
    doc: 'SET PATH and `spark.sql.defaultPath` are taken.',
  }),
  sqlSessionOrder: key({
    name: 'spark.sql.functionResolution.sessionOrder',
    unit: 'text',
    fallback: 'second',
    since: '0.2',
    doc: 'Where `system.session` stands in the default path: `first`, `second` (behind functions of ours) or `last`.',
  }),
  sqlBucketing: key({
    name: 'spark.sql.sources.bucketing.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: "Joins and aggregates by the columns of a table's buckets leave its rows where they are, and equality reads one bucket.",
  }),
} as const;
