// Bitmaps as BINARY of 4096 bytes, the lowest bit of the first byte first. Source: BitmapExpressionUtils of Spark 4.2.
import { SparkRuntimeException } from '../errors/spark-error.ts';
import { byRow, type JsFunction, jsFunction } from './js-function.ts';

const BYTES = 4096;

function construct(positions: readonly bigint[]): Uint8Array {
  const bitmap = new Uint8Array(BYTES);
  for (const position of positions) {
    if (position < 0n || position >= BigInt(8 * BYTES))
      throw new SparkRuntimeException('INVALID_BITMAP_POSITION', {
        bitPosition: String(position),
        bitmapNumBytes: String(BYTES),
        bitmapNumBits: String(8 * BYTES),
      });
    const at = Number(position);
    bitmap[at >> 3]! |= 1 << (at & 7);
  }
  return bitmap;
}

/** Bytes that a bitmap lacks are 0. */
const merge =
  (start: number, of: (a: number, b: number) => number) =>
  (bitmaps: readonly Uint8Array[]): Uint8Array => {
    const out = new Uint8Array(BYTES).fill(start);
    for (const bitmap of bitmaps) for (let i = 0; i < BYTES; i++) out[i] = of(out[i]!, bitmap[i] ?? 0);
    return out;
  };

export const JS_BITMAPS: readonly JsFunction[] = [
  jsFunction(
    'bitmap_count',
    ['BLOB'],
    'BIGINT',
    byRow((bytes: Uint8Array) => BigInt(bytes.reduce((n, b) => n + b.toString(2).replaceAll('0', '').length, 0))),
  ),
  jsFunction('bitmap_construct_agg', ['BIGINT[]'], 'BLOB', byRow(construct)),
  jsFunction('bitmap_or_agg', ['BLOB[]'], 'BLOB', byRow(merge(0, (a, b) => a | b))),
  jsFunction('bitmap_and_agg', ['BLOB[]'], 'BLOB', byRow(merge(255, (a, b) => a & b))),
];
