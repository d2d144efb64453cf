// When two keys are one key. Primitives by SameValueZero (NaN is NaN, -0 is 0), as a JavaScript Map does it; arrays, dates, bytes and
// plain objects by structure, as Scala's tuples and case classes. The hash that agrees with this is portable-hash.ts.

/** A Map finds a primitive by itself; anything else is looked up by its structure's text. */
export const isPrimitiveKey = (key: unknown): boolean => typeof key !== 'object' || key === null;

/**
 * A text that is equal exactly for equal structures. Element kinds are told apart: `[1]`, `['1']` and `[1n]` are three keys.
 * O(size of the key).
 */
export function structureText(key: unknown): string {
  switch (typeof key) {
    case 'string':
      return JSON.stringify(key);
    case 'number':
      return key === 0 ? '0' : String(key);
    case 'bigint':
      return `${key}n`;
    case 'undefined':
      return 'u';
    case 'object':
      return key === null ? 'null' : objectText(key);
    default:
      return String(key);
  }
}

function objectText(key: object): string {
  if (Array.isArray(key)) {
    let text = '[';
    for (let i = 0; i < key.length; i++) text += `${structureText(key[i])},`;
    return `${text}]`;
  }
  if (key instanceof Date) return `d${(key as { epochMicros?: bigint }).epochMicros ?? key.getTime()}`; // SQL's timestamps know microseconds
  if (key instanceof Uint8Array) return `b${Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('base64')}`;
  if (key instanceof Map) return `m${structureText([...key].map(structureText).sort())}`;
  if (key instanceof Set) return `s${structureText([...key].map(structureText).sort())}`;
  const inside = contentOf(key);
  if (inside !== undefined) return `${Object.prototype.toString.call(key)}${inside}`;
  let text = '{';
  for (const name of Object.keys(key).sort()) text += `${JSON.stringify(name)}:${structureText((key as Record<string, unknown>)[name])},`;
  return `${text}}`;
}

/** Content of values that do not have it in their properties; undefined for all others. */
export function contentOf(key: object): string | undefined {
  if (key instanceof RegExp || key instanceof URL) return JSON.stringify(String(key));
  if (key instanceof Error) return JSON.stringify(`${key.name}: ${key.message}`);
  if (key instanceof ArrayBuffer) return Buffer.from(key).toString('base64');
  if (ArrayBuffer.isView(key)) return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('base64');
  return key instanceof Number || key instanceof String || key instanceof Boolean ? structureText(key.valueOf()) : undefined;
}

export function sameKey(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Number.isNaN(a) && Number.isNaN(b);
  return structureText(a) === structureText(b);
}
