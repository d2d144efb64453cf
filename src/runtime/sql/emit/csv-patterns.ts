// A line of CSV as Spark's parser takes it apart, as patterns of RE2. Source: univocity-parsers with STOP_AT_DELIMITER, as Spark 4.2 sets it.
import { quoteText } from '../../../common/kernel-quotes.ts';
import type { CsvOptions } from '../sources/csv-options.ts';

const inPattern = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|-]/g, '\\$&');

/** Stands for a separator of more than one character: RE2 can't say "anything but this text". */
export const ONE_SEPARATOR = '\u0001';

type Dialect = Pick<CsvOptions, 'separator' | 'quote' | 'escape'>;
export const separatorOf = ({ separator }: Dialect): string => (separator.length === 1 ? separator : ONE_SEPARATOR);

export function csvPatterns(options: Dialect): {
  /** A whole line that any parser takes apart alike, to whom the escape is a character as others are: it is in no quotes. */
  readonly regular: string;
  /** A field and the separator after it; the line has one at its end, too. */
  readonly field: string;
  /** A field that is quoted, with its inner text as a group; blanks after it are nobody's. */
  readonly quoted: string;
  /** One whose quote is never closed: it goes to the line's end. */
  readonly open: string;
} {
  const { quote, escape } = options;
  const sep = inPattern(separatorOf(options));
  if (quote === '')
    return { regular: options.separator.length === 1 ? '(?s).*' : `[^${ONE_SEPARATOR}]*`, field: `[^${sep}]*${sep}`, quoted: '', open: '' };
  const q = inPattern(quote);
  const isDoubled = escape === quote || escape === '';
  const e = inPattern(escape);
  const inner = escape === '' ? `[^${q}]*` : isDoubled ? `(?:[^${q}]|${q}${q})*` : `(?:[^${q}${e}]|${e}.)*`;
  const plain = escape === '' ? `[^${q}]*` : isDoubled ? inner : `[^${q}${e}]*`;
  const simple = `(?:${q}${plain}${q}|[^${q}${sep}]*)`;
  const closed = `${q}${inner}${q}`;
  return {
    regular: options.separator.length === 1 ? `(?s)(?:${simple}${sep})*${simple}` : `[^${q}${ONE_SEPARATOR}]*`,
    field: `(?s)${closed}[ \\t]*${sep}|${closed}[^${sep}]*${sep}|${q}${inner}${sep}$|[^${sep}]*${sep}`,
    quoted: `(?s)^${q}(${inner})${q}[ \\t]*$`,
    open: `(?s)^${q}(${inner})$`,
  };
}

/** Java's trim leaves nothing of it. Most lines are told by their first character: the kernel's trim of several characters takes a microsecond. */
export const isBlank = (text: string): string =>
  `(CASE WHEN ord(${text}) > 32 THEN false ELSE trim(${text}, ${quoteText(' \t\r\n\f\v')}) = '' END)`;
