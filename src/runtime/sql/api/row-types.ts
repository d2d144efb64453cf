// The TypeScript types of rows, from schemas in DDL and from objects of a program. No run-time meaning; what they say is what values.ts does.
import type { Column } from './column.ts';
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
/** What a cast gives. */
export type TypeOfName<D> = D extends string ? (string extends D ? any : TypeOf<Trim<D>> | null) : any;
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

/** The name of a column that `col` is given; not known of stars and fields. */
export type ColumnName<N extends string> = string extends N ? any : N extends `${string}${'*' | '.' | '`'}${string}` ? any : N;
type IsAny<T> = 0 extends 1 & T ? true : false;
type Flat<T> = IsAny<T> extends true ? any : { [K in keyof T]: T[K] } & {};
/** One item of a list of a row T's columns: a name, or a Column whose name is known. */
type Item<T, C> = C extends '*'
  ? T
  : C extends keyof T & string
    ? { [K in C]: T[C] }
    : C extends Column<infer V, infer N>
      ? IsAny<N> extends true
        ? any
        : string extends N
          ? any
          : { [K in N]: IsAny<V> extends true ? (K extends keyof T ? T[K] : any) : V }
      : any;
type Items<T, C extends readonly unknown[]> = C extends readonly [infer Head, ...infer Rest] ? Item<T, Head> & Items<T, Rest> : {};
/** The row that select gives. Any row when the name of an item is not known. */
export type Selected<T, C extends readonly unknown[]> = IsAny<T> extends true ? any : number extends C['length'] ? any : Flat<Items<T, C>>;
/** A group's columns and aggregates with names. */
export type Aggregated<G, C extends readonly unknown[]> =
  IsAny<G> extends true ? any : number extends C['length'] ? any : Flat<G & Items<{}, C>>;
/** Columns put in or replaced. */
export type WithColumns<T, M> =
  IsAny<T> extends true ? any : Flat<Omit<T, keyof M> & { -readonly [K in keyof M]: M[K] extends Column<infer V> ? V : any }>;

/** The columns of a Dataset of such values: properties; `_1`, `_2` of a tuple; `value` of everything else. */
export type ColumnsOf<T> = 0 extends 1 & T
  ? any
  : T extends readonly unknown[]
    ? { readonly [K in keyof T & `${number}` as `_${Successor<K>}`]: T[K] }
    : T extends Date | Uint8Array | Decimal | ReadonlyMap<unknown, unknown>
      ? { value: T }
      : T extends object
        ? T
        : { value: T };
type Counted = readonly [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22];
type Successor<K extends string> = K extends keyof Counted ? Counted[K] & number : number;
