// Texts ⇔ bytes by Java's names of charsets, in lower case. Source: java.nio.charset.

const ASCII = /^(us-ascii|ascii)$/;
/** What the Web calls so is Windows' set. */
const LATIN_1 = /^(iso-?8859-1|latin-?1)$/;

/** Bytes in pieces, in their order. @throws RangeError for a charset that nobody knows */
export function decoderOf(encoding: string): (chunk: Buffer, isEnd: boolean) => string {
  if (LATIN_1.test(encoding) || ASCII.test(encoding)) return (chunk) => chunk.toString('latin1');
  const decoder = new TextDecoder(encoding === 'utf-16' ? 'utf-16be' : encoding);
  return (chunk, isEnd) => decoder.decode(chunk, { stream: !isEnd });
}

/** One text in pieces, in their order. What the charset has no bytes for becomes `?`. @throws RangeError for a charset that nobody knows */
export function encoderOf(encoding: string): (text: string) => Buffer {
  if (/^utf-?8$/.test(encoding)) return (text) => Buffer.from(text);
  if (/^utf-?16le$/.test(encoding)) return (text) => Buffer.from(text, 'utf16le');
  if (/^utf-?16be$/.test(encoding)) return (text) => Buffer.from(text, 'utf16le').swap16();
  if (/^utf-?16$/.test(encoding)) {
    let mark = '\uFEFF';
    return (text) => {
      const bytes = Buffer.from(mark + text, 'utf16le').swap16();
      mark = '';
      return bytes;
    };
  }
  const codes = codesOf(encoding);
  return (text) => Buffer.from(Array.from(text, (c) => codes.get(c) ?? QUESTION_MARK));
}

const QUESTION_MARK = 63;

/** Of a charset whose characters are one byte each. */
function codesOf(encoding: string): ReadonlyMap<string, number> {
  const size = ASCII.test(encoding) ? 128 : 256;
  const text = decoderOf(encoding)(Buffer.from(Array.from({ length: size }, (_, i) => i)), true);
  if (text.length !== size) throw new RangeError(`The charset ${encoding} has characters of several bytes`);
  return new Map(Array.from(text, (c, i) => [c, i] as const).filter(([c]) => c !== '\uFFFD'));
}
