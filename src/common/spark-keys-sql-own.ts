// Settings of SQL that Spark has not; part of spark-keys.ts.
import { key } from './key.ts';

export const SQL_OWN_KEYS = {
  sqlCollapseBytes: key({
    name: 'spark.emberloom.sql.collapseBytes',
    unit: 'bytes',
    fallback: '64m',
    since: '0.2',
    doc: 'A query over less input is computed whole by one task on executors; on local masters all are, in the driver, unless this is set.',
  }),
  sqlExtensionsDirectory: key({
    name: 'spark.emberloom.sql.extensionsDirectory',
    unit: 'text',
    fallback: undefined,
    since: '0.2',
    doc: "Folder with the SQL kernel's extensions (`httpfs.duckdb_extension` …) on every node. Default: $EMBERLOOM_EXTENSIONS, else where `emberloom extensions install` puts them.",
  }),
  sqlValueRanges: key({
    name: 'spark.emberloom.sql.valueRanges.enabled',
    unit: 'bool',
    fallback: 'true',
    since: '0.2',
    doc: 'Parquet files that lie in the order of a whole-number key are cut into tasks by its values, so that joins and groupings by it move no rows; false: by rows.',
  }),
};
