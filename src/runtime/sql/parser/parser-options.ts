// The three settings that change what text means to the parser. Read from the session's configuration by whoever calls the parser.

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
};
