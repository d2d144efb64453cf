// How names are written in messages.

/** `a`.`b`; a backtick inside is doubled. */
export const quoted = (parts: readonly string[]): string => parts.map((p) => `\`${p.replaceAll('`', '``')}\``).join('.');

/** An expression's text in messages: "a + 1". */
export const inQuotes = (sql: string): string => `"${sql}"`;
