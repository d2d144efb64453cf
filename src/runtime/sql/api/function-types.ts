// The TypeScript types of the functions that function-table.ts lists. No run-time meaning.
import type { Column } from './column.ts';
import type { FUNCTION_TABLE } from './function-table.ts';

/** A Column, the name of one, or a constant that is no text. */
export type ColumnArgument = Column | string | number | bigint | boolean;
/** A constant, texts too, or a Column. */
export type ValueArgument = unknown;
type F<N extends string> = N extends '1'
  ? (x: Column) => Column
  : N extends '2'
    ? (x: Column, y: Column) => Column
    : N extends '3'
      ? (x: Column, y: Column, z: Column) => Column
      : (x: Column, i: Column) => Column;

type Parameter<Code extends string> = Code extends `${infer C}?`
  ? Partial<Parameter<C>>
  : Code extends 'c*'
    ? (ColumnArgument | readonly ColumnArgument[])[]
    : Code extends 'v*'
      ? ValueArgument[]
      : Code extends 'c'
        ? [column: ColumnArgument]
        : Code extends 'v'
          ? [value: ValueArgument]
          : Code extends `f${infer N}`
            ? [f: F<N>]
            : never;
export type Parameters<Codes extends string> = Codes extends ''
  ? []
  : Codes extends `${infer Head} ${infer Rest}`
    ? [...Parameter<Head>, ...Parameters<Rest>]
    : Parameter<Codes>;
type Words<Text extends string, Found = never> = Text extends `${infer Head} ${infer Rest}` ? Words<Rest, Found | Head> : Found | Text;

type Table = typeof FUNCTION_TABLE;
type WordsOf = { [Codes in keyof Table]: Words<Table[Codes]> };
type CodesFor<Name> = { [Codes in keyof Table]: Name extends WordsOf[Codes] ? Codes : never }[keyof Table];
export type TableFunctions = { readonly [Name in WordsOf[keyof Table] & string]: (...args: Parameters<CodesFor<Name>>) => Column };
