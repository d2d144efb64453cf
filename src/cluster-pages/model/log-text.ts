// Bytes of a log file as text that can be put together again: a part never ends within a letter, wherever it was cut. Pure.

/** Of UTF-8: how many bytes at the end belong to a letter that is not whole. */
function openEnd(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back]!;
    if ((byte & 0xc0) === 0x80) continue; // in the middle of a letter: look further back
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return length > back ? back : 0;
  }
  return 0;
}

/**
 * @param offset of the first byte in the file
 * @param isLast nothing follows these bytes, now or later
 * @returns text of whole letters, with the bytes that it is; what is no UTF-8 at all is shown as U+FFFD
 */
export function textOf(bytes: Uint8Array, offset: number, isLast: boolean): { text: string; offset: number; end: number } {
  let from = 0;
  if (offset > 0) while (from < Math.min(3, bytes.length) && (bytes[from]! & 0xc0) === 0x80) from++;
  const to = bytes.length - (isLast ? 0 : openEnd(bytes));
  if (to <= from) return { text: '', offset: offset + from, end: offset + from };
  return { text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(from, to)), offset: offset + from, end: offset + to };
}
