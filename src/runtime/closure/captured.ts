// What travels from the driver to executors: definitions (text, once each) and a table of values that point at each other by index.
// `closure-writer.ts` makes it, `rebuild.ts` reads it. This file is its shape and its bytes.
import { Packr } from 'msgpackr';
import type { Definition } from './module-meta.ts';

/** A primitive, or `{r}`: the index of a node, or one of the marks below. */
export type Inline = null | undefined | boolean | number | string | bigint | { readonly r: number };
/** No such variable in the driver: the name is left as it stands. */
export const UNKNOWN = { r: -1 };
/** Still in its temporal dead zone. */
export const UNSET = { r: -2 };
/** msgpackr would write 0. */
export const MINUS_ZERO = { r: -3 };

/** A kind (one letter) and its parts; `make-data.ts` and `rebuild.ts` list the kinds. */
export type ValueNode = any[];
/** Keys, values and, four by four, what is not an ordinary property: key, value or getter, 'v' or setter, enumerable. */
export type Properties = [keys: Inline[], values: Inline[], odd?: (Inline | number)[]];

/** A module that executors must import. `version` is that of its package in the driver. */
export interface ImportReference {
  readonly specifier: string;
  readonly package?: string | undefined;
  readonly version?: string | undefined;
}

/** An object that stands for something the executor has already: a broadcast, an accumulator. */
export interface Handled {
  readonly handler: string;
  readonly data: unknown;
}

export interface Captured {
  readonly definitions: readonly Definition[];
  readonly nodes: readonly ValueNode[];
  /** One per value given to `capture`, in order. */
  readonly roots: readonly Inline[];
  readonly imports: readonly ImportReference[];
  /** Every handler used, once per object; known without rebuilding, so that broadcasts can be fetched ahead. */
  readonly handled: readonly Handled[];
}

/**
 * Not v8.serialize: its bytes depend on how V8 holds a number, so they can't be hashed. No records: their readers are made by `new
 * Function`.
 */
export const tablePackr = new Packr({
  structuredClone: false,
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  moreTypes: true,
  useBigIntExtension: true,
  int64AsType: 'bigint',
  copyBuffers: true,
} as ConstructorParameters<typeof Packr>[0]);

export function encodeCaptured({ definitions, nodes, roots, imports, handled }: Captured): Buffer {
  return Buffer.from(tablePackr.pack([definitions, nodes, roots, imports, handled]));
}

export function decodeCaptured(bytes: Uint8Array): Captured {
  const [definitions, nodes, roots, imports, handled] = tablePackr.unpack(bytes);
  return { definitions, nodes, roots, imports, handled };
}
