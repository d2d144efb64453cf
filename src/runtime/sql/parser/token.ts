// What the lexer makes of the text: tokens with their place. Types are the keyword itself (`SELECT`), the symbol itself (`<=>`), or a lower-case kind.

/**
 * `ident` a name without quotes, `backquoted`, `string` in single quotes or raw, `dstring` in double quotes, the number kinds, `eof`,
 * `unrecognized` any other character, `unclosedComment` a comment without end. Keywords and symbols are their own type.
 */
export type Token = {
  readonly type: string;
  /** Offset of the first code unit, and of the one after the last. */
  readonly start: number;
  readonly end: number;
  /** Whether it can be a name: `ident`, `backquoted`, or any keyword. */
  readonly isWord: boolean;
};

export const NUMBERS: ReadonlySet<string> = new Set([
  'integer',
  'decimal',
  'exponent',
  'bigint',
  'smallint',
  'tinyint',
  'float',
  'double',
  'bigdecimal',
]);
