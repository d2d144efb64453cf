// Instances of the program's classes as records: they keep their class across a shuffle and on their way to the driver. The class itself travels
// with the functions (closure/); a record carries only its name: the content hash of the class, and the key of its text for when statics have
// changed meanwhile. One registry per thread: the driver's holds the program's own classes, a worker's the rebuilt ones.
// Not kept: private fields (#x). Their values can't be set from outside a constructor, so such an instance is refused by name, never cut.
// Subclasses of Map, Set and Array keep class and content; those of Error and other built-ins are left to closure/result-codec.ts.
import { AppError } from '../../common/errors.ts';

type Owner = { readonly prototype: object; readonly name: string };
type Known = { readonly id: string; readonly owner: Owner; readonly hasPrivates: boolean; readonly codec?: RecordCodec };

/** Two captures of one class whose statics changed in between have different hashes, but the same text. */
export type ClassNotice = { readonly hash: string; readonly textKey: string; readonly owner: Owner; readonly hasPrivates: boolean };

const byHash = new Map<string, Owner>();
const byText = new Map<string, Owner>();
const byPrototype = new Map<object, Known>();

/**
 * A class of the engine's that every thread has: how its instances become data and come back. Dates with microseconds hide what they are.
 * `name` is what records say: bundles may call the class otherwise.
 */
export type RecordCodec = {
  readonly name: string;
  readonly owner: Owner;
  readonly write: (instance: any) => unknown;
  readonly read: (data: any) => object;
};
let codecs: ReadonlyMap<string, RecordCodec> | undefined;
let makeCodecs: () => readonly RecordCodec[] = () => [];

/** Whoever knows such classes says so when the thread begins; they are made when the first is met. */
export function recordCodecsFrom(make: () => readonly RecordCodec[]): void {
  makeCodecs = make;
}

/** From now on such instances are looked for in what is written: threads that never see one do not pay for the look. */
export function useRecordCodecs(): ReadonlyMap<string, RecordCodec> {
  if (codecs !== undefined) return codecs;
  codecs = new Map(makeCodecs().map((codec) => [codec.name, codec]));
  for (const codec of codecs.values())
    byPrototype.set(codec.owner.prototype, { id: `${CODEC}${codec.name}`, owner: codec.owner, hasPrivates: false, codec });
  return codecs;
}
const CODEC = '~';

const BUILT_IN = [Date, RegExp, Error, Promise, ArrayBuffer, WeakMap, WeakSet];

export function registerRecordClass({ hash, textKey, owner, hasPrivates }: ClassNotice): void {
  if (BUILT_IN.some((base) => owner.prototype instanceof base)) return;
  byHash.set(hash, owner);
  byText.set(textKey, owner);
  byPrototype.set(owner.prototype, { id: `${hash} ${textKey}`, owner, hasPrivates });
}

/** The driver puts these into every later stage's table, so that whoever reads such records has their class. */
export const recordClasses = (): Owner[] => [...byPrototype.values()].filter(({ codec }) => codec === undefined).map(({ owner }) => owner);

const TAG = '\0class';
/** `content`: what a Map, Set or Array holds beside its own properties. */
type Tagged = { readonly [TAG]: string; readonly fields: Record<string, unknown>; readonly content?: readonly unknown[] };

/** Nests deeper: a cycle, most likely; left as it is. */
const DEEPEST = 64;

/** @returns the values with instances as tagged plain objects; undefined when there are none. @throws AppError TASK_FAILED for private fields */
export function tagInstances(values: readonly unknown[]): unknown[] | undefined {
  return byPrototype.size > 0 && values.some((value) => hasInstance(value, 0)) ? values.map((value) => tagged(value, 0)) : undefined;
}

