// Nodes → values, for the kinds that are data: nothing here evaluates anything. `rebuild.ts` adds the kinds that are code;
// `result-codec.ts` uses this file alone, so what travels back to a driver can't run there.
// Shells first, contents later (`later`), so cycles need nothing special.
import type { Inline, Properties, ValueNode } from './captured.ts';

type Any = any;
export type Later = (fill: () => void) => void;
export type Get = (inline: Inline) => Any;

/** @returns undefined when the node's kind is not data */
export function makeData(node: ValueNode, get: Get, later: Later): Any {
  switch (node[0]) {
    case 'o': {
      const object = node[2] ? Object.create(null) : {};
      later(() => setProperties(object, node[1], get));
      return object;
    }
    case 'a': {
      const array: unknown[] = [];
      later(() => {
        for (const item of node[1]) array.push(get(item));
      });
      return array;
    }
    case 'M': {
      const map = new Map();
      later(() => fillMap(map, node[1], get));
      return map;
    }
    case 'S': {
      const set = new Set();
      later(() => {
        for (const item of node[1]) set.add(get(item));
      });
      return set;
    }
    case 'D':
      return new Date(node[1]);
    case 'R': {
      const pattern = new RegExp(node[1], node[2]);
      pattern.lastIndex = node[3];
      return pattern;
    }
    case 'U':
      return new URL(node[1]);
    case 'P':
      return Object(get(node[1]));
    case 'E':
      return makeError(node, get, later);
    case 'B':
      return node[1].slice().buffer;
    case 'T':
      return makeView(node, get(node[2]));
    case 'y':
      if (node[1] === 'for') return Symbol.for(node[2]);
      return node[1] === 'well' ? (Symbol as Any)[node[2]] : Symbol(node[2]);
    default:
      return undefined;
  }
}

const ERROR_TYPES: Readonly<Record<string, new (message: string) => Error>> = {
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  Error,
};

function makeError(node: ValueNode, get: Get, later: Later): Error {
  const error = new (ERROR_TYPES[node[1]] ?? Error)(node[2]);
  later(() => setProperties(error, node[3], get));
  return error;
}

const VIEWS: ReadonlySet<string> = new Set([
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float16Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'DataView',
]);

function makeView([, type, , offset, length]: ValueNode, buffer: ArrayBuffer): Any {
  if (type === 'Buffer') return Buffer.from(buffer, offset, length);
  if (!VIEWS.has(type)) throw new Error(`unknown kind of array ${type}`);
  return new (globalThis as Any)[type](buffer, offset, length);
}

export function fillMap(map: Map<unknown, unknown>, flat: readonly Inline[], get: Get): void {
  for (let i = 0; i < flat.length; i += 2) Map.prototype.set.call(map, get(flat[i]), get(flat[i + 1]));
}

export function setProperties(object: Any, [keys, values, odd]: Properties, get: Get): void {
  for (let i = 0; i < keys.length; i++) {
    const key = get(keys[i]);
    const value = get(values[i]);
    // assignment is the fast way; these are the cases where it would do something else
    if (key === '__proto__' || key in object) {
      if (!Reflect.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })) object[key] = value;
    } else object[key] = value;
  }
  for (let i = 0; odd && i < odd.length; i += 4)
    setOdd(object, get(odd[i] as Inline), odd.slice(i + 1, i + 4) as [Inline, Inline, number], get);
}

function setOdd(object: Any, key: PropertyKey, [first, second, enumerable]: [Inline, Inline, number], get: Get): void {
  if (second !== 'v') {
    Object.defineProperty(object, key, { get: get(first), set: get(second), enumerable: enumerable === 1, configurable: true });
  } else if (Object.getOwnPropertyDescriptor(object, key)?.configurable === false)
    object[key] = get(first); // a function's `prototype`
  else Object.defineProperty(object, key, { value: get(first), writable: true, configurable: true, enumerable: false });
}
