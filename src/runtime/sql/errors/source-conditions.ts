// The conditions of data sources and of writing: SQLSTATE and the sentence, in Spark 4.2's words. <name> is a parameter.
// Source: error-conditions.json of Spark 4.2. Without a name in Spark, so ours: those of Arrow files, BUCKET_COLUMN_IS_PARTITION_COLUMN, CANNOT_LIST_PATH,
// FAILED_JDBC, FAILED_OBJECT_STORE, INVALID_JDBC_OPTIONS, INVALID_SOURCE_OPTION, MISMATCHED_TABLE_BUCKETING, PARTITION_COLUMN_NOT_FOUND, TEXT_SINGLE_COLUMN.

export const SOURCE_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  ALL_PARTITION_COLUMNS_NOT_ALLOWED: ['KD005', 'Cannot use all columns for partition columns.'],
  BUCKET_COLUMN_IS_PARTITION_COLUMN: ['42601', "The <kind> column '<column>' should not be part of the partition columns '<partitions>'."],
  CANNOT_LIST_PATH: ['58030', 'The folder <path> cannot be read: <message>.'],
  CANNOT_MERGE_SCHEMAS: [
    '42KD9',
    'Failed merging schemas:\nInitial schema:\n<left>\nSchema that cannot be merged with the initial schema:\n<right>.',
  ],
  CODEC_NOT_AVAILABLE: ['56038', 'The codec <codecName> is not available.'],
  'CODEC_NOT_AVAILABLE.WITH_AVAILABLE_CODECS_SUGGESTION': ['', 'Available codecs are <availableCodecs>.'],
  COLUMN_ALREADY_EXISTS: ['42711', 'The column <columnName> already exists. Choose another name or rename the existing column.'],
  CONFLICTING_PARTITION_COLUMN_NAMES: [
    'KD009',
    'Conflicting partition column names detected:\n<distinctPartColLists>\nFor partitioned table directories, data files should only live in leaf directories.\nAnd directories at the same level should have the same partition column name.\nPlease check the following directories for unexpected files or inconsistent partition column names:\n<suspiciousPaths>',
  ],
  DATA_SOURCE_NOT_FOUND: [
    '42K02',
    'Failed to find the data source: <provider>. Make sure the provider name is correct and the package is properly registered and compatible with your Spark version.',
  ],
  FAILED_JDBC: ['58030', 'The database <url> answers: <words>'],
  FAILED_OBJECT_STORE: ['58030', 'The store <endpoint> refuses <path>: <words>.'],
  FAILED_READ_FILE: ['KD001', 'Encountered error while reading file <path>.'],
  'FAILED_READ_FILE.ARROW_COLUMN_DATA_TYPE_MISMATCH': [
    '',
    'Data type mismatches when reading Arrow column <column>. Expected Spark type <expectedType>, actual Arrow type <actualType>.',
  ],
  'FAILED_READ_FILE.CANNOT_READ_ARROW': [
    '',
    "It cannot be read as a file or a stream of Arrow's IPC format: <detail>. Where it was cut off or damaged, write it again, or leave such files out by spark.sql.files.ignoreCorruptFiles; columns of types that Spark does not have can be left out or cast by whoever writes it (pyarrow: table.select, column.cast).",
  ],
  'FAILED_READ_FILE.CORRUPT_COMPRESSED': [
    '',
    'What is compressed in it does not come to its end: <detail>. The file was cut off or damaged.',
  ],
  'FAILED_READ_FILE.NO_HINT': ['', ''],
  'FAILED_READ_FILE.PARQUET_COLUMN_DATA_TYPE_MISMATCH': [
    '',
    'Data type mismatches when reading Parquet column <column>. Expected Spark type <expectedType>, actual Parquet type <actualType>.',
  ],
  INVALID_BUCKET_COUNT: [
    '22003',
    'Number of buckets should be greater than 0 but less than or equal to bucketing.maxBuckets (`<bucketingMaxBuckets>`). Got `<numBuckets>`.',
  ],
  INVALID_JDBC_OPTIONS: ['42616', '<reason>'],
  INVALID_SOURCE_OPTION: ['42616', 'The option <option> cannot be <value>. Expected is <expected>.'],
  MISMATCHED_TABLE_BUCKETING: [
    '42601',
    'Specified bucketing does not match that of the existing table <tableName>.\nSpecified bucketing: <specifiedBucketString>.\nExisting bucketing: <existingBucketString>.',
  ],
  XML_ROW_TAG_MISSING: ['42KDF', '<rowTag> option is required for reading/writing files in XML format.'],
  PARQUET_TYPE_ILLEGAL: ['42846', 'Illegal Parquet type: <parquetType>.'],
  PARTITION_COLUMN_NOT_FOUND: ['42703', 'Partition column <column> not found in schema <schema>.'],
  PATH_ALREADY_EXISTS: ['42K04', 'Path <outputPath> already exists. Set mode as "overwrite" to overwrite the existing path.'],
  PATH_NOT_FOUND: ['42K03', 'Path does not exist: <path>.'],
  SORT_BY_WITHOUT_BUCKETING: ['42601', 'sortBy must be used together with bucketBy.'],
  TEXT_SINGLE_COLUMN: ['0A000', 'Text data source supports only a single column, and you have <count> columns.'],
  UNABLE_TO_INFER_SCHEMA: ['42KD9', 'Unable to infer schema for <format>. It must be specified manually.'],
  UNSUPPORTED_DATA_TYPE_FOR_DATASOURCE: [
    '0A000',
    "The <format> datasource doesn't support the column <columnName> of the type <columnType>.",
  ],
  'UNSUPPORTED_FEATURE.QUERY_ONLY_CORRUPT_RECORD_COLUMN': [
    '',
    'Queries from raw JSON/CSV/XML files are disallowed when the referenced columns only include the internal corrupt record column (named `_corrupt_record` by default). For example: `spark.read.schema(schema).json(file).filter($"_corrupt_record".isNotNull).count()` and `spark.read.schema(schema).json(file).select("_corrupt_record").show()`. Instead, you can cache or save the parsed results and then send the same query.',
  ],
  _LEGACY_ERROR_TEMP_1141: ['0A000', 'Cannot write into v1 table: <quoted>.'],
  _LEGACY_ERROR_TEMP_1312: ['0A000', "'<operation>' does not support bucketBy right now."],
  _LEGACY_ERROR_TEMP_1313: ['0A000', "'<operation>' does not support bucketBy and sortBy right now."],
};
