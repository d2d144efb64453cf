// Which functions there are for programs, by what their arguments are: a table that functions.ts makes functions of, and TypeScript their types.
// Those with ways of their own (count, when, from_json …) are written out in functions.ts. Source: functions.scala of Spark 4.2.

/**
 * Codes of arguments: `c` a column, where a text is a column's name; `v` a value, where a text is a text; `f1`, `f2`, `f12` a function of as many columns;
 * `?` may be left out; `*` any number of them.
 */
export const FUNCTION_TABLE = {
  '': 'cume_dist curdate current_catalog current_database current_date current_schema current_timestamp current_timezone current_user dense_rank e input_file_block_length input_file_block_start input_file_name localtimestamp monotonically_increasing_id now percent_rank pi rank row_number session_user spark_partition_id user version',
  c: 'abs acos acosh array_agg array_compact array_distinct array_max array_min array_size ascii asin asinh atan atanh avg base64 bin bit_and bit_count bit_length bit_or bit_xor bitmap_bit_position bitmap_bucket_number bitmap_construct_agg bitmap_count bitmap_or_agg bool_and bool_or cardinality cbrt char char_length character_length collation collect_list collect_set cos cosh cot count_if crc32 csc date_from_unix_date day dayname dayofmonth dayofweek dayofyear degrees every exp explode explode_outer expm1 factorial flatten grouping hex hll_sketch_estimate hour initcap inline inline_outer is_valid_utf8 is_variant_null isnan isnotnull isnull json_array_length json_object_keys kurtosis last_day lcase length ln log10 log1p log2 lower make_valid_utf8 map_entries map_from_entries map_keys map_values max md5 mean median min minute month monthname negative nullifzero octet_length parse_json posexplode posexplode_outer positive product quarter quote radians reverse rint schema_of_variant schema_of_variant_agg sec second sha sha1 sign signum sin sinh size skewness some soundex sqrt std stddev stddev_pop stddev_samp sum tan tanh timestamp_micros timestamp_millis timestamp_seconds to_variant_object try_avg try_parse_json try_sum try_url_decode try_validate_utf8 typeof ucase unbase64 unhex unix_date unix_micros unix_millis unix_seconds upper url_decode url_encode validate_utf8 var_pop var_samp variance weekday weekofyear window_time year zeroifnull',
  'c*': 'arrays_zip coalesce concat elt greatest grouping_id hash java_method least map_concat named_struct reflect stack try_reflect xxhash64',
  v: 'ntile raise_error',
  'v?': 'current_time rand randn',
  'c c':
    'add_months array_except array_intersect array_repeat array_union arrays_overlap atan2 bit_get contains corr covar_pop covar_samp date_add date_diff date_sub dateadd datediff endswith equal_null find_in_set get getbit hypot ifnull left map_from_arrays max_by min_by nanvl nullif nvl pmod power regexp regexp_count regexp_like regexp_substr regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat right rlike startswith to_char to_number to_varchar try_add try_divide try_element_at try_mod try_multiply try_subtract try_to_number xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string',
  'c c*': 'printf',
  'c c?': 'btrim log ltrim rtrim to_binary to_timestamp_ltz to_timestamp_ntz to_unix_timestamp trim try_to_binary try_to_timestamp',
  'c f1': 'exists forall',
  'c f12': 'filter transform',
  'c f2': 'map_filter transform_keys transform_values',
  'c f2?': 'array_sort',
  'c v':
    'array_append array_contains array_position array_prepend array_remove date_format decode element_at encode format_number from_utc_timestamp get_json_object histogram_numeric instr map_contains_key next_day session_window sha2 shiftleft shiftright shiftrightunsigned to_utc_timestamp trunc',
  'c v*': 'json_tuple',
  'c v?':
    'approx_count_distinct assert_true bround ceil ceiling floor from_unixtime hll_sketch_agg hll_union_agg listagg mode round shuffle sort_array string_agg to_date to_time to_timestamp try_to_date try_to_time',
  'c? c?': 'make_ym_interval',
  'c? v?': 'unix_timestamp',
  'v c': 'date_part date_trunc datepart extract time_trunc',
  'v c*': 'concat_ws format_string',
  'v v?': 'randstr',
  'c c c': 'make_date make_time nvl2 slice split_part substring',
  'c c c?': 'parse_url position replace sequence substr try_parse_url',
  'c c f2': 'zip_with',
  'c c f3': 'map_zip_with',
  'c c v': 'array_insert',
  'c c v?': 'hll_union ilike levenshtein like months_between regexp_extract_all regexp_instr',
  'c c? c?': 'sentences str_to_map',
  'c v c?': 'split',
  'c v v': 'conv lpad regexp_extract regexp_replace rpad substring_index translate try_variant_get variant_get',
  'c v v?': 'approx_percentile array_join percentile percentile_approx',
  'c v? v?': 'lag lead',
  'v c c': 'time_diff',
  'v c v?': 'locate',
  'v v c': 'convert_timezone',
  'v v v?': 'uniform',
  'c c c c': 'width_bucket',
  'c c c c?': 'overlay',
  'c c f2 f1?': 'aggregate reduce',
  'c v v v?': 'count_min_sketch',
  'c v v? v?': 'window',
  'c? c? c? c?': 'make_dt_interval',
  'c c c? c? c?': 'aes_decrypt try_aes_decrypt',
  'c c? c? c? c?': 'mask',
  'c c c c c c': 'make_timestamp_ntz try_make_timestamp_ntz',
  'c c c? c? c? c?': 'aes_encrypt',
  'c c c c c c c?': 'make_timestamp make_timestamp_ltz try_make_timestamp try_make_timestamp_ltz',
  'c? c? c? c? c? c? c?': 'make_interval try_make_interval',
} as const;
