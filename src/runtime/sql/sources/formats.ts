// Names of data sources → formats. Source: DataSource.lookupDataSource of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Scan } from '../logical/plans.ts';

export type FileFormat = Exclude<Scan['format'], 'arrow'>;

const FORMATS: Readonly<Record<string, FileFormat>> = {
  parquet: 'parquet',
  'org.apache.spark.sql.parquet': 'parquet',
  'org.apache.spark.sql.execution.datasources.parquet.parquetfileformat': 'parquet',
  csv: 'csv',
  'com.databricks.spark.csv': 'csv',
  'org.apache.spark.sql.execution.datasources.csv.csvfileformat': 'csv',
  json: 'json',
  'org.apache.spark.sql.json': 'json',
  'org.apache.spark.sql.execution.datasources.json.jsonfileformat': 'json',
  text: 'text',
  orc: 'orc',
  binaryfile: 'binaryFile',
};

/** Formats as Spark's messages call them. */
export const FORMAT_NAMES: Readonly<Record<FileFormat, string>> = {
  parquet: 'Parquet',
  csv: 'CSV',
  json: 'JSON',
  text: 'Text',
  orc: 'ORC',
  binaryFile: 'binaryFile',
};

export const isFileFormat = (name: string): boolean => name.toLowerCase() in FORMATS;

/** @throws AnalysisException DATA_SOURCE_NOT_FOUND, NOT_BUILT for ORC */
export function fileFormat(name: string): FileFormat {
  const format = FORMATS[name.toLowerCase()];
  if (format === undefined) throw new AnalysisException('DATA_SOURCE_NOT_FOUND', { provider: name });
  if (format === 'orc') throw new AnalysisException('NOT_BUILT', { feature: 'The ORC format' });
  return format;
}
