// Whole numbers outside of ANSI mode keep their low bits, as Java's. Used by casts and operators.
import type { DataType } from '../types/data-type.ts';

const BITS: { readonly [tag: string]: readonly [bits: bigint, kernelType: string] } = {
  byte: [8n, 'TINYINT'],
  short: [16n, 'SMALLINT'],
  integer: [32n, 'INTEGER'],
  long: [64n, 'BIGINT'],
};

/** @param x DuckDB text of a whole number that HUGEINT holds. The low bits, sign-extended by a xor with the sign's place. */
export function wrapped(x: string, to: DataType): string {
  const [bits, type] = BITS[to.tag]!;
  const sign = 2n ** (bits - 1n);
  return `CAST(xor((${x})::HUGEINT & ${2n ** bits - 1n}::HUGEINT, ${sign}::HUGEINT) - ${sign}::HUGEINT AS ${type})`;
}
