// The text of an XML file → the texts of its records: elements of one name, found without reading what they are in, so that one record that is not
// well-formed spoils no other. Source: XmlTokenizer of Spark 4.2.
import { gunzipSync, zstdDecompressSync } from 'node:zlib';

const MAGIC = { gzip: [0x1f, 0x8b], zstd: [0x28, 0xb5, 0x2f, 0xfd] } as const;
const beginsWith = (bytes: Uint8Array, magic: readonly number[]): boolean => magic.every((b, i) => bytes[i] === b);

export function decodedXml(bytes: Uint8Array, encoding: string): string {
  const plain = beginsWith(bytes, MAGIC.gzip) ? gunzipSync(bytes) : beginsWith(bytes, MAGIC.zstd) ? zstdDecompressSync(bytes) : bytes;
  return new TextDecoder(encoding).decode(plain);
}

const quotedPattern = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** @param rowTag the element's name with its prefix */
export function xmlRecords(text: string, rowTag: string): string[] {
  const name = quotedPattern(rowTag);
  const piece = new RegExp(
    String.raw`<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|(<${name}(?=[\s/>])(?:"[^"]*"|'[^']*'|[^>"'])*>)|(</${name}\s*>)`,
    'g',
  );
  const records: string[] = [];
  let [depth, start] = [0, 0];
  for (const match of text.matchAll(piece)) {
    const [, open, close] = match;
    const end = match.index + match[0].length;
    if (open !== undefined) {
      if (depth === 0) start = match.index;
      if (!open.endsWith('/>')) depth++;
      else if (depth === 0) records.push(text.slice(start, end));
    } else if (close !== undefined && depth > 0 && --depth === 0) records.push(text.slice(start, end));
  }
  return records;
}
