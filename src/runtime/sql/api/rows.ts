// Rows as programs see them: an object with the columns as properties, and the positions behind get(i).
import type { KernelChunk } from '../../../common/sql-kernel.ts';
import type { Attribute } from '../logical/expressions.ts';

/** A row of a DataFrame. Columns are properties; of two with one name the first. */
export class Row {
  readonly [column: string]: any;
  /** @internal */
  declare readonly values: readonly unknown[];

  constructor(names: readonly string[], values: readonly unknown[]) {
    Object.defineProperty(this, 'values', { value: values, enumerable: false });
    for (let i = names.length - 1; i >= 0; i--)
      Object.defineProperty(this, names[i]!, { value: values[i], enumerable: true, configurable: true });
  }

  /** The value of the column at a position, from 0. */
  get(i: number): unknown {
    return this.values[i];
  }
}

export function rowsOf(chunk: KernelChunk, output: readonly Attribute[]): Row[] {
  const names = output.map((a) => a.name);
  return Array.from(
    { length: chunk.rows },
    (_, i) =>
      new Row(
        names,
        output.map((_a, c) => chunk.columns[c]![i]),
      ),
  );
}
