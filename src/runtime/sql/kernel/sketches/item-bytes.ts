// Values as the bytes that sketches hash: whole numbers as 64 bits, floating ones by their bits, texts as UTF-8.
// Source: the update methods of DataSketches' sketches and Spark's ThetaSketchAgg, HllSketchAgg.
import type { KernelValue } from '../../../../common/sql-kernel.ts';

/** How a value is hashed: by its type. */
export type ItemKind = 'whole' | 'floating' | 'text' | 'binary' | 'ints' | 'longs';

const encoder = new TextEncoder();

function wide(values: readonly bigint[], bytesEach: 4 | 8): Uint8Array {
  const bytes = new Uint8Array(values.length * bytesEach);
  const view = new DataView(bytes.buffer);
  values.forEach((v, i) => (bytesEach === 8 ? view.setBigInt64(i * 8, v, true) : view.setInt32(i * 4, Number(v), true)));
  return bytes;
}

/** @returns undefined: it is no item: NULL, or empty */
export function itemBytes(value: KernelValue, kind: ItemKind): Uint8Array | undefined {
  if (value === null) return undefined;
  const bytes = bytesOf(value, kind);
  return bytes.length === 0 ? undefined : bytes;
}

function bytesOf(value: KernelValue, kind: ItemKind): Uint8Array {
  switch (kind) {
    case 'whole':
      return wide([BigInt(value as number | bigint)], 8);
    case 'floating': {
      const bytes = new Uint8Array(8);
      // -0.0 is 0.0, and all NaN are one.
      new DataView(bytes.buffer).setFloat64(0, (value as number) === 0 ? 0 : (value as number), true);
      return bytes;
    }
    case 'text':
      return encoder.encode(value as string);
    case 'binary':
      return value as Uint8Array;
    case 'ints':
    case 'longs':
      return wide(
        (value as readonly (number | bigint | null)[]).map((v) => BigInt(v ?? 0)),
        kind === 'ints' ? 4 : 8,
      );
  }
}
