// A graph of values → a table of nodes, with identity and cycles: everything that is data. `closure-writer.ts` adds functions, classes and
// references; `data-writer.ts` makes of it what results may contain. `make-data.ts` is the other half.
// Breadth first: the path in an error message is a shortest one, and deep structures can't overflow the stack.
import { inspect, types } from 'node:util';
import { MINUS_ZERO, type Inline, type Properties, type ValueNode } from './captured.ts';
import { describeValue, notSerializable, type Edge } from './task-not-serializable.ts';

/** Takes the place of a value whose node is complete when it is added. */
const PLACED = Symbol('placed');

export type Any = any;
export type PropertyFilter = (key: PropertyKey, descriptor: PropertyDescriptor) => boolean;

export abstract class GraphWriter {
  readonly nodes: ValueNode[] = [];
  protected readonly ids = new Map<unknown, number>();
  protected readonly queue: unknown[] = [];
  /** By node: the node from which it was first reached (-1 for a root), and how. */
  readonly parents: number[] = [];
  readonly edges: Edge[] = [];
  readonly #weak: { collection: WeakMap<object, unknown> | WeakSet<object>; entries: [Inline, Inline][]; id: number; tried: number }[] = [];
  readonly #label: string;

  constructor(label: string) {
    this.#label = label;
  }

  protected abstract writeFunction(fn: Any, id: number): ValueNode;
  /** An object that is neither plain nor of a kind that this file knows. */
  protected abstract writeInstance(value: Any, prototype: object, id: number): ValueNode;
  /** A chance to write an object in another way; asked before all others. */
  protected intercept(_value: Any, _prototype: object | null, _id: number): ValueNode | undefined {
    return undefined;
  }

  writeRoots(values: readonly unknown[]): Inline[] {
    const roots = values.map((value) => this.value(value, -1, ''));
    for (let id = 0; ; ) {
      for (; id < this.queue.length; id++) if (this.queue[id] !== PLACED) this.nodes[id] = this.#write(this.queue[id], id);
      this.#fillWeak(id);
      if (id === this.queue.length && this.#weak.every(({ tried }) => tried === id)) return roots;
    }
  }

  /** A WeakMap can't be listed, but only keys that are on board can ever be looked up there: ask for those. */
  #fillWeak(count: number): void {
    for (const weak of this.#weak) {
      for (; weak.tried < count; weak.tried++) {
        const key: Any = this.queue[weak.tried];
        if (typeof key !== 'function' && (typeof key !== 'object' || key === null)) continue;
        if (!weak.collection.has(key)) continue;
        const { collection } = weak;
        const isMap = collection instanceof WeakMap;
        const value = isMap ? this.value(collection.get(key), weak.id, `<value of key ${describeValue(key)}>`) : true;
        weak.entries.push([{ r: weak.tried }, value]);
      }
    }
  }

  value(value: unknown, from: number, edge: Edge): Inline {
    switch (typeof value) {
      case 'number':
        return value === 0 && Object.is(value, -0) ? MINUS_ZERO : value;
      case 'string':
      case 'boolean':
      case 'undefined':
      case 'bigint':
        return value;
    }
    if (value === null) return null;
    return { r: this.ids.get(value) ?? this.add(value, value, from, edge) };
  }

  /** @param key identity under which the value is found again; mostly the value itself */
  protected add(key: unknown, value: unknown, from: number, edge: Edge): number {
    const id = this.queue.push(value) - 1;
    this.ids.set(key, id);
    this.nodes.push([]);
    this.parents.push(from);
    this.edges.push(edge);
    return id;
  }

  /** A node that is already complete. */
  protected place(key: unknown, node: ValueNode, from: number, edge: Edge): { r: number } {
    const known = this.ids.get(key);
    if (known !== undefined) return { r: known };
    const id = this.add(key, PLACED, from, edge);
    this.nodes[id] = node;
    return { r: id };
  }

  protected list(values: Iterable<unknown>, id: number, edge: (index: number) => Edge): Inline[] {
    return Array.from(values, (value, index) => this.value(value, id, edge(index)));
  }

