import { describe, expect, it } from 'vitest';
import { ParseException } from '../../../../../src/runtime/sql/parser/parse-error.ts';
import {
  parseDataType,
  parseExpression,
  parseQuery,
  parseStatement,
  parseTableSchema,
} from '../../../../../src/runtime/sql/parser/parse.ts';

function failureOf(text: string, parse: (text: string) => unknown = parseStatement): ParseException {
  try {
    parse(text);
  } catch (error) {
    if (error instanceof ParseException) return error;
    throw error;
  }
  throw new Error(`accepted: ${text}`);
}

describe('a syntax error', () => {
  it('is printed as Spark prints it, with a caret under the place', () => {
    expect(failureOf('SELECT price\nFROM orders\nWHERE price > > 1\nLIMIT 5').message).toBe(
      "\n[PARSE_SYNTAX_ERROR] Syntax error at or near '>'. SQLSTATE: 42601 (line 3, pos 14)\n\n== SQL ==\nSELECT price\nFROM orders\nWHERE price > > 1\n--------------^^^\nLIMIT 5\n",
    );
  });

  it('names line, position and token', () => {
    const found = failureOf('SELECT a,\n  (b + ) AS c FROM t');
    expect([found.condition, found.sqlState, found.line, found.position, found.messageParameters]).toEqual([
      'PARSE_SYNTAX_ERROR',
      '42601',
      2,
      7,
      { error: "')'", hint: '' },
    ]);
  });

  it.each([
    ['SELECT count(a FROM t', "'FROM'"],
    ['SELECT a FROM t WHERE a >', 'end of input'],
    ['SELECT * FROM t ORDER BY', 'end of input'],
    ['SELECT a IN (1, FROM t', "'t'"],
    ['DROP SCHEMA', 'end of input'],
    ['INSERT orders VALUES (1)', "'orders'"],
    ["SELECT '", "'''"],
    ['SELECT a # b', "'#'"],
  ])('of %s is at %s', (text, error) => {
    const found = failureOf(text);
    expect([found.condition, found.messageParameters.error]).toEqual(['PARSE_SYNTAX_ERROR', error]);
  });

  it('says when one word too many stands at the end', () => {
    expect(failureOf('SELECT a FROM t u v').messageParameters).toEqual({ error: "'v'", hint: ": extra input 'v'" });
  });

  it('of nothing has its own condition', () => {
    expect(failureOf(' \n').condition).toBe('PARSE_EMPTY_STATEMENT');
  });

  it('is told before errors of meaning in the same text', () => {
    expect(failureOf("SELECT date 'soon', (1 + FROM t").condition).toBe('PARSE_SYNTAX_ERROR');
    expect(failureOf("SELECT date 'soon', (1 + 2) FROM t").condition).toBe('INVALID_TYPED_LITERAL');
  });
});

describe('other conditions of parsing', () => {
  it.each([
    ['SELECT 1 /* never ends', 'UNCLOSED_BRACKETED_COMMENT', {}],
    ['SELECT * FROM test-table', 'INVALID_IDENTIFIER', { ident: 'test-table' }],
    ['SELECT größe FROM t', 'INVALID_IDENTIFIER', { ident: 'größe' }],
    ["CREATE TABLE t (a INT) USING parquet COMMENT 'x' COMMENT 'y'", 'DUPLICATE_CLAUSES', { clauseName: 'COMMENT' }],
    [
      'SELECT 300Y',
      'INVALID_NUMERIC_LITERAL_RANGE',
      { rawStrippedQualifier: '300', minValue: '-128', maxValue: '127', typeName: 'tinyint' },
    ],
    ["SELECT timestamp '2024-02-30 00:00:00'", 'INVALID_TYPED_LITERAL', { valueType: '"TIMESTAMP"', value: "'2024-02-30 00:00:00'" }],
    ["SELECT uuid 'x'", 'UNSUPPORTED_TYPED_LITERAL', undefined],
    ['SELECT a IN ()', 'INVALID_SQL_SYNTAX.EMPTY_IN_PREDICATE', {}],
    ['SELECT CAST(a AS money)', 'UNSUPPORTED_DATATYPE', { typeName: '"MONEY"' }],
    ['WITH a AS (SELECT 1), A AS (SELECT 2) SELECT * FROM a', 'DUPLICATED_CTE_NAMES', { duplicateNames: '`a`' }],
    ['SELECT a FROM t ORDER BY a SORT BY a', 'UNSUPPORTED_FEATURE.COMBINATION_QUERY_RESULT_CLAUSES', {}],
    ['VALUES (1, 2), (3)', 'INVALID_INLINE_TABLE.NUM_COLUMNS_MISMATCH', { expectedNumCols: '2', actualNumCols: '1', rowIndex: '1' }],
    ['SELECT interval 1 year 2 days', '_LEGACY_ERROR_TEMP_0029', { literal: 'interval 1 year 2 days' }],
    [
      'SELECT sum(a) OVER w FROM t WINDOW w AS (ORDER BY a), w AS (ORDER BY b)',
      'INVALID_SQL_SYNTAX.REPETITIVE_WINDOW_DEFINITION',
      undefined,
    ],
    ['DECLARE x', 'INVALID_SQL_SYNTAX.VARIABLE_TYPE_OR_DEFAULT_REQUIRED', {}],
    ['GRANT SELECT ON t TO u', '_LEGACY_ERROR_TEMP_0035', { message: 'GRANT' }],
  ])('%s', (text, condition, parameters) => {
    const found = failureOf(text);
    expect(found.condition).toBe(condition);
    if (parameters !== undefined) expect(found.messageParameters).toEqual(parameters);
    expect(found.message).toContain(`[${condition}] `);
    expect(found.message).not.toMatch(/<\w+>/);
  });

  it('come of texts that are out of all measure', () => {
    expect(failureOf(`SELECT ${'('.repeat(100_000)}1`).condition).toBe('FAILED_TO_PARSE_TOO_COMPLEX');
    expect(failureOf('SELECT 1e999999999BD').messageParameters).toEqual({ precision: '1000000000', maxPrecision: '38' });
    expect(failureOf('SELECT 1e-40BD').messageParameters).toEqual({ precision: '40', maxPrecision: '38' });
  });

  it('belong to types and schemas too', () => {
    expect(failureOf('decimal(39, 0)', parseDataType).condition).toBe('DECIMAL_PRECISION_EXCEEDS_MAX_PRECISION');
    expect(failureOf('a varchar', parseTableSchema).messageParameters).toEqual({ type: '"varchar"' });
    expect(failureOf('array', parseDataType).condition).toBe('INCOMPLETE_TYPE_DEFINITION.ARRAY');
    expect(failureOf('interval month to year', parseDataType).condition).toMatch(/UNSUPPORTED_FROM_TO_EXPRESSION|PARSE_SYNTAX_ERROR/);
    expect(failureOf('a +', parseExpression).messageParameters.error).toBe('end of input');
    expect(failureOf('SHOW TABLES', parseQuery).messageParameters.error).toBe("'SHOW'");
  });
});
