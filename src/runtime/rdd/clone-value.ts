// A copy of a zero value, so that a merge which changes its accumulator in place starts from a fresh one each time. Spark serialises and
// deserialises it; instances keep their class here.

export function cloneValue<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(cloneValue) as T;
  if (value instanceof Map) return new Map([...value].map(([k, v]) => [cloneValue(k), cloneValue(v)])) as T;
  if (value instanceof Set) return new Set([...value].map(cloneValue)) as T;
  const prototype = Object.getPrototypeOf(value);
  if (value instanceof Date || value instanceof RegExp || ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return structuredClone(value);
  const copy = Object.create(prototype) as Record<PropertyKey, unknown>;
  for (const key of Reflect.ownKeys(value)) copy[key] = cloneValue((value as Record<PropertyKey, unknown>)[key]);
  return copy as T;
}
