// The conditions that variables of a session, EXECUTE IMMEDIATE and functions written in SQL can end in. Beside analysis-conditions.ts; the same form.
// Source: error-conditions.json of Spark 4.2.

export const SESSION_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  ALL_PARAMETERS_MUST_BE_NAMED: [
    '07001',
    'Using name parameterized queries requires all parameters to be named. Parameters missing names: <exprs>.',
  ],
  ASSIGNMENT_ARITY_MISMATCH: [
    '42802',
    'The number of columns or variables assigned or aliased: <numTarget> does not match the number of source expressions: <numExpr>.',
  ],
  CYCLIC_FUNCTION_REFERENCE: ['42887', 'Cyclic function reference detected: <path>.'],
  DUPLICATE_ASSIGNMENTS: ['42701', 'The columns or variables <nameList> appear more than once as assignment targets.'],
  DUPLICATE_ROUTINE_PARAMETER_NAMES: [
    '42734',
    'Found duplicate name(s) in the parameter list of the user-defined routine <routineName>: <names>.',
  ],
  DUPLICATE_ROUTINE_RETURNS_COLUMNS: [
    '42711',
    'Found duplicate column(s) in the RETURNS clause column list of the user-defined routine <routineName>: <columns>.',
  ],
  DUPLICATE_SQL_PATH_ENTRY: ['42732', 'The SQL path has the entry <pathEntry> more than once.'],
  DUPLICATE_VARIABLE_NAME_INSIDE_DECLARE: [
    '42734',
    'Found duplicate variable <variableName> in the declare list. Please, remove one of them.',
  ],
  INVALID_CONF_VALUE: ['22022', 'The value \'<confValue>\' in the config "<confName>" is invalid.'],
  'INVALID_CONF_VALUE.REQUIREMENT': ['', '<confRequirement>'],
  'INVALID_CONF_VALUE.TIME_ZONE': ['', 'Cannot resolve the given timezone.'],
  INVALID_DEFAULT_VALUE: [
    '42623',
    'Failed to execute <statement> command because the destination column or variable <colName> has a DEFAULT value <defaultValue>,',
  ],
  'INVALID_DEFAULT_VALUE.SUBQUERY_EXPRESSION': ['', 'which contains subquery expressions.'],
  INVALID_EXPR_TYPE_FOR_QUERY_EXECUTE_IMMEDIATE: ['42K09', 'Expression type must be string type but got <exprType>.'],
  INVALID_QUERY_MIXED_QUERY_PARAMETERS: ['42613', 'Parameterized query must either use positional, or named parameters, but not both.'],
  INVALID_SQL_FUNCTION_DATA_ACCESS: [
    '42K0E',
    'Cannot create a SQL function with CONTAINS SQL that accesses a table/view or a SQL function that reads SQL data. Please use READS SQL DATA instead.',
  ],
  INVALID_STATEMENT_FOR_EXECUTE_INTO: [
    '07501',
    'The INTO clause of EXECUTE IMMEDIATE is only valid for queries but the given statement is not a query: <sqlString>.',
  ],
  NOT_A_SCALAR_FUNCTION: [
    '42887',
    '<functionName> appears as a scalar expression here, but the function was defined as a table function. Please update the query to move the function call into the FROM clause, or redefine <functionName> as a scalar function instead.',
  ],
  NOT_A_TABLE_FUNCTION: [
    '42887',
    '<functionName> appears as a table function here, but the function was defined as a scalar function. Please update the query to move the function call outside the FROM clause, or redefine <functionName> as a table function instead.',
  ],
  NULL_QUERY_STRING_EXECUTE_IMMEDIATE: [
    '22004',
    'Execute immediate requires a non-null variable as the query string, but the provided variable <varName> is null.',
  ],
  OPERATION_CANCELED: ['HY008', 'Operation has been canceled.'],
  ROUTINE_ALREADY_EXISTS: [
    '42723',
    'Cannot create the <newRoutineType> <routineName> because a <existingRoutineType> of that name already exists.\nChoose a different name, drop or replace the existing <existingRoutineType>, or add the IF NOT EXISTS clause to tolerate a pre-existing <newRoutineType>.',
  ],
  ROUTINE_NOT_FOUND: [
    '42883',
    'The routine <routineName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP ... IF EXISTS.',
  ],
  ROW_SUBQUERY_TOO_MANY_ROWS: ['21000', 'More than one row returned by a subquery used as a row.'],
  UNRESOLVED_VARIABLE: ['42883', 'Cannot resolve variable <variableName> on search path <searchPath>.'],
  UNSUPPORTED_EXPR_FOR_PARAMETER: [
    '42K0E',
    'A query parameter contains unsupported expression.\nParameters can either be variables or literals.\nInvalid expression: [<invalidExprSql>]',
  ],
  'UNSUPPORTED_FEATURE.SET_PATH_WHEN_DISABLED': ['', 'SET PATH needs the setting <config>.'],
  USER_DEFINED_FUNCTIONS: ['42601', 'User defined function is invalid:'],
  'USER_DEFINED_FUNCTIONS.CANNOT_CONTAIN_COMPLEX_FUNCTIONS': [
    '',
    'SQL scalar function cannot contain aggregate/window/generate functions: <queryText>',
  ],
  'USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_EXPRESSION': [
    '',
    'The DEFAULT expression of `<functionName>`.`<parameterName>` is not supported because it contains a subquery.',
  ],
  'USER_DEFINED_FUNCTIONS.NOT_A_VALID_DEFAULT_PARAMETER_POSITION': [
    '',
    'In routine `<functionName>` parameter `<parameterName>` with DEFAULT must not be followed by parameter `<nextParameterName>` without DEFAULT.',
  ],
  'USER_DEFINED_FUNCTIONS.RETURN_COLUMN_COUNT_MISMATCH': [
    '',
    'The number of columns produced by the RETURN clause (num: `<outputSize>`) does not match the number of column names specified by the RETURNS clause (num: `<returnParamSize>`) of <name>.',
  ],
  'USER_DEFINED_FUNCTIONS.SQL_TABLE_UDF_BODY_MUST_BE_A_QUERY': ['', 'SQL table function <name> body must be a query.'],
  VARIABLE_ALREADY_EXISTS: [
    '42723',
    'Cannot create the variable <variableName> because it already exists.\nChoose a different name, or drop or replace the existing variable.',
  ],
  VARIABLE_NOT_FOUND: [
    '42883',
    'The variable <variableName> cannot be found. Verify the spelling and correctness of the schema and catalog.\nIf you did not qualify the name with a schema and catalog, verify the current_schema() output, or qualify the name with the correct schema and catalog.\nTo tolerate the error on drop use DROP VARIABLE IF EXISTS.',
  ],
};
