// The conditions of the catalogue and of commands: SQLSTATE and the sentence, in Spark 4.2's words. <name> is a parameter.
// Source: error-conditions.json of Spark 4.2. Without a name in Spark, so ours: CATALOG_UNUSABLE.

export const CATALOG_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  CANNOT_MODIFY_CONFIG: ['46110', 'Cannot modify the value of the Spark config: <key>.'],
  CATALOG_NOT_FOUND: ['42P08', 'The catalog <catalogName> not found. Consider to set the SQL config <config> to a catalog plugin.'],
  CATALOG_UNUSABLE: ['58030', 'The catalogue of the warehouse, <path>, cannot be used: <words>. <advice>.'],
  COLUMN_NOT_DEFINED_IN_TABLE: [
    '42703',
    '<colType> column <colName> is not defined in table <tableName>, defined table columns are: <tableCols>.',
  ],
  COLUMN_NOT_FOUND: [
    '42703',
    'The column <colName> cannot be found. Verify the spelling and correctness of the column name according to the SQL config <caseSensitiveConfig>.',
  ],
  CREATE_VIEW_COLUMN_ARITY_MISMATCH: ['21S01', 'Cannot create view <viewName>, the reason is'],
  'CREATE_VIEW_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS': [
    '',
    'not enough data columns:\nView columns: <viewColumns>.\nData columns: <dataColumns>.',
  ],
  'CREATE_VIEW_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS': [
    '',
    'too many data columns:\nView columns: <viewColumns>.\nData columns: <dataColumns>.',
  ],
  EXPECT_TABLE_NOT_VIEW: ['42809', "'<operation>' expects a table but <viewName> is a view."],
  'EXPECT_TABLE_NOT_VIEW.NO_ALTERNATIVE': ['', ''],
  'EXPECT_TABLE_NOT_VIEW.USE_ALTER_VIEW': ['', 'Please use ALTER VIEW instead.'],
  EXPECT_VIEW_NOT_TABLE: ['42809', 'The table <tableName> does not support <operation>.'],
  'EXPECT_VIEW_NOT_TABLE.NO_ALTERNATIVE': ['', ''],
  INCOMPATIBLE_DATA_FOR_TABLE: ['KD000', 'Cannot write incompatible data for the table <tableName>:'],
  'INCOMPATIBLE_DATA_FOR_TABLE.CANNOT_SAFELY_CAST': ['', 'Cannot safely cast <colName> <srcType> to <targetType>.'],
  'INCOMPATIBLE_DATA_FOR_TABLE.EXTRA_COLUMNS': ['', 'Cannot write extra columns <extraColumns>.'],
  INCOMPATIBLE_VIEW_SCHEMA_CHANGE: [
    '51024',
    'The SQL query of view <viewName> has an incompatible schema change and column <colName> cannot be resolved. Expected <expectedNum> columns named <colName> but got <actualCols>.\nPlease try to re-create the view by running: <suggestion>.',
  ],
  INSERT_COLUMN_ARITY_MISMATCH: ['21S01', 'Cannot write to <tableName>, the reason is'],
  'INSERT_COLUMN_ARITY_MISMATCH.NOT_ENOUGH_DATA_COLUMNS': [
    '',
    'not enough data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>.',
  ],
  'INSERT_COLUMN_ARITY_MISMATCH.TOO_MANY_DATA_COLUMNS': [
    '',
    'too many data columns:\nTable columns: <tableColumns>.\nData columns: <dataColumns>.',
  ],
  INVALID_PARTITION_OPERATION: ['42601', 'The partition command is invalid.'],
  'INVALID_PARTITION_OPERATION.PARTITION_SCHEMA_IS_EMPTY': ['', 'Table <name> is not partitioned.'],
  INVALID_PARTITION_SPEC: ['42601', 'The <spec> does not say a value for each of the partition columns (<columns>).'],
  INVALID_SCHEMA_OR_RELATION_NAME: [
    '42602',
    '<name> is not a valid name for tables/schemas. Valid names only contain alphabet characters, numbers and _.',
  ],
  INVALID_TEMP_OBJ_REFERENCE: [
    '42K0F',
    'Cannot create the persistent object <objName> of the type <obj> because it references to the temporary object <tempObjName> of the type <tempObj>. Please make the temporary object <tempObjName> persistent, or make the persistent object <objName> temporary.',
  ],
  LOCATION_ALREADY_EXISTS: [
    '42710',
    'Cannot name the managed table as <identifier>, as its associated location <location> already exists. Please pick a different table name, or remove the existing location first.',
  ],
  NON_PARTITION_COLUMN: ['42000', 'PARTITION clause cannot contain the non-partition column: <columnName>.'],
  NOT_SUPPORTED_CHANGE_COLUMN: [
    '0A000',
    "ALTER TABLE ALTER/CHANGE COLUMN is not supported for changing <table>'s column <originName> with type <originType> to <newName> with type <newType>.",
  ],
  PARTITIONS_ALREADY_EXIST: [
    '428FT',
    'Cannot ADD or RENAME TO partition(s) <partitionList> in table <tableName> because they already exist.\nChoose a different name, drop the existing partition, or add the IF NOT EXISTS clause to tolerate a pre-existing partition.',
  ],
  PARTITIONS_NOT_FOUND: [
    '428FT',
    'The partition(s) <partitionList> cannot be found in table <tableName>.\nVerify the partition specification and table name.\nTo tolerate the error on drop use ALTER TABLE … DROP IF EXISTS PARTITION.',
  ],
  RECURSIVE_VIEW: ['42K0H', 'Recursive view <viewIdent> detected (cycle: <newPath>).'],
  RENAME_TABLE_DATABASE_MISMATCH: ['42602', 'A table cannot be renamed into another database: <source> to <target>.'],
  REQUIRES_SINGLE_PART_NAMESPACE: ['42K05', '<sessionCatalog> requires a single-part namespace, but got <namespace>.'],
  SCHEMA_ALREADY_EXISTS: [
    '42P06',
    'Cannot create schema <schemaName> because it already exists.\nChoose a different name, drop the existing schema, or add the IF NOT EXISTS clause to tolerate pre-existing schema.',
  ],
  SCHEMA_NOT_EMPTY: [
    '2BP01',
    'Cannot drop a schema <schemaName> because it contains objects.\nUse DROP SCHEMA ... CASCADE to drop the schema and all its objects.',
  ],
  SCHEMA_NOT_FOUND: [
    '42704',
    'The schema <schemaName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a catalog, verify the current_schema() output, or qualify the name with the correct catalog.\nTo tolerate the error on drop use DROP SCHEMA IF EXISTS.',
  ],
  TABLE_OR_VIEW_ALREADY_EXISTS: [
    '42P07',
    'Cannot create table or view <relationName> because it already exists.\nChoose a different name, drop or replace the existing object, or add the IF NOT EXISTS clause to tolerate pre-existing objects.',
  ],
  TEMP_TABLE_OR_VIEW_ALREADY_EXISTS: [
    '42P07',
    'Cannot create the temporary view <relationName> because it already exists.\nChoose a different name, drop or replace the existing view,  or add the IF NOT EXISTS clause to tolerate pre-existing views.',
  ],
  UNSET_NONEXISTENT_PROPERTIES: ['42K0J', 'Attempted to unset non-existent properties [<properties>] in table <table>.'],
  'UNSUPPORTED_FEATURE.ANALYZE_VIEW': ['', 'The ANALYZE TABLE command does not support views.'],
  'UNSUPPORTED_FEATURE.DROP_DATABASE': ['', 'Drop the default database <database>.'],
  'UNSUPPORTED_FEATURE.TABLE_OPERATION': [
    '',
    'Table <tableName> does not support <operation>. Please check the current catalog and namespace to make sure the qualified table name is expected, and also check the catalog implementation which is configured by "spark.sql.catalog".',
  ],
  UNSUPPORTED_INSERT: ['42809', "Can't insert into the target."],
  'UNSUPPORTED_INSERT.RDD_BASED': ['', 'An RDD-based table is not allowed.'],
  UNSUPPORTED_OVERWRITE: ['42902', "Can't overwrite the target that is also being read from."],
  'UNSUPPORTED_OVERWRITE.TABLE': ['', 'The target table is <table>.'],
  WRONG_COMMAND_FOR_OBJECT_TYPE: [
    '42809',
    'The operation <operation> requires a <requiredType>. But <objectName> is a <foundType>. Use <alternative> instead.',
  ],
  FORBIDDEN_OPERATION: ['42809', 'The operation <statement> is not allowed on the <objectType>: <objectName>.'],
  NOT_A_PARTITIONED_TABLE: ['42809', 'Operation <operation> is not allowed for <tableIdentWithDB> because it is not a partitioned table.'],
  _LEGACY_ERROR_TEMP_1232: [
    '',
    "Partition spec is invalid. The spec (<specKeys>) must match the partition spec (<partitionColumnNames>) defined in table '<tableName>'.",
  ],
  SHOW_COLUMNS_WITH_CONFLICT_NAMESPACE: ['42K05', 'SHOW COLUMNS with conflicting namespaces: <namespaceA> != <namespaceB>.'],
  _LEGACY_ERROR_TEMP_1273: ['', '<table> is a Spark data source table. Use `SHOW CREATE TABLE` without `AS SERDE` instead.'],
  _LEGACY_ERROR_TEMP_1249: [
    '',
    'Operation not allowed: ALTER TABLE SET [SERDE | SERDEPROPERTIES] for a specific partition is not supported for tables created with the datasource API: <tableName>.',
  ],
  _LEGACY_ERROR_TEMP_1266: ['', 'LOAD DATA is not supported for datasource tables: <tableIdentWithDB>.'],
};