  #write(value: Any, id: number): ValueNode {
    if (typeof value === 'function') return this.writeFunction(value, id);
    if (typeof value === 'symbol') return writeSymbol(value);
    if (types.isProxy(value)) this.fail(id, 'is a Proxy: its handler can not be read');
    const prototype = Object.getPrototypeOf(value);
    if (prototype === Array.prototype) return this.#array(value, id);
    return this.intercept(value, prototype, id) ?? this.#object(value, prototype, id);
  }

  #object(value: Any, prototype: object | null, id: number): ValueNode {
    if (prototype === Object.prototype || prototype === null) {
      if (types.isArgumentsObject(value)) return this.#array(Array.from(value as ArrayLike<unknown>), id);
      return ['o', this.properties(value, id), prototype === null ? 1 : 0];
    }
    return this.#builtIn(value, prototype, id) ?? this.writeInstance(value, prototype, id);
  }

  #array(values: readonly unknown[], id: number): ValueNode {
    const items: Inline[] = new Array(values.length);
    for (let i = 0; i < values.length; i++) {
      const value = values[i];
      items[i] = (typeof value === 'number' && value !== 0) || typeof value === 'string' ? value : this.value(value, id, i);
    }
    return ['a', items];
  }

  properties(value: Any, id: number, skip?: PropertyFilter): Properties {
    const keys: Inline[] = [];
    const values: Inline[] = [];
    const odd: (Inline | number)[] = [];
    for (const key of Reflect.ownKeys(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, key) as PropertyDescriptor;
      if (skip?.(key, descriptor)) continue;
      // most values are primitives, and only what is not can ever stand in a message
      const edge = isPrimitive(descriptor.value) && !descriptor.get && !descriptor.set ? '' : edgeOf(key);
      const name = this.value(key, id, edge);
      if (key === 'stack' && descriptor.get && types.isNativeError(value))
        odd.push(name, value.stack, 'v', 0); // an accessor of V8's own
      else if (descriptor.get || descriptor.set) {
        const { get, set, enumerable } = descriptor;
        odd.push(name, this.value(get, id, `getter ${edge}`), this.value(set, id, `setter ${edge}`), enumerable ? 1 : 0);
      } else if (!descriptor.enumerable) odd.push(name, this.value(descriptor.value, id, edge), 'v', 0);
      else {
        keys.push(name);
        values.push(this.value(descriptor.value, id, edge));
      }
    }
    return odd.length > 0 ? [keys, values, odd] : [keys, values];
  }

  entries(map: ReadonlyMap<unknown, unknown>, id: number): Inline[] {
    const flat: Inline[] = [];
    for (const [key, value] of map) {
      flat.push(this.value(key, id, `<key ${flat.length / 2}>`));
      flat.push(this.value(value, id, isPrimitive(value) ? '' : `<value of key ${brief(key)}>`));
    }
    return flat;
  }

  elements(values: Iterable<unknown>, id: number): Inline[] {
    return this.list(values, id, (index) => `<element ${index}>`);
  }

  #builtIn(value: Any, prototype: object, id: number): ValueNode | undefined {
    if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return this.#binary(value, id);
    if (types.isDate(value) && prototype === Date.prototype) return ['D', value.getTime()];
    if (types.isRegExp(value) && prototype === RegExp.prototype) return ['R', value.source, value.flags, value.lastIndex];
    if (types.isMap(value) && prototype === Map.prototype) return ['M', this.entries(value, id)];
    if (types.isSet(value) && prototype === Set.prototype) return ['S', this.elements(value, id)];
    if (types.isBoxedPrimitive(value)) return ['P', this.value(value.valueOf(), id, '')];
    if (value instanceof URL) return ['U', value.href];
    if (types.isWeakMap(value) || types.isWeakSet(value)) {
      const entries: [Inline, Inline][] = [];
      this.#weak.push({ collection: value, entries, id, tried: 0 });
      return ['W', types.isWeakMap(value) ? 'WeakMap' : 'WeakSet', entries];
    }
    if (types.isPromise(value)) this.fail(id, 'is a Promise: await it in the driver and capture the result');
    if (value instanceof WeakRef) this.fail(id, 'is a WeakRef');
    if (types.isExternal(value)) this.fail(id, 'is a native handle');
    const iterator = types.isGeneratorObject(value) || Object.prototype.toString.call(value).endsWith(' Iterator]');
    if (iterator) this.fail(id, 'is a running iterator: collect it into an array first');
    return undefined;
  }

  /** Views of one buffer still share it on the other side; a small view does not take a big buffer along. */
  #binary(value: ArrayBufferView | ArrayBufferLike, id: number): ValueNode {
    const buffer = ArrayBuffer.isView(value) ? value.buffer : value;
    if (types.isSharedArrayBuffer(buffer)) this.fail(id, 'uses a SharedArrayBuffer: memory is not shared with executors');
    if (!ArrayBuffer.isView(value)) return ['B', new Uint8Array(buffer)];
    const cut = buffer.byteLength > value.byteLength * 2;
    const sent = cut ? buffer.slice(value.byteOffset, value.byteOffset + value.byteLength) : buffer;
    const type = Buffer.isBuffer(value) ? 'Buffer' : Object.prototype.toString.call(value).slice(8, -1);
    const length = 'length' in value ? value.length : value.byteLength;
    return ['T', type, this.value(sent, id, '.buffer'), cut ? 0 : value.byteOffset, length];
  }

  /** @throws TaskNotSerializableError with the path from a root to node `id` */
  protected fail(id: number, why: string): never {
    const chain: { value: unknown; edge: Edge }[] = [];
    for (let at = id; at >= 0; at = this.parents[at] as number)
      chain.unshift({ value: this.shown(this.queue[at]), edge: this.edges[at] as Edge });
    throw notSerializable(this.#label, chain, why);
  }

  /** What a person sees of a queued value. */
  protected shown(value: unknown): unknown {
    return value;
  }
}

function edgeOf(key: string | symbol): string {
  if (typeof key === 'symbol') return `[${String(key)}]`;
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

const isPrimitive = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol');

const brief = (value: unknown): string => {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return value.length > 20 ? `'${value.slice(0, 20)}…'` : `'${value}'`;
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 20 }).slice(0, 40);
};

function writeSymbol(symbol: symbol): ValueNode {
  const registered = Symbol.keyFor(symbol);
  if (registered !== undefined) return ['y', 'for', registered];
  const wellKnown = Object.getOwnPropertyNames(Symbol).find((name) => (Symbol as Any)[name] === symbol);
  return wellKnown ? ['y', 'well', wellKnown] : ['y', 'new', symbol.description];
}
