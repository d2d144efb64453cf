// The conditions of functions on sketches, variants, geometries and time windows. Beside function-conditions.ts; the same form.
// Source: error-conditions.json of Spark 4.2.

export const SKETCH_CONDITIONS: { readonly [condition: string]: readonly [sqlState: string, sentence: string] } = {
  APPROX_TOP_K_MAX_ITEMS_TRACKED_EXCEEDS_LIMIT: [
    '22023',
    'The max items tracked `maxItemsTracked`(<maxItemsTracked>) of APPROX_TOP_K should be less than or equal to <limit>.',
  ],
  APPROX_TOP_K_MAX_ITEMS_TRACKED_LESS_THAN_K: [
    '22023',
    'The max items tracked `maxItemsTracked`(<maxItemsTracked>) of APPROX_TOP_K should be larger than or equal to `k`(<k>).',
  ],
  APPROX_TOP_K_NON_POSITIVE_ARG: ['22023', 'The value of <argName> in APPROX_TOP_K must be a positive integer, but got <argValue>.'],
  APPROX_TOP_K_NULL_ARG: ['22004', 'The value of <argName> in APPROX_TOP_K cannot be NULL.'],
  APPROX_TOP_K_SKETCH_SIZE_NOT_MATCH: [
    '42846',
    'Combining APPROX_TOP_K sketches of different sizes is not allowed. Found sketches of size <size1> and <size2>.',
  ],
  AVRO_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE: [
    '22KD3',
    'Cannot call the <functionName> SQL function because the Avro data source is not loaded.',
  ],
  PROTOBUF_NOT_LOADED_SQL_FUNCTIONS_UNUSABLE: [
    '22KD3',
    'Cannot call the <functionName> SQL function because the Protobuf data source is not loaded.',
  ],
  'DATATYPE_MISMATCH.PARAMETER_CONSTRAINT_VIOLATION': [
    '',
    'The <leftExprName>(<leftExprValue>) must be <constraint> the <rightExprName>(<rightExprValue>).',
  ],
  'DATATYPE_MISMATCH.TYPE_CHECK_FAILURE_WITH_HINT': ['', '<msg><hint>.'],
  HLL_INVALID_INPUT_SKETCH_BUFFER: [
    '22546',
    'Invalid call to <function>; only valid HLL sketch buffers are supported as inputs (such as those produced by the `hll_sketch_agg` function).',
  ],
  HLL_INVALID_LG_K: ['22546', 'Invalid call to <function>; the `lgConfigK` value must be between <min> and <max>, inclusive: <value>.'],
  HLL_UNION_DIFFERENT_LG_K: [
    '22000',
    'Sketches have different `lgConfigK` values: <left> and <right>. Set the `allowDifferentLgConfigK` parameter to true to call <function> with different `lgConfigK` values.',
  ],
  INVALID_VARIANT_CAST: ['22023', 'The variant value `<value>` cannot be cast into `<dataType>`. Please use `try_variant_get` instead.'],
  INVALID_VARIANT_GET_PATH: [
    '22023',
    'The path `<path>` is not a valid variant extraction path in `<functionName>`.\nA valid path should start with `$` and is followed by zero or more segments like `[123]`, `.name`, `[\'name\']`, or `["name"]`.',
  ],
  KLL_INVALID_INPUT_SKETCH_BUFFER: [
    '22000',
    'Invalid call to <function>; only valid KLL sketch buffers are supported as inputs (such as those produced by the `kll_sketch_agg` function).',
  ],
  KLL_SKETCH_INVALID_QUANTILE_RANGE: ['22003', 'For function <functionName>, the quantile value must be between 0.0 and 1.0 (inclusive).'],
  KLL_SKETCH_K_OUT_OF_RANGE: [
    '22003',
    'For function <functionName>, the k parameter must be between 8 and 65535 (inclusive), but got <k>.',
  ],
  SKETCH_INVALID_LG_NOM_ENTRIES: [
    '22003',
    'Invalid call to <function>; the `lgNomEntries` value must be between <min> and <max>, inclusive: <value>.',
  ],
  THETA_INVALID_INPUT_SKETCH_BUFFER: [
    '22000',
    'Invalid call to <function>; only valid Theta sketch buffers are supported as inputs (such as those produced by the `theta_sketch_agg` function).',
  ],
  THETA_LG_NOM_ENTRIES_MUST_BE_CONSTANT: [
    '42K0E',
    'Invalid call to <function>; the `lgNomEntries` value must be a constant value, but got a non-constant expression.',
  ],
  TUPLE_INVALID_INPUT_SKETCH_BUFFER: [
    '22000',
    'Invalid call to <function>; only valid Tuple sketch buffers are supported as inputs (such as those produced by the corresponding `tuple_sketch_agg_*` function).',
  ],
  TUPLE_INVALID_SKETCH_MODE: ['22023', "Invalid call to <function>: mode '<mode>' is not supported. Valid modes are: <validModes>."],
  VARIANT_DUPLICATE_KEY: ['22023', 'Failed to build variant because of a duplicate object key `<key>`.'],
  INVALID_OPTIONS: ['42K06', 'Invalid options:'],
  'INVALID_OPTIONS.NON_MAP_FUNCTION': ['', 'Must use the `map()` function for options.'],
  'INVALID_SCHEMA.NON_STRING_LITERAL': ['', 'The input expression must be string literal and not null.'],
  HLL_K_MUST_BE_CONSTANT: [
    '42K0E',
    'Invalid call to <function>; the `K` value must be a constant value, but got a non-constant expression.',
  ],
  TUPLE_INVALID_INPUT_SKETCH_BUFFER_FAMILY: [
    '22000',
    'Invalid call to <function>: expected <expectedFamily> sketch family but received <actualFamily>. Only valid Tuple sketch buffers (produced by `tuple_sketch_agg_*` functions) are supported as inputs.',
  ],
  ST_INVALID_ENDIANNESS_VALUE: ['22023', "Endianness '<endianness>' must be either 'NDR' (little-endian) or 'XDR' (big-endian)."],
  ST_INVALID_SRID_VALUE: ['22023', 'Invalid or unsupported SRID (spatial reference identifier) value: <srid>.'],
  WKB_PARSE_ERROR: ['22023', 'Error parsing WKB: <parseError> at position <pos>'],
};
