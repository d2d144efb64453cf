// Names of data sources → formats. Source: DataSource.lookupDataSource of Spark 4.2.
import { AnalysisException } from '../errors/spark-error.ts';
import type { Scan } from '../logical/plans.ts';

export type FileFormat = Exclude<Scan['format'], 'jdbc'>;

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
  arrow: 'arrow',
  xml: 'xml',
  'com.databricks.spark.xml': 'xml',
  'org.apache.spark.sql.execution.datasources.xml.xmlfileformat': 'xml',
};

/** Formats as Spark's messages call them. */
export const FORMAT_NAMES: Readonly<Record<FileFormat, string>> = {
  parquet: 'Parquet',
  csv: 'CSV',
  json: 'JSON',
  text: 'Text',
  orc: 'ORC',
  binaryFile: 'binaryFile',
  xml: 'XML',
  arrow: 'Arrow',
};

/** @param name as programs write it: `jdbc` */
export const isJdbc = (name: string): boolean =>
  /^(org\.apache\.spark\.sql\.)?(jdbc|execution\.datasources\.jdbc\.jdbcrelationprovider)$/i.test(name);
export const isFileFormat = (name: string): boolean => name.toLowerCase() in FORMATS;

/** Spark's sources that are not here, and why. */
const NOT_HERE: Readonly<Record<string, string>> = {
  orc: 'The ORC format (neither the kernel nor a package of npm reads it; convert the files with Spark, `spark.read.orc(…).write.parquet(…)`, or with pyarrow.orc)',
  avro: 'The Avro format',
  delta: 'The Delta format',
};

/** @throws AnalysisException DATA_SOURCE_NOT_FOUND, NOT_BUILT for those of Spark's that are not here */
export function fileFormat(name: string): FileFormat {
  const format = FORMATS[name.toLowerCase()];
  const why = NOT_HERE[name.toLowerCase()];
  if (why !== undefined) throw new AnalysisException('NOT_BUILT', { feature: why });
  if (format === undefined) throw new AnalysisException('DATA_SOURCE_NOT_FOUND', { provider: name });
  return format;
}
