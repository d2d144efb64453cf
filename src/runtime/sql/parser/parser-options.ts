// The settings that change what text means to the parser, and whose text it is.

export type ParserOptions = {
  /** spark.sql.ansi.doubleQuotedIdentifiers: "x" is a name, not a string. */
  readonly doubleQuotedIdentifiers?: boolean;
  /** spark.sql.ansi.enforceReservedKeywords: reserved keywords cannot be names. */
  readonly enforceReservedKeywords?: boolean;
  /** spark.sql.legacy.identifierClause: IDENTIFIER('x') only where a table, column or function is named, not for any name. */
  readonly legacyIdentifierClause?: boolean;
  /** spark.sql.parser.singleCharacterPipeOperator.enabled, on unless false: `|` before an operator's keyword is `|>`. */
  readonly singleCharacterPipeOperator?: boolean;
  /** spark.sql.legacy.setopsPrecedence.enabled: INTERSECT binds no tighter than UNION and EXCEPT. */
  readonly setOpsPrecedenceEnforced?: boolean;
  /** spark.sql.parser.escapedStringLiterals: a backslash in a string is a backslash, as before Spark 2.0. */
  readonly escapedStringLiterals?: boolean;
  /** The text is this stored view's: errors in it say so. */
  readonly view?: string;
  /** spark.sql.timestampType: the type TIMESTAMP has no zone. */
  readonly timestampIsLocal?: boolean;
};

/** @param setting a session's, by name */
export function parserOptionsOf(setting: (key: string) => string | undefined): ParserOptions {
  const isOn = (key: string) => setting(key) === 'true';
  return {
    doubleQuotedIdentifiers: isOn('spark.sql.ansi.doubleQuotedIdentifiers'),
    enforceReservedKeywords: isOn('spark.sql.ansi.enforceReservedKeywords'),
    legacyIdentifierClause: isOn('spark.sql.legacy.identifierClause'),
    singleCharacterPipeOperator: setting('spark.sql.parser.singleCharacterPipeOperator.enabled') !== 'false',
    setOpsPrecedenceEnforced: isOn('spark.sql.legacy.setopsPrecedence.enabled'),
    escapedStringLiterals: isOn('spark.sql.parser.escapedStringLiterals'),
    timestampIsLocal: setting('spark.sql.timestampType') === 'TIMESTAMP_NTZ',
  };
}
