// The conditions that relations end in (joins, set operations, pivots, generators, limits): SQLSTATE and the sentence, in Spark 4.2's words.
// Source: error-conditions.json of Spark. Groups, windows, subqueries: group-conditions.ts.

export const QUERY_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  AMBIGUOUS_COLUMN_OR_FIELD: ['42702', 'Column or field <name> is ambiguous and has <n> matches.'],
  AMBIGUOUS_LATERAL_COLUMN_ALIAS: ['42702', 'Lateral column alias <name> is ambiguous and has <n> matches.'],
  AMBIGUOUS_REFERENCE_TO_FIELDS: ['42000', 'Ambiguous reference to the field <field>. It appears <count> times in the schema.'],
  CANNOT_RESOLVE_STAR_EXPAND: [
    '42704',
    'Cannot resolve <targetString>.* given input columns <columns>. Please check that the specified table or struct exists and is accessible in the input columns.',
  ],
  FAILED_EXECUTE_UDF: ['39000', 'User defined function (<functionName>: (<signature>) => <result>) failed due to: <reason>.'],
  FAILED_FUNCTION_CALL: ['38000', "Failed preparing of the function <funcName> for call. Please, double check function's arguments."],
  FIELD_NOT_FOUND: ['42704', 'No such struct field <fieldName> in <fields>.'],
  INCOMPARABLE_PIVOT_COLUMN: ['42818', 'Invalid pivot column <columnName>. Pivot columns must be comparable.'],
  INCOMPATIBLE_COLUMN_TYPE: [
    '42825',
    '<operator> can only be performed on tables with compatible column types. The <columnOrdinalNumber> column of the <tableOrdinalNumber> table is <dataType1> type which is not compatible with <dataType2> at the same column of the first table.<hint>.',
  ],
  INVALID_AGGREGATE_FILTER: ['42903', 'The FILTER expression <filterExpr> in an aggregate function is invalid.'],
  'INVALID_AGGREGATE_FILTER.CONTAINS_AGGREGATE': ['', 'Expected a FILTER expression without an aggregation, but found <aggExpr>.'],
  INVALID_EXTRACT_BASE_FIELD_TYPE: [
    '42000',
    "Can't extract a value from <base>. Need a complex type [STRUCT, ARRAY, MAP] but got <other>.",
  ],
  INVALID_EXTRACT_FIELD_TYPE: ['42000', "Field name should be a non-null string literal, but it's <extraction>."],
  'INVALID_INLINE_TABLE.CANNOT_EVALUATE_EXPRESSION_IN_INLINE_TABLE': [
    '',
    'Cannot evaluate the expression <expr> in inline table definition.',
  ],
  'INVALID_INLINE_TABLE.INCOMPATIBLE_TYPES_IN_INLINE_TABLE': ['', 'Found incompatible types in the column <colName> for inline table.'],
  INVALID_LAMBDA_FUNCTION_CALL: ['42K0D', 'Invalid lambda function call.'],
  'INVALID_LAMBDA_FUNCTION_CALL.DUPLICATE_ARG_NAMES': [
    '',
    'The lambda function has duplicate arguments <args>. Please, consider to rename the argument names or set <caseSensitiveConfig> to "true".',
  ],
  'INVALID_LAMBDA_FUNCTION_CALL.NON_HIGHER_ORDER_FUNCTION': [
    '',
    'A lambda function should only be used in a higher order function. However, its class is <class>, which is not a higher order function.',
  ],
  'INVALID_LAMBDA_FUNCTION_CALL.NUM_ARGS_MISMATCH': [
    '',
    'A higher order function expects <expectedNumArgs> arguments, but got <actualNumArgs>.',
  ],
  INVALID_LIMIT_LIKE_EXPRESSION: ['42K0E', 'The limit like expression <expr> is invalid.'],
  'INVALID_LIMIT_LIKE_EXPRESSION.DATA_TYPE': ['', 'The <name> expression must be integer type, but got <dataType>.'],
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_NEGATIVE': ['', 'The <name> expression must be equal to or greater than 0, but got <v>.'],
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_NULL': ['', 'The evaluated <name> expression must not be null.'],
  'INVALID_LIMIT_LIKE_EXPRESSION.IS_UNFOLDABLE': ['', 'The <name> expression must evaluate to a constant value.'],
  INVALID_SCHEMA: ['42K07', 'The input schema <inputSchema> is not a valid schema string.'],
  PARSE_MODE_UNSUPPORTED: [
    '42601',
    "The function <funcName> doesn't support the <mode> mode. Acceptable modes are PERMISSIVE and FAILFAST.",
  ],
  'INVALID_SCHEMA.NON_STRUCT_TYPE': ['', 'The input expression should be evaluated to struct type, but got <dataType>.'],
  INVALID_USAGE_OF_STAR_OR_REGEX: ['42000', 'Invalid usage of <elem> in <prettyName>.'],
  INVALID_WHERE_CONDITION: [
    '42903',
    'The WHERE condition <condition> contains invalid expressions: <expressionList>.\nRewrite the query to avoid window functions, aggregate functions, and generator functions in the WHERE clause.',
  ],
  MULTI_SOURCES_UNSUPPORTED_FOR_EXPRESSION: ['42K0E', 'The expression <expr> does not support more than one source.'],
  MULTI_ALIAS_WITHOUT_GENERATOR: ['42K0E', 'Multi part aliasing (<names>) is not supported with <expr> as it is not a generator function.'],
  NON_LITERAL_PIVOT_VALUES: ['42K08', 'Literal expressions required for pivot values, found <expression>.'],
  NOT_A_CONSTANT_STRING: [
    '42601',
    'The expression <expr> used for the routine or clause <name> must be a constant STRING which is NOT NULL.',
  ],
  'NOT_A_CONSTANT_STRING.NOT_CONSTANT': [
    '',
    'To be considered constant the expression must not depend on any columns, contain a subquery, or invoke a non deterministic function such as rand().',
  ],
  'NOT_A_CONSTANT_STRING.NULL': ['', 'The expression evaluates to NULL.'],
  'NOT_A_CONSTANT_STRING.WRONG_TYPE': ['', 'The data type of the expression is <dataType>.'],
  NULLABLE_COLUMN_OR_FIELD: ['42000', "Column or field <name> is nullable while it's required to be non-nullable."],
  NUM_COLUMNS_MISMATCH: [
    '42826',
    '<operator> can only be performed on inputs with the same number of columns, but the first input has <firstNumColumns> columns and the <invalidOrdinalNum> input has <invalidNumColumns> columns.',
  ],
  ORDER_BY_POS_OUT_OF_RANGE: ['42805', 'ORDER BY position <index> is not in select list (valid range is [1, <size>]).'],
  PIPE_OPERATOR_CONTAINS_AGGREGATE_FUNCTION: [
    '0A000',
    'Aggregate function <expr> is not allowed when using the pipe operator |> <clause> clause; please use the pipe operator |> AGGREGATE clause instead.',
  ],
  PIVOT_VALUE_DATA_TYPE_MISMATCH: [
    '42K09',
    "Invalid pivot value '<value>': value data type <valueType> does not match pivot column data type <pivotType>.",
  ],
  UDTF_ALIAS_NUMBER_MISMATCH: [
    '42802',
    'The number of aliases supplied in the AS clause does not match the number of columns output by the UDTF.\nExpected <aliasesSize> aliases, but got <aliasesNames>.\nPlease ensure that the number of aliases provided matches the number of columns output by the UDTF.',
  ],
  UNBOUND_SQL_PARAMETER: [
    '42P02',
    'Found the unbound parameter: <name>. Please, fix `args` and provide a mapping of the parameter to either a SQL literal or collection constructor functions such as `map()`, `array()`, `struct()`.',
  ],
  UNEXPECTED_INPUT_TYPE: [
    '42K09',
    'Parameter <paramIndex> of function <functionName> requires the <requiredType> type, however <inputSql> has the type <inputType>.',
  ],
  UNPIVOT_REQUIRES_VALUE_COLUMNS: ['42K0A', 'At least one value column needs to be specified for UNPIVOT, all columns specified as ids.'],
  UNPIVOT_VALUE_DATA_TYPE_MISMATCH: ['42K09', 'Unpivot value columns must share a least common type, some types do not: [<types>].'],
  UNPIVOT_VALUE_SIZE_MISMATCH: ['428C4', 'All unpivot value columns must have the same size as there are value column names (<names>).'],
  TABLE_VALUED_FUNCTION_FAILED_TO_ANALYZE_IN_PYTHON: ['38000', 'Failed to analyze the user defined table function: <msg>'],
  TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INCOMPATIBLE_WITH_CALL: [
    '22023',
    'Failed to evaluate the table function <functionName> because its table metadata <requestedMetadata>, but the function call <invalidFunctionCallProperty>.',
  ],
  TABLE_VALUED_FUNCTION_REQUIRED_METADATA_INVALID: [
    '22023',
    'Failed to evaluate the table function <functionName> because its table metadata was invalid; <reason>.',
  ],
  UDTF_EVAL_METHOD_ARGUMENTS_DO_NOT_MATCH_SIGNATURE: [
    '22023',
    "Failed to evaluate the user-defined table function '<name>' because the function arguments did not match the expected signature of the 'eval' method (<reason>). Please update the query so that this table function call provides arguments matching the expected signature, or else update the table function so that its 'eval' method accepts the provided arguments, and then try the query again.",
  ],
  UDTF_INVALID_ALIAS_IN_REQUESTED_ORDERING_STRING_FROM_ANALYZE_METHOD: [
    '42802',
    "Failed to evaluate the user-defined table function because its 'analyze' method returned a requested OrderingColumn whose column name expression included an unnecessary alias <aliasName>; please remove this alias and then try the query again.",
  ],
  UDTF_INVALID_REQUESTED_SELECTED_EXPRESSION_FROM_ANALYZE_METHOD_REQUIRES_ALIAS: [
    '42802',
    "Failed to evaluate the user-defined table function because its 'analyze' method returned a requested 'select' expression (<expression>) that does not include a corresponding alias; please update the UDTF to specify an alias there and then try the query again.",
  ],
  TABLE_VALUED_FUNCTION_TOO_MANY_TABLE_ARGUMENTS: [
    '54023',
    'There are too many table arguments for table-valued function.\nIt allows one table argument, but got: <num>.\nIf you want to allow it, please set "spark.sql.allowMultipleTableArguments.enabled" to "true"',
  ],
  UNRESOLVABLE_TABLE_VALUED_FUNCTION: [
    '42883',
    'Could not resolve <name> to a table-valued function.\nPlease make sure that <name> is defined as a table-valued function and that all required parameters are provided correctly.\nIf <name> is not defined, please create the table-valued function before using it.\nFor more information about defining table-valued functions, please refer to the Apache Spark documentation.',
  ],
  UNRESOLVED_USING_COLUMN_FOR_JOIN: [
    '42703',
    'USING column <colName> cannot be resolved on the <side> side of the join. The <side>-side columns: [<suggestion>].',
  ],
  'UNSUPPORTED_FEATURE.SET_OPERATION_ON_MAP_TYPE': [
    '',
    'Cannot have MAP type columns in DataFrame which calls set operations (INTERSECT, EXCEPT, etc.), but the type of column <colName> is <dataType>.',
  ],
  'UNSUPPORTED_FEATURE.TIME_TRAVEL': ['', 'Time travel on the relation: <relationId>.'],
  UNSUPPORTED_GENERATOR: ['42K0E', 'The generator is not supported:'],
  'UNSUPPORTED_GENERATOR.MULTI_GENERATOR': ['', 'only one generator allowed per SELECT clause but found <num>: <generators>.'],
  'UNSUPPORTED_GENERATOR.NESTED_IN_EXPRESSIONS': ['', 'nested in expressions <expression>.'],
  'UNSUPPORTED_GENERATOR.NOT_GENERATOR': [
    '',
    '<functionName> is expected to be a generator. However, its class is <classCanonicalName>, which is not a generator.',
  ],
  _LEGACY_ERROR_TEMP_1006: ['', "Aggregate expression required for pivot, but '<sql>' did not appear in any aggregate function."],
  CANNOT_MERGE_INCOMPATIBLE_DATA_TYPE: [
    '42825',
    'Failed to merge incompatible data types <left> and <right>. Please check the data types of the columns being merged and ensure that they are compatible. If necessary, consider casting the columns to compatible data types before attempting the merge.',
  ],
  'FAILED_READ_FILE.CANNOT_READ_FILE_FOOTER': [
    '',
    'Could not read footer. Please ensure that the file is in either ORC or Parquet format.\nIf not, please convert it to a valid format. If the file is in the valid format, please check if it is corrupt.\nIf it is, you can choose to either ignore it or fix the corruption.',
  ],
  'FAILED_READ_FILE.FILE_NOT_EXIST': [
    '',
    "File does not exist. It is possible the underlying files have been updated.\nYou can explicitly invalidate the cache in Spark by running 'REFRESH TABLE tableName' command in SQL or by recreating the Dataset/DataFrame involved.",
  ],
  TASK_WRITE_FAILED: ['58030', 'Task failed while writing rows to <path>.'],
  'USER_DEFINED_FUNCTIONS.NOT_NULL_ON_FUNCTION_PARAMETERS': ['', 'Cannot specify NOT NULL on function parameters: <input>'],
  _LEGACY_ERROR_TEMP_1210: ['', 'The second argument in <funcName> should be a boolean literal.'],
  _LEGACY_ERROR_TEMP_1201: ['', 'Cannot resolve column name "<colName>" among (<fieldNames>).'],
};
