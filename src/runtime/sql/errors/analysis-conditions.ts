// The conditions that analysis and execution can end in: SQLSTATE and the sentence, in Spark 4.2's words. <name> is a parameter.
// Sub-conditions stand after their main condition's sentence. Source: error-conditions.json of Spark 4.2.

export const ANALYSIS_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  AMBIGUOUS_REFERENCE: ['42704', 'Reference <name> is ambiguous, could be: <referenceNames>.'],
  ARITHMETIC_OVERFLOW: ['22003', '<message>.<alternative> If necessary set <config> to "false" to bypass this error.'],
  CANNOT_UP_CAST_DATATYPE: ['42846', 'Cannot up cast <expression> from <sourceType> to <targetType>.\n<details>'],
  CAST_INVALID_INPUT: [
    '22018',
    'The value <expression> of the type <sourceType> cannot be cast to <targetType> because it is malformed. Correct the value as per the syntax, or change its target type. Use `try_cast` to tolerate malformed input and return NULL instead.',
  ],
  CAST_OVERFLOW: [
    '22003',
    'The value <value> of the type <sourceType> cannot be cast to <targetType> due to an overflow. Use `try_cast` to tolerate overflow and return NULL instead.',
  ],
  DATATYPE_MISMATCH: ['42K09', 'Cannot resolve <sqlExpr> due to data type mismatch:'],
  'DATATYPE_MISMATCH.BINARY_OP_DIFF_TYPES': [
    '',
    'the left and right operands of the binary operator have incompatible types (<left> and <right>).',
  ],
  'DATATYPE_MISMATCH.BINARY_OP_WRONG_TYPE': ['', 'the binary operator requires the input type <inputType>, not <actualDataType>.'],
  'DATATYPE_MISMATCH.CAST_WITHOUT_SUGGESTION': ['', 'cannot cast <srcType> to <targetType>.'],
  'DATATYPE_MISMATCH.DATA_DIFF_TYPES': ['', "Input to <functionName> should all be the same type, but it's <dataType>."],
  'DATATYPE_MISMATCH.UNEXPECTED_INPUT_TYPE': [
    '',
    'The <paramIndex> parameter requires the <requiredType> type, however <inputSql> has the type <inputType>.',
  ],
  DIVIDE_BY_ZERO: [
    '22012',
    'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "false" to bypass this error.',
  ],
  DRIVER_OUT_OF_MEMORY: [
    '53200',
    'The rows of the result do not fit in the heap of the driver: <rows> rows so far, <used> of <limit>. Give it more (--driver-memory), ask for fewer rows, or read them one by one (toLocalIterator).',
  ],
  KERNEL_OUT_OF_DISK: [
    '53100',
    'The query spills more than the disk holds: <words> Give it more memory, or a larger disk (spark.local.dir; in a container the local-dirs of its NodeManager).',
  ],
  KERNEL_OUT_OF_MEMORY: [
    '53200',
    'The memory of the query is not enough: <words> Give it more (spark.executor.memory, on local masters spark.driver.memory) or the query more partitions.',
  ],
  MISSING_AGGREGATION: [
    '42803',
    'The non-aggregating expression <expression> is based on columns which are not participating in the GROUP BY clause.\nAdd the columns or the expression to the GROUP BY, aggregate the expression, or use <expressionAnyValue> if you do not care which of the values within a group is returned.',
  ],
  NOT_BUILT: ['0A000', '<feature> is not built in Emberloom yet.'],
  TABLE_OR_VIEW_NOT_FOUND: [
    '42P01',
    'The table or view <relationName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VIEW IF EXISTS or DROP TABLE IF EXISTS.',
  ],
  UNRESOLVED_COLUMN: ['42703', 'A column, variable, or function parameter with name <objectName> cannot be resolved.'],
  'UNRESOLVED_COLUMN.WITHOUT_SUGGESTION': ['', ''],
  'UNRESOLVED_COLUMN.WITH_SUGGESTION': ['', 'Did you mean one of the following? [<proposal>].'],
  UNRESOLVED_ROUTINE: ['42883', 'Cannot resolve routine <routineName> on search path <searchPath>.'],
  UNSUPPORTED_DESERIALIZER: ['0A000', 'The deserializer is not supported:'],
  'UNSUPPORTED_DESERIALIZER.FIELD_NUMBER_MISMATCH': [
    '',
    'try to map <schema> to Tuple<ordinal>, but failed as the number of fields does not line up.',
  ],
  WRONG_NUM_ARGS: ['42605', 'The <functionName> requires <expectedNum> parameters but the actual number is <actualNum>.'],
  'WRONG_NUM_ARGS.WITH_SUGGESTION': [
    '',
    'If you have to call this function with <legacyNum> parameters, set the legacy configuration <legacyConfKey> to <legacyConfValue>.',
  ],
  'WRONG_NUM_ARGS.WITHOUT_SUGGESTION': ['', "Please, refer to 'https://spark.apache.org/docs/latest/sql-ref-functions.html' for a fix."],
  'DATATYPE_MISMATCH.CANNOT_DROP_ALL_FIELDS': ['', 'Cannot drop all fields in struct.'],
  'DATATYPE_MISMATCH.FILTER_NOT_BOOLEAN': ['', 'Filter expression <filter> of type <type> is not a boolean.'],
  'DATATYPE_MISMATCH.INVALID_ORDERING_TYPE': ['', 'The <functionName> does not support ordering on type <dataType>.'],
  'DATATYPE_MISMATCH.IN_SUBQUERY_DATA_TYPE_MISMATCH': [
    '',
    'The data type of one or more elements in the left hand side of an IN subquery is not compatible with the data type of the output of the subquery. Mismatched columns: [<mismatchedColumns>], left side: [<leftType>], right side: [<rightType>].',
  ],
  'DATATYPE_MISMATCH.IN_SUBQUERY_LENGTH_MISMATCH': [
    '',
    'The number of columns in the left hand side of an IN subquery does not match the number of columns in the output of subquery. Left hand side columns(length: <leftLength>): [<leftColumns>], right hand side columns(length: <rightLength>): [<rightColumns>].',
  ],
  'DATATYPE_MISMATCH.RANGE_FRAME_INVALID_TYPE': [
    '',
    'The data type <orderSpecType> used in the order specification does not support the data type <valueBoundaryType> which is used in the range frame.',
  ],
  'DATATYPE_MISMATCH.RANGE_FRAME_MULTI_ORDER': [
    '',
    'A range window frame with value boundaries cannot be used in a window specification with multiple order by expressions: <orderSpec>.',
  ],
  'DATATYPE_MISMATCH.RANGE_FRAME_WITHOUT_ORDER': ['', 'A range window frame cannot be used in an unordered window specification.'],
  'DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_UNACCEPTED_TYPE': [
    '',
    'The data type of the <location> bound <exprType> does not match the expected data type <expectedType>.',
  ],
  'DATATYPE_MISMATCH.SPECIFIED_WINDOW_FRAME_WRONG_COMPARISON': [
    '',
    'The lower bound of a window frame must be <comparison> to the upper bound.',
  ],
  'DATATYPE_MISMATCH.CAST_WITH_CONF_SUGGESTION': [
    '',
    'cannot cast <srcType> to <targetType> with ANSI mode on.\nIf you have to cast <srcType> to <targetType>, you can set <config> as <configVal>.',
  ],
  'DATATYPE_MISMATCH.CAST_WITH_FUNC_SUGGESTION': [
    '',
    'cannot cast <srcType> to <targetType>.\nTo convert values from <srcType> to <targetType>, you can use the functions <functionNames> instead.',
  ],
  'DATATYPE_MISMATCH.NON_STRING_TYPE': ['', 'all arguments of the function <funcName> must be strings.'],
  'DATATYPE_MISMATCH.UNEXPECTED_RETURN_TYPE': [
    '',
    'The <functionName> requires return <expectedType> type, but the actual is <actualType> type.',
  ],
  'DATATYPE_MISMATCH.NON_FOLDABLE_INPUT': [
    '',
    'the input <inputName> should be a foldable <inputType> expression; however, got <inputExpr>.',
  ],
};
