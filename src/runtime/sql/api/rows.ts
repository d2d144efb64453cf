// Rows as programs see them: objects with the columns as properties, in order, and the same values by position. One class per schema, so that
// making a million of them costs a million small objects and no more. Values are values.ts.
import { SparkIllegalArgumentException } from '../../../common/spark-error.ts';
import type { KernelChunk } from '../../../common/sql-kernel.ts';
import type { StructType } from '../types/data-type.ts';

/** A row of a DataFrame. Columns are properties; of two with one name the first (get(i) finds both). */
export abstract class Row {
  readonly [column: string]: any;

  /** @internal */
  abstract valueAt(i: number): unknown;
  /** Names of the columns, in order. */
  abstract get columnNames(): readonly string[];

  /** The value of the column at a position, from 0. */
  get(i: number): any {
    return this.valueAt(i);
  }

  /** @throws Error when there is no such column */
  getAs<V = any>(name: string): V {
    const i = this.columnNames.indexOf(name);
    if (i < 0)
      throw new SparkIllegalArgumentException(
        'FIELD_NOT_FOUND',
        '42704',
        `No such struct field \`${name}\` in ${this.columnNames.map((n) => `\`${n}\``).join(', ')}.`,
      );
    return this.valueAt(i) as V;
  }

  get length(): number {
    return this.columnNames.length;
  }

  toArray(): unknown[] {
    return this.columnNames.map((_, i) => this.valueAt(i));
  }

  /** A plain object. @param recursive nested rows too */
  asDict(recursive = false): { [column: string]: unknown } {
    return Object.fromEntries(this.columnNames.map((name, i) => [name, recursive ? plain(this.valueAt(i)) : this.valueAt(i)]));
  }

  /** For JSON.stringify: whole numbers that a JavaScript number can't hold are texts. */
  toJSON(): { [column: string]: unknown } {
    return Object.fromEntries(this.columnNames.map((name, i) => [name, jsonValue(this.valueAt(i))]));
  }

  toString(): string {
    return `Row(${this.columnNames.map((name, i) => `${name}=${String(this.valueAt(i))}`).join(', ')})`;
  }
}
/** A row whose columns TypeScript knows. */
export type TypedRow<T> = 0 extends 1 & T ? Row : Row & Readonly<T>;

function plain(value: unknown): unknown {
  if (value instanceof Row) return value.asDict(true);
  if (Array.isArray(value)) return value.map(plain);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [plain(k), plain(v)]));
  return value;
}

function jsonValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (value instanceof Map) return Object.fromEntries([...value].map(([k, v]) => [String(k), jsonValue(v)]));
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  return Array.isArray(value) ? value.map(jsonValue) : value;
}

type RowOf = (values: readonly unknown[]) => Row;
type RowClass = new (...values: readonly unknown[]) => Row;

/** Names for which a plain property would not do: twice there, or in the way of the row's own. */
const isAwkward = (names: readonly string[]): boolean =>
  new Set(names).size < names.length || names.some((n) => n in Object.prototype || n in Row.prototype) || names.length > MOST_WRITTEN;
/** Arguments of a constructor; wider rows are made one property at a time. */
const MOST_WRITTEN = 500;

const classes = new WeakMap<StructType, RowClass | undefined>();

/** A class with the names as properties in its constructor: what engines make fast objects of. undefined: names that don't allow it. */
function rowClass(schema: StructType): RowClass | undefined {
  if (classes.has(schema)) return classes.get(schema);
  const names = schema.fields.map((f) => f.name);
  let made: RowClass | undefined;
  if (!isAwkward(names)) {
    const assigned = names.map((n, i) => `this[${JSON.stringify(n)}] = v${i};`).join(' ');
    const body = `return class Row extends Base { constructor(${names.map((_, i) => `v${i}`).join(', ')}) { super(); ${assigned} } valueAt(i) { return this[names[i]]; } get columnNames() { return names; } };`;
    made = new Function('Base', 'names', body)(Row, names) as RowClass;
  }
  classes.set(schema, made);
  return made;
}

/** A row with awkward names: the values beside the properties. */
class AwkwardRow extends Row {
  readonly #names: readonly string[];
  readonly #values: readonly unknown[];

  constructor(names: readonly string[], values: readonly unknown[]) {
    super();
    this.#names = names;
    this.#values = values;
    for (let i = names.length - 1; i >= 0; i--)
      if (!(names[i]! in Row.prototype))
        Object.defineProperty(this, names[i]!, { value: values[i], enumerable: true, configurable: true, writable: true });
  }

  override valueAt(i: number): unknown {
    return this.#values[i];
  }

  override get columnNames(): readonly string[] {
    return this.#names;
  }
}

export function rowMaker(schema: StructType): RowOf {
  const Made = rowClass(schema);
  if (Made !== undefined) return (values) => new Made(...values);
  const names = schema.fields.map((f) => f.name);
  return (values) => new AwkwardRow(names, values);
}

/** Rows of whole chunks. @param converters by column; undefined where the value stays */
export function rowsMaker(
  schema: StructType,
  converters: readonly (((value: any) => unknown) | undefined)[],
): (chunk: KernelChunk) => Row[] {
  const Made = rowClass(schema);
  const make = rowMaker(schema);
  const converted = (chunk: KernelChunk) =>
    chunk.columns.map((column, i) => (converters[i] ? Array.from(column as ArrayLike<unknown>, converters[i]) : column));
  if (Made === undefined)
    return (chunk) => {
      const columns = converted(chunk);
      return Array.from({ length: chunk.rows }, (_, r) => make(schema.fields.map((_f, c) => columns[c]![r])));
    };
  const width = schema.fields.length;
  const args = Array.from({ length: width }, (_, i) => `c${i}[r]`).join(', ');
  const names = Array.from({ length: width }, (_, i) => `c${i}`).join(', ');
  const fill = new Function(
    'Made',
    'columns',
    'rows',
    `const [${names}] = columns; const out = new Array(rows); for (let r = 0; r < rows; r++) out[r] = new Made(${args}); return out;`,
  ) as (made: RowClass, columns: readonly unknown[], rows: number) => Row[];
  return (chunk) => fill(Made, converted(chunk), chunk.rows);
}
