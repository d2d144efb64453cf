// The conditions that functions end in: aggregates, dates, collections, JSON. Form and source as in analysis-conditions.ts.

export const FUNCTION_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  CANNOT_PARSE_TIME: [
    '22010',
    'The input string <input> cannot be parsed to a TIME value because it does not match to the datetime format <format>.',
  ],
  CANNOT_PARSE_TIMESTAMP: ['22007', '<message>. Use <func> to tolerate invalid input string and return NULL instead.'],
  COLLATION_MISMATCH: ['42P21', 'Could not determine which collation to use for string functions and operators.'],
  'COLLATION_MISMATCH.EXPLICIT': [
    '',
    'Error occurred due to the mismatch between explicit collations: [<explicitTypes>]. Decide on a single explicit collation and remove others.',
  ],
  INVALID_WITHIN_GROUP_EXPRESSION: ['42K0K', 'Invalid function <funcName> with WITHIN GROUP.'],
  'INVALID_WITHIN_GROUP_EXPRESSION.DISTINCT_UNSUPPORTED': ['', 'The function does not support DISTINCT with WITHIN GROUP.'],
  'INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT': [
    '',
    'The function is invoked with DISTINCT and WITHIN GROUP but expressions <funcArg> and <orderingExpr> do not match. The WITHIN GROUP ordering expression must be picked from the function inputs.',
  ],
  'INVALID_WITHIN_GROUP_EXPRESSION.MISMATCH_WITH_DISTINCT_INPUT_UNSAFE_CAST': [
    '',
    'The function is invoked with DISTINCT and WITHIN GROUP, and its input is cast from <inputType> to <castType>, which may not keep different values different.',
  ],
  'INVALID_WITHIN_GROUP_EXPRESSION.WITHIN_GROUP_MISSING': ['', 'WITHIN GROUP is required for the function.'],
  'INVALID_WITHIN_GROUP_EXPRESSION.WRONG_NUM_ORDERINGS': [
    '',
    'The function requires <expectedNum> orderings in WITHIN GROUP but got <actualNum>.',
  ],
  INVALID_WINDOW_SPEC_FOR_AGGREGATION_FUNC: ['42601', 'Cannot specify ORDER BY or a window frame for <aggFunc>.'],
  'DATATYPE_MISMATCH.ARRAY_FUNCTION_DIFF_TYPES': [
    '',
    "Input to <functionName> should have been <dataType> followed by a value with same element type, but it's [<leftType>, <rightType>].",
  ],
  'DATATYPE_MISMATCH.BINARY_ARRAY_DIFF_TYPES': [
    '',
    "Input to function <functionName> should have been two <arrayType> with same element type, but it's [<leftType>, <rightType>].",
  ],
  'DATATYPE_MISMATCH.CREATE_MAP_KEY_DIFF_TYPES': [
    '',
    'The given keys of function <functionName> should all be the same type, but they are <dataType>.',
  ],
  'DATATYPE_MISMATCH.CREATE_MAP_VALUE_DIFF_TYPES': [
    '',
    'The given values of function <functionName> should all be the same type, but they are <dataType>.',
  ],
  'DATATYPE_MISMATCH.CREATE_NAMED_STRUCT_WITHOUT_FOLDABLE_STRING': [
    '',
    'Only foldable `STRING` expressions are allowed to appear at odd position, but they are <inputExprs>.',
  ],
  'DATATYPE_MISMATCH.INVALID_JSON_SCHEMA': ['', 'Input schema <schema> must be a struct, an array, a map or a variant.'],
  'DATATYPE_MISMATCH.MAP_CONCAT_DIFF_TYPES': ['', "The <functionName> should all be of type map, but it's <dataType>."],
  'DATATYPE_MISMATCH.MAP_FUNCTION_DIFF_TYPES': [
    '',
    "Input to <functionName> should have been <dataType> followed by a value with same key type, but it's [<leftType>, <rightType>].",
  ],
  'DATATYPE_MISMATCH.SEQUENCE_WRONG_INPUT_TYPES': [
    '',
    '<functionName> uses the wrong parameter type. The parameter type must conform to:\n1. The start and stop expressions must resolve to the same type.\n2. If start and stop expressions resolve to the <startType> type, then the step expression must resolve to the <stepType> type.\n3. Otherwise, if start and stop expressions resolve to the <otherStartType> type, then the step expression must resolve to the same type.',
  ],
  'DATATYPE_MISMATCH.UNSUPPORTED_INPUT_TYPE': ['', "The input of <functionName> can't be <dataType> type data."],
  'DATATYPE_MISMATCH.VALUE_OUT_OF_RANGE': ['', 'The <exprName> must be between <valueRange> (current value = <currentValue>).'],
  DATETIME_FIELD_OUT_OF_BOUNDS: ['22023', '<rangeMessage>.'],
  'DATETIME_FIELD_OUT_OF_BOUNDS.WITHOUT_SUGGESTION': ['', ''],
  'DATETIME_FIELD_OUT_OF_BOUNDS.WITH_SUGGESTION': ['', 'If necessary set <ansiConfig> to "false" to bypass this error.'],
  DATETIME_OVERFLOW: ['22008', 'Datetime operation overflow: <operation>.'],
  DUPLICATED_MAP_KEY: [
    '23505',
    'Duplicate map key <key> was found, please check the input data.\nIf you want to remove the duplicated keys, you can set <mapKeyDedupPolicy> to "LAST_WIN" so that the key inserted at last takes precedence.',
  ],
  ILLEGAL_DAY_OF_WEEK: ['22009', 'Illegal input for day of week: <string>.'],
  INCONSISTENT_BEHAVIOR_CROSS_VERSION: ['42K0B', 'You may get a different result due to the upgrading to'],
  'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_WEEK_BASED_PATTERN': [
    '',
    'Spark >= 3.0:\nAll week-based patterns are unsupported since Spark 3.0, detected week-based character: <c>.\nPlease use the SQL function EXTRACT instead.',
  ],
  'INCONSISTENT_BEHAVIOR_CROSS_VERSION.DATETIME_PATTERN_RECOGNITION': [
    '',
    'Spark >= 3.0:\nFail to recognize <pattern> pattern in the DateTimeFormatter.\n1) You can set <config> to "LEGACY" to restore the behavior before Spark 3.0.\n2) You can form a valid datetime pattern with the guide from \'<docroot>/sql-ref-datetime-pattern.html\'.',
  ],
  INDETERMINATE_COLLATION: [
    '42P22',
    'Could not determine which collation to use for string operation. Use COLLATE clause to set the collation explicitly.',
  ],
  INDETERMINATE_COLLATION_IN_EXPRESSION: [
    '42P22',
    'Data type of <expr> has indeterminate collation. Use COLLATE clause to set the collation explicitly.',
  ],
  INTERVAL_ARITHMETIC_OVERFLOW: ['22015', 'Integer overflow while operating with intervals.'],
  'INTERVAL_ARITHMETIC_OVERFLOW.WITHOUT_SUGGESTION': ['', 'Try devising appropriate values for the interval parameters.'],
  'INTERVAL_ARITHMETIC_OVERFLOW.WITH_SUGGESTION': ['', 'Use <functionName> to tolerate overflow and return NULL instead.'],
  INVALID_ARRAY_INDEX: [
    '22003',
    'The index <indexValue> is out of bounds. The array has <arraySize> elements. Use the SQL function `get()` to tolerate accessing element at invalid index and return NULL instead.',
  ],
  INVALID_ARRAY_INDEX_IN_ELEMENT_AT: [
    '22003',
    'The index <indexValue> is out of bounds. The array has <arraySize> elements. Use `try_element_at` to tolerate accessing element at invalid index and return NULL instead.',
  ],
  INVALID_DATETIME_PATTERN: ['22007', 'Unrecognized datetime pattern: <pattern>.'],
  'INVALID_DATETIME_PATTERN.ILLEGAL_CHARACTER': [
    '',
    'Illegal pattern character found in datetime pattern: <c>. Please provide legal character.',
  ],
  'INVALID_DATETIME_PATTERN.WITH_SUGGESTION': [
    '',
    "You can form a valid datetime pattern with the guide from '<docroot>/sql-ref-datetime-pattern.html'.",
  ],
  'INVALID_DATETIME_PATTERN.LENGTH': ['', 'Too many letters in datetime pattern: <pattern>. Please reduce pattern length.'],
  INVALID_EXTRACT_FIELD: ['42601', 'Cannot extract <field> from <expr>.'],
  INVALID_FRACTION_OF_SECOND: [
    '22023',
    'Valid range for seconds is [0, 60] (inclusive), but the provided value is <secAndMicros>. To avoid this error, use `try_make_timestamp`, which returns NULL on error.\nIf you do not want to use the session default timestamp version of this function, use `try_make_timestamp_ntz` or `try_make_timestamp_ltz`.',
  ],
  INVALID_INDEX_OF_ZERO: ['22003', 'The index 0 is invalid. An index shall be either < 0 or > 0 (the first element has index 1).'],
  'INVALID_PARAMETER_VALUE.LENGTH': ['', 'Expects `length` greater than or equal to 0, but got <length>.'],
  'INVALID_PARAMETER_VALUE.TIME_UNIT': [
    '',
    "expects one of the units 'HOUR', 'MINUTE', 'SECOND', 'MILLISECOND', 'MICROSECOND', but got <invalidValue>.",
  ],
  'INVALID_PARAMETER_VALUE.START': ['', 'Expects a positive or a negative value for `start`, but got 0.'],
  INVALID_TIMEZONE: [
    '22009',
    "The timezone: <timeZone> is invalid. The timezone must be either a region-based zone ID or a zone offset. Region IDs must have the form 'area/city', such as 'America/Los_Angeles'. Zone offsets must be in the format '(+|-)HH', '(+|-)HH:mm’ or '(+|-)HH:mm:ss', e.g '-08' , '+01:00' or '-13:33:33', and must be in the range from -18:00 to +18:00. 'Z' and 'UTC' are accepted as synonyms for '+00:00'.",
  ],
  MALFORMED_RECORD_IN_PARSING: [
    '22023',
    "Malformed records are detected in record parsing: <badRecord>.\nParse Mode: <failFastMode>. To process malformed records as null result, try setting the option 'mode' as 'PERMISSIVE'.",
  ],
  'MALFORMED_RECORD_IN_PARSING.WITHOUT_SUGGESTION': ['', ''],
  NULL_MAP_KEY: ['2200E', 'Cannot use null as map key.'],
  NUMERIC_VALUE_OUT_OF_RANGE: ['22003', ''],
  NAMED_PARAMETERS_NOT_SUPPORTED: [
    '4274K',
    'Named parameters are not supported for function <functionName>; please retry the query with positional arguments to the function call instead.',
  ],
  DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT: [
    '4274K',
    'Call to routine <routineName> is invalid because it includes multiple argument assignments to the same parameter name <parameterName>.',
  ],
  'DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.BOTH_POSITIONAL_AND_NAMED': [
    '',
    'A positional argument and named argument both referred to the same parameter. Please remove the named argument referring to this parameter.',
  ],
  'DUPLICATE_ROUTINE_PARAMETER_ASSIGNMENT.DOUBLE_NAMED_ARGUMENT_REFERENCE': [
    '',
    'More than one named argument referred to the same parameter. Please assign a value only once.',
  ],
  REQUIRED_PARAMETER_NOT_FOUND: [
    '4274K',
    'Cannot invoke routine <routineName> because the parameter named <parameterName> is required, but the routine call did not supply a value. Please update the routine call to supply an argument value (either positionally at index <index> or by name) and retry the query again.',
  ],
  UNEXPECTED_POSITIONAL_ARGUMENT: [
    '4274K',
    'Cannot invoke routine <routineName> because it contains positional argument(s) following the named argument assigned to <parameterName>; please rearrange them so the positional arguments come first and then retry the query again.',
  ],
  UNRECOGNIZED_PARAMETER_NAME: [
    '4274K',
    'Cannot invoke routine <routineName> because the routine call included a named argument reference for the argument named <argumentName>, but this routine does not include any signature containing an argument with this name. Did you mean one of the following? [<proposal>].',
  ],
};
