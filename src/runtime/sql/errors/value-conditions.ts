// The conditions that a value can end a query in (casts, arithmetic, text), and those that only functions' arguments have.
// Beside analysis-conditions.ts; the same form. Source: error-conditions.json of Spark 4.0 and 4.2.

export const VALUE_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  BINARY_ARITHMETIC_OVERFLOW: [
    '22003',
    '<value1> <symbol> <value2> caused overflow. Use <functionName> to ignore overflow problem and return NULL.',
  ],
  CANNOT_DECODE_URL: [
    '22546',
    'The provided URL cannot be decoded: <url>. Please ensure that the URL is properly formatted and try again.',
  ],
  CANNOT_PARSE_INTERVAL: [
    '22006',
    'Unable to parse <intervalString>. Please ensure that the value provided is in a valid format for defining an interval. You can reference the documentation for the correct format. If the issue persists, please double check that the input value is not null or empty and try again.',
  ],
  CONVERSION_INVALID_INPUT: [
    '22018',
    'The value <str> (<fmt>) cannot be converted to <targetType> because it is malformed. Correct the value as per the syntax, or change its format. Use <suggestion> to tolerate malformed input and return NULL instead.',
  ],
  'DATATYPE_MISMATCH.HASH_MAP_TYPE': [
    '',
    'Input to the function <functionName> cannot contain elements of the "MAP" type. In Spark, same maps may have different hashcode, thus hash expressions are prohibited on "MAP" elements. To restore previous behavior set "spark.sql.legacy.allowHashOnMapType" to "true".',
  ],
  'DATATYPE_MISMATCH.INVALID_ARG_VALUE': [
    '',
    'The <inputName> value must to be a <requireType> literal of <validValues>, but got <inputValue>.',
  ],
  'DATATYPE_MISMATCH.NULL_TYPE': ['', 'Null typed values cannot be used as arguments of <functionName>.'],
  'DATATYPE_MISMATCH.UNEXPECTED_NULL': ['', 'The <exprName> must not be null.'],
  EXCEED_LIMIT_LENGTH: ['54006', 'Exceeds char/varchar type length limitation: <limit>.'],
  INTERVAL_DIVIDED_BY_ZERO: ['22012', 'Division by zero. Use `try_divide` to tolerate divisor being 0 and return NULL instead.'],
  INVALID_ESC: ['42604', 'Found an invalid escape string: <invalidEscape>. The escape string must contain only one character.'],
  INVALID_ESCAPE_CHAR: ['42604', '`EscapeChar` should be a string literal of length one, but got <sqlExpr>.'],
  INVALID_FORMAT: ['42601', 'The format is invalid: <format>.'],
  'INVALID_FORMAT.CONT_THOUSANDS_SEPS': ['', 'Thousands separators (, or G) must have digits in between them in the number format.'],
  'INVALID_FORMAT.CUR_MUST_BEFORE_DEC': ['', 'Currency characters must appear before any decimal point in the number format.'],
  'INVALID_FORMAT.CUR_MUST_BEFORE_DIGIT': ['', 'Currency characters must appear before digits in the number format.'],
  'INVALID_FORMAT.EMPTY': ['', 'The number format string cannot be empty.'],
  'INVALID_FORMAT.ESC_AT_THE_END': ['', 'The escape character is not allowed to end with.'],
  'INVALID_FORMAT.ESC_IN_THE_MIDDLE': ['', 'The escape character is not allowed to precede <char>.'],
  'INVALID_FORMAT.MISMATCH_INPUT': ['', 'The input <inputType> <input> does not match the format.'],
  'INVALID_FORMAT.THOUSANDS_SEPS_MUST_BEFORE_DEC': [
    '',
    'Thousands separators (, or G) may not appear after the decimal point in the number format.',
  ],
  'INVALID_FORMAT.UNEXPECTED_TOKEN': [
    '',
    'Found the unexpected <token> in the format string; the structure of the format string must match: `[MI|S]` `[$]` `[0|9|G|,]*` `[.|D]` `[0|9]*` `[$]` `[PR|MI|S]`.',
  ],
  'INVALID_FORMAT.WRONG_NUM_DIGIT': ['', 'The format string requires at least one number digit.'],
  'INVALID_FORMAT.WRONG_NUM_TOKEN': ['', 'At most one <token> is allowed in the number format.'],
  'INVALID_PARAMETER_VALUE.BIT_POSITION_RANGE': ['', 'expects an integer value in [0, <upper>), but got <invalidValue>.'],
  'INVALID_PARAMETER_VALUE.BOOLEAN': ['', 'expects a boolean literal, but got <invalidValue>.'],
  'INVALID_PARAMETER_VALUE.CHARSET': ['', 'expects one of the <charsets>, but got <charset>.'],
  'INVALID_PARAMETER_VALUE.DTYPE': ['', 'Unsupported dtype: <invalidValue>. Valid values: float64, float32.'],
  'INVALID_PARAMETER_VALUE.EXTENSION': [
    '',
    'Invalid extension: <invalidValue>. Extension is limited to exactly 3 letters (e.g. csv, tsv, etc...)',
  ],
  'INVALID_PARAMETER_VALUE.NULL': ['', 'expects a non-NULL value.'],
  'INVALID_PARAMETER_VALUE.PATTERN': ['', '<value>.'],
  'INVALID_PARAMETER_VALUE.REGEX_GROUP_INDEX': ['', 'Expects group index between 0 and <groupCount>, but got <groupIndex>.'],
  'INVALID_PARAMETER_VALUE.ZERO_INDEX': ['', 'expects %1$, %2$ and so on, but got %0$.'],
  INVALID_REGEXP_REPLACE: [
    '22023',
    'Could not perform regexp_replace for source = "<source>", pattern = "<pattern>", replacement = "<replacement>" and position = <position>.',
  ],
  INVALID_URL: ['22P02', 'The url is invalid: <url>. Use `try_parse_url` to tolerate invalid URL and return NULL instead.'],
  INVALID_UTF8_STRING: ['22029', 'Invalid UTF8 byte sequence found in string: <str>.'],
  MALFORMED_CHARACTER_CODING: ['22000', 'Invalid value found when performing <function> with <charset>'],
  'NUMERIC_VALUE_OUT_OF_RANGE.WITHOUT_SUGGESTION': [
    '',
    'The <roundedValue> rounded half up from <originalValue> cannot be represented as Decimal(<precision>, <scale>).',
  ],
  'NUMERIC_VALUE_OUT_OF_RANGE.WITH_SUGGESTION': [
    '',
    '<value> cannot be represented as Decimal(<precision>, <scale>). If necessary set <config> to "false" to bypass this error, and return NULL instead.',
  ],
  UNSUPPORTED_CALL: ['0A000', 'Cannot call the method "<methodName>" of the class "<className>".'],
  REMAINDER_BY_ZERO: [
    '22012',
    'Remainder by zero. Use `try_mod` to tolerate divisor being 0 and return NULL instead. If necessary set <config> to "false" to bypass this error.',
  ],
  USER_RAISED_EXCEPTION: ['P0001', '<errorMessage>'],
  INVALID_BITMAP_POSITION: [
    '22003',
    'The 0-indexed bitmap position <bitPosition> is out of bounds. The bitmap has <bitmapNumBits> bits (<bitmapNumBytes> bytes).',
  ],
  'INVALID_PARAMETER_VALUE.AES_CRYPTO_ERROR': ['', 'detail message: <detailMessage>'],
  'INVALID_PARAMETER_VALUE.AES_IV_LENGTH': ['', 'supports 16-byte CBC IVs and 12-byte GCM IVs, but got <actualLength> bytes for <mode>.'],
  'INVALID_PARAMETER_VALUE.AES_KEY_LENGTH': ['', 'expects a binary value with 16, 24 or 32 bytes, but got <actualLength> bytes.'],
  INVALID_VECTOR_NORM_DEGREE: [
    '22023',
    'Invalid norm degree <degree> of <functionName>. Supported values are 1.0 (L1 norm), 2.0 (L2 norm), and infinity.',
  ],
  INVALID_XPATH: ['22023', "The XPath '<xpath>' cannot be evaluated: <reason>"],
  'UNSUPPORTED_FEATURE.AES_MODE': ['', 'AES-<mode> with the padding <padding> by the <functionName> function.'],
  'UNSUPPORTED_FEATURE.AES_MODE_AAD': ['', '<functionName> with AES-<mode> does not support additional authenticate data (AAD).'],
  'UNSUPPORTED_FEATURE.AES_MODE_IV': ['', '<functionName> with AES-<mode> does not support initialization vectors (IVs).'],
  VECTOR_DIMENSION_MISMATCH: ['22000', 'Vectors passed to <functionName> must have the same dimension, but got <leftDim> and <rightDim>.'],
};