function hasInstance(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return false;
  const prototype = Object.getPrototypeOf(value) as object;
  if (byPrototype.has(prototype)) return true;
  if (Array.isArray(value)) return value.some((item) => hasInstance(item, depth + 1));
  if (prototype === Object.prototype) return Object.values(value).some((item) => hasInstance(item, depth + 1));
  if (value instanceof Map) return [...value].some((entry) => hasInstance(entry, depth + 1));
  return value instanceof Set && [...value].some((item) => hasInstance(item, depth + 1));
}

function tagged(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > DEEPEST) return value;
  const prototype = Object.getPrototypeOf(value) as object;
  const known = byPrototype.get(prototype);
  if (known?.codec) return { [TAG]: known.id, fields: { data: known.codec.write(value) } } satisfies Tagged;
  if (known?.hasPrivates) throw hiddenFields(known.owner.name);
  if (known) {
    const each = (item: unknown) => tagged(item, depth + 1);
    const content = contentOf(value)?.map(each);
    const fields = Array.isArray(value) ? {} : fieldsOf(value, each);
    return { [TAG]: known.id, fields, ...(content && { content }) } satisfies Tagged;
  }
  if (Array.isArray(value)) return value.map((item) => tagged(item, depth + 1));
  if (prototype === Object.prototype) return fieldsOf(value, (item) => tagged(item, depth + 1));
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [tagged(k, depth + 1), tagged(v, depth + 1)]));
  return value instanceof Set ? new Set([...value].map((item) => tagged(item, depth + 1))) : value;
}

/** By the built-in's own iterators: the class may have others. */
function contentOf(value: object): unknown[] | undefined {
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, i) => value[i]);
  if (value instanceof Map) return [...Map.prototype.entries.call(value)];
  return value instanceof Set ? [...Set.prototype.values.call(value)] : undefined;
}

/** An instance with what the built-in keeps inside; the constructor of the class does not run. */
function shellOf({ prototype }: Owner, content: readonly unknown[] | undefined): object {
  const items = content?.map(untagInstance);
  if (Array.prototype.isPrototypeOf(prototype)) return Object.setPrototypeOf(items ?? [], prototype);
  if (prototype instanceof Map) return Object.setPrototypeOf(new Map(items as [unknown, unknown][]), prototype);
  if (prototype instanceof Set) return Object.setPrototypeOf(new Set(items), prototype);
  return Object.create(prototype) as object;
}

function fieldsOf(value: object, each: (item: unknown) => unknown): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  for (const key of Object.keys(value)) fields[key] = each((value as Record<string, unknown>)[key]);
  return fields;
}

/** The other half of tagInstances. */
export function untagInstance(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(untagInstance);
  if (Object.getPrototypeOf(value) === Object.prototype)
    return Object.hasOwn(value, TAG) ? revived(value as Tagged) : fieldsOf(value, untagInstance);
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [untagInstance(k), untagInstance(v)]));
  return value instanceof Set ? new Set([...value].map(untagInstance)) : value;
}

/** Properties are defined, not assigned: no setter of the class runs. */
function revived({ [TAG]: id, fields, content }: Tagged): object {
  if (id.startsWith(CODEC)) return useRecordCodecs().get(id.slice(CODEC.length))!.read(fields['data']);
  const [hash, textKey] = id.split(' ') as [string, string];
  const owner = byHash.get(hash) ?? byText.get(textKey);
  if (!owner) throw new Error(`a record is an instance of a class that is not known here (${id})`);
  const instance = shellOf(owner, content);
  for (const key of Object.keys(fields)) {
    Object.defineProperty(instance, key, { value: untagInstance(fields[key]), writable: true, enumerable: true, configurable: true });
  }
  return instance;
}

function hiddenFields(name: string): AppError<'TASK_FAILED'> {
  const message = `an instance of ${name} can't be a record of a shuffle or a result: its private fields (#) would be lost. Use public fields, or map to plain values first`;
  return new AppError('TASK_FAILED', { name: 'TypeError', message, stack: `TypeError: ${message}` });
}
