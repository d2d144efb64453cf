// The TypeScript types of rows, from schemas in DDL and from objects of a program. No run-time meaning; what they say is what values.ts does.
import type { Decimal } from './decimal.ts';
import type { CalendarInterval, LocalDate, LocalTimestamp, Timestamp } from './times.ts';

type Trim<S extends string> = S extends ` ${infer R}` | `\n${infer R}` ? Trim<R> : S extends `${infer R} ` | `${infer R}\n` ? Trim<R> : S;
type Named = {
  int: number;
  integer: number;
  smallint: number;
  short: number;
  tinyint: number;
  byte: number;
  bigint: bigint;
  long: bigint;
  float: number;
  real: number;
  double: number;
  string: string;
  boolean: boolean;
  binary: Uint8Array;
  date: LocalDate;
  timestamp: Timestamp;
  timestamp_ltz: Timestamp;
  timestamp_ntz: LocalTimestamp;
  decimal: Decimal;
  dec: Decimal;
  numeric: Decimal;
  interval: CalendarInterval;
};
/** Nested types and those with arguments are not followed; they are `any`. */
type TypeOf<S extends string> = Lowercase<S> extends keyof Named ? Named[Lowercase<S>] : any;
type FieldType<S extends string> = S extends `${infer T} not null` | `${infer T} NOT NULL` ? TypeOf<Trim<T>> : TypeOf<Trim<S>> | null;
type Field<S extends string> = S extends `${infer N}:${infer T}`
  ? { [K in Trim<N>]: FieldType<Trim<T>> }
  : S extends `${infer N} ${infer T}`
    ? { [K in Trim<N>]: FieldType<Trim<T>> }
    : {};
type Fields<S extends string> = S extends `${infer F},${infer R}` ? Field<Trim<F>> & Fields<R> : Field<Trim<S>>;

/** `a INT, b STRING NOT NULL` → `{ a: number | null; b: string }`. Any row when the text is not known or has parentheses, brackets or quotes in it. */
export type DdlRow<S extends string> = string extends S
  ? any
  : S extends `${string}${'(' | '<' | '`' | "'"}${string}`
    ? any
    : Trim<S> extends `${string} ${string}` | `${string}:${string}`
      ? { [K in keyof Fields<S>]: Fields<S>[K] }
      : { value: TypeOf<Trim<S>> | null };

/** What a value of a program comes back as. A column of whole numbers comes back as bigint, one with fractions as number. */
type Inferred<V> = V extends null | undefined
  ? null
  : V extends number
    ? number | bigint
    : V extends string
      ? string
      : V extends boolean
        ? boolean
        : V extends bigint
          ? bigint
          : V extends Date | Uint8Array | Decimal
            ? V
            : V extends readonly (infer E)[]
              ? Inferred<E>[]
              : V extends ReadonlyMap<infer K, infer W>
                ? Map<Inferred<K>, Inferred<W>>
                : V extends object
                  ? { [K in keyof V]: Inferred<V[K]> }
                  : any;
/** Rows that are arrays have the columns `_1`, `_2` …; single values `value`. */
export type InferredRow<R> = 0 extends 1 & R
  ? any
  : R extends readonly unknown[]
    ? any
    : R extends object
      ? R extends Date | Uint8Array
        ? { value: R }
        : { [K in keyof R]: Inferred<R[K]> }
      : { value: Inferred<R> };
