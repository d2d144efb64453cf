// The text of a string token → its value: escapes, doubled quotes, raw strings. Source: SparkParserUtils.unescapeSQLString of Spark 4.2.

const PLAIN_ESCAPES: { readonly [letter: string]: string } = {
  '0': '\0',
  b: '\b',
  n: '\n',
  r: '\r',
  t: '\t',
  Z: '\u001a',
  // LIKE patterns keep these two, so that the pattern still has its escape.
  '%': '\\%',
  _: '\\_',
};
const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([01][0-7][0-7])|([\s\S]))/;
const SINGLE = new RegExp(`${ESCAPE.source}|''`, 'g');
const DOUBLE = new RegExp(`${ESCAPE.source}|""`, 'g');

/** @param quoted with its quotes, and with R before them when raw. @param keepsEscapes all are raw */
export function unescapeString(quoted: string, keepsEscapes = false): string {
  const first = quoted.charCodeAt(0);
  if (first === 114 || first === 82) return quoted.slice(2, -1);
  if (keepsEscapes) return quoted.slice(1, -1);
  const inner = quoted.slice(1, -1);
  const quote = quoted[0] as string;
  if (!inner.includes('\\')) return inner.includes(quote) ? inner.replaceAll(quote + quote, quote) : inner;
  return inner.replace(first === 39 ? SINGLE : DOUBLE, (_, short?: string, long?: string, octal?: string, letter?: string) => {
    if (short !== undefined) return String.fromCharCode(Number.parseInt(short, 16));
    if (long !== undefined) return fromCodePoint(Number.parseInt(long, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    return letter === undefined ? quote : (PLAIN_ESCAPES[letter] ?? letter);
  });
}

/** Beyond Unicode's end Java would write two nonsense surrogates; so do we. */
function fromCodePoint(code: number): string {
  if (code < 0x10000) return String.fromCharCode(code);
  return String.fromCharCode(Math.floor((code - 0x10000) / 0x400) + 0xd800, ((code - 0x10000) % 0x400) + 0xdc00);
}
