// Values that travel back to the driver or between tasks: results, accumulator updates, collected rows, shuffle records. Data only, by
// value: the decoder knows no kind that evaluates anything, so an executor can't run code in a driver this way. Common values take
// msgpackr's own way (records for objects, so that Map and object stay apart); a look through the value first finds what that way would
// change silently, and such values take the table of `data-writer.ts`. Kept: numbers with NaN and -0, bigint, undefined, Date, RegExp,
// Map, Set, typed arrays, Buffer, URL, Error, nested as you like. Not kept: the class of an instance (its enumerable properties arrive as
// a plain object), properties named by symbols on the fast way, holes (undefined), and sharing (two mentions of one object arrive as
// two), unless the value has a cycle.
import { types } from 'node:util';
import { Packr, Unpackr } from 'msgpackr';
import { tablePackr, type Inline, type ValueNode } from './captured.ts';
import { DataWriter } from './data-writer.ts';
import { makeData, type Get } from './make-data.ts';

type Options = ConstructorParameters<typeof Packr>[0];
const OPTIONS = {
  useRecords: true,
  mapsAsObjects: false,
  moreTypes: true,
  int64AsType: 'bigint',
  copyBuffers: true,
  useToJSON: false,
  bundleStrings: true,
} as Options;
const packr = new Packr(OPTIONS);
const unpackr = new Unpackr(OPTIONS);

/** First byte of the careful way; the one byte with which no msgpack value begins. */
const TABLE = 0xc1;

/**
 * @param label where, for the message of a refusal: `result of task 3 in stage 1`
 * @returns bytes that only `decodeResult` reads; may lie in memory that other results share (never overwritten; copy before transferring
 * its ArrayBuffer)
 * @throws TaskNotSerializableError for functions, promises, iterators, …, with the path to them
 */
export function encodeResult(value: unknown, label = 'result of a task'): Buffer {
  if (isCommon(value)) return packr.pack(value);
  const writer = new DataWriter(label);
  const [root] = writer.writeRoots([value]);
  return Buffer.concat([Buffer.of(TABLE), tablePackr.pack([writer.nodes, root])]);
}

/** @throws Error when the bytes are not of `encodeResult` */
export function decodeResult(bytes: Uint8Array): unknown {
  if (bytes[0] !== TABLE) return unpackr.unpack(bytes);
  const [nodes, root] = tablePackr.unpack(bytes.subarray(1)) as [ValueNode[], Inline];
  return readTable(nodes, root);
}

function readTable(nodes: readonly ValueNode[], root: Inline): unknown {
  const made: unknown[] = new Array(nodes.length);
  const fills: (() => void)[] = [];
  const get: Get = (inline) => {
    if (typeof inline !== 'object' || inline === null) return inline;
    if (inline.r < 0) return inline.r === -3 ? -0 : undefined;
    if (made[inline.r] !== undefined) return made[inline.r];
    const value = makeData(nodes[inline.r] as ValueNode, get, (fill) => fills.push(fill));
    if (value === undefined) throw new Error('a result may contain data only');
    made[inline.r] = value;
    return value;
  };
  const value = get(root);
  for (let i = 0; i < fills.length; i++) fills[i]?.(); // grows while it runs
  return value;
}

/** Deeper than this the careful way is taken: it does not recurse. A cycle always gets here. */
const MAX_DEPTH = 200;

/** Whether msgpackr gives the value back as it is. Reads, copies nothing: about 20 ns per value. */
function isCommon(value: unknown, depth = 0): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
    case 'bigint':
      return true;
    case 'number':
      return value !== 0 || !Object.is(value, -0);
    case 'object':
      return value === null || isCommonObject(value, depth + 1);
    default:
      return false;
  }
}

function isCommonObject(value: object, depth: number): boolean {
  if (depth > MAX_DEPTH) return false;
  const prototype = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    const array = value as unknown[];
    for (let i = 0; i < array.length; i++) {
      const item = array[i];
      if (typeof item === 'string') continue; // most of all data: asked here, it is four times as fast as a call
      if (typeof item === 'number' ? Object.is(item, -0) : !isCommon(item, depth)) return false;
    }
    return true;
  }
  if (prototype === Object.prototype) return hasCommonFields(value as Record<string, unknown>, depth);
  return prototype !== null && isCommonInstance(value, prototype, depth);
}

/** Beyond this an object is a dictionary rather than a record, and msgpackr's description of its shape costs more than it saves. */
const MAX_FIELDS = 64;

function hasCommonFields(value: Record<string, unknown>, depth: number): boolean {
  let fields = 0;
  for (const key in value) {
    if (key === '__proto__' || key === 'constructor' || ++fields > MAX_FIELDS || !isCommon(value[key], depth)) return false;
  }
  return true;
}

function isCommonInstance(value: object, prototype: object, depth: number): boolean {
  switch (prototype) {
    case Map.prototype:
      for (const [key, item] of value as Map<unknown, unknown>) if (!isCommon(key, depth) || !isCommon(item, depth)) return false;
      return true;
    case Set.prototype:
      for (const item of value as Set<unknown>) if (!isCommon(item, depth)) return false;
      return true;
    case RegExp.prototype:
      return (value as RegExp).lastIndex === 0;
    case Date.prototype:
      return isWholeDate(value as Date);
    case Uint8Array.prototype:
    case Buffer.prototype:
    case Float64Array.prototype:
    case Float32Array.prototype:
    case Int32Array.prototype:
      return !types.isSharedArrayBuffer((value as Uint8Array).buffer);
    default:
      return isUserClass(prototype) && hasCommonFields(value as Record<string, unknown>, depth);
  }
}

const userClasses = new WeakMap<object, boolean>();

/** Classes all the way up to Object: nothing in internal slots, so the enumerable properties are all there is to send. */
function isUserClass(prototype: object): boolean {
  const known = userClasses.get(prototype);
  if (known !== undefined) return known;
  let answer = true;
  for (let at: object | null = prototype; answer && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    const owner = at !== null && Object.hasOwn(at, 'constructor') ? at.constructor : undefined;
    const isGlobal = typeof owner === 'function' && (globalThis as Record<string, unknown>)[owner.name] === owner;
    answer = typeof owner === 'function' && !isGlobal && !/\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(owner));
  }
  userClasses.set(prototype, answer);
  return answer;
}

/** msgpackr's timestamps: exact from 1970 to 2106. Others take the table. */
function isWholeDate(date: Date): boolean {
  const ms = date.getTime();
  return ms >= 0 && ms < 0x1_0000_0000 * 1000;
}
